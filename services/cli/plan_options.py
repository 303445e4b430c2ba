"""Read what is asked of a plan from the options of a command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from geo.errors import InvalidValue, because
from services.cli.language import tell

if TYPE_CHECKING:
    from services.elections.plan_orders import PlanOrder
    from services.elections.units import UnitWish

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
NoNewSplits = Annotated[bool, typer.Option("--no-new-splits", help=tell("help.no_new_splits"))]
DrawnTolerance = Annotated[float, typer.Option("--tolerance", min=0, max=1, help=tell("help.tolerance"))]
UnitLevel = Annotated[str | None, typer.Option("--level", help=tell("help.unit_level"))]
Split = Annotated[list[str] | None, typer.Option("--split", help=tell("help.split_unit"))]
Except = Annotated[list[str] | None, typer.Option("--except", help=tell("help.except_unit"))]
Bridges = Annotated[list[str] | None, typer.Option("--bridge", help=tell("help.bridge"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


@dataclass(frozen=True)
class Asked:
    """Hold the options that say what is asked of a plan, for each command that makes one."""

    districts: Districts
    """How many districts."""
    tolerance: Tolerance = 0.005
    """How equal they are."""
    seed: Seed = 1
    """Where chance starts."""
    seats: Seats = ""
    """The members of each."""
    pin: Pins = None
    """Units that are fixed."""
    bar: Bars = None
    """Units that are kept out."""
    split_level: SplitLevel = None
    """The level whose splits count."""
    keep_whole: KeepWhole = None
    """The level that is never split."""
    no_new_splits: NoNewSplits = False
    """Whether what the plan of today keeps whole stays whole."""
    most_splits: MostSplits = None
    """How many pieces beyond one for each division."""
    most_cuts: MostCuts = None
    """How many edges are cut."""
    least_compactness: Compactness = 0.0
    """How compact districts are."""

    def make_order(self, *, objective: str = "cut-edges", current: Path | None = None) -> PlanOrder:
        """Make the order; `current` is the file of the plan of today, or of the one to start from."""
        from geo.districting import PlanRule
        from services.elections.plan_files import read_plan_file
        from services.elections.plan_orders import PlanOrder

        return PlanOrder(
            PlanRule(self.districts, self.tolerance, parse_seats(self.seats)),
            pinned=parse_pins(self.pin),
            barred=tuple(parse_pairs("bar", self.bar)),
            level=self.split_level,
            keep_whole=self.keep_whole,
            no_new_splits=self.no_new_splits,
            most_splits=self.most_splits,
            most_cuts=self.most_cuts,
            least_compactness=self.least_compactness,
            objective=objective,
            current=read_plan_file(current) if current else {},
        )


@dataclass(frozen=True)
class AskedOfUnits(Asked):
    """Hold the same for a plan over the units of a register, and which units these are."""

    tolerance: DrawnTolerance = 0.1
    """How equal they are."""
    level: UnitLevel = None
    """The level of the units."""
    split: Split = None
    """Units that give way to those below them."""
    apart: Except = None
    """Divisions that are taken out of the unit around them."""
    bridge: Bridges = None
    """Units that count as neighbours."""

    def choose_units(self, within: str) -> UnitWish:
        """Say which units inside a division the plan gathers."""
        from services.elections.units import UnitWish

        bridges = tuple(parse_bridge(word) for word in self.bridge or ())
        return UnitWish(within, self.level, tuple(self.split or ()), tuple(self.apart or ()), bridges)


def parse_bridge(word: str) -> tuple[str, str]:
    """Read a pair of codes, CODE=CODE."""
    one, mark, other = word.partition("=")
    if not mark or not one.strip() or not other.strip():
        raise InvalidValue(field="bridge", value=word[:40], reason=because("bridge_shape"))
    return one.strip(), other.strip()


def take_apart(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command whose parameter `asked` holds options take each of them as one of its own."""
    own = dict(signature(command, eval_str=True).parameters)
    kind = own.pop("asked").annotation
    hints = get_type_hints(kind, include_extras=True)
    shared = {
        field.name: Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(kind)
    }

    @wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - each option has a type of its own
        asked = kind(**{name: given.pop(name) for name in shared})
        command(asked=asked, **given)

    every = [*(one.replace(kind=Parameter.KEYWORD_ONLY) for one in own.values()), *shared.values()]
    run.__signature__ = Signature(every)  # type: ignore[attr-defined]
    # whoever asks for types by name finds those of the options too
    run.__annotations__ = {one.name: one.annotation for one in every}
    return run


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
