"""Command audit runs: list them, look at one, compare two, write one to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import open_cli_session, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.boundaries.runs import RunComparison, RunRecord

app = typer.Typer(help=tell("audits.help"), no_args_is_help=True)

Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Run = Annotated[int, typer.Argument(min=1, help=tell("audits.run_help"))]


@app.command("list", help=tell("audits.list_help"))
def list_all(
    register: Register = "dz",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=tell("help.limit"))] = 20,
    as_json: Json = False,
) -> None:
    """List the audit runs, the latest first."""
    from services.boundaries.runs import list_audit_runs
    from services.queries import get_register

    with open_cli_session() as session:
        found = list_audit_runs(session, get_register(session, register), level=level, limit=limit)
    show(found, as_json, lambda: print_runs(found))


@app.command("show", help=tell("audits.show_help"))
def show_one(run: Run, register: Register = "dz", as_json: Json = False) -> None:
    """Show a run with its certificate."""
    from services.boundaries.runs import get_audit_run
    from services.queries import get_register

    with open_cli_session() as session:
        found = get_audit_run(session, get_register(session, register), run)
    show(found, as_json, lambda: print_run(found))


@app.command("compare", help=tell("audits.compare_help"))
def compare(
    run: Run,
    register: Register = "dz",
    earlier: Annotated[int | None, typer.Option("--to", min=1, help=tell("audits.to_help"))] = None,
    as_json: Json = False,
) -> None:
    """Compare a run with an earlier one of the same scope."""
    from services.boundaries.runs import compare_runs
    from services.queries import get_register

    with open_cli_session() as session:
        found = compare_runs(session, get_register(session, register), run, earlier=earlier)
    show(found, as_json, lambda: print_comparison(found))


@app.command("export", help=tell("audits.export_help"))
def export(
    run: Run,
    out: Annotated[Path, typer.Option("--out", help=tell("audits.out_help"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Write a run to a file, in the format of its ending."""
    from services.audit_reports import export_run
    from services.queries import get_register

    with open_cli_session() as session:
        report = export_run(session, get_register(session, register), run, out, language=LANGUAGE)
    show(report, as_json, lambda: print(tell("audits.exported", findings=report.findings, path=report.path)))


def print_runs(runs: Sequence[RunRecord]) -> None:
    """Print runs as a table."""
    from services.cli.tables import print_table

    rows = [
        (
            one.id,
            ", ".join(one.levels),
            one.within,
            one.as_of,
            tell("audits.yes" if one.certified else "audits.no"),
            sum(one.counts.values()),
            sum(one.excepted.values()),
            one.actor,
        )
        for one in runs
    ]
    words = ("run", "levels", "within", "as_of", "certified", "defects", "excepted", "actor")
    print_table(tell("audits.title"), [tell(f"audits.{word}") for word in words], rows)


def print_run(run: RunRecord) -> None:
    """Print a run, what it found and the figures of its certificate."""
    from services.cli.tables import print_table

    print_runs([run])
    kinds = sorted({*run.counts, *run.excepted})
    rows = [(tell(f"kind.{kind}"), run.counts.get(kind, 0), run.excepted.get(kind, 0)) for kind in kinds]
    print_table(tell("findings"), [tell("kind_word"), tell("audits.defects"), tell("audits.excepted")], rows)
    figures = [(name, str(value)) for name, value in sorted(run.certificate.items())]
    print_table(tell("audits.certificate"), [tell("audits.figure"), tell("audits.value")], figures)


def print_comparison(comparison: RunComparison) -> None:
    """Print what is new, still there and gone."""
    from services.cli.tables import print_table
    from services.messages import say

    counts = [(say(f"finding_status.{name}", LANGUAGE), count) for name, count in comparison.counts.items()]
    print_table(tell("audits.compared"), [tell("audits.status"), tell("count")], counts)
    rows = [
        (say(f"finding_status.{one.status}", LANGUAGE), tell(f"kind.{one.kind}"), one.area_before_m2, one.area_m2)
        for one in comparison.cases
        if one.status != "still"
    ]
    words = [tell("audits.status"), tell("kind_word"), tell("audits.before"), tell("area_m2")]
    print_table(tell("findings"), words, rows)
