"""Test that passwords are kept as hashes and tell nothing when they are wrong."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import AccountNotFound, InvalidValue, NotAuthenticated
from services.access.accounts import create_account, set_active
from services.access.grants import grant_role
from services.access.log import list_entries
from services.access.passwords import authenticate_password, set_password
from services.access.roles import Caller, RoleGrant

PASSWORD = "گذرواژه‌ای دراز و نیک"


@pytest.fixture
def sara(session: Session, operator: Caller) -> str:
    """Create an account with a password."""
    create_account(session, "sara", caller=operator)
    set_password(session, "sara", PASSWORD, caller=operator)
    return "sara"


def test_password_stands_for_its_account(session, operator, sara):
    grant_role(session, sara, "clerk", caller=operator)
    assert authenticate_password(session, sara, PASSWORD).grants == (RoleGrant("clerk"),)


def test_password_is_kept_as_an_argon2_hash(session, sara):
    assert session.scalar(text("select password_hash from account")).startswith("$argon2id$")


def test_password_is_not_logged(session, sara):
    entry = list_entries(session)[-1]
    assert (entry.action, entry.detail) == ("set_password", {})


@pytest.mark.parametrize(("name", "password"), [("sara", "wrong"), ("sara", ""), ("nobody", PASSWORD), ("a\0", "x")])
def test_wrong_name_or_password_is_refused_alike(session, sara, name, password):
    with pytest.raises(NotAuthenticated):
        authenticate_password(session, name, password)


def test_account_without_password_has_no_way_in(session, operator):
    create_account(session, "reza", caller=operator)
    with pytest.raises(NotAuthenticated):
        authenticate_password(session, "reza", "")


def test_account_out_of_use_is_refused(session, operator, sara):
    set_active(session, sara, caller=operator, active=False)
    with pytest.raises(NotAuthenticated):
        authenticate_password(session, sara, PASSWORD)


@pytest.mark.parametrize("password", ["", "x" * 11, "x" * 257])
def test_lengths_have_limits_and_the_text_is_not_repeated(session, operator, sara, password):
    with pytest.raises(InvalidValue) as refusal:
        set_password(session, sara, password, caller=operator)
    assert refusal.value.params["value"] == "…"


def test_password_of_nobody_cannot_be_set(session, operator):
    with pytest.raises(AccountNotFound):
        set_password(session, "nobody", PASSWORD, caller=operator)
