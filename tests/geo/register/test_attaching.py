"""Plan which codes a table attaches."""

from __future__ import annotations

from datetime import date

import pytest

from geo.register import load_pack
from geo.register.attaching import Attachment, AttachPlan, HeldCode, plan_attachments
from geo.register.periods import ALWAYS, Period

OLD, NEW = (load_pack("ir").scheme("iso", version) for version in ("1998", "2020"))
TURN = date(2020, 11, 24)


def attach(row: int, division: int, code: str, scheme: object = NEW) -> Attachment:
    return Attachment(row, division, "province", scheme, code)  # type: ignore[arg-type]


def hold(key: int, division: int, code: str, period: Period = ALWAYS) -> HeldCode:
    return HeldCode(key, division, "iso/2020", code, period)


def plan(*attachments: Attachment, held: tuple[HeldCode, ...] = (), **given: object) -> AttachPlan:
    made = AttachPlan("table")
    plan_attachments(made, attachments, held=held, **{"reserved": {}, "within": ALWAYS, **given})  # type: ignore[arg-type]
    return made


def list_refused(made: AttachPlan) -> list[tuple[int, str]]:
    return [(one.row, one.rule) for one in made.problems]


@pytest.mark.parametrize(
    ("scheme", "within", "period"),
    [
        (NEW, ALWAYS, Period(TURN, None)),
        (OLD, ALWAYS, Period(date(1998, 12, 15), TURN)),
        (NEW, Period(date(2022, 1, 1), None), Period(date(2022, 1, 1), None)),
        (OLD, Period(date(2010, 1, 1), date(2030, 1, 1)), Period(date(2010, 1, 1), TURN)),
    ],
)
def test_period_is_cut_by_the_version(scheme: object, within: Period, period: Period):
    (written,) = plan(attach(1, 7, "IR-01", scheme), within=within).written
    assert (written.division, written.code, written.period) == (7, "IR-01", period)


def test_version_that_is_over_is_refused():
    made = plan(attach(1, 7, "IR-01", OLD), within=Period(date(2021, 1, 1), None))
    assert (list_refused(made), made.written) == ([(1, "code_version_ended")], [])


def test_code_that_is_there_is_the_same():
    made = plan(attach(1, 7, "IR-01"), held=(hold(3, 7, "IR-01"),))
    assert (made.counts["iso/2020"], made.written) == ({"same": 1}, [])


def test_another_code_leaves_what_was_before():
    made = plan(attach(1, 7, "IR-02"), held=(hold(3, 7, "IR-01"),))
    assert made.counts["iso/2020"] == {"changed": 1}
    assert (made.closed, made.kept) == ([3], [(3, Period(None, TURN))])


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        (((1, 7, "IR-01"), (2, 8, "IR-01")), [(1, "code_rows_differ"), (2, "code_rows_differ")]),
        (((1, 7, "IR-01"), (2, 7, "IR-02")), [(1, "code_rows_differ"), (2, "code_rows_differ")]),
        (((1, 7, "IR-01"), (2, 7, "IR-01")), []),
        (((1, 7, "IR-99"),), [(1, "code_range")]),
        (((1, 7, ""),), [(1, "code_length")]),
    ],
)
def test_rows_that_cannot_stand_are_named(rows: tuple[tuple[int, int, str], ...], refused: list[tuple[int, str]]):
    assert list_refused(plan(*(attach(*row) for row in rows))) == refused


@pytest.mark.parametrize("period", [ALWAYS, Period(None, date(2000, 1, 1)), Period(date(2040, 1, 1), None)])
def test_code_of_another_division_is_refused_whatever_the_day(period: Period):
    made = plan(attach(1, 7, "IR-01"), held=(hold(3, 8, "IR-01", period),))
    assert list_refused(made) == [(1, "code_held_by_other")]


def test_two_divisions_may_exchange_codes():
    since = Period(TURN, None)
    held = (hold(3, 7, "IR-01", since), hold(4, 8, "IR-02", since))
    made = plan(attach(1, 7, "IR-02"), attach(2, 8, "IR-01"), held=held)
    assert (made.counts["iso/2020"], sorted(made.closed)) == ({"changed": 2}, [3, 4])


def test_refused_row_keeps_the_code_it_would_have_left():
    since = Period(TURN, None)
    held = (hold(3, 7, "IR-01", since), hold(4, 9, "IR-02", since))
    made = plan(attach(1, 7, "IR-02"), attach(2, 8, "IR-01"), held=held)
    assert list_refused(made) == [(1, "code_held_by_other"), (2, "code_held_by_other")]
    assert made.written == []


@pytest.mark.parametrize("state", ["reserved", "retired"])
def test_kept_code_is_refused(state: str):
    made = plan(attach(1, 7, "IR-01"), reserved={("iso/2020", "IR-01"): state})
    assert list_refused(made) == [(1, f"code_{state}")]
