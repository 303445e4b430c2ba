"""Command the register: import, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, cli_caller, open_cli_session, parse_day, read_settings, show

if TYPE_CHECKING:
    from geo.register.mapping import ColumnMapping
    from services.register.deliveries import Delivery
    from services.register.imports import ImportReport

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("import", help=tell("help.import"))(import_divisions)
    app.command("export", help=tell("help.export"))(export_divisions)


def import_divisions(
    source: Annotated[str, typer.Argument(help=tell("help.import_source"))],
    delivery: Annotated[str | None, typer.Option("--as", help=tell("help.import_as"))] = None,
    register: Annotated[str | None, typer.Option("--register", "-r", help=tell("help.register"))] = None,
    country: Annotated[str | None, typer.Option("--country", help=tell("help.country"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    layer: Annotated[str | None, typer.Option("--layer", help=tell("help.layer"))] = None,
    crs: Annotated[str | None, typer.Option("--crs", help=tell("help.crs"))] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help=tell("help.scheme"))] = None,
    parent_scheme: Annotated[str | None, typer.Option("--parent-scheme", help=tell("help.parent_scheme"))] = None,
    by_position: Annotated[bool, typer.Option("--parent-by-position", help=tell("help.parent_by_position"))] = False,
    column: Annotated[list[str] | None, typer.Option("--map", help=tell("help.map_column"))] = None,
    valid_from: Annotated[str | None, typer.Option("--valid-from", help=tell("help.valid_from"))] = None,
    commit: Annotated[bool, typer.Option("--commit", help=tell("help.commit"))] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help=tell("help.skip_refused"))] = False,
    as_json: Json = False,
) -> None:
    """Bring divisions into a register; without `--commit` only show what would happen."""
    from datetime import UTC, datetime

    from geo.errors import RowsRefused
    from geo.register.mapping import ColumnMapping
    from services.register.deliveries import has_own_files, load_delivery
    from services.register.imports import ImportOptions, import_delivery

    if delivery is not None or has_own_files(source):
        found = load_delivery(delivery or source, Path(source) if delivery else None)
    else:
        pairs = dict(_split_pair(pair) for pair in column or ())
        mapping = ColumnMapping(pairs, level, {}, scheme, parent_scheme, by_position)
        found = _describe_file(Path(source), country, mapping, layer=layer, crs=crs)
    settings = read_settings()
    options = ImportOptions(
        register=register or found.country,
        valid_from=parse_day(valid_from),
        commit=commit,
        skip_refused=skip_refused,
        most_bytes=settings.import_max_bytes,
        most_vertices=settings.import_max_vertices,
    )
    today = datetime.now(UTC).date()
    try:
        with open_cli_session() as session:
            report = import_delivery(session, found, options, caller=cli_caller(), today=today, progress=_progress)
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_report(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_report(report))


def _progress(step: str, done: int, total: int) -> None:
    print(tell("progress", step=step, done=done, total=total), file=sys.stderr)


def _describe_file(
    path: Path, country: str | None, mapping: ColumnMapping, *, layer: str | None, crs: str | None
) -> Delivery:
    """Take one layer of a file under the mapping declared on the command line."""
    from geo.errors import InvalidMapping, because
    from services.register.deliveries import Delivery, LayerSource

    if country is None:
        raise InvalidMapping(key="--country", reason=because("country_missing"))
    return Delivery(path.name, country, (LayerSource(path, layer, mapping, crs, guess=True),))


def _split_pair(pair: str) -> tuple[str, str]:
    from geo.errors import InvalidMapping, because

    name, mark, column = pair.partition("=")
    if not mark:
        raise InvalidMapping(key=pair, reason=because("map_pair"))
    return name, column


def print_report(report: ImportReport) -> None:
    """Print what an import did or would do."""
    from services.cli.tables import print_table
    from services.messages import say

    outcomes = ("new", "changed", "same", "refused", "absent")
    title = tell(
        "import.done" if report.committed else "import.dry_run", delivery=report.delivery, register=report.register
    )
    rows = [(level, *(counts[outcome] for outcome in outcomes)) for level, counts in report.counts.items()]
    print_table(title, (tell("level"), *(tell(f"import.{outcome}") for outcome in outcomes)), rows)
    for layer, guessed in report.guessed.items():
        if guessed:
            print(
                tell("import.guessed", layer=layer, columns=", ".join(f"{k}={v}" for k, v in sorted(guessed.items())))
            )
    for (layer, rule, weight), problems in _group_problems(report).items():
        print(tell("import.problems", layer=layer, rule=rule, weight=tell(f"import.{weight}"), count=len(problems)))
        for problem in problems[:5]:
            reason = say(f"reason.{problem.reason.key}", LANGUAGE, **dict(problem.reason.params))
            print(tell("import.problem", row=problem.row, field=problem.field, value=problem.value, reason=reason))
        if len(problems) > 5:
            print(tell("import.more", count=len(problems) - 5))
    if not report.committed:
        print(tell("import.how_to_commit"))


def _group_problems(report: ImportReport) -> dict[tuple[str, str, str], list]:  # type: ignore[type-arg]
    groups: dict[tuple[str, str, str], list] = {}  # type: ignore[type-arg]
    for problem in report.problems:
        groups.setdefault((problem.layer, problem.rule, str(problem.weight)), []).append(problem)
    return dict(sorted(groups.items()))


def export_divisions(
    out: Annotated[Path, typer.Argument(help=tell("help.export_out"))],
    register: Register = "dz",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Json = False,
) -> None:
    """Write the divisions of a register to a file, whole or not at all."""
    from services.queries import get_register
    from services.register.exports import export_level

    day = choose_day(as_of)
    with open_cli_session() as session:
        report = export_level(session, get_register(session, register), out, level=level, day=day)
    show(report, as_json, lambda: print(tell("export.done", path=report.path, rows=report.rows)))
