"""Test how commands answer: as JSON or for people, with the exit code of what went wrong."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date

import pytest
import shapely

from geo.errors import (
    DatabaseDown,
    DivisionNotFound,
    Infeasible,
    InvalidDate,
    NotPermitted,
    PortInUse,
    StaleVersion,
    because,
)
from services.cli.store import answer_errors, exit_code, parse_day, show, to_plain


@dataclass(frozen=True)
class Pair:
    """Hold two values of any kind."""

    left: object
    right: object


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Pair(1, None), {"left": 1, "right": None}),
        (Pair((1, 2), {"a"}), {"left": [1, 2], "right": ["a"]}),
        (Pair(date(2025, 3, 20), True), {"left": "2025-03-20", "right": True}),
        ({3: shapely.Point(1, 2)}, {"3": {"type": "Point", "coordinates": (1.0, 2.0)}}),
        (Pair(Pair(0.5, "x"), []), {"left": {"left": 0.5, "right": "x"}, "right": []}),
    ],
)
def test_values_become_what_json_can_hold(value, plain):
    assert to_plain(value) == plain


def test_json_keeps_letters(capsys):
    show({"name": "تهران"}, True, lambda: pytest.fail("people were not asked for"))
    assert "تهران" in capsys.readouterr().out


def test_people_get_no_json(capsys):
    show({"name": "تهران"}, False, lambda: print("table"))
    assert capsys.readouterr().out == "table\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DivisionNotFound(asked="9"), 2),
        (StaleVersion(based_on=1, current=2), 2),
        (NotPermitted(action="x", scope="y"), 2),
        (DatabaseDown(reason=because("server_says", detail="no")), 3),
        (PortInUse(port=1), 3),
        (Infeasible(reason=because("no_people")), 4),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error, code):
    assert exit_code(error) == code


def test_error_becomes_a_sentence(capsys):
    with pytest.raises(SystemExit) as ended, answer_errors():
        raise DivisionNotFound(asked="9999")
    assert ended.value.code == 2
    assert "9999" in capsys.readouterr().err


def test_interruption_has_the_code_of_the_shell(capsys):
    with pytest.raises(SystemExit) as ended, answer_errors():
        raise KeyboardInterrupt
    assert ended.value.code == 130
    assert capsys.readouterr().err


def test_what_nobody_foresaw_is_told_without_values(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(SystemExit) as ended, answer_errors():
        raise ZeroDivisionError("36.7538")
    kept = next(tmp_path.iterdir())
    assert (ended.value.code, str(kept) in capsys.readouterr().err) == (70, True)
    assert "ZeroDivisionError at" in kept.read_text(encoding="utf-8") and "36.7538" not in kept.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "day"), [("1403-12-30", date(2025, 3, 20)), ("2025-03-20", date(2025, 3, 20)), (None, None), ("", None)]
)
def test_days_are_read_in_both_calendars(text, day):
    assert parse_day(text) == day


def test_day_that_is_none_is_refused():
    with pytest.raises(InvalidDate):
        parse_day("1404-12-30")
