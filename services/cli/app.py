"""Gather the commands under one name."""

from __future__ import annotations

import typer

from services.cli import (
    accounts,
    apportionment,
    boundaries,
    civic,
    database,
    demonstration,
    districting,
    elections,
    locate,
    register,
    search,
    web,
)
from services.cli.language import tell
from services.cli.store import answer_errors, end_on_signals

app = typer.Typer(
    help=tell("help.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for commands in (demonstration, web, register, search, boundaries, elections, locate, apportionment, civic):
    commands.add_to(app)
districting.add_to(elections.plans)
app.add_typer(database.app, name="db")
app.add_typer(accounts.app, name="accounts")
app.add_typer(accounts.log, name="log")


def main() -> None:
    """Run one command; errors become sentences and exit codes."""
    with answer_errors(), end_on_signals():
        app(prog_name="./taqsimat")
