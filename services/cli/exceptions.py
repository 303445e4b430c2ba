"""Command lawful exceptions: declare one, list them, withdraw one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.changes import read_json
from services.cli.language import LANGUAGE, tell
from services.cli.store import cli_caller, open_cli_session, parse_day, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.boundaries.exceptions import ExceptionState

app = typer.Typer(help=tell("exceptions.help"), no_args_is_help=True)

Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


@app.command("declare", help=tell("exceptions.declare_help"))
def declare(
    kind: Annotated[str, typer.Argument(help=tell("help.kind"))],
    reason: Annotated[str, typer.Option("--reason", help=tell("exceptions.reason_help"))],
    fingerprint: Annotated[str | None, typer.Option("--fingerprint", help=tell("exceptions.fingerprint_help"))] = None,
    ground: Annotated[str | None, typer.Option("--ground", help=tell("exceptions.ground_help"))] = None,
    decree: Annotated[int | None, typer.Option("--decree", min=1, help=tell("changes.decree_help"))] = None,
    starts: Annotated[str | None, typer.Option("--from", help=tell("exceptions.from_help"))] = None,
    ends: Annotated[str | None, typer.Option("--until", help=tell("exceptions.until_help"))] = None,
    status: Annotated[str, typer.Option("--status", help=tell("exceptions.status_help"))] = "lawful",
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Declare that the law wants what an audit finds."""
    from geo.register.periods import Period
    from services.boundaries.exceptions import ExceptionText, declare_exception, read_ground
    from services.queries import get_register

    text = ExceptionText(
        kind,
        reason,
        fingerprint=fingerprint,
        ground=read_ground(read_json(ground)) if ground else None,
        decree=decree,
        period=Period(parse_day(starts), parse_day(ends)),
        status=status,
    )
    with open_cli_session() as session:
        found = declare_exception(session, get_register(session, register), text, caller=cli_caller())
    show(found, as_json, lambda: print_exceptions([found]))


@app.command("list", help=tell("exceptions.list_help"))
def list_all(register: Register = "dz", as_json: Json = False) -> None:
    """List the exceptions that have not been withdrawn."""
    from services.boundaries.exceptions import list_exceptions
    from services.queries import get_register

    with open_cli_session() as session:
        found = list_exceptions(session, get_register(session, register))
    show(found, as_json, lambda: print_exceptions(found))


@app.command("withdraw", help=tell("exceptions.withdraw_help"))
def withdraw(
    exception: Annotated[int, typer.Argument(min=1, help=tell("exceptions.number_help"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Let an exception count no more."""
    from services.boundaries.exceptions import withdraw_exception
    from services.queries import get_register

    with open_cli_session() as session:
        found = withdraw_exception(session, get_register(session, register), exception, caller=cli_caller())
    show(found, as_json, lambda: print_exceptions([found]))


def print_exceptions(exceptions: Sequence[ExceptionState]) -> None:
    """Print exceptions as a table."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            one.id,
            tell(f"kind.{one.text.kind}"),
            say(f"exception_status.{one.text.status}", LANGUAGE),
            one.text.fingerprint or tell("exceptions.on_ground"),
            one.text.period.start,
            one.text.period.end,
            one.text.reason,
        )
        for one in exceptions
    ]
    words = ("number", "kind", "status", "case", "from", "until", "reason")
    print_table(tell("exceptions.title"), [tell(f"exceptions.{word}") for word in words], rows)
