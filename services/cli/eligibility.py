"""Command the rules of voting: list them, and say who may vote where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import show

if TYPE_CHECKING:
    from datetime import date

    from geo.elections.stations import Sex
    from services.elections.eligibility import ElectorCheck

app = typer.Typer(help=tell("help.eligibility"), no_args_is_help=True)

Country = Annotated[str, typer.Option("--country", help=tell("help.country"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
NOT_VOTED = "-"


@app.command("list", help=tell("help.eligibility_list"))
def list_ballots(country: Country = "ir", as_json: Json = False) -> None:
    """List the kinds of election of a country with their rules."""
    from geo.register.packs import load_pack
    from services.cli.tables import print_table

    pack = load_pack(country)
    rows = [
        (ballot.key, ballot.names.choose(LANGUAGE), rule.key, rule.article, rule.source)
        for ballot in pack.ballots
        for rule in ballot.rules
    ]
    headers = [tell(f"eligible.{word}") for word in ("key", "name", "rule")] + [
        tell("eligible.article"),
        tell("eligible.law"),
    ]
    title = tell("eligible.ballots", country=pack.names.choose(LANGUAGE))
    show(pack.ballots, as_json, lambda: print_table(title, headers, rows))


@app.command("check", help=tell("help.eligibility_check"))
def check(
    ballot: Annotated[str, typer.Argument(help=tell("help.ballot"))],
    held_on: Annotated[str, typer.Option("--held-on", help=tell("help.held_on"))],
    country: Country = "ir",
    born: Annotated[str | None, typer.Option("--born", help=tell("help.born_on"))] = None,
    citizen: Annotated[bool | None, typer.Option("--citizen/--foreigner", help=tell("help.citizen"))] = None,
    since: Annotated[str | None, typer.Option("--resident-since", help=tell("help.resident_since"))] = None,
    people: Annotated[int | None, typer.Option("--people", help=tell("help.place_people"))] = None,
    voted_in: Annotated[str | None, typer.Option("--voted-in", help=tell("help.voted_in"))] = None,
    constituency: Annotated[str | None, typer.Option("--constituency", help=tell("help.at_constituency"))] = None,
    registered_at: Annotated[str | None, typer.Option("--registered-at", help=tell("help.registered_at"))] = None,
    station: Annotated[str | None, typer.Option("--station", help=tell("help.at_station"))] = None,
    sex: Annotated[str, typer.Option("--sex", help=tell("help.elector_sex"))] = "any",
    branch: Annotated[str, typer.Option("--branch", help=tell("help.branch_of_sex"))] = "any",
    as_json: Json = False,
) -> None:
    """Say whether somebody may vote, rule by rule."""
    from geo.elections.eligibility import NOWHERE, Contest, Elector
    from geo.register.calendars import parse_date
    from geo.register.packs import load_pack
    from services.elections.eligibility import check_elector

    elector = Elector(
        born_on=_read_day(born),
        citizen=citizen,
        resident_since=_read_day(since),
        voted_in=NOWHERE if voted_in == NOT_VOTED else voted_in,
        station=registered_at,
        sex=_read_sex(sex),
    )
    day = parse_date(held_on)
    contest = Contest(day, constituency, place_people=people, station=station, branch_sex=_read_sex(branch))
    found = check_elector(load_pack(country), ballot, elector, contest)
    show(found, as_json, lambda: print_check(found))


def _read_day(text: str | None) -> date | None:
    from geo.register.calendars import parse_date

    return None if text is None else parse_date(text)


def _read_sex(text: str) -> Sex:
    from geo.elections.stations import Sex
    from geo.errors import InvalidValue, because

    try:
        return Sex(text)
    except ValueError as error:
        raise InvalidValue(field="sex", value=text[:40], reason=because("one_of", known=tuple(Sex))) from error


def print_check(found: ElectorCheck) -> None:
    """Print the answer and why, rule by rule."""
    from services.cli.tables import print_table
    from services.elections.eligibility import say_outcome, say_ruling

    rows = [
        (
            one.rule.key,
            say_outcome(one.answer.outcome, LANGUAGE),
            say_ruling(one, LANGUAGE),
            f"{one.rule.source}, {tell('eligible.article')} {one.rule.article}"
            + ("" if one.rule.verified else f" {tell('eligible.unverified')}"),
        )
        for one in found.verdict.rulings
    ]
    title = tell("eligible.title", ballot=found.ballot.names.choose(LANGUAGE), day=found.held_on.isoformat())
    print_table(title, [tell(f"eligible.{word}") for word in ("rule", "outcome", "why", "law")], rows)
    print(tell("eligible.result", outcome=say_outcome(found.verdict.outcome, LANGUAGE)))
    if found.verdict.only:
        print(tell("eligible.only", where=", ".join(found.verdict.only)))
