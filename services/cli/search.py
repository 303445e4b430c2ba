"""Command the search by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, open_cli_session, show

if TYPE_CHECKING:
    from services.register.search import SearchAnswer


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("search", help=tell("help.search"))(search)


def search(
    text: Annotated[str, typer.Argument(help=tell("help.search_text"))],
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help=tell("help.search_limit"))] = 20,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """List the divisions that a name may mean, the likeliest first."""
    from services.queries import get_register
    from services.register.search import search_names

    day = choose_day(as_of)
    with open_cli_session() as session:
        answer = search_names(session, get_register(session, register), text, day=day, level=level, limit=limit)
    show(answer, as_json, lambda: print_hits(answer))


def print_hits(answer: SearchAnswer) -> None:
    """Print what may be meant."""
    from geo.register.digits import format_number
    from services.cli.tables import print_table
    from services.messages import say

    if not answer.total:
        print(tell("search.none"))
        return
    rows = [
        (
            hit.division.level,
            hit.division.code,
            hit.division.name_in(LANGUAGE, "ar") if hit.official else hit.name,
            " › ".join(one.name_in(LANGUAGE, "ar") for one in hit.chain),
            hit.score,
            "; ".join(say(f"reason.{reason.key}", LANGUAGE, **dict(reason.params)) for reason in hit.reasons),
        )
        for hit in answer.hits
    ]
    listed, total = (format_number(count, LANGUAGE) for count in (len(answer.hits), answer.total))
    if answer.equal > 1:
        print(tell("search.equal", equal=format_number(answer.equal, LANGUAGE)))
    headers = (tell("level"), tell("code"), tell("name"), tell("search.inside"), tell("search.score"))
    print_table(tell("search.title", listed=listed, total=total), (*headers, tell("search.why")), rows)
