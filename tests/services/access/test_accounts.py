"""Test how accounts come, are listed, and are put aside."""

import pytest
from sqlalchemy.orm import Session

from geo.errors import AccountNotFound, AlreadyExists, InvalidValue
from services.access.accounts import GrantRecord, create_account, get_account, list_accounts, set_active
from services.access.grants import Scope, grant_role
from services.access.log import list_entries
from services.access.roles import Caller
from services.messages import LANGUAGES, explain


@pytest.mark.parametrize("name", ["sara", "سارا", "sara.karimi@example.org", "office-31_b", "x" * 64])
def test_account_is_created_under_names_of_any_script(session: Session, operator: Caller, name: str):
    create_account(session, name, caller=operator)
    assert [account.name for account in list_accounts(session)] == [name]


@pytest.mark.parametrize(
    "name", ["", " ", "cli:root", "public", "a b", "a\n", "a\0", "x" * 65, "a/b", "<b>", "ﷲ", "e\u0301", "\u202eevil"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_could_mislead_are_refused(session: Session, operator: Caller, name: str, language: str):
    with pytest.raises(InvalidValue) as refusal:
        create_account(session, name, caller=operator)
    assert explain(refusal.value, language)
    assert list_accounts(session) == ()


def test_second_account_of_a_name_is_refused_and_the_session_lives_on(session: Session, operator: Caller):
    create_account(session, "sara", caller=operator)
    with pytest.raises(AlreadyExists):
        create_account(session, "sara", caller=operator)
    assert len(list_accounts(session)) == 1


def test_list_says_where_roles_count(session, operator, country):
    create_account(session, "sara", caller=operator)
    grant_role(session, "sara", "planner", caller=operator)
    grant_role(session, "sara", "clerk", caller=operator, scope=Scope("letters", "hill"))
    (account,) = list_accounts(session)
    assert account.grants == (
        GrantRecord("clerk", "letters", country.divisions["hill"]),
        GrantRecord("planner", None, None),
    )


def test_accounts_are_listed_by_name(session: Session, operator: Caller):
    for name in ("c", "a", "b"):
        create_account(session, name, caller=operator)
    assert [account.name for account in list_accounts(session)] == ["a", "b", "c"]


@pytest.mark.parametrize("active", [True, False])
def test_account_is_put_aside_and_back(session: Session, operator: Caller, active: bool):
    create_account(session, "sara", caller=operator)
    set_active(session, "sara", caller=operator, active=not active)
    set_active(session, "sara", caller=operator, active=active)
    assert list_accounts(session)[0].active is active


@pytest.mark.parametrize("name", ["nobody", "", "a\0b", "a b"])
def test_unknown_account_is_named(session: Session, name: str):
    with pytest.raises(AccountNotFound):
        get_account(session, name)


def test_each_step_is_logged(session: Session, operator: Caller):
    create_account(session, "sara", caller=operator)
    set_active(session, "sara", caller=operator, active=False)
    entries = [(entry.actor, entry.action, entry.subject) for entry in list_entries(session)]
    assert entries == [("cli:tester", "create_account", "sara"), ("cli:tester", "deactivate_account", "sara")]
