"""Command consequences: show what follows from a change, and lay alternatives side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.changes import read_json
from services.cli.language import LANGUAGE, tell
from services.cli.store import open_cli_session, show
from services.cli.thresholds import (
    Circumstances,
    Density,
    Figures,
    describe_verdict,
    print_verdicts,
    read_statement,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.register.consequences import Ledger
    from services.consequences.comparison import Alternative

app = typer.Typer(help=tell("help.consequences"), no_args_is_help=True)

Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


@app.command("show", help=tell("help.consequences_show"))
def show_consequences(
    change: Annotated[int, typer.Argument(min=1, help=tell("help.change_number"))],
    register: Register = "dz",
    figure: Figures = None,
    circumstance: Circumstances = None,
    density: Density = None,
    as_json: Json = False,
) -> None:
    """Show all that follows from a change, and how its divisions stand to the law."""
    from services.consequences.comparison import describe_alternative
    from services.queries import get_register

    statement = read_statement(figure, circumstance, density)
    with open_cli_session() as session:
        found = describe_alternative(session, get_register(session, register), change, statement=statement)
    show(describe(found), as_json, lambda: print_alternative(found))


@app.command("preview", help=tell("help.consequences_preview"))
def preview(
    order: Annotated[str, typer.Argument(metavar="FILE", help=tell("help.order_file"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Show what would follow from an order that is not drafted, such as a drawn line."""
    from services.consequences.ledgers import find_order_consequences
    from services.queries import get_register

    with open_cli_session() as session:
        ledger = find_order_consequences(session, get_register(session, register), read_json(order))
    show(ledger.to_json(), as_json, lambda: print_ledger(ledger))


@app.command("compare", help=tell("help.consequences_compare"))
def compare(
    changes: Annotated[list[int], typer.Argument(min=1, help=tell("help.change_numbers"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Lay the consequences of several changes side by side."""
    from services.consequences.comparison import compare_changes
    from services.queries import get_register

    with open_cli_session() as session:
        found = compare_changes(session, get_register(session, register), changes)
    show([describe(one) for one in found], as_json, lambda: print_comparison(found))


def describe(found: Alternative) -> dict[str, Any]:
    """Write an alternative for machines."""
    return {
        "change": found.change.id,
        "state": found.change.state,
        "decree": found.change.decree,
        "ledger": found.ledger.to_json(),
        "tested": [
            {
                "division": {"code": one.division.code, "level": one.division.level, "names": dict(one.division.names)},
                "figures": dict(one.proposal.figures),
                "density": one.proposal.density,
                "verdicts": [describe_verdict(verdict) for verdict in one.verdicts],
            }
            for one in found.tested
        ],
    }


def print_alternative(found: Alternative) -> None:
    """Print one change with all that follows."""
    print_ledger(found.ledger)
    for one in found.tested:
        print()
        print(tell("consequences.tested", name=one.division.names.get(LANGUAGE) or one.division.code))
        print_verdicts(one.verdicts)


def print_ledger(ledger: Ledger) -> None:
    """Print a ledger, part by part."""
    from services.cli.tables import print_table
    from services.consequences.wording import list_parts

    for part in list_parts(ledger, LANGUAGE):
        print_table(part.title, part.headers, part.rows)
    if ledger.has_invented:
        print(tell("consequences.invented"))


def print_comparison(found: Sequence[Alternative]) -> None:
    """Print the totals of several changes side by side."""
    from services.cli.tables import print_table
    from services.consequences.wording import list_totals, title_change

    totals = [list_totals(one.ledger, LANGUAGE) for one in found]
    rows = [(label, *(dict(column)[label] for column in totals)) for label, _ in totals[0]]
    headers = (tell("consequences.what"), *(title_change(one.change, LANGUAGE) for one in found))
    print_table(tell("consequences.compared"), headers, rows)
