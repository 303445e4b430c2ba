"""Command the control against decrees, and what decrees describe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.changes import Json, Key, Register, open_work
from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, show

if TYPE_CHECKING:
    from services.boundaries.describing import DescriptionReport
    from services.control.report import DecreeReport

AsOf = Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))]

MOST_TOLD = 10
"""So many problems are printed; the JSON has them all."""


def add_to(decrees: typer.Typer) -> None:
    """Add the commands to those of decrees."""
    decrees.command("describe", help=tell("control.describe_help"))(describe)
    decrees.command("control", help=tell("control.help"))(control)


def describe(
    file: Annotated[Path, typer.Argument(help=tell("control.file_help"))],
    what: Annotated[str, typer.Option("--as", help=tell("control.what_help"))],
    decree: Annotated[int | None, typer.Option("--decree", min=1, help=tell("control.decree_help"))] = None,
    register: Register = "dz",
    layer: Annotated[str | None, typer.Option("--layer", help=tell("control.layer_help"))] = None,
    replace: Annotated[bool, typer.Option("--replace", help=tell("control.replace_help"))] = False,
    as_of: AsOf = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Keep what a decree describes."""
    from geo.errors import InvalidValue, RowsRefused, because
    from services.boundaries.described_rows import What
    from services.boundaries.describing import import_descriptions

    if what not in list(What):
        raise InvalidValue(field="as", value=what, reason=because("change_unknown_word", known=tuple(What)))
    try:
        with open_work(register, key) as (session, state, caller):
            terms = {"decree": decree, "caller": caller, "day": choose_day(as_of), "layer": layer}
            report = import_descriptions(session, state, file, What(what), **terms, replace=replace)  # type: ignore[arg-type]
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_report(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_report(report))


def print_report(report: DescriptionReport) -> None:
    """Print what an import of descriptions did."""
    from services.messages import say

    print(tell("control.kept", file=report.file, kept=report.kept, replaced=report.replaced))
    for one in report.problems[:MOST_TOLD]:
        reason = say("plain.reason", LANGUAGE, reason=one.reason)
        print(tell("import.problem", row=one.row, field=one.field, value=one.value, reason=reason))
    if len(report.problems) > MOST_TOLD:
        print(tell("import.more", count=len(report.problems) - MOST_TOLD))


def control(
    register: Register = "dz",
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", help=tell("control.out_help"))] = None,
    as_json: Json = False,
) -> None:
    """Hold the register against its decrees."""
    from services.atomic import replace_when_whole
    from services.control.exports import write_findings
    from services.control.report import check_decrees

    with open_work(register, None) as (session, state, _):
        report = check_decrees(session, state, day=choose_day(as_of))
    if out is not None:
        with replace_when_whole(out) as draft:
            draft.write_text(write_findings(report, language=LANGUAGE), encoding="utf-8-sig", newline="")
    show(report, as_json, lambda: print_findings(report))


def print_findings(report: DecreeReport) -> None:
    """Print where the register and its decrees differ."""
    from services.cli.tables import print_table
    from services.control.exports import name_decree, tell_finding
    from services.messages import say

    rows = [
        (
            say(f"decree_finding.{one.kind}", LANGUAGE),
            name_decree(report, one) or None,
            "، ".join(division.code for division in one.divisions),
            one.distance_m,
            one.accuracy_m,
            tell_finding(one, LANGUAGE),
        )
        for one in report.findings
    ]
    words = ("kind", "decree", "divisions", "distance", "accuracy", "detail")
    if rows:
        print_table(tell("control.findings"), [tell(f"control.{word}") for word in words], rows)
    else:
        print(tell("control.clean"))
    print(tell("control.checked", **report.checked))
