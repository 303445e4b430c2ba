"""Test what each role may do, and where."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound, NotPermitted
from services.access.roles import ANONYMOUS, PERMITTED, Action, Caller, RoleGrant, check_permitted, make_operator
from services.messages import LANGUAGES, explain, say
from services.tables.access import ROLES
from services.tables.register import Division, Standing


def make_caller(*grants: RoleGrant) -> Caller:
    return Caller(1, "somebody", grants)


def test_each_role_of_the_tables_is_in_the_matrix():
    assert tuple(PERMITTED) == ROLES


@pytest.mark.parametrize(
    ("role", "action", "permitted"),
    [
        ("public", Action.RECORD_COMPLAINT, False),
        ("clerk", Action.RECORD_COMPLAINT, True),
        ("clerk", Action.RUN_AUDIT, False),
        ("province_officer", Action.RUN_AUDIT, True),
        ("province_officer", Action.DRAFT_CHANGE, True),
        ("province_officer", Action.OPEN_DISPUTE, True),
        ("province_officer", Action.DECIDE_DISPUTE, False),
        ("province_officer", Action.APPROVE_CHANGE, False),
        ("province_officer", Action.IMPORT_DIVISIONS, False),
        ("national_officer", Action.IMPORT_DIVISIONS, True),
        ("national_officer", Action.APPROVE_CHANGE, True),
        ("national_officer", Action.RECORD_STATION, False),
        ("national_officer", Action.MANAGE_ACCOUNTS, False),
        ("election_officer", Action.RECORD_STATION, True),
        ("election_officer", Action.DRAW_PLAN, True),
        ("election_officer", Action.IMPORT_DIVISIONS, False),
        ("planner", Action.RECORD_COUNCIL, True),
        ("planner", Action.READ_LOG, False),
        *(("admin", action, True) for action in Action),
    ],
)
def test_matrix(role: str, action: Action, permitted: bool):
    assert RoleGrant(role).allows(action) is permitted


def test_manual_shows_the_same_matrix():
    manual = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in manual.splitlines() if "|" in line]
    start = next(place for place, row in enumerate(table) if "clerk" in row)
    shown = {say(f"reason.action_{action}", "en"): action for action in Action}
    for name, *marks in table[start + 2 : start + 2 + len(Action)]:
        allowed = {role for role, mark in zip(table[start][1:], marks, strict=True) if mark}
        assert allowed == {role for role in PERMITTED if shown[name] in PERMITTED[role]}


@pytest.mark.parametrize(
    ("within", "asked", "permitted"),
    [
        ("north", "north", True),
        ("north", "hill", True),
        ("north", "mill", True),
        ("north", "south", False),
        ("north", "port", False),
        ("hill", "north", False),
        ("north", None, False),
        (None, None, True),
        (None, "port", True),
    ],
)
def test_grant_reaches_down_but_not_aside(session, country, within, asked, permitted):
    grant = RoleGrant("province_officer", country.register.id, country.divisions.get(within))
    assert is_permitted(session, make_caller(grant), country.register, country.divisions.get(asked)) is permitted


def test_grant_in_another_register_does_not_count(session, country, elsewhere):
    caller = make_caller(RoleGrant("national_officer", elsewhere.register.id))
    assert not is_permitted(session, caller, country.register, None)


def test_division_of_another_register_is_not_found(session, country, elsewhere):
    caller = make_caller(RoleGrant("national_officer", country.register.id))
    with pytest.raises(DivisionNotFound):
        check_permitted(session, caller, Action.RUN_AUDIT, country.register, elsewhere.divisions["north"])


@pytest.mark.parametrize(("register_named", "permitted"), [(True, False), (False, True)])
def test_what_belongs_to_no_register_needs_a_grant_for_all(session, country, register_named, permitted):
    caller = make_caller(RoleGrant("admin", country.register.id if register_named else None))
    assert is_permitted(session, caller, None, None) is permitted


def test_division_that_moved_away_is_out_of_reach(session, country):
    hill, south = country.divisions["hill"], country.divisions["south"]
    session.execute(update(Standing).where(Standing.division_id == hill).values(valid=Range(None, date(2010, 1, 1))))
    move = {"division_id": hill, "parent_id": south, "level": "daira", "valid": Range(date(2010, 1, 1), None)}
    session.execute(insert(Standing).values(**move))
    caller = make_caller(RoleGrant("province_officer", country.register.id, country.divisions["north"]))
    assert not is_permitted(session, caller, country.register, country.divisions["mill"])


def test_circle_of_parents_ends(session, country):
    north, mill = country.divisions["north"], country.divisions["mill"]
    session.execute(update(Standing).where(Standing.division_id == north).values(parent_id=mill))
    caller = make_caller(RoleGrant("clerk", country.register.id, country.divisions["south"]))
    assert not is_permitted(session, caller, country.register, north)


def test_division_without_standing_is_covered_by_itself(session, country):
    lone = session.scalars(insert(Division).values(register_id=country.register.id).returning(Division.id)).one()
    caller = make_caller(RoleGrant("province_officer", country.register.id, lone))
    assert is_permitted(session, caller, country.register, lone)


@pytest.mark.parametrize("action", Action)
def test_the_public_may_write_nothing(session, country, action):
    with pytest.raises(NotPermitted):
        check_permitted(session, ANONYMOUS, action, country.register)


def test_operator_may_do_everything_under_a_name_no_account_can_have(session, country):
    operator = make_operator("root")
    assert operator.name == "cli:root"
    check_permitted(session, operator, Action.MANAGE_ACCOUNTS, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", Action)
def test_refusal_can_be_said(session, country, action, language):
    with pytest.raises(NotPermitted) as refusal:
        check_permitted(session, ANONYMOUS, action, country.register, country.divisions["hill"])
    assert "letters" in explain(refusal.value, language)


def is_permitted(session: Session, caller: Caller, register, division_id) -> bool:
    try:
        check_permitted(session, caller, Action.RUN_AUDIT, register, division_id)
    except NotPermitted:
        return False
    return True
