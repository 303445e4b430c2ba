"""Command crosswalks: make one, carry a table over one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import open_cli_session, parse_day, read_settings, show

if TYPE_CHECKING:
    from services.register.crosswalk_sides import Side
    from services.register.crosswalks import CarryReport, CrosswalkAnswer

app = typer.Typer(help=tell("help.crosswalk"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
MOST_TOLD = 10
"""So many remainders are printed; the file has them all."""


@app.command("make", help=tell("help.crosswalk_make"))
def make(
    out: Annotated[Path, typer.Argument(help=tell("help.crosswalk_out"))],
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    level: Annotated[str, typer.Option("--level", help=tell("help.crosswalk_level"))] = "",
    to_level: Annotated[str | None, typer.Option("--to-level", help=tell("help.crosswalk_to_level"))] = None,
    from_day: Annotated[str | None, typer.Option("--from", help=tell("help.crosswalk_from"))] = None,
    to_day: Annotated[str | None, typer.Option("--to", help=tell("help.crosswalk_to"))] = None,
    from_scheme: Annotated[str | None, typer.Option("--from-scheme", help=tell("help.crosswalk_from_scheme"))] = None,
    to_scheme: Annotated[str | None, typer.Option("--to-scheme", help=tell("help.crosswalk_to_scheme"))] = None,
    from_file: Annotated[Path | None, typer.Option("--from-file", help=tell("help.crosswalk_from_file"))] = None,
    to_file: Annotated[Path | None, typer.Option("--to-file", help=tell("help.crosswalk_to_file"))] = None,
    from_layer: Annotated[str | None, typer.Option("--from-layer", help=tell("help.crosswalk_from_layer"))] = None,
    to_layer: Annotated[str | None, typer.Option("--to-layer", help=tell("help.crosswalk_to_layer"))] = None,
    from_code: Annotated[str, typer.Option("--from-code", help=tell("help.crosswalk_from_code"))] = "code",
    to_code: Annotated[str, typer.Option("--to-code", help=tell("help.crosswalk_to_code"))] = "code",
    crs: Annotated[str | None, typer.Option("--crs", help=tell("help.crs"))] = None,
    by: Annotated[str | None, typer.Option("--by", help=tell("help.crosswalk_by"))] = None,
    spread: Annotated[bool, typer.Option("--spread", help=tell("help.crosswalk_spread"))] = False,
    as_json: Json = False,
) -> None:
    """Write the weights from one set of divisions to another."""
    from services.queries import get_register
    from services.register.crosswalks import choose_way, draw_crosswalk, write_crosswalk

    source = _name_side(from_file, from_layer, from_code, crs=crs) or _name_divisions(level, from_day, from_scheme)
    target = _name_side(to_file, to_layer, to_code, crs=crs) or _name_divisions(to_level or level, to_day, to_scheme)
    way = choose_way(by)
    with open_cli_session() as session:
        answer = draw_crosswalk(session, get_register(session, register), source, target, way=way, spread=spread)
    write_crosswalk(answer.crosswalk, out)
    plain = {"path": str(out), "by": answer.way, "cells": len(answer.crosswalk.cells)}
    show({**plain, "unmatched": answer.crosswalk.unmatched}, as_json, lambda: print_crosswalk(answer, out))


def _name_side(path: Path | None, layer: str | None, code: str, *, crs: str | None) -> Side | None:
    from services.register.crosswalk_sides import FileSide

    return FileSide(path, code, layer, crs, read_settings().import_max_bytes) if path else None


def _name_divisions(level: str, day: str | None, scheme: str | None) -> Side:
    from datetime import UTC, datetime

    from services.register.crosswalk_sides import RegisterSide

    return RegisterSide(level, parse_day(day) or datetime.now(UTC).date(), scheme)


def print_crosswalk(answer: CrosswalkAnswer, out: Path) -> None:
    """Print what was made, and what lies in no target."""
    from geo.register.digits import format_number
    from services.messages import say

    reason = say(f"reason.{answer.reason.key}", LANGUAGE)
    way = say(f"reason.crosswalk_way_{answer.way}", LANGUAGE)
    count = format_number(len(answer.crosswalk.cells), LANGUAGE)
    print(tell("crosswalk.made", path=out, cells=count, way=way, reason=reason))
    unmatched = sorted(answer.crosswalk.unmatched.items(), key=lambda pair: (-pair[1], pair[0]))
    for source, share in unmatched[:MOST_TOLD]:
        percent = format_number(share * 100, LANGUAGE, decimals=4)
        print(tell("crosswalk.unmatched", source=source, percent=percent))
    if len(unmatched) > MOST_TOLD:
        print(tell("crosswalk.more", count=format_number(len(unmatched) - MOST_TOLD, LANGUAGE)))


@app.command("apply", help=tell("help.crosswalk_apply"))
def apply(
    crosswalk: Annotated[Path, typer.Argument(help=tell("help.crosswalk_file"))],
    table: Annotated[Path, typer.Argument(help=tell("help.crosswalk_table"))],
    out: Annotated[Path, typer.Argument(help=tell("help.crosswalk_table_out"))],
    code: Annotated[str, typer.Option("--code", help=tell("help.crosswalk_code"))] = "code",
    column: Annotated[list[str] | None, typer.Option("--column", help=tell("help.crosswalk_column"))] = None,
    back: Annotated[bool, typer.Option("--back", help=tell("help.crosswalk_back"))] = False,
    spread: Annotated[bool, typer.Option("--spread", help=tell("help.crosswalk_spread"))] = False,
    flows: Annotated[Path | None, typer.Option("--flows", help=tell("help.crosswalk_flows"))] = None,
    as_json: Json = False,
) -> None:
    """Carry a table over a crosswalk with its totals kept."""
    from services.register.crosswalks import carry_table, read_crosswalk

    weights = read_crosswalk(crosswalk, back=back, spread=spread)
    report = carry_table(weights, table, out, code=code, columns=column or (), flows=flows)
    show(report, as_json, lambda: print_carried(report))


def print_carried(report: CarryReport) -> None:
    """Print the totals, and what of which source no target got."""
    from geo.register.digits import format_number

    print(tell("crosswalk.applied", path=report.path))
    for name, total in report.totals.items():
        decimals = 0 if isinstance(total, int) else 3
        left = report.remainders.get(name, {})
        figures = (format_number(value, LANGUAGE, decimals=decimals) for value in (total, sum(left.values())))
        print(tell("crosswalk.total", column=name, **dict(zip(("total", "left"), figures, strict=True))))
