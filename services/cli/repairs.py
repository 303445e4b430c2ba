"""Command repairs of small defects: propose, look, accept, refuse, apply."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.changes import Json, Key, Register, open_work
from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, parse_day, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from services.queries import RegisterState
    from services.repairs.records import Proposal, RepairLine

app = typer.Typer(help=tell("repairs.help"), no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, help=tell("repairs.number_help"))]
Version = Annotated[int | None, typer.Option("--version", min=1, help=tell("repairs.version_help"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))]

MOST_NUMBERS = 1_000_000


@app.command("propose", help=tell("repairs.propose_help"))
def propose(
    levels: Annotated[list[str], typer.Argument(help=tell("repairs.levels_help"))],
    register: Register = "dz",
    as_of: AsOf = None,
    first: Annotated[str, typer.Option("--first", help=tell("repairs.first_help"))] = "border",
    area: Annotated[float, typer.Option("--most-area", help=tell("repairs.area_help"))] = 10_000.0,
    width: Annotated[float, typer.Option("--most-width", help=tell("repairs.width_help"))] = 50.0,
    displacement: Annotated[float, typer.Option("--most-move", help=tell("repairs.displacement_help"))] = 50.0,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Audit levels and keep a proposal."""
    from geo.coverage.repairs import RepairLimits, RepairWay
    from geo.errors import InvalidValue, because
    from services.repairs.proposals import propose_repairs

    if first not in list(RepairWay):
        raise InvalidValue(field="first", value=first, reason=because("repair_way"))
    limits = RepairLimits(area, width, displacement)
    with open_work(register, key) as (session, state, caller):
        found = propose_repairs(
            session, state, levels, day=choose_day(as_of), caller=caller, limits=limits, first=RepairWay(first)
        )
    show(found, as_json, lambda: print_proposals([found]))


@app.command("list", help=tell("repairs.list_help"))
def list_all(
    register: Register = "dz",
    state: Annotated[str | None, typer.Option("--state", help=tell("repairs.state_help"))] = None,
    as_json: Json = False,
) -> None:
    """List the proposals of a register."""
    from services.repairs.records import list_proposals

    with open_work(register, None) as (session, found, _):
        proposals = list_proposals(session, found, state=state)
    show(proposals, as_json, lambda: print_proposals(proposals))


@app.command("show", help=tell("repairs.show_help"))
def show_one(
    number: Number,
    register: Register = "dz",
    left: Annotated[bool, typer.Option("--left", help=tell("repairs.left_help"))] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help=tell("repairs.limit_help"))] = 50,
    as_json: Json = False,
) -> None:
    """Show a proposal with its moves, or with what it leaves."""
    from services.repairs.records import get_proposal, list_lines

    with open_work(register, None) as (session, state, _):
        proposal = get_proposal(session, state, number)
        lines = list_lines(session, state, proposal, mended=not left, limit=limit)
    if as_json:
        show({"proposal": proposal, "moves": lines}, True, lambda: None)
        return
    print_proposals([proposal])
    print_lines(lines)


@app.command("accept", help=tell("repairs.accept_help"))
def accept(
    number: Number,
    decree: Annotated[int, typer.Option("--decree", min=1, help=tell("changes.decree_help"))],
    register: Register = "dz",
    moves: Annotated[str | None, typer.Option("--moves", help=tell("repairs.moves_help"))] = None,
    day: Annotated[str | None, typer.Option("--effective-on", help=tell("repairs.day_help"))] = None,
    version: Version = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Accept a proposal, as a whole or in part."""
    from services.repairs.decisions import accept_repairs

    numbers = None if moves is None else read_numbers(moves)
    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        found = accept_repairs(
            *(session, state, number),
            based_on=based_on,
            decree_id=decree,
            caller=caller,
            numbers=numbers,
            day=parse_day(day),
        )
    show(found, as_json, lambda: print_proposals([found]))


def read_numbers(text: str) -> list[int]:
    """Read numbers and ranges such as `1,3,7-20`."""
    from geo.errors import InvalidValue, because
    from geo.register.digits import from_digits

    found: list[int] = []
    for part in from_digits(text).replace("،", ",").split(","):
        match = re.fullmatch(r"\s*([0-9]{1,7})(?:-([0-9]{1,7}))?\s*", part)
        if match is None or len(found) > MOST_NUMBERS:
            raise InvalidValue(field="moves", value=text[:80], reason=because("repairs_numbers"))
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return found


def _read_version(session: Session, state: RegisterState, number: int) -> int:
    from services.repairs.records import get_proposal

    return get_proposal(session, state, number).version


@app.command("refuse", help=tell("repairs.refuse_help"))
def refuse(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help=tell("repairs.reason_help"))],
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Refuse a proposal."""
    from services.repairs.decisions import refuse_repairs

    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        found = refuse_repairs(session, state, number, based_on=based_on, caller=caller, reason=reason)
    print_proposals([found])


@app.command("apply", help=tell("repairs.apply_help"))
def apply(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Write the accepted repairs into the register."""
    from services.repairs.decisions import apply_repairs

    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        found = apply_repairs(session, state, number, based_on=based_on, caller=caller)
    print_proposals([found])


@app.command("export", help=tell("repairs.export_help"))
def export(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help=tell("repairs.out_help"))],
    register: Register = "dz",
) -> None:
    """Write a proposal with every line to a file."""
    from services.repairs.exports import export_to_file

    with open_work(register, None) as (session, state, _):
        count = export_to_file(session, state, number, out, language=LANGUAGE)
    print(tell("repairs.written", count=count, out=out))


def print_proposals(proposals: Sequence[Proposal]) -> None:
    """Print proposals as a table, with the change that carries out the last step of one."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            str(one.id),
            ", ".join(one.levels),
            say(f"repair_state.{one.state}", LANGUAGE),
            sum(one.moves.values()),
            sum(one.left.values()),
            one.area_m2,
            one.displacement_m,
        )
        for one in proposals
    ]
    words = ("number", "levels", "state", "moves", "left", "area", "displacement")
    print_table(tell("repairs.proposals"), [tell(f"repairs.{word}") for word in words], rows)
    if len(proposals) == 1 and proposals[0].change is not None:
        print(tell("repairs.change", change=proposals[0].change))


def print_lines(lines: Sequence[RepairLine]) -> None:
    """Print what is mended, or what is left with the reason."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = []
    for line in lines:
        codes = {one.id: one.code for one in line.divisions}
        way = say(f"repair_way.{line.way}", LANGUAGE) if line.way else ""
        told = way or say("plain.reason", LANGUAGE, reason=line.reason)
        names, takers = ("، ".join(some) for some in (codes.values(), (codes.get(key, "") for key in line.takers)))
        kind = tell(f"kind.{line.kind}")
        rows.append((str(line.number), kind, names, told, takers, line.area_m2, line.displacement_m))
    words = ("number", "kind", "levels", "way", "taker", "area", "displacement")
    headers = [tell("divisions") if word == "levels" else tell(f"repairs.{word}") for word in words]
    print_table(tell("repairs.moves"), headers, rows)
