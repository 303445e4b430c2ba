"""Command the check of names and their writing in Latin letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, open_cli_session, show

if TYPE_CHECKING:
    from services.register.naming import LatinProposal, NamingAnswer

names = typer.Typer(help=tell("help.names"), no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.add_typer(names, name="names")


@names.command("check", help=tell("help.names_check"))
def check(
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    rule: Annotated[str | None, typer.Option("--rule", help=tell("help.naming_rule"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    within: Annotated[str | None, typer.Option("--within", help=tell("help.naming_within"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help=tell("help.limit"))] = 20,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """List the names that break the naming rules of the country; nothing is changed."""
    from services.queries import get_register
    from services.register.naming import NamingFilter, check_names

    wanted, day = NamingFilter(rule, level, within), choose_day(as_of)
    with open_cli_session() as session:
        answer = check_names(session, get_register(session, register), wanted, day=day, limit=limit)
    show(answer, as_json, lambda: print_findings(answer))


def print_findings(answer: NamingAnswer) -> None:
    """Print how many findings each rule has, and the first of them."""
    from geo.register.digits import format_number
    from services.cli.tables import print_table
    from services.messages import say

    if not answer.total:
        print(tell("naming.none"))
        return
    titles = {rule.key: rule.names.choose(LANGUAGE) for rule in answer.rules}
    counts = [(rule.key, titles[rule.key], answer.counts.get(rule.key, 0), rule.source) for rule in answer.rules]
    shown = [tell(f"naming.{key}") for key in ("rule", "title", "found_count", "source")]
    print_table(tell("naming.rules"), shown, counts)
    rows = [
        (
            line.rule,
            line.division.level,
            line.division.code,
            line.text,
            "; ".join(say(f"reason.{reason.key}", LANGUAGE, **dict(reason.params)) for reason in line.reasons),
            line.proposal,
        )
        for line in answer.findings
    ]
    listed, total = (format_number(count, LANGUAGE) for count in (len(rows), answer.total))
    headers = (
        tell("naming.rule"),
        tell("level"),
        tell("code"),
        tell("name"),
        tell("search.why"),
        tell("naming.proposal"),
    )
    print_table(tell("naming.found", listed=listed, total=total), headers, rows)


@names.command("romanize", help=tell("help.names_romanize"))
def romanize(
    text: Annotated[list[str], typer.Argument(help=tell("help.romanize_text"))],
    country: Annotated[str, typer.Option("--country", help=tell("help.country"))] = "ir",
    latin: Annotated[str, typer.Option("--latin", help=tell("help.romanize_latin"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """Propose how names are written in Latin letters, by the published table of the country's pack."""
    from services.register.naming import propose_latin

    found = [propose_latin(country, one, latin=latin) for one in text]
    show(found, as_json, lambda: print_proposals(found))


def print_proposals(proposals: list[LatinProposal]) -> None:
    """Print proposals, and whether a Latin form contradicts."""
    from services.cli.tables import print_table

    rows = [
        (one.name, one.proposal, "" if one.complete else "، ".join(one.open_words), one.contradictions)
        for one in proposals
    ]
    headers = (tell("name"), tell("naming.proposal"), tell("naming.open_words"), tell("naming.contradictions"))
    print_table(tell("naming.romanized", source=proposals[0].source), headers, rows)
