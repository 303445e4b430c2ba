"""Read what is asked of a plan from the options of a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import InvalidValue, because
from services.cli.language import tell

if TYPE_CHECKING:
    from services.elections.plan_orders import PlanOrder

GraphFile = Annotated[Path, typer.Option("--graph", help=tell("help.graph"))]
Districts = Annotated[int, typer.Option("--districts", "-k", help=tell("help.districts"))]
Tolerance = Annotated[float, typer.Option("--tolerance", help=tell("help.graph_tolerance"))]
Seed = Annotated[int, typer.Option("--seed", help=tell("help.seed"))]
Seats = Annotated[str, typer.Option("--seats", help=tell("help.plan_seats"))]
Pins = Annotated[list[str] | None, typer.Option("--pin", help=tell("help.pin"))]
Bars = Annotated[list[str] | None, typer.Option("--bar", help=tell("help.bar"))]
SplitLevel = Annotated[str | None, typer.Option("--split-level", help=tell("help.split_level"))]
KeepWhole = Annotated[str | None, typer.Option("--keep-whole", help=tell("help.keep_whole"))]
MostSplits = Annotated[int | None, typer.Option("--most-splits", help=tell("help.most_splits"))]
MostCuts = Annotated[int | None, typer.Option("--most-cuts", help=tell("help.most_cuts"))]
Compactness = Annotated[float, typer.Option("--least-compactness", help=tell("help.least_compactness"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


def parse_seats(text: str) -> tuple[int, ...]:
    """Read the seats of districts from numbers with commas."""
    if not text.strip():
        return ()
    return tuple(parse_number("seats", part) for part in text.split(","))


def parse_number(field: str, text: str) -> int:
    """Read a whole number in any digits."""
    from geo.register import from_digits

    plain = from_digits(text).strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise InvalidValue(field=field, value=text[:40], reason=because("not_a_number"))
    return int(plain)


def parse_pairs(field: str, words: Sequence[str] | None) -> list[tuple[str, int]]:
    """Read pairs of a code and a district, CODE=DISTRICT."""
    pairs = []
    for word in words or ():
        code, mark, district = word.rpartition("=")
        if not mark or not code:
            raise InvalidValue(field=field, value=word[:40], reason=because("pair_shape"))
        pairs.append((code, parse_number(field, district)))
    return pairs


def parse_pins(words: Sequence[str] | None) -> dict[str, int]:
    """Read the units that are fixed; one that is fixed twice is refused."""
    pins: dict[str, int] = {}
    for code, district in parse_pairs("pin", words):
        if code in pins:
            raise InvalidValue(field="pin", value=code, reason=because("said_twice"))
        pins[code] = district
    return pins


def make_order(districts: int, tolerance: float, seats: str, current: Path | None = None) -> PlanOrder:
    """Make an order without conditions."""
    from geo.districting import PlanRule
    from services.elections.plan_files import read_plan_file
    from services.elections.plan_orders import PlanOrder

    rule = PlanRule(districts, tolerance, parse_seats(seats))
    return PlanOrder(rule, current=read_plan_file(current) if current else {})
