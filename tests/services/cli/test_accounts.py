"""Test that the operator keeps accounts from a shell, and is logged as the operator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from geo.errors import AdminExists, TaqsimatError
from services.access.keys import authenticate_key
from services.access.log import list_entries
from services.access.passwords import authenticate_password
from services.cli import accounts


class Shell:
    """Run commands over the session of a test."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def run(self, *arguments: str, typed: str = "") -> Result:
        """Run a command; what it raises is raised again."""
        result = CliRunner().invoke(accounts.app, list(arguments), input=typed)
        if isinstance(result.exception, TaqsimatError):
            raise result.exception
        return result

    def read(self, *arguments: str) -> object:
        """Run a command with `--json` and read its answer."""
        return json.loads(self.run(*arguments, "--json").output)


@pytest.fixture
def shell(session: Session, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Lend the session of the test to the commands."""

    @contextmanager
    def lend_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    monkeypatch.setattr(accounts, "open_cli_session", lend_session)
    return Shell(session)


def test_first_admin_gets_a_key_that_works(shell: Shell):
    issued = shell.read("first-admin", "root")
    assert authenticate_key(shell.session, issued["secret"]).name == "root"


def test_second_first_admin_is_refused(shell: Shell):
    shell.run("first-admin", "root")
    with pytest.raises(AdminExists):
        shell.run("first-admin", "other")


def test_key_is_printed_once_for_people_too(shell: Shell):
    shell.run("create", "sara")
    output = shell.run("key", "sara", "--label", "desk").output
    assert authenticate_key(shell.session, output.split()[0]).name == "sara"
    assert output.split()[0] not in shell.run("keys", "sara").output


def test_roles_come_and_go(shell: Shell):
    shell.run("create", "sara")
    shell.run("grant", "sara", "clerk")
    assert shell.read("list")[0]["grants"] == [{"role": "clerk", "register": None, "division_id": None}]
    shell.run("revoke", "sara", "clerk")
    assert shell.read("list")[0]["grants"] == []


@pytest.mark.parametrize(("commands", "active"), [(["deactivate"], False), (["deactivate", "activate"], True)])
def test_accounts_are_put_aside(shell: Shell, commands: list[str], active: bool):
    shell.run("create", "sara")
    for command in commands:
        shell.run(command, "sara")
    assert shell.read("list")[0]["active"] is active


def test_revoked_key_is_listed_as_such(shell: Shell):
    shell.run("create", "sara")
    prefix = shell.read("key", "sara", "--label", "desk", "--days", "3")["record"]["prefix"]
    shell.run("revoke-key", "sara", prefix)
    (key,) = shell.read("keys", "sara")
    assert key["revoked_at"] is not None


def test_password_is_asked_for_unseen(shell: Shell):
    shell.run("create", "sara")
    output = shell.run("password", "sara", typed="a long password\na long password\n").output
    assert authenticate_password(shell.session, "sara", "a long password").name == "sara"
    assert "a long password" not in output


def test_commands_are_logged_as_the_operator(shell: Shell):
    shell.run("create", "sara")
    assert [entry.actor[:4] for entry in list_entries(shell.session)] == ["cli:"]


@pytest.mark.parametrize(("options", "places"), [([], [1, 2, 3]), (["--after", "1"], [2, 3]), (["--limit", "1"], [1])])
def test_log_is_listed(shell: Shell, options: list[str], places: list[int]):
    for name in ("a", "b", "c"):
        shell.run("create", name)
    assert [entry["id"] for entry in shell.read("log", *options)] == places


def test_whole_log_is_verified(shell: Shell):
    shell.run("create", "sara")
    result = shell.run("log", "verify")
    assert result.exit_code == 0
    assert "1:" in result.output


def test_rewritten_log_ends_with_one(shell: Shell):
    shell.run("create", "sara")
    shell.session.execute(text("alter table audit_log disable trigger all"))
    shell.session.execute(text("update audit_log set actor = 'nobody'"))
    result = shell.run("log", "verify", "--json")
    assert (result.exit_code, json.loads(result.output)["broken_at"]) == (1, 1)


@pytest.mark.parametrize("command", [["list"], ["log"], ["keys", "sara"]])
@pytest.mark.parametrize("filled", [True, False])
def test_lists_are_shown_to_people(shell: Shell, command: list[str], filled: bool):
    shell.run("create", "sara")
    if filled:
        shell.run("grant", "sara", "clerk")
        shell.run("key", "sara", "--label", "desk")
    assert shell.run(*command).exit_code == 0
