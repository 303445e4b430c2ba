"""Command bulk location: points of a file in the coverage of another, without a store."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import read_settings, show

if TYPE_CHECKING:
    from services.elections.located_points import LocateReport

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("locate", help=tell("help.locate"))(locate)


def locate(
    coverage: Annotated[str, typer.Option("--coverage", help=tell("help.locate_coverage"))],
    key: Annotated[str, typer.Option("--key", help=tell("help.locate_key"))],
    points: Annotated[Path, typer.Option("--points", help=tell("help.locate_points"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.locate_out"))],
    x: Annotated[str, typer.Option("--x", help=tell("help.locate_x"))] = "lon",
    y: Annotated[str, typer.Option("--y", help=tell("help.locate_y"))] = "lat",
    others: Annotated[list[str] | None, typer.Option("--with", help=tell("help.locate_with"))] = None,
    index: Annotated[Path | None, typer.Option("--index", help=tell("help.locate_index"))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=tell("help.locate_resume"))] = False,
    scheduler: Annotated[str | None, typer.Option("--scheduler", help=tell("help.locate_scheduler"))] = None,
    as_json: Json = False,
) -> None:
    """Write the points of a file with the division that each lies in."""
    _choose_cache()
    from services.elections.locate import CoverageFile, Manner, locate_points
    from services.elections.located_points import PointColumns

    asked = CoverageFile(coverage, key, tuple(others or ()), index)
    manner = Manner(_tell_progress, resume, scheduler)
    report = locate_points(asked, points, columns=PointColumns(x, y), out=out, manner=manner)
    show(report, as_json, lambda: _print_counts(report))


def _choose_cache() -> None:
    """Keep compiled code with the program's data where its own folder belongs to somebody else."""
    import geo

    if not os.access(Path(geo.__file__).parent / "locate", os.W_OK):
        os.environ.setdefault("NUMBA_CACHE_DIR", str(read_settings().data_folder / "numba"))


def _tell_progress(done: int, total: int | None) -> None:
    from geo.register.digits import format_number

    count, whole = format_number(done, LANGUAGE), "" if total is None else format_number(total, LANGUAGE)
    print(tell("locate.progress" if total else "locate.progress_open", done=count, total=whole), file=sys.stderr)


def _print_counts(report: LocateReport) -> None:
    from services.cli.tables import print_table

    named = ("points", "located", "outside", "swapped", "unreadable", "on_boundary", "in_overlap")
    rows = [(tell(f"locate.{name}"), getattr(report, name)) for name in named]
    print_table(str(report.out), (tell("locate.kind"), tell("count")), rows)
