"""Test the commands of disputes: the whole way, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy.orm import Session
from typer.testing import Result

from fixtures.registers import invent_register
from geo.errors import DisputeNotFound, InvalidValue, SameOfficer, UnreadableFile
from services.access.roles import make_operator
from services.queries import RegisterState
from services.register.decrees import DecreeText, record_decree

LINE = shapely.LineString([(51.035, 34.0), (51.035, 36.0)])
SIDES = ("--by", "0101010001", "--against", "0101020001")
OPERATOR = make_operator("tests")


class Desk:
    """Run the commands on a register drawn with letters."""

    def __init__(self, run: Callable[..., Result], folder: Path) -> None:
        self.run, self.folder = run, folder

    def __call__(self, *words: object) -> Result:
        """Run one and let it succeed."""
        result = self.run("disputes", *map(str, words), "-r", "drawn")
        assert result.exit_code == 0, result.output
        return result

    def read(self, *words: object) -> Any:
        """Run one and read what it prints for machines."""
        return json.loads(self(*words, "--json").stdout)

    def draw(self, name: str, shape: object = LINE) -> str:
        """Write a shape to a file."""
        path = self.folder / name
        path.write_text(json.dumps(shape.__geo_interface__), encoding="utf-8")
        return str(path)

    def open(self) -> int:
        """Open the dispute."""
        claim = ("--claim", self.draw("line.geojson"), *SIDES)
        return int(self.read("open", *claim, "--as-of", "1404-06-01")["summary"]["id"])


@pytest.fixture
def decrees(session: Session, store_states: Callable[..., RegisterState]) -> list[int]:
    """Record two decrees of a register drawn with letters."""
    register = store_states(session, invent_register())
    texts = [DecreeText(number, "هیئت وزیران", date(2025, 3, 1), date(2025, 3, 1)) for number in "۱۲"]
    return [record_decree(session, register, text, caller=OPERATOR).id for text in texts]


@pytest.fixture
def desk(run_in_store: Callable[..., Result], decrees: list[int], tmp_path: Path) -> Desk:
    """Open the desk."""
    return Desk(run_in_store, tmp_path)


@pytest.fixture
def second(run_in_store: Callable[..., Result]) -> str:
    """Issue the key of a second officer."""
    run_in_store("accounts", "create", "second")
    run_in_store("accounts", "grant", "second", "national_officer")
    issued = run_in_store("accounts", "key", "second", "--label", "test").output
    return next(word for word in issued.split() if len(word) > 40)


def test_a_dispute_is_brought_into_the_register_and_taken_back(desk: Desk, decrees: list[int], second: str):
    key = desk.open()
    options = desk.read("options", key, "--effective", "1404-06-01")
    assert options[0]["refused"] is None and options[0]["ledger"]["totals"]["disputes"] == 1
    desk("propose", key, "--option", 1, "--decree", decrees[0], "--text", "why")
    with pytest.raises(SameOfficer):
        desk("approve", key)
    desk("approve", key, "--key", second)
    desk("apply", key, "--key", second)
    assert [one["summary"]["state"] for one in [desk.read("show", key)]] == ["applied"]
    desk("undo", key, "--decree", decrees[1], "--text", "a court")
    desk("approve", key, "--key", second)
    desk("apply", key, "--key", second)
    steps = [one["step"] for one in desk.read("history", key)]
    assert steps[-4:] == ["apply_settle", "propose_undo", "approve", "apply_undo"]


def test_every_command_prints_for_people(desk: Desk, second: str, tmp_path: Path):
    key = desk.open()
    letter = tmp_path / "letter.txt"
    letter.write_text("سلام", encoding="utf-8")
    desk("evidence", key, "--kind", "letter", "--title", "a", "--file", letter, "--line", desk.draw("a.geojson"))
    asked = (["review", key], ["options", key], ["show", key], ["list"], ["history", key], ["conflicts", key])
    assert all(desk(*words).stdout for words in asked)
    desk("dismiss", key, "--reason", "nothing to it")
    desk("reopen", key, "--reason", "there is")
    desk("accept", key, "--reason", "a condominium", "--key", second)


def test_a_claim_is_added(desk: Desk):
    key = desk.open()
    ground = desk.draw("b.geojson", shapely.box(51.02, 34, 51.03, 36))
    desk("claim", key, ground, "--by", "0101020001", "--against", "0101010001")
    assert len(desk.read("show", key)["claims"]) == 2


def test_a_proposal_is_withdrawn(desk: Desk, decrees: list[int]):
    key = desk.open()
    desk("options", key, "--effective", "1404-06-01")
    desk("propose", key, "--option", 1, "--decree", decrees[0], "--text", "why")
    desk("withdraw", key, "--reason", "a mistake")
    assert desk.read("show", key)["decisions"][0]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("show", "99999"), DisputeNotFound),
        (("open",), InvalidValue),
        (("open", "--claim", "/nowhere.json", *SIDES), UnreadableFile),
        (("open", "--claim", "/nowhere.json"), InvalidValue),
        (("open", "--division", "0101010001", "--finding", "1"), InvalidValue),
        (("list", "--division", "0101010001", "--state", "open"), None),
        (("evidence", "1", "--kind", "letter", "--title", "a", "--file", "/nowhere"), UnreadableFile),
    ],
)
def test_useless_orders_are_refused(desk: Desk, words: tuple[str, ...], error: type[Exception] | None):
    if error is None:
        assert desk(*words).exit_code == 0
        return
    with pytest.raises(error):
        desk(*words)
