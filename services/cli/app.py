"""Gather the commands under one name."""

from __future__ import annotations

import typer

from services.cli import accounts, boundaries, civic, database, demonstration, elections, register, web
from services.cli.language import tell
from services.cli.store import answer_errors

app = typer.Typer(
    help=tell("help.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for commands in (demonstration, web, register, boundaries, elections, civic):
    commands.add_to(app)
app.add_typer(database.app, name="db")
app.add_typer(accounts.app, name="accounts")
app.add_typer(accounts.log, name="log")


def main() -> None:
    """Run one command; errors become sentences and exit codes."""
    with answer_errors():
        app(prog_name="./taqsimat")
