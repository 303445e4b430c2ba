"""Test the matching of files to a register, and the work with worksheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.errors import (
    DivisionNotFound,
    InvalidMapping,
    InvalidValue,
    NotPermitted,
    RowsRefused,
    SheetNotFound,
    StaleVersion,
    UnknownColumn,
    UnknownLevel,
    UnknownScheme,
)
from geo.register.matching import MatchRules
from services.access.log import list_entries
from services.access.roles import ANONYMOUS, make_operator
from services.queries import get_register
from services.register.match_sheets import get_sheet
from services.register.match_writing import ApplyOrder, apply_sheet
from services.register.matching import MatchReport, MatchSource, match_layer
from services.register.worksheets import Decision, SheetPage, decide_rows, export_sheet, list_sheets, read_sheet
from services.tables.register import Code, ImportRun, Name

CALLER = make_operator("tests")
DAY = date(2026, 1, 1)
LIST = """pcode,name_fa,name_en,parent_fa
IR001001,آبادان,Abadan,خوزستان
IR001002,مركزي,Markazi,خوزستان
IR002001,مرکزی,Markazi,فارس
IR002009,شیرازی,Shirazi,فارس
IR009009,ناکجا,Nowhere,ناکجا
"""
Match = Callable[..., MatchReport]


@pytest.fixture
def iran(build: Any) -> Any:
    """Name two provinces with two counties each."""
    country = build("ir")
    for code, level, parent, name in (
        ("06", "province", "", "خوزستان"),
        ("07", "province", "", "فارس"),
        ("0601", "county", "06", "آبادان"),
        ("0602", "county", "06", "مرکزی"),
        ("0701", "county", "07", "مرکزی"),
        ("0702", "county", "07", "شیراز"),
    ):
        country.add(code, level, parent=parent, name=name)
    return country


@pytest.fixture
def match(session: Session, iran: Any, tmp_path: Path) -> Match:
    """Give the way to match a text."""

    def run(text: str = LIST, *, rules: MatchRules | None = None, **given: Any) -> MatchReport:
        path = tmp_path / given.pop("name", "list.csv")
        path.write_text(text, encoding="utf-8")
        caller = given.pop("caller", CALLER)
        pairs = given.pop("pairs", (("codes.pcode", "pcode"),) if "pcode" in text else ())
        source = MatchSource(path, pairs, **{"level": "county", **given})
        return match_layer(session, iran.register, source, rules=rules or MatchRules(), caller=caller, day=DAY)

    return run


def list_states(page: SheetPage) -> dict[int, tuple[str, list[str]]]:
    return {line.number: (line.state, [one.code for one in line.divisions]) for line in page.lines}


def decide(session: Session, iran: Any, sheet: int, state: str, *rows: int, **given: Any) -> dict[str, int]:
    caller = given.pop("caller", CALLER)
    decision = Decision(state, rows or None, **given)
    return decide_rows(session, iran.register, sheet, decision, caller=caller).counts


def test_worksheet_has_proposals(session: Session, iran: Any, match: Match):
    report = match()
    page = read_sheet(session, iran.register, report.sheet.id)
    found = {number: codes for number, (_, codes) in list_states(page).items()}
    assert found == {1: ["0601"], 2: ["0602"], 3: ["0701"], 4: ["0702"], 5: []}
    assert (report.rows, report.proposed, report.clear) == (5, 4, 4)


def test_proposals_tell_their_reasons(session: Session, iran: Any, match: Match):
    line = read_sheet(session, iran.register, match().sheet.id).lines[2]
    assert [one.division.code for one in line.candidates] == ["0701", "0602"]
    assert [part.reason.key for part in line.candidates[0].parts] == ["match_name_same", "match_parent_name"]


def test_nothing_enters_before_it_is_confirmed(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    report = apply_sheet(session, iran.register, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    assert (report.rows, report.codes, report.names, report.left) == (0, 0, 0, 5)
    assert get_register(session, iran.register.name).version == iran.register.version


def test_confirmed_rows_are_applied_as_one_import(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    counts = decide(session, iran, sheet, "confirmed")
    assert (counts["confirmed"], counts["proposed"]) == (4, 1)
    report = apply_sheet(session, iran.register, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    assert (report.codes, report.committed, report.version) == (4, True, iran.register.version + 1)
    run = session.execute(select(ImportRun.id, ImportRun.actor)).one()
    brought = session.execute(
        select(Code.division_id, Code.code).where(Code.scheme == "pcode", Code.import_id == run.id)
    ).all()
    assert sorted(tuple(row) for row in brought) == sorted(
        (iran.ids[code], pcode)
        for code, pcode in (("0601", "IR001001"), ("0602", "IR001002"), ("0701", "IR002001"), ("0702", "IR002009"))
    )
    assert list_entries(session, limit=1000)[-1].action == "import_divisions"


def test_names_enter_as_variants_and_only_new_ones(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 2, 4)
    apply_sheet(session, iran.register, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    names = session.execute(
        select(Name.text, Name.official, Name.language).where(Name.division_id == iran.ids["0702"], ~Name.official)
    )
    assert sorted(tuple(row) for row in names) == [("Shirazi", False, "en"), ("شیرازی", False, "fa")]
    official = select(func.count()).select_from(Name).where(Name.official)
    assert session.scalar(official.where(Name.division_id == iran.ids["0602"])) == 1


def test_applied_rows_stay_as_they_are(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 1)
    apply_sheet(session, iran.register, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    with pytest.raises(InvalidValue) as caught:
        decide(session, iran, sheet, "refused", 1)
    assert caught.value.params["reason"].key == "match_row_applied"  # type: ignore[attr-defined]
    moved = get_register(session, iran.register.name)
    again = apply_sheet(session, moved, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    assert (again.rows, again.version) == (0, moved.version)


@pytest.mark.parametrize(
    ("pcode", "reason"), [("IR1", "code_length"), ("IR001002", "code_clash"), ("IR001003", "match_code_other")]
)
def test_codes_that_cannot_be_taken_are_refused(session: Session, iran: Any, match: Match, pcode: str, reason: str):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 1, 2)
    apply_sheet(session, iran.register, sheet, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    second = match(f"pcode,name_fa,parent_fa\n{pcode},آبادان,خوزستان\n").sheet.id
    decide(session, iran, second, "confirmed", 1, codes=("0601",))
    moved = get_register(session, iran.register.name)
    with pytest.raises(RowsRefused) as caught:
        apply_sheet(session, moved, second, ApplyOrder(commit=True), caller=CALLER, today=DAY)
    (problem,) = caught.value.params["report"].problems  # type: ignore[attr-defined]
    assert (problem.row, problem.reason.key) == (1, reason)
    order = ApplyOrder(commit=True, skip_refused=True)
    assert apply_sheet(session, moved, second, order, caller=CALLER, today=DAY).codes == 0


def test_rows_are_confirmed_as_named_refused_split_and_reopened(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 5, codes=("0702",))
    decide(session, iran, sheet, "split", 2, codes=("0602", "0601"))
    decide(session, iran, sheet, "refused", 3, 4, note="no such county")
    decide(session, iran, sheet, "proposed", 4)
    found = list_states(read_sheet(session, iran.register, sheet))
    assert found == {
        1: ("proposed", ["0601"]),
        2: ("split", ["0601", "0602"]),
        3: ("refused", ["0701"]),
        4: ("proposed", ["0702"]),
        5: ("confirmed", ["0702"]),
    }


@pytest.mark.parametrize(
    ("state", "rows", "codes", "error"),
    [
        ("moon", (1,), (), InvalidValue),
        ("confirmed", (99,), (), InvalidValue),
        ("confirmed", (5,), (), InvalidValue),
        ("confirmed", (1,), ("0601", "0602"), InvalidValue),
        ("confirmed", (1, 2), ("0601",), InvalidValue),
        ("confirmed", (1,), ("9999",), DivisionNotFound),
        ("split", (1,), ("0601",), InvalidValue),
        ("split", (1,), (), InvalidValue),
        ("refused", (1,), ("0601",), InvalidValue),
        ("refused", (), (), InvalidValue),
    ],
)
def test_decisions_that_cannot_be_are_refused(
    session: Session, iran: Any, match: Match, state: str, rows: tuple[int, ...], codes: Any, error: type[Exception]
):
    sheet = match().sheet.id
    with pytest.raises(error):
        decide(session, iran, sheet, state, *rows, codes=codes)
    assert get_sheet(session, iran.register, sheet).version == 1


def test_one_division_is_confirmed_once(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 1)
    with pytest.raises(InvalidValue) as caught:
        decide(session, iran, sheet, "confirmed", 2, codes=("0601",))
    assert caught.value.params["reason"].key == "match_taken"  # type: ignore[attr-defined]
    several = match(rules=MatchRules(once=False)).sheet.id
    decide(session, iran, several, "confirmed", 1)
    assert decide(session, iran, several, "confirmed", 2, codes=("0601",))["confirmed"] == 2


def test_stale_decisions_are_refused(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    decide(session, iran, sheet, "confirmed", 1, based_on=1)
    with pytest.raises(StaleVersion):
        decide(session, iran, sheet, "refused", 1, based_on=1)


def test_stale_register_is_refused(session: Session, iran: Any, match: Match):
    order = ApplyOrder(commit=True, based_on=iran.register.version + 7)
    with pytest.raises(StaleVersion):
        apply_sheet(session, iran.register, match().sheet.id, order, caller=CALLER, today=DAY)


def test_nobody_without_a_role_decides(session: Session, iran: Any, match: Match):
    sheet = match().sheet.id
    with pytest.raises(NotPermitted):
        match(caller=ANONYMOUS)
    with pytest.raises(NotPermitted):
        decide(session, iran, sheet, "confirmed", 1, caller=ANONYMOUS)
    with pytest.raises(NotPermitted):
        apply_sheet(session, iran.register, sheet, ApplyOrder(), caller=ANONYMOUS, today=DAY)


def test_worksheets_are_listed_and_kept_apart(session: Session, iran: Any, match: Match, build: Any):
    first, second = match().sheet.id, match(title="again").sheet.id
    assert [sheet.id for sheet in list_sheets(session, iran.register)] == [second, first]
    other = build("ir").register
    assert list_sheets(session, other) == ()
    with pytest.raises(SheetNotFound):
        read_sheet(session, other, first)


@pytest.mark.parametrize(("state", "numbers"), [("clear", [1, 2, 3, 4]), ("unclear", [5]), ("split", [])])
def test_rows_are_narrowed_by_state(session: Session, iran: Any, match: Match, state: str, numbers: list[int]):
    page = read_sheet(session, iran.register, match().sheet.id, state=state)
    assert ([line.number for line in page.lines], page.total) == (numbers, len(numbers))


@pytest.mark.parametrize("asked", [{"state": "moon"}, {"limit": 0}, {"limit": 1001}])
def test_bad_questions_are_refused(session: Session, iran: Any, match: Match, asked: Any):
    with pytest.raises(InvalidValue):
        read_sheet(session, iran.register, match().sheet.id, **asked)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"level": "moon"}, UnknownLevel),
        ({"scheme": "moon"}, UnknownScheme),
        ({"pairs": (("moon", "pcode"),)}, InvalidMapping),
        ({"pairs": (("codes", "pcode"),)}, InvalidMapping),
        ({"pairs": (("codes.moon", "pcode"),)}, UnknownScheme),
        ({"pairs": (("code", "moon"),)}, UnknownColumn),
        ({"rules": MatchRules(threshold=2)}, InvalidValue),
        ({"rules": MatchRules(margin=float("nan"))}, InvalidValue),
        ({"rules": MatchRules(most=0)}, InvalidValue),
    ],
)
def test_bad_orders_are_refused(match: Match, given: Any, error: type[Exception]):
    with pytest.raises(error):
        match(**given)


@pytest.mark.parametrize(
    ("text", "rule", "weight"),
    [
        (f"name,level\n{'x' * 501},county\n", "match_text", "refused"),
        ("name,level\nx,moon\n", "level_unknown", "refused"),
        ('name,wkt\nx,"POLYGON((50 30,51 31,51 30,50 31,50 30))"\n', "geometry_invalid", "noted"),
        ("name,lon,lat\nx,500,30\n", "geometry_off_globe", "noted"),
    ],
)
def test_bad_rows_are_told(match: Match, text: str, rule: str, weight: str):
    report = match(text, level=None if "level" in text else "county")
    told = [(problem.row, problem.rule, str(problem.weight)) for problem in report.problems]
    assert (1, rule, weight) in told
    assert report.rows == (0 if weight == "refused" else 1)


def test_ground_and_words_for_levels_are_matched(session: Session, build: Any, tmp_path: Path):
    import shapely

    country = build("ir")
    country.add("06", "province", name="خوزستان", ground=shapely.box(48, 30, 50, 32))
    country.add("07", "province", name="فارس", ground=shapely.box(50, 30, 52, 32))
    text = 'name,kind,wkt\nاستان فارس,1,"POLYGON((50 30,52 30,52 32,50 32,50 30))"\n'
    (tmp_path / "l.csv").write_text(text, encoding="utf-8")
    source = MatchSource(tmp_path / "l.csv", (("level", "kind"),), levels={"1": "province"})
    report = match_layer(session, country.register, source, rules=MatchRules(), caller=CALLER, day=DAY)
    (line,) = read_sheet(session, country.register, report.sheet.id).lines
    assert ([one.code for one in line.divisions], line.score, line.is_clear) == (["07"], 1.0, True)


def test_worksheet_is_written(session: Session, iran: Any, match: Match, tmp_path: Path):
    sheet = match().sheet.id
    assert export_sheet(session, iran.register, sheet, tmp_path / "out.csv") == 5
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("1,proposed,pcode:IR001001,آبادان | Abadan,خوزستان,")
