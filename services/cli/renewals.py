"""Command that the latest audits be brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import tell
from services.cli.store import choose_day, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from services.boundaries.renewals import RenewedRun


def add_to(audits: typer.Typer) -> None:
    """Add the command to those of audit runs."""
    audits.command("renew", help=tell("renewals.help"))(renew)


def renew(
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """Audit the surroundings of what has changed since the latest runs."""
    from services.boundaries.renewals import audit_surroundings
    from services.queries import get_register

    day, caller = choose_day(as_of), cli_caller()
    with open_cli_session() as session:
        renewed = audit_surroundings(session, get_register(session, register), day=day, caller=caller)
    show(renewed, as_json, lambda: print_renewed(renewed))


def print_renewed(renewed: Sequence[RenewedRun]) -> None:
    """Print the new runs as a table."""
    from services.cli.tables import print_table

    rows = [
        (
            one.run,
            one.renewed,
            ", ".join(one.levels),
            tell("audits.yes" if one.certified else "audits.no"),
            sum(one.counts.values()),
            f"{one.examined} / {one.polygons}",
        )
        for one in renewed
    ]
    words = ("audits.run", "renewals.renewed", "audits.levels", "audits.certified", "audits.defects")
    print_table(tell("renewals.title"), [*(tell(word) for word in words), tell("renewals.examined")], rows)
