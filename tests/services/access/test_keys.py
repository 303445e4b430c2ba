"""Test the life of a key: issued once, recognised, expired, revoked."""

import json
import re

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from geo.errors import AccountNotFound, InvalidValue, KeyNotFound, NotAuthenticated
from services.access.accounts import create_account, set_active
from services.access.grants import grant_role
from services.access.keys import authenticate_key, issue_key, list_keys, revoke_key
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant
from services.messages import explain
from services.tables.access import ApiKey


@pytest.fixture
def sara(session: Session, operator: Caller) -> str:
    """Create an account that is a clerk."""
    create_account(session, "sara", caller=operator)
    grant_role(session, "sara", "clerk", caller=operator)
    return "sara"


def test_key_stands_for_its_account(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    caller = authenticate_key(session, issued.secret)
    assert (caller.name, caller.grants) == ("sara", (RoleGrant("clerk"),))


def test_keys_have_a_form_that_can_be_searched_for(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    assert re.fullmatch(r"tq_[0-9a-f]{12}_[\w-]{43}", issued.secret)


def test_secret_is_kept_nowhere(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    secret = issued.secret.split("_", 2)[2]
    kept = [*session.execute(text("select k::text from api_key k")).scalars()]
    kept += [json.dumps(entry.detail) for entry in list_entries(session)]
    assert not any(secret in line for line in (*kept, repr(issued)))


def test_two_keys_differ(session, operator, sara):
    keys = {issue_key(session, sara, caller=operator, label="desk").secret for _ in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: "",
        lambda key: "tq__",
        lambda key: key.upper(),
        lambda key: key[:-1],
        lambda key: key + "a",
        lambda key: key + "\n",
        lambda key: key[:-2] + ("ab" if key[-2:] != "ab" else "cd"),
        lambda key: "tq_" + "0" * 12 + key[15:],
        lambda key: key.replace("_", "\0"),
        lambda key: key[:-1] + "٣",
    ],
)
def test_anything_else_is_refused(session, operator, sara, spoil):
    issued = issue_key(session, sara, caller=operator, label="desk")
    with pytest.raises(NotAuthenticated):
        authenticate_key(session, spoil(issued.secret))


def test_secret_of_another_key_does_not_fit(session, operator, sara):
    first, second = (issue_key(session, sara, caller=operator, label="desk").secret for _ in range(2))
    with pytest.raises(NotAuthenticated):
        authenticate_key(session, first[:16] + second[16:])


@pytest.mark.parametrize(("shift", "counts"), [("1 second", True), ("-1 second", False), ("0", False)])
def test_key_counts_until_it_expires(session, operator, sara, shift, counts):
    issued = issue_key(session, sara, caller=operator, label="desk", days=1)
    session.execute(update(ApiKey).values(expires_at=text(f"now() + interval '{shift}'")))
    assert is_recognised(session, issued.secret) is counts


@pytest.mark.parametrize("days", [1, 90, None])
def test_life_is_as_long_as_asked(session, operator, sara, days):
    record = issue_key(session, sara, caller=operator, label="desk", days=days).record
    assert (record.expires_at and (record.expires_at - record.created_at).days) == days


@pytest.mark.parametrize(("label", "days"), [("", 1), (" desk", 1), ("a\nb", 1), ("x" * 121, 1), ("d", 0), ("d", 9999)])
def test_labels_and_lives_have_limits(session, operator, sara, label, days):
    with pytest.raises(InvalidValue) as refusal:
        issue_key(session, sara, caller=operator, label=label, days=days)
    assert explain(refusal.value, "fa") != explain(refusal.value, "en")


def test_revoked_key_counts_no_more_but_is_listed(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    revoke_key(session, sara, issued.record.prefix, caller=operator)
    assert not is_recognised(session, issued.secret)
    assert [key.revoked_at is None for key in list_keys(session, sara)] == [False]


def test_revoking_leaves_other_keys_alone(session, operator, sara):
    first, second = (issue_key(session, sara, caller=operator, label="desk") for _ in range(2))
    revoke_key(session, sara, first.record.prefix, caller=operator)
    assert is_recognised(session, second.secret)


@pytest.mark.parametrize("prefix", ["000000000000", "", "a\0b"])
def test_unknown_key_cannot_be_revoked(session, operator, sara, prefix):
    with pytest.raises(KeyNotFound):
        revoke_key(session, sara, prefix, caller=operator)


def test_key_of_another_account_cannot_be_revoked(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    create_account(session, "reza", caller=operator)
    with pytest.raises(KeyNotFound):
        revoke_key(session, "reza", issued.record.prefix, caller=operator)


def test_key_of_an_account_out_of_use_sleeps(session, operator, sara):
    issued = issue_key(session, sara, caller=operator, label="desk")
    set_active(session, sara, caller=operator, active=False)
    assert not is_recognised(session, issued.secret)
    set_active(session, sara, caller=operator, active=True)
    assert is_recognised(session, issued.secret)


def test_unknown_account_gets_no_key(session, operator):
    with pytest.raises(AccountNotFound):
        issue_key(session, "nobody", caller=operator, label="desk")


def test_look_up_by_prefix_uses_an_index(session):
    session.execute(text("set local enable_seqscan = off"))
    plan = session.execute(text("explain select digest from api_key where prefix = '000000000000'"))
    assert "uq_api_key_prefix" in str(plan.scalars().all())


def is_recognised(session: Session, key: str) -> bool:
    try:
        authenticate_key(session, key)
    except NotAuthenticated:
        return False
    return True
