"""Command what is said of plans over plain graphs: evaluate, compare and explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import plan_options as options
from services.cli.language import LANGUAGE, tell
from services.cli.store import DEFECTS, read_settings, show

if TYPE_CHECKING:
    from services.elections.evaluation import ComparisonReport, PlanExplanation, PlanReport, PlanSource
    from services.elections.plan_edits import EditPreview
    from services.elections.plan_studies import PlanStudy

PlanFile = Annotated[Path, typer.Option("--plan", help=tell("help.plan_file"))]


def add_to(plans: typer.Typer) -> None:
    """Add the commands of this subject to those of plans."""
    plans.command("evaluate", help=tell("help.plan_evaluate"))(evaluate)
    plans.command("compare", help=tell("help.plan_compare"))(compare)
    plans.command("explain", help=tell("help.plan_explain"))(explain)


def evaluate(
    graph: options.GraphFile,
    plan: PlanFile,
    tolerance: options.Tolerance = 0.05,
    seats: options.Seats = "",
    ensemble: Annotated[Path | None, typer.Option("--ensemble", help=tell("help.ensemble"))] = None,
    votes: Annotated[str, typer.Option("--votes", help=tell("help.votes"))] = "",
    plot: Annotated[Path | None, typer.Option("--plot", help=tell("help.plot"))] = None,
    as_json: options.Json = False,
) -> None:
    """Measure a plan, and place it among an ensemble."""
    from services.elections.evaluation import evaluate_plan

    lists = [word.strip() for word in votes.split(",") if word.strip()]
    report = evaluate_plan(_find_source(graph, plan, tolerance, seats), ensemble=ensemble, votes=lists)
    if plot is not None:
        _write_plot(report, plot)
    show(report, as_json, lambda: print_report(report))


def _find_source(graph: Path, plan: Path, tolerance: float, seats: str) -> PlanSource:
    from services.elections.evaluation import PlanSource

    return PlanSource(graph, plan, read_settings().import_max_bytes, tolerance, options.parse_seats(seats))


def _write_plot(report: PlanReport, plot: Path) -> None:
    from geo.errors import InvalidValue, because
    from maps.ensembles import draw_ensemble
    from services.atomic import replace_when_whole

    if not report.standings:
        raise InvalidValue(field="plot", value=plot.name, reason=because("plot_without_ensemble"))
    picture = draw_ensemble(
        report.standings, language=LANGUAGE, title=tell("evaluate.plot", plan=report.standings[0].plans)
    )
    with replace_when_whole(plot) as draft:
        draft.write_text(picture, encoding="utf-8")


def print_report(report: PlanReport) -> None:
    """Print the districts, the measures and the standings of a plan."""
    from services.cli.tables import print_table

    words = ("district", "evaluate.seats", "units", "people", "deviation", "polsby_popper")
    headers = [tell(word) for word in words]
    rows = [
        (line.district, line.seats, line.units, line.people, f"{line.deviation:+.2%}", line.polsby_popper)
        for line in report.districts
    ]
    print_table(tell("evaluate.districts"), headers, rows)
    placed = {standing.measure: standing for standing in report.standings}
    measures = [
        (tell_measure(measure), f"{value:g}", f"{placed[measure].percentile:.1%}" if measure in placed else "-")
        for measure, value in report.measures.items()
    ]
    headers = [tell(header) for header in ("sample.measure", "evaluate.value", "evaluate.percentile")]
    print_table(tell("evaluate.measures"), headers, measures)
    print_broken(report)


def tell_measure(measure: str) -> str:
    """Name a measure in the reader's language; those of a level name the level."""
    kind, _, level = measure.partition("_")
    return tell(f"measure.{kind}", level=level) if kind in ("split", "pieces") else tell(f"measure.{measure}")


def print_broken(report: PlanReport | PlanExplanation | PlanStudy | EditPreview) -> None:
    """Print what a plan breaks."""
    for broken in report.broken:
        value = f"{broken.value:+.2%}" if broken.kind == "deviation" else f"{broken.value:g}"
        print(tell(f"broken.{broken.kind}", district=broken.district, value=value))


def compare(
    graph: options.GraphFile,
    plan: PlanFile,
    other: Annotated[Path, typer.Option("--other", help=tell("help.other_plan"))],
    tolerance: options.Tolerance = 0.05,
    seats: options.Seats = "",
    as_json: options.Json = False,
) -> None:
    """Say who moves from one plan to another."""
    from services.elections.evaluation import compare_plan_files

    report = compare_plan_files(_find_source(graph, plan, tolerance, seats), other)
    show(report, as_json, lambda: print_comparison(report))


def print_comparison(report: ComparisonReport) -> None:
    """Print who moves and how the measures change."""
    from services.cli.tables import print_table

    found = report.comparison
    title = tell("compare.title", units=found.units_moved, people=found.people_moved, share=f"{found.share_moved:.2%}")
    headers = [tell(header) for header in ("compare.from", "compare.to", "people", "units")]
    rows = [(flow.before, flow.after, flow.people, ", ".join(flow.units)) for flow in found.flows]
    print_table(title, headers, rows)
    measures = [
        (tell_measure(measure), f"{value:g}", f"{report.after[measure]:g}") for measure, value in report.before.items()
    ]
    headers = [tell(header) for header in ("sample.measure", "compare.before", "compare.after")]
    print_table(tell("evaluate.measures"), headers, measures)


def explain(
    graph: options.GraphFile,
    plan: PlanFile,
    tolerance: options.Tolerance = 0.05,
    seats: options.Seats = "",
    as_json: options.Json = False,
) -> None:
    """Say what a plan keeps and breaks; one that breaks anything ends with the code of defects."""
    from services.elections.evaluation import explain_plan

    found = explain_plan(_find_source(graph, plan, tolerance, seats))
    show(found, as_json, lambda: print_explanation(found))
    if not found.keeps:
        raise SystemExit(DEFECTS)


def print_explanation(found: PlanExplanation) -> None:
    """Print the reckoning of a plan, sentence by sentence."""
    print(tell("explain.total", people=found.total, seats=found.seats, least=found.least, most=found.most))
    for line in found.districts:
        share = f"{line.deviation:+.2%}"
        told = {"district": line.district, "units": line.units, "people": line.people, "seats": line.seats}
        print(tell("explain.district", **told, share=share, each=line.people_per_seat))
    for level, code, districts in found.parts:
        print(tell("explain.split", level=level, code=code, districts=", ".join(map(str, districts))))
    print_broken(found)
    print(tell("explain.keeps" if found.keeps else "explain.breaks"))
