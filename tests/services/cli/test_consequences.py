"""Test the commands of consequences."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import Result

from fixtures.registers import invent_register
from geo.errors import ChangeNotFound, InvalidValue, UnreadableFile
from services.access.roles import make_operator
from services.queries import RegisterState
from services.register.changes import draft_change
from services.register.decrees import DecreeText, record_decree

TRANSFER = {"kind": "transfer", "effective_on": "1400-01-01", "divisions": ["010102"], "to": "0102"}
OPERATOR = make_operator("tests")


@pytest.fixture
def change(session: Session, store_states: Callable[..., RegisterState]) -> int:
    """Draft a transfer in a register drawn with letters."""
    register = store_states(session, invent_register())
    text = DecreeText("۷", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 1))
    decree = record_decree(session, register, text, caller=OPERATOR).id
    return draft_change(session, register, TRANSFER, decree_id=decree, caller=OPERATOR).id


def test_ledger_is_given_whole(read_json: Callable[..., Any], change: int):
    found = read_json("consequences", "show", str(change), "-r", "drawn")
    assert (found["change"], found["ledger"]["kind"], len(found["ledger"]["ground"])) == (change, "transfer", 1)


def test_every_command_prints_for_people(run_in_store: Callable[..., Result], change: int, tmp_path: Path):
    order = tmp_path / "order.json"
    order.write_text(json.dumps(TRANSFER), encoding="utf-8")
    asked = (["show", change], ["preview", order], ["compare", change, change])
    assert [run_in_store("consequences", *words, "-r", "drawn").exit_code for words in asked] == [0, 0, 0]


def test_same_change_is_compared_once(read_json: Callable[..., Any], change: int):
    assert len(read_json("consequences", "compare", str(change), str(change), "-r", "drawn")) == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("show", "99999"), ChangeNotFound),
        (("preview", "/nowhere.json"), UnreadableFile),
        (("compare", "1", "2", "3", "4", "5", "6", "7"), InvalidValue),
    ],
)
def test_useless_questions_are_refused(
    run_in_store: Callable[..., Result], change: int, arguments: tuple[str, ...], error: type[Exception]
):
    with pytest.raises(error):
        run_in_store("consequences", *arguments, "-r", "drawn")
