"""Command indices: bring values in, grade divisions by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from services.register.indices import GradeAnswer, IndexReport

app = typer.Typer(help=tell("help.indices"), no_args_is_help=True)

Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))]

MOST_TOLD = 10
"""So many problems are printed; the JSON has them all."""


@app.command("import", help=tell("help.indices_import"))
def bring_values(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=tell("help.indices_file"))],
    indices: Annotated[str, typer.Option("--set", help=tell("help.indices_set"))],
    register: Register = "dz",
    as_of: AsOf = None,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help=tell("help.skip_refused"))] = False,
    as_json: Json = False,
) -> None:
    """Bring in the values of indices by division, all rows or none."""
    from geo.errors import RowsRefused
    from services.queries import get_register
    from services.register.indices import import_values

    day = choose_day(as_of)
    try:
        with open_cli_session() as session:
            state = get_register(session, register)
            report = import_values(
                session, state, path, indices=indices, caller=cli_caller(), day=day, skip_refused=skip_refused
            )
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_report(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_report(report))


def print_report(report: IndexReport) -> None:
    """Print what an import of values did."""
    from geo.register.digits import format_number
    from services.register.thresholds import say_reason

    counts = {name: format_number(getattr(report, name), LANGUAGE) for name in ("rows", "new", "changed", "same")}
    print(tell("indices.imported", file=report.file, set=report.set, **counts))
    if report.passed_over:
        print(tell("indices.passed_over", columns=", ".join(report.passed_over)))
    for one in report.problems[:MOST_TOLD]:
        reason = say_reason(one.reason, LANGUAGE)
        print(tell("import.problem", row=one.row, field=one.field, value=one.value, reason=reason))
    if len(report.problems) > MOST_TOLD:
        print(tell("import.more", count=len(report.problems) - MOST_TOLD))


@app.command("grade", help=tell("help.indices_grade"))
def grade(
    level: Annotated[str, typer.Argument(help=tell("help.level"))],
    indices: Annotated[str, typer.Option("--set", help=tell("help.indices_set"))],
    register: Register = "dz",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Grade the divisions of a level among each other."""
    from services.queries import get_register
    from services.register.indices import grade_level

    with open_cli_session() as session:
        state = get_register(session, register)
        answer = grade_level(session, state, indices=indices, level=level, day=choose_day(as_of))
    show(answer, as_json, lambda: print_grades(answer))


def print_grades(answer: GradeAnswer) -> None:
    """Print the grades; of incomplete divisions what is missing."""
    from geo.register.digits import format_number
    from services.cli.tables import print_table

    rows = [
        (
            line.division.code,
            line.division.name_in(LANGUAGE, "ar"),
            None if line.graded.score is None else format_number(line.graded.score, LANGUAGE, decimals=4),
            line.graded.grade.names.choose(LANGUAGE) if line.graded.grade else tell("indices.incomplete"),
            ", ".join(line.graded.missing) or None,
        )
        for line in answer.lines
    ]
    headers = (tell("code"), tell("name"), tell("indices.score"), tell("indices.grade"), tell("indices.missing"))
    print_table(answer.indices.names.choose(LANGUAGE), headers, rows)
    if not answer.indices.verified:
        print(tell("indices.unverified", source=answer.indices.source))
