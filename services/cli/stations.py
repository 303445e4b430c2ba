"""Command polling stations: bring them in from files, with a report of where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, cli_caller, open_cli_session, read_settings, show

if TYPE_CHECKING:
    from services.elections.station_imports import StationReport

app = typer.Typer(help=tell("help.stations"), no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
MOST_SHOWN = 10
"""So many stations of one list are printed; with `--json` they are all there."""


@app.command("import", help=tell("help.stations_import"))
def import_stations(
    source: Annotated[Path, typer.Argument(help=tell("help.stations_source"))],
    register: Register = "af",
    column: Annotated[list[str] | None, typer.Option("--map", help=tell("help.stations_map"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.stations_level"))] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help=tell("help.stations_scheme"))] = None,
    branches: Annotated[Path | None, typer.Option("--branches", help=tell("help.stations_branches"))] = None,
    branch_column: Annotated[list[str] | None, typer.Option("--branch-map", help=tell("help.branch_map"))] = None,
    most_branches: Annotated[
        int | None, typer.Option("--most-branches", min=1, help=tell("help.most_branches"))
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    commit: Annotated[bool, typer.Option("--commit", help=tell("help.commit"))] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help=tell("help.skip_refused"))] = False,
    as_json: Json = False,
) -> None:
    """Bring polling stations into a register; without `--commit` only show what would be kept."""
    from geo.errors import RowsRefused
    from services.elections import station_imports as imports
    from services.elections.station_filing import FilingRule
    from services.elections.station_sources import StationSource, gather_columns, split_pairs
    from services.queries import get_register

    found = StationSource(source, gather_columns(column or ()), branches, dict(split_pairs(branch_column or ())))
    options = imports.StationOptions(
        FilingRule(choose_day(as_of), level, scheme),
        most_branches=most_branches,
        commit=commit,
        skip_refused=skip_refused,
        most_bytes=read_settings().import_max_bytes,
    )
    try:
        with open_cli_session() as session:
            report = imports.import_stations(
                session, get_register(session, register), found, options, caller=cli_caller()
            )
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_report(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_report(report))


def print_report(report: StationReport) -> None:
    """Print what an import of stations did or would do, and where the stations stand."""
    from services.cli.tables import print_table

    word = "stations.done" if report.committed else "stations.dry_run"
    print(tell(word, source=report.source, register=report.register))
    counts = {"total": report.total, "stations": report.stations, "branches": report.branches}
    print(tell("stations.counts", **counts, refused=report.refused, known=report.known_codes))
    rows = [
        (
            check.level,
            check.coded,
            check.inside,
            _percent(check.share),
            len(check.nowhere),
            len(check.several),
            len(check.without),
        )
        for check in report.levels
    ]
    words = ("level", "coded", "inside", "share", "nowhere", "several", "without")
    print_table(tell("stations.where"), [tell(f"stations.{word}") for word in words], rows)
    for check in report.levels:
        _print_strays(report, check.strays, level=check.level)
    _print_list("stations.shared", ["=".join(codes) for codes in report.shared_sites])
    _print_list("stations.crowded", report.crowded)
    _print_problems(report)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _print_strays(report: StationReport, strays, *, level: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    names = {key: f"{one.name_in(LANGUAGE, 'fa-AF')} ({one.code})" for key, one in report.divisions.items()}
    lines = [
        tell(
            "stations.stray",
            station=one.station,
            coded=names[one.coded],
            found=", ".join(names[key] for key in one.found) or "-",
        )
        for one in strays
    ]
    _print_list("stations.strays", lines, level=level)


def _print_list(word: str, items: Iterable[str], **params: object) -> None:
    found = list(items)
    if found:
        print(tell(word, count=len(found), **params))
        for item in found[:MOST_SHOWN]:
            print(f"  {item}")


def _print_problems(report: StationReport) -> None:
    from services.messages import say

    for rule, count in report.counts.items():
        first = next(problem for problem in report.problems if problem.rule == rule)
        reason = say(f"reason.{first.reason.key}", LANGUAGE, **dict(first.reason.params))
        where = tell("stations.first", row=first.row, value=first.value) if first.row else first.value
        print(tell("stations.problem", rule=rule, count=count, reason=reason, where=where))


@app.command("notice", help=tell("help.stations_notice"))
def give(
    code: Annotated[str, typer.Argument(help=tell("help.station_code"))],
    status: Annotated[str, typer.Option("--status", help=tell("help.station_status"))],
    register: Register = "dz",
    reason: Annotated[str, typer.Option("--reason", help=tell("help.notice_reason"))] = "",
    replacement: Annotated[str | None, typer.Option("--replacement", help=tell("help.notice_replacement"))] = None,
    follows: Annotated[int | None, typer.Option("--follows", help=tell("help.notice_follows"))] = None,
    as_json: Json = False,
) -> None:
    """Give notice of a station."""
    from geo.errors import InvalidValue, because
    from services.elections.closures import Status
    from services.elections.notices import NoticeText, give_notice
    from services.queries import get_register

    if status not in tuple(Status):
        raise InvalidValue(field="status", value=status[:40], reason=because("one_of", known=tuple(Status)))
    text = NoticeText(Status(status), reason, replacement, follows)
    with open_cli_session() as session:
        notice = give_notice(session, get_register(session, register), code, text, caller=cli_caller())
    told = {"number": notice.id, "station": code, "status": tell(f"stations.status.{notice.status}")}
    show(notice, as_json, lambda: print(tell("notices.given", **told)))


@app.command("notices", help=tell("help.stations_notices"))
def list_given(
    code: Annotated[str, typer.Argument(help=tell("help.station_code"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """List what was told of a station."""
    from services.cli.tables import print_table
    from services.elections.notices import list_notices
    from services.queries import get_register

    with open_cli_session() as session:
        found = list_notices(session, get_register(session, register), code)
    rows = [
        (
            one.id,
            tell(f"stations.status.{one.status}"),
            one.reason,
            one.replacement,
            one.actor,
            one.given_at.isoformat(),
        )
        for one in found
    ]
    headers = [tell(f"notices.{word}") for word in ("key", "status", "reason", "replacement", "by", "at")]
    show(found, as_json, lambda: print_table(tell("notices.title", station=code), headers, rows))
