"""Test how roles are given and taken back, and how the first admin comes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import (
    AccountNotFound,
    AdminExists,
    AlreadyExists,
    DivisionNotFound,
    GrantNotFound,
    InvalidValue,
    RegisterNotFound,
)
from services.access.accounts import create_account, get_account, list_accounts, set_active
from services.access.grants import Scope, create_first_admin, grant_role, read_grants, revoke_role
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant, make_operator
from services.database.engine import open_session
from services.messages import explain
from services.tables.register import Code


@pytest.fixture
def sara(session: Session, operator: Caller) -> str:
    """Create an account that may do nothing yet."""
    return create_account(session, "sara", caller=operator).name


def list_grants(session: Session, name: str) -> tuple[RoleGrant, ...]:
    return read_grants(session, get_account(session, name).id)


@pytest.mark.parametrize("scope", [Scope(), Scope("letters"), Scope("letters", "north")])
def test_grant_is_read_back_with_its_scope(session, operator, country, sara, scope):
    grant_role(session, sara, "clerk", caller=operator, scope=scope)
    register_id = country.register.id if scope.register else None
    assert list_grants(session, sara) == (RoleGrant("clerk", register_id, country.divisions.get(scope.within)),)


@pytest.mark.parametrize("scope", [Scope(), Scope("letters"), Scope("letters", "north")])
def test_same_grant_twice_is_refused(session, operator, country, sara, scope):
    grant_role(session, sara, "clerk", caller=operator, scope=scope)
    with pytest.raises(AlreadyExists):
        grant_role(session, sara, "clerk", caller=operator, scope=scope)
    assert len(list_grants(session, sara)) == 1


@pytest.mark.parametrize("scope", [Scope(), Scope("letters"), Scope("letters", "north")])
def test_revoking_takes_that_scope_only(session, operator, country, sara, scope):
    scopes = [Scope(), Scope("letters"), Scope("letters", "north")]
    for each in scopes:
        grant_role(session, sara, "clerk", caller=operator, scope=each)
    revoke_role(session, sara, "clerk", caller=operator, scope=scope)
    assert len(list_grants(session, sara)) == 2
    with pytest.raises(GrantNotFound):
        revoke_role(session, sara, "clerk", caller=operator, scope=scope)


@pytest.mark.parametrize(
    ("name", "role", "scope", "error"),
    [
        ("nobody", "clerk", Scope(), AccountNotFound),
        ("sara", "king", Scope(), InvalidValue),
        ("sara", "clerk", Scope(None, "north"), InvalidValue),
        ("sara", "clerk", Scope("nowhere"), RegisterNotFound),
        ("sara", "clerk", Scope("letters", "west"), DivisionNotFound),
    ],
)
@pytest.mark.usefixtures("country", "sara")
def test_grants_that_make_no_sense_are_refused(session, operator, name, role, scope, error):
    with pytest.raises(error) as refusal:
        grant_role(session, name, role, caller=operator, scope=scope)
    assert explain(refusal.value, "fa") != explain(refusal.value, "en")


def test_code_that_means_two_divisions_is_refused(session, operator, country, sara):
    same = {"register_id": country.register.id, "code": "north", "valid": Range(None, None)}
    session.execute(insert(Code).values(division_id=country.divisions["south"], scheme="other", version="1", **same))
    with pytest.raises(InvalidValue, match="within"):
        grant_role(session, sara, "clerk", caller=operator, scope=Scope("letters", "north"))


def test_primary_scheme_decides_whose_code_it_is(session, operator, country, sara):
    same = {"register_id": country.register.id, "code": "north", "valid": Range(None, None)}
    session.execute(insert(Code).values(division_id=country.divisions["south"], scheme="ons", version="1", **same))
    grant = grant_role(session, sara, "clerk", caller=operator, scope=Scope("letters", "north"))
    assert grant.division_id == country.divisions["south"]


def test_grant_is_logged_in_the_words_of_the_request(session, operator, country, sara):
    grant_role(session, sara, "clerk", caller=operator, scope=Scope("letters", "north"))
    entry = list_entries(session)[-1]
    assert (entry.action, entry.subject) == ("grant_role", "sara")
    assert entry.detail == {"role": "clerk", "register": "letters", "within": "north"}


def test_first_admin_may_do_everything(session: Session, operator: Caller):
    create_first_admin(session, "root", caller=operator)
    assert list_grants(session, "root") == (RoleGrant("admin"),)


def test_second_first_admin_is_refused(session: Session, operator: Caller):
    create_first_admin(session, "root", caller=operator)
    with pytest.raises(AdminExists):
        create_first_admin(session, "other", caller=operator)
    assert [account.name for account in list_accounts(session)] == ["root"]


def test_admin_of_one_register_or_out_of_use_is_not_the_first(session, operator, country, sara):
    grant_role(session, sara, "admin", caller=operator, scope=Scope("letters"))
    create_first_admin(session, "old", caller=operator)
    set_active(session, "old", caller=operator, active=False)
    assert create_first_admin(session, "new", caller=operator).name == "new"


def test_of_two_first_admins_at_once_one_wins(fresh_engine: Engine):
    def create(name: str) -> bool:
        try:
            with open_session(fresh_engine) as session:
                create_first_admin(session, name, caller=make_operator("tester"))
        except AdminExists:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(create, ("a", "b"))) == [False, True]
