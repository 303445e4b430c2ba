"""Draw a small province of Iran as letters, and work orders out on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import shapely

from fixtures.letters import draw
from geo.register.changes import DivisionState, RegisterView, plan_change, read_order
from geo.register.consequences import Book, make_turn
from geo.register.divisions import sum_parts
from geo.register.packs import load_pack

LEVELS = {
    "county": "AAAABB\nAAAABB",
    "bakhsh": "KKLLMM\nKKLLMM",
    "dehestan": "QRSTUV\nQRSTUV",
}
CODES = {"P": "06", "A": "0601", "B": "0602", "K": "060101", "L": "060102", "M": "060201"} | {
    "Q": "0601010001",
    "R": "0601010002",
    "S": "0601020001",
    "T": "0601020002",
    "U": "0602010001",
    "V": "0602010002",
}
PARENTS = {"A": "P", "B": "P", "K": "A", "L": "A", "M": "B"} | dict(zip("QRSTUV", "KKLLMM", strict=True))
SCHEME = "sci/1399"


class Province:
    """Hold six dehestans in a row, each with a village of 100, 200 … 600 people."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.states: dict[int, DivisionState] = {}
        self.figures: dict[int, int] = {}
        grounds = {level: draw(drawing, origin=(50.0, 30.0)) for level, drawing in LEVELS.items()}
        self._add("P", "province", CODES["P"], boundary=shapely.union_all(list(grounds["county"].values())))
        for level, drawn in grounds.items():
            for letter, ground in drawn.items():
                self._add(letter, level, CODES[letter], boundary=ground)
        for place, letter in enumerate("QRSTUV"):
            code = f"{CODES[letter]}{place + 1:06d}"
            self._add(letter.lower(), "village", code, position=shapely.Point(50.5 + place, 30.5))
            self.figures[self.ids[letter.lower()]] = 100 * (place + 1)

    def _add(self, letter: str, level: str, code: str, **ground: Any) -> None:
        parent = PARENTS.get(letter, letter.upper() if letter.islower() else "")
        key = self.ids[letter] = len(self.ids) + 1
        self.states[key] = DivisionState(key, level, self.ids.get(parent), {SCHEME: code}, {"fa": letter}, **ground)

    @property
    def people(self) -> dict[int, int]:
        """Sum the villages up."""
        return sum_parts({key: state.parent for key, state in self.states.items()}, self.figures)

    def work_out(self, people: Mapping[int, int] | None = None, **body: Any) -> Book:
        """Work an order out; letters stand for codes."""
        order = read_order({"effective_on": "1404-01-01", **body})
        codes = {state.codes[SCHEME]: key for key, state in self.states.items()}
        references = {word: codes[word] for word in order.list_references()}
        taken = {SCHEME: frozenset(codes)}
        view = RegisterView(load_pack("ir"), order.effective_on, self.states, references, taken)
        effect = plan_change(order, view)
        return Book(make_turn(view, effect), self.people if people is None else people, effect.successors)


@pytest.fixture
def province() -> Province:
    """Draw the province."""
    return Province()


@pytest.fixture
def work_out(province: Province) -> Callable[..., Book]:
    """Give the way to work an order out on it."""
    return province.work_out
