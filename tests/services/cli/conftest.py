"""Run commands in this process, over the session of a test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from geo.errors import TaqsimatError
from services.cli.app import app

SESSION_USERS = tuple(
    import_module(f"services.cli.{name}")
    for name in (
        "accounts",
        "apportionment",
        "audits",
        "ballots",
        "boundaries",
        "changes",
        "civic",
        "consequences",
        "crosswalks",
        "demonstration",
        "editions",
        "elections",
        "exceptions",
        "history",
        "indices",
        "jobs",
        "kept_plans",
        "matching",
        "naming",
        "plan_pictures",
        "register",
        "renewals",
        "search",
        "stations",
    )
)


def run_command(*arguments: str, typed: str = "") -> Result:
    """Run a command; a domain error that it raises is raised again."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
    if isinstance(result.exception, TaqsimatError):
        raise result.exception
    return result


@pytest.fixture
def run() -> Callable[..., Result]:
    """Give the way to run a command that needs no store."""
    return run_command


@pytest.fixture
def run_in_store(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give the way to run a command over the session of the test."""

    @contextmanager
    def lend_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    for module in SESSION_USERS:
        monkeypatch.setattr(module, "open_cli_session", lend_session)
    return run_command


@pytest.fixture
def read_json(run_in_store: Callable[..., Result]) -> Callable[..., Any]:
    """Give the way to run a command with `--json` and read its answer."""

    def read(*arguments: str) -> Any:
        result = run_in_store(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return read
