"""Test a change from its draft into the register and back out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo.errors import (
    AlreadyExists,
    ChangeNotFound,
    ChangeRefused,
    DecreeNotFound,
    NotPermitted,
    SameOfficer,
    StaleVersion,
    WrongState,
)
from services.access.roles import Caller, RoleGrant
from services.lookups import get_coded
from services.queries import RegisterState, count_people_in, get_register
from services.register.change_records import ChangeRecord, get_change
from services.register.changes import (
    apply_change,
    approve_change,
    check_change,
    close_change,
    draft_change,
    preview_change,
    revise_change,
)
from services.register.decrees import DecreeText, record_decree
from services.register.replays import replay_changes
from services.tables.changes import Decree, ReservedCode
from services.tables.register import Boundary, Name, Population, Standing

DAY = "1400-01-01"
FIRST = Caller(1, "first", (RoleGrant("national_officer"),))
SECOND = Caller(2, "second", (RoleGrant("national_officer"),))
RENAME = {"kind": "rename", "effective_on": DAY, "divisions": ["0101"], "names": {"fa": "نو"}}
SPLIT = {
    "kind": "split",
    "effective_on": DAY,
    "divisions": ["0102"],
    "founded": [{"label": "new", "level": "county", "names": {"fa": "نو"}, "children": ["010202"]}],
}


def decree(session: Session, register: RegisterState, number: str = "1") -> int:
    text = DecreeText(number, "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    return record_decree(session, register, text, caller=FIRST).id


def draft(session: Session, register: RegisterState, body: dict[str, Any], caller: Caller = FIRST) -> ChangeRecord:
    number = f"{body['kind']} {id(body)} {session.scalar(select(func.count()).select_from(Decree))}"
    return draft_change(session, register, body, decree_id=decree(session, register, number), caller=caller)


def carry_out(session: Session, register: RegisterState, body: dict[str, Any]) -> ChangeRecord:
    record = draft(session, register, body)
    check_change(session, register, record.id, based_on=1, caller=FIRST)
    approve_change(session, register, record.id, based_on=2, caller=SECOND)
    return apply_change(session, get_register(session, "drawn"), record.id, based_on=3, caller=SECOND)


def tell(session: Session, register: RegisterState) -> list[tuple[Any, ...]]:
    """Tell all that the register says today, whatever wrote it."""
    found: list[tuple[Any, ...]] = []
    for table, columns in ((Standing, ("level", "parent_id")), (Name, ("text",)), (Boundary, ("digest",))):
        query = select(table.division_id, table.valid, *(getattr(table, name) for name in columns))
        found += map(tuple, session.execute(query.where(func.upper_inf(table.recorded)).order_by(table.division_id)))
    return sorted(found, key=str)


def test_a_renaming_goes_from_draft_to_the_register(session: Session, drawn: RegisterState):
    record = carry_out(session, drawn, RENAME)
    division = get_coded(session, drawn, "0101", day=date(2021, 3, 21))
    assert (record.state, record.approved_by, division.names) == ("applied", "second", {"fa": "نو"})
    assert get_coded(session, drawn, "0101", day=date(2021, 3, 20)).names == {"fa": "county 0101"}
    assert get_register(session, "drawn").version == 2


def test_a_split_founds_a_county_with_its_ground_and_codes(session: Session, drawn: RegisterState):
    record = carry_out(session, drawn, SPLIT)
    new = get_coded(session, drawn, "0103", day=date(2021, 3, 21))
    moved = get_coded(session, drawn, "010302", day=date(2021, 3, 21))
    assert (moved.parent_id, record.successors[-1]) == (new.id, new.id)
    assert new.area_m2 == pytest.approx(get_coded(session, drawn, "010302", day=date(2021, 3, 21)).area_m2)
    assert record.founded == {-1: new.id}


@pytest.mark.parametrize(
    "body",
    [
        RENAME,
        SPLIT,
        {"kind": "merge", "effective_on": DAY, "divisions": ["0101"], "to": "0102"},
        {"kind": "transfer", "effective_on": DAY, "divisions": ["010201"], "to": "0101"},
        {"kind": "relevel", "effective_on": DAY, "divisions": ["0101010001000001"], "level": "city"},
        {"kind": "recentre", "effective_on": DAY, "divisions": ["0101"], "centre": [51.01, 35.01]},
        {"kind": "recode", "effective_on": DAY, "divisions": ["0101"], "codes": {"0101": {"sci/1399": "0177"}}},
    ],
    ids=lambda body: body["kind"],
)
def test_an_undone_change_leaves_the_register_as_it_was(session: Session, drawn: RegisterState, body: dict[str, Any]):
    before = tell(session, drawn)
    record = carry_out(session, drawn, body)
    assert tell(session, drawn) != before or body["kind"] in ("recentre", "recode")
    undone = carry_out(session, drawn, {"kind": "undo", "effective_on": DAY, "change": record.id})
    assert (tell(session, drawn), undone.undoes) == (before, record.id)
    assert replay_changes(session, drawn).differences == ()


def test_replay_makes_the_register(session: Session, drawn: RegisterState):
    for body in (
        SPLIT,
        RENAME,
        {"kind": "transfer", "effective_on": "1400-02-01", "divisions": ["010101"], "to": "0102"},
    ):
        carry_out(session, drawn, body)
    report = replay_changes(session, drawn)
    assert (report.changes, report.differences) == (3, ())


def test_a_tampered_register_is_seen_by_replay(session: Session, drawn: RegisterState):
    carry_out(session, drawn, RENAME)
    session.execute(update(Name).where(Name.text == "نو").values(text="جعلی"))
    assert len(replay_changes(session, drawn).differences) == 1


def test_a_change_cannot_be_taken_back_before_later_ones(session: Session, drawn: RegisterState):
    first = carry_out(session, drawn, RENAME)
    second = carry_out(session, drawn, {**RENAME, "effective_on": "1401-01-01", "names": {"fa": "نوتر"}})
    body = {"kind": "undo", "effective_on": DAY, "change": first.id}
    with pytest.raises(ChangeRefused) as caught:
        carry_out(session, drawn, body)
    (problem,) = caught.value.params["problems"]
    assert dict(problem.reason.params)["changes"] == (second.id,)


def test_codes_wait_for_their_change_and_come_free_with_it(session: Session, drawn: RegisterState):
    record = draft(session, drawn, SPLIT)
    check_change(session, drawn, record.id, based_on=1, caller=FIRST)
    reserved = session.scalars(select(ReservedCode.code).order_by(ReservedCode.code)).all()
    assert reserved[:2] == ["0103", "010302"]
    other = preview_change(session, drawn, SPLIT)
    assert other.after[other.founded[0]].codes == {"sci/1399": "0104"}
    close_change(session, drawn, record.id, based_on=2, caller=FIRST)
    assert session.scalar(select(func.count()).select_from(ReservedCode)) == 0


def test_who_drafted_may_not_approve(session: Session, drawn: RegisterState):
    record = draft(session, drawn, RENAME)
    check_change(session, drawn, record.id, based_on=1, caller=FIRST)
    with pytest.raises(SameOfficer):
        approve_change(session, drawn, record.id, based_on=2, caller=FIRST)


def test_a_revised_change_must_be_checked_again(session: Session, drawn: RegisterState):
    record = draft(session, drawn, SPLIT)
    check_change(session, drawn, record.id, based_on=1, caller=FIRST)
    revised = revise_change(session, drawn, record.id, RENAME, based_on=2, caller=FIRST)
    assert (revised.state, revised.kind, revised.version) == ("draft", "rename", 3)
    with pytest.raises(WrongState):
        approve_change(session, drawn, record.id, based_on=3, caller=SECOND)


def test_a_stale_step_is_refused(session: Session, drawn: RegisterState):
    record = draft(session, drawn, RENAME)
    with pytest.raises(StaleVersion):
        check_change(session, drawn, record.id, based_on=7, caller=FIRST)


def test_a_register_that_moved_on_refuses_a_change_that_no_longer_fits(session: Session, drawn: RegisterState):
    record = draft(session, drawn, {"kind": "transfer", "effective_on": DAY, "divisions": ["010201"], "to": "0101"})
    check_change(session, drawn, record.id, based_on=1, caller=FIRST)
    approve_change(session, drawn, record.id, based_on=2, caller=SECOND)
    carry_out(session, drawn, {"kind": "merge", "effective_on": DAY, "divisions": ["0101"], "to": "0102"})
    with pytest.raises(ChangeRefused) as caught:
        apply_change(session, get_register(session, "drawn"), record.id, based_on=3, caller=SECOND)
    assert {problem.rule for problem in caught.value.params["problems"]} == {"ended"}
    assert get_change(session, drawn, record.id).state == "approved"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({**RENAME, "effective_on": "1399-12-30"}, "before_decree"),
        ({**RENAME, "divisions": ["0199"]}, "unknown"),
        ({"kind": "undo", "effective_on": DAY, "change": 1}, None),
    ],
)
def test_a_draft_that_cannot_stand_is_refused(
    session: Session, drawn: RegisterState, body: dict[str, Any], rule: str | None
):
    with pytest.raises((ChangeRefused, ChangeNotFound)) as caught:
        draft(session, drawn, body)
    problems = caught.value.params.get("problems", ())
    assert [problem.rule for problem in problems] == ([rule] if rule else [])


def test_a_change_comes_after_its_division(session: Session, drawn: RegisterState):
    carry_out(session, drawn, {**SPLIT, "effective_on": "1402-01-01"})
    with pytest.raises(ChangeRefused) as caught:
        draft(session, drawn, {**RENAME, "divisions": ["0103"], "effective_on": "1401-01-01"})
    assert [problem.rule for problem in caught.value.params["problems"]] == ["not_yet"]


def test_a_change_before_later_facts_is_refused(session: Session, drawn: RegisterState):
    carry_out(session, drawn, {**RENAME, "effective_on": "1402-01-01"})
    record = draft(session, drawn, RENAME)
    with pytest.raises(ChangeRefused) as caught:
        check_change(session, drawn, record.id, based_on=1, caller=FIRST)
    assert {problem.rule for problem in caught.value.params["problems"]} == {"later_facts"}


def test_an_officer_drafts_in_his_own_province_only(session: Session, drawn: RegisterState):
    county = get_coded(session, drawn, "0101", day=date(2021, 3, 21))
    officer = Caller(3, "third", (RoleGrant("province_officer", drawn.id, county.id),))
    key = decree(session, drawn)
    assert draft_change(session, drawn, RENAME, decree_id=key, caller=officer).state == "draft"
    with pytest.raises(NotPermitted):
        draft_change(session, drawn, {**RENAME, "divisions": ["0102"]}, decree_id=key, caller=officer)


def test_a_decree_is_recorded_once(session: Session, drawn: RegisterState):
    decree(session, drawn)
    with pytest.raises(AlreadyExists):
        decree(session, drawn)


def test_a_change_needs_a_decree_of_its_register(session: Session, drawn: RegisterState):
    with pytest.raises(DecreeNotFound):
        draft_change(session, drawn, RENAME, decree_id=10**9, caller=FIRST)


def test_a_withdrawal_cannot_be_withdrawn(session: Session, drawn: RegisterState):
    first = carry_out(session, drawn, RENAME)
    undone = carry_out(session, drawn, {"kind": "undo", "effective_on": DAY, "change": first.id})
    with pytest.raises(ChangeRefused) as caught:
        draft(session, drawn, {"kind": "undo", "effective_on": DAY, "change": undone.id})
    assert [problem.rule for problem in caught.value.params["problems"]] == ["undo_undo"]


def test_a_count_on_another_extent_says_nothing_of_a_division(session: Session, drawn: RegisterState):
    county = get_coded(session, drawn, "0102", day=date(2021, 3, 20))
    session.execute(insert(Population).values(division_id=county.id, source="1395", people=900))
    carry_out(session, drawn, SPLIT)
    days = (date(2021, 3, 20), date(2021, 3, 21))
    assert [count_people_in(session, [county.id], day) for day in days] == [{county.id: 900}, {}]
