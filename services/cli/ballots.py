"""Command elections: record which are held, and list them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.language import tell
from services.cli.store import cli_caller, open_cli_session, parse_day, show

app = typer.Typer(help=tell("help.elections"), no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]


@app.command("record", help=tell("help.elections_record"))
def record(
    ballot: Annotated[str, typer.Argument(help=tell("help.ballot"))],
    held_on: Annotated[str, typer.Option("--held-on", help=tell("help.held_on"))],
    name: Annotated[str, typer.Option("--name", help=tell("help.election_name"))],
    register: Register = "ir",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.election_as_of"))] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help=tell("help.synthetic"))] = False,
    as_json: Json = False,
) -> None:
    """Record an election."""
    from geo.register.calendars import parse_date
    from services.elections.ballots import ElectionText, record_election
    from services.queries import get_register

    text = ElectionText(ballot, name, parse_date(held_on), parse_day(as_of), synthetic)
    with open_cli_session() as session:
        kept = record_election(session, get_register(session, register), text, caller=cli_caller())
    show(kept, as_json, lambda: print(tell("elections.recorded", number=kept.id)))


@app.command("list", help=tell("help.elections_list"))
def list_kept(register: Register = "ir", as_json: Json = False) -> None:
    """List the elections of a register."""
    from services.cli.tables import print_table
    from services.elections.held_elections import list_elections
    from services.queries import get_register

    with open_cli_session() as session:
        found = list_elections(session, get_register(session, register))
    rows = [(one.id, one.ballot, one.name, one.held_on.isoformat(), one.as_of.isoformat()) for one in found]
    headers = [tell(f"elections.{word}") for word in ("key", "ballot", "name", "held_on", "as_of")]
    show(found, as_json, lambda: print_table(tell("elections.title", register=register), headers, rows))


@app.command("feed", help=tell("help.elections_feed"))
def write(
    election: Annotated[int, typer.Argument(help=tell("help.election_number"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.feed_out"))],
    register: Register = "ir",
) -> None:
    """Write an election with its stations as a feed of the Voting Information Project."""
    from datetime import UTC, datetime

    from geo.errors import InvalidValue, because
    from services.atomic import replace_when_whole
    from services.elections.feeds import FeedFormat, write_feed
    from services.queries import get_register

    ending = out.suffix.lower().removeprefix(".")
    if ending not in tuple(FeedFormat):
        raise InvalidValue(field="out", value=out.name, reason=because("one_of", known=tuple(FeedFormat)))
    with open_cli_session() as session:
        asked = get_register(session, register)
        content = write_feed(session, asked, election, form=FeedFormat(ending), written_at=datetime.now(UTC))
    with replace_when_whole(out) as draft:
        draft.write_bytes(content)
    print(tell("elections.feed_written", out=out, size=len(content)))
