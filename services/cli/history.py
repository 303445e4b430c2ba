"""Command the register through time: lives of divisions, what became of them, what changed between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, open_cli_session, show

if TYPE_CHECKING:
    from datetime import date

    from geo.register.divisions import Division
    from services.queries import RegisterState
    from services.register.history import DivisionHistory
    from services.register.labels import ChangeLine, EventLine
    from services.register.lineages import Kin, LineageAnswer
    from services.register.timelines import Between

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Level = Annotated[str | None, typer.Option("--level", help=tell("help.level"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of_span"))]
Code = Annotated[str, typer.Argument(help=tell("help.history_code"))]
app = typer.Typer(help=tell("help.history"), no_args_is_help=True, rich_markup_mode=None)


@app.command("show", help=tell("help.history_show"))
def show_history(
    code: Code, register: Register = "dz", level: Level = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """Tell the life of a division."""
    from services.queries import get_register
    from services.register.history import describe_history

    with open_cli_session() as session:
        asked = get_register(session, register)
        life = describe_history(session, asked, code, day=choose_day(as_of), level=level, last=not as_of)
    show(life, as_json, lambda: print_life(life, asked))


def print_life(life: DivisionHistory, register: RegisterState) -> None:
    """Print the life of a division."""
    stood = "; ".join(f"{_write(one.start)} – {_write(one.end)}" for one in life.periods)
    print(tell("history.stands", name=_name(life.division), code=life.division.code, periods=stood))
    print_events(tell("history.events"), life.events, register)
    print_changes(life.changes)


@app.command("became", help=tell("help.history_became"))
def show_lineage(
    code: Code,
    register: Register = "dz",
    level: Level = None,
    as_of: AsOf = None,
    until: Annotated[str | None, typer.Option("--until", help=tell("help.history_until"))] = None,
    as_json: Json = False,
) -> None:
    """Tell what became of a division, and what it came from."""
    from services.queries import get_register
    from services.register.lineages import trace_lineage

    with open_cli_session() as session:
        asked, day, end = get_register(session, register), choose_day(as_of), choose_day(until)
        found = trace_lineage(session, asked, code, day=day, until=end, level=level, last=not as_of)
    show(found, as_json, lambda: print_lineage(found))


def print_lineage(found: LineageAnswer) -> None:
    """Print what became of a division, and what it came from."""
    name, day = _name(found.division), _write(found.day)
    print_kin(tell("history.became", name=name, day=day, until=_write(found.until)), found.successors)
    print_changes(found.later)
    if found.earlier:
        print_kin(tell("history.came", name=name, day=day), found.origins)
        print_changes(found.earlier)


def print_kin(title: str, kin: Sequence[Kin]) -> None:
    """Print the divisions that another became, or came from."""
    from services.cli.tables import print_table

    rows = [(*_write_line(one.division), one.area_share, one.people_share) for one in kin]
    headers = (tell("level"), tell("code"), tell("name"), tell("history.area_share"), tell("history.people_share"))
    print_table(title, headers, rows)


@app.command("between", help=tell("help.history_between"))
def show_between(
    first: Annotated[str, typer.Argument(help=tell("help.history_first"))],
    last: Annotated[str, typer.Argument(help=tell("help.history_last"))],
    register: Register = "dz",
    within: Annotated[str | None, typer.Option("--within", help=tell("help.history_within"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=tell("help.limit"))] = 100,
    offset: Annotated[int, typer.Option("--offset", min=0, help=tell("help.history_offset"))] = 0,
    as_json: Json = False,
) -> None:
    """List all that changed between two dates, both included."""
    from geo.register.spans import parse_range
    from services.queries import get_register
    from services.register.timelines import list_between

    window = parse_range(first, last)
    with open_cli_session() as session:
        asked = get_register(session, register)
        found = list_between(session, asked, window, code=within, limit=limit, offset=offset)
    show(found, as_json, lambda: print_between(found, asked))


def print_between(found: Between, register: RegisterState) -> None:
    """Print what changed between two dates."""
    from services.cli.tables import print_table

    print(tell("history.window", since=_write(found.window.start), until=_write(found.window.end)))
    counted = [
        (tell(f"history.fact_{fact}"), counts["begun"], counts["ended"]) for fact, counts in found.counts.items()
    ]
    print_table(tell("history.counts"), (tell("history.what"), tell("history.begun"), tell("history.ended")), counted)
    print_changes(found.changes)
    print_events(tell("history.events_of", total=found.total), found.events, register)


@app.command("days", help=tell("help.history_days"))
def show_days(
    register: Register = "dz",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help=tell("help.limit"))] = 20,
    as_json: Json = False,
) -> None:
    """List the days on which something in the register began or ended, the latest first."""
    from services.cli.tables import print_table
    from services.queries import get_register
    from services.register.timelines import list_days

    with open_cli_session() as session:
        found = list_days(session, get_register(session, register), limit=limit)
    rows = [(_write(line.day), line.divisions, line.changes) for line in found.days]
    headers = (tell("history.day"), tell("divisions"), tell("history.changes"))
    show(found, as_json, lambda: print_table(tell("history.days", total=found.total), headers, rows))


@app.command("at", help=tell("help.history_at"))
def show_at(
    lon: Annotated[float, typer.Option("--lon", min=-180, max=180, help=tell("help.lon"))],
    lat: Annotated[float, typer.Option("--lat", min=-90, max=90, help=tell("help.lat"))],
    register: Register = "dz",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """List the divisions that covered a point on a day."""
    import shapely

    from services.cli.tables import print_table
    from services.queries import get_register
    from services.register.divisions import list_divisions_at

    day = choose_day(as_of)
    with open_cli_session() as session:
        found = list_divisions_at(session, get_register(session, register), shapely.Point(lon, lat), day=day)
    rows = [_write_line(one) for one in found]
    headers = (tell("level"), tell("code"), tell("name"))
    show(found, as_json, lambda: print_table(tell("history.at", day=_write(day)), headers, rows))


def print_events(title: str, events: Sequence[EventLine], register: RegisterState) -> None:
    """Print what happened."""
    from services.cli.tables import print_table

    rows = [
        (_write(one.day), f"{_name(one.division)} ({one.division.code})", *_write_sides(one, register))
        for one in events
    ]
    headers = ("day", "division", "what", "before", "after")
    print_table(title, [tell(f"history.{header}") for header in headers], rows)


def _write_sides(event: EventLine, register: RegisterState) -> tuple[str, object, object]:
    what = tell(f"history.aspect_{event.aspect}")
    if event.aspect == "boundary":
        return what, event.area_before_m2, event.area_after_m2
    if event.aspect == "level":
        names = (register.pack.level(one).names.choose(LANGUAGE) if one else "-" for one in (event.before, event.after))
        return (what, *names)  # type: ignore[return-value]
    return f"{what} {event.what}".strip(), event.before or "-", event.after or "-"


def print_changes(changes: Sequence[ChangeLine]) -> None:
    """Print applied changes with their decrees."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            _write(one.effective_on),
            say(f"change_kind.{one.kind}", LANGUAGE),
            f"{one.decree.issuer} {one.decree.number}",
            _list(one.predecessors),
            _list(one.successors),
        )
        for one in changes
    ]
    headers = ("day", "kind", "decree", "predecessors", "successors")
    if rows:
        print_table(tell("history.changes"), [tell(f"history.{header}") for header in headers], rows)


def _write_line(division: Division) -> tuple[str, str, str]:
    return division.level, division.code, _name(division)


def _list(divisions: Sequence[Division]) -> str:
    return "، ".join(f"{_name(one)} ({one.code})" for one in divisions) or "-"


def _name(division: Division) -> str:
    return division.name_in(LANGUAGE, "fa-AF", "ar")


def _write(day: date | None) -> str:
    from geo.register.calendars import format_date

    return format_date(day, LANGUAGE) if day else "…"
