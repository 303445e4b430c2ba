"""Command the plans of a register: study, edit, import, export and publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import plan_options as options
from services.cli.language import tell
from services.cli.store import choose_day, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from geo.districting import Diagnosis
    from services.elections.plan_edits import EditPreview
    from services.elections.plan_studies import PlanStudy

Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Plan = Annotated[str, typer.Argument(help=tell("help.plan_name"))]
Version = Annotated[int | None, typer.Option("--version", help=tell("help.plan_version"), min=1)]


def add_to(plans: typer.Typer) -> None:
    """Add the commands of this subject to those of plans."""
    plans.command("study", help=tell("help.plan_study"))(study)
    plans.command("edit", help=tell("help.plan_edit"))(edit)
    plans.command("import", help=tell("help.plan_import"))(import_file)
    plans.command("export", help=tell("help.plan_export"))(export)
    plans.command("publish", help=tell("help.plan_publish"))(publish)


def study(
    plan: Plan,
    register: Register = "dz",
    version: Version = None,
    neutral: Annotated[int, typer.Option("--neutral", help=tell("help.neutral"))] = 0,
    seed: options.Seed = 1,
    every: Annotated[int, typer.Option("--every", help=tell("help.study_every"))] = 1,
    plot: Annotated[Path | None, typer.Option("--plot", help=tell("help.study_plot"))] = None,
    as_json: options.Json = False,
) -> None:
    """Measure a plan of a register."""
    from services.cli.plan_pictures import write_plot
    from services.elections.plan_studies import study_plan
    from services.queries import get_register

    with open_cli_session() as session:
        asked = get_register(session, register)
        found = study_plan(session, asked, plan, version=version, neutral=neutral, every=every, seed=seed)
    if plot is not None:
        write_plot(found, plot)
    show(found, as_json, lambda: print_study(found))


def print_study(found: PlanStudy) -> None:
    """Print the measures of a plan and where they stand."""
    from services.cli.plan_reports import print_broken, tell_measure
    from services.cli.tables import print_table

    placed = {standing.measure: f"{standing.percentile:.1%}" for standing in found.standings}
    rows = [
        (tell_measure(measure), f"{value:g}", placed.get(measure, "-")) for measure, value in found.measures.items()
    ]
    headers = [tell(header) for header in ("sample.measure", "evaluate.value", "evaluate.percentile")]
    print_table(tell("study.title", plan=found.plan.name, version=found.plan.version), headers, rows)
    if found.diagnosis is not None:
        _print_trust(found.diagnosis)
    print_broken(found)


def _print_trust(diagnosis: Diagnosis) -> None:
    size = "-" if diagnosis.effective_size is None else f"{diagnosis.effective_size:.0f}"
    rhat = "-" if diagnosis.rhat is None else f"{diagnosis.rhat:.4f}"
    print(tell("study.trust", plans=diagnosis.steps, size=size, rhat=rhat))
    if not diagnosis.is_trusted:
        print(tell("sample.doubt"))


def edit(
    plan: Plan,
    move: Annotated[list[str], typer.Option("--move", help=tell("help.move"))],
    register: Register = "dz",
    keep: Annotated[bool, typer.Option("--keep", help=tell("help.keep_edit"))] = False,
    as_json: options.Json = False,
) -> None:
    """Say what moving units does, and keep it as a new version if told so."""
    from services.elections.plan_edits import edit_plan, preview_edit
    from services.queries import get_register

    moves = options.parse_pins(move)
    with open_cli_session() as session:
        asked = get_register(session, register)
        found = preview_edit(session, asked, plan, moves)
        kept = edit_plan(session, asked, plan, moves, caller=cli_caller()) if keep else None
    show(found, as_json, lambda: print_preview(found))
    if kept and not as_json:
        print(tell("edit.kept", version=kept.version))


def print_preview(found: EditPreview) -> None:
    """Print the measures before and after an edit, and what it breaks."""
    from services.cli.plan_reports import print_broken, tell_measure
    from services.cli.tables import print_table

    rows = [(tell_measure(key), f"{value:g}", f"{found.after[key]:g}") for key, value in found.before.items()]
    headers = [tell(header) for header in ("sample.measure", "compare.before", "compare.after")]
    print_table(tell("edit.title", units=found.units_moved, people=found.people_moved), headers, rows)
    print_broken(found)


def import_file(
    plan: Plan,
    file: Annotated[Path, typer.Argument(help=tell("help.plan_file"))],
    register: Register = "dz",
    tolerance: options.Tolerance = 0.1,
    seats: options.Seats = "",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
) -> None:
    """Keep a plan of a file over the divisions of a day."""
    from services.elections.plan_exchange import import_plan
    from services.elections.plan_files import read_plan_file
    from services.queries import get_register

    assignment = read_plan_file(file)
    with open_cli_session() as session:
        kept = import_plan(
            session,
            get_register(session, register),
            assignment,
            name=plan,
            caller=cli_caller(),
            day=choose_day(as_of),
            tolerance=tolerance,
            seats=options.parse_seats(seats),
        )
    print(tell("import_plan.done", plan=kept.name, version=kept.version, units=len(kept.units)))


def export(
    plan: Plan,
    out: Annotated[Path, typer.Option("--out", help=tell("help.plan_out"))],
    register: Register = "dz",
    version: Version = None,
) -> None:
    """Write a plan of a register to a file; its ending says how."""
    from services.atomic import replace_when_whole
    from services.elections.plan_exchange import export_plan
    from services.queries import get_register

    with open_cli_session() as session:
        text = export_plan(session, get_register(session, register), plan, out.suffix.lstrip("."), version=version)
    with replace_when_whole(out) as draft:
        draft.write_text(text, encoding="utf-8")
    print(tell("export_plan.done", plan=plan, path=out))


def publish(
    plan: Plan,
    body: Annotated[str, typer.Option("--body", help=tell("help.plan_body"))],
    register: Register = "dz",
    version: Version = None,
    replace: Annotated[bool, typer.Option("--replace", help=tell("help.replace_constituencies"))] = False,
    as_json: options.Json = False,
) -> None:
    """Make the districts of a plan the constituencies of a body."""
    from services.cli.tables import print_table
    from services.elections.plan_publishing import publish_plan
    from services.queries import get_register

    with open_cli_session() as session:
        asked = get_register(session, register)
        lines = publish_plan(session, asked, plan, body=body, caller=cli_caller(), version=version, replace=replace)
    headers = [tell(header) for header in ("code", "name", "evaluate.seats")]
    rows = [(line.code, line.name, line.seats) for line in lines]
    show(lines, as_json, lambda: print_table(tell("publish_plan.title", body=body), headers, rows))
