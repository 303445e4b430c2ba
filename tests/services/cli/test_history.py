"""Test that the register through time is commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from typer.testing import Result

from geo.errors import InvalidDate, InvalidPeriod, InvalidValue
from services.queries import RegisterState

pytestmark = pytest.mark.usefixtures("story")


def test_life_is_shown(read_json: Callable[..., Any], register: RegisterState):
    found = read_json("history", "show", "A", "--register", register.name)
    assert [(one["aspect"], one["before"], one["after"]) for one in found["events"]] == [("name", "A", "Zohra")]


def test_what_a_code_that_is_gone_became(read_json: Callable[..., Any], register: RegisterState):
    found = read_json("history", "became", "N", "--register", register.name)
    assert [(kin["division"]["code"], kin["area_share"]) for kin in found["successors"]] == [("Q", 1.0)]


def test_changes_between_two_dates(read_json: Callable[..., Any], register: RegisterState):
    found = read_json("history", "between", "1397", "1398", "--register", register.name, "--within", "X")
    assert [one["kind"] for one in found["changes"]] == ["split", "rename"]


def test_point_of_a_year(read_json: Callable[..., Any], register: RegisterState):
    asked = ("--lon", "1.5", "--lat", "0.5", "--register", register.name, "--as-of", "1398")
    assert [one["code"] for one in read_json("history", "at", *asked)] == ["X", "N", "B"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "B"), "واحد بالاتر"),
        (("became", "P", "--as-of", "2018"), "تفکیک"),
        (("between", "2019", "2021"), "57/1"),
        (("days",), "۱۳۹۷/۱۰/۱۱"),
        (("at", "--lon", "1.5", "--lat", "0.5"), "commune"),
    ],
)
def test_answers_are_printed(
    run_in_store: Callable[..., Result], register: RegisterState, arguments: tuple[str, ...], told: str
):
    result = run_in_store("history", *arguments, "--register", register.name)
    assert (result.exit_code, told in result.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("between", "1390", "2015"), InvalidValue),
        (("between", "1395", "1390"), InvalidPeriod),
        (("between", "1404-12-30", "1405"), InvalidDate),
        (("show", "A", "--as-of", "99"), InvalidDate),
    ],
)
def test_bad_questions_are_refused(
    run_in_store: Callable[..., Result], register: RegisterState, arguments: tuple[str, ...], error: type[Exception]
):
    with pytest.raises(error):
        run_in_store("history", *arguments, "--register", register.name)


def test_day_chosen_from_a_year_is_said_aside(run_in_store: Callable[..., Result], register: RegisterState):
    result = run_in_store("history", "show", "A", "--register", register.name, "--as-of", "1390")
    assert "۱۳۹۰/۱۲/۲۹" in result.stderr


def url_of(engine: Engine) -> str:
    url: URL = engine.url
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.parametrize("recorded", ["2000-01-01", "1379", "2001-01-01T00:00:00Z"])
def test_record_of_a_moment_is_read(
    run: Callable[..., Result], demo_engine: Engine, monkeypatch: pytest.MonkeyPatch, recorded: str
):
    monkeypatch.setenv("TAQSIMAT_DATABASE_URL", url_of(demo_engine))
    assert '"total": 0' in run("--recorded", recorded, "search", "Alger", "--json").stdout
    assert '"total": 0' not in run("search", "Alger", "--json").stdout


def test_record_is_not_written(run: Callable[..., Result], fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAQSIMAT_DATABASE_URL", url_of(fresh_engine))
    with pytest.raises(InvalidValue):
        run("--recorded", "2000-01-01", "accounts", "create", "a")


@pytest.mark.parametrize("recorded", ["2999", "1404-12-30", "x"])
def test_moment_must_be_past_and_clear(run: Callable[..., Result], recorded: str):
    with pytest.raises(InvalidDate):
        run("--recorded", recorded, "search", "Alger")
