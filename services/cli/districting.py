"""Command plans over plain graphs: solve and sample, without the store."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import Infeasible
from services.cli import plan_options as options
from services.cli.language import tell
from services.cli.store import INTERRUPTED, read_settings, to_plain

if TYPE_CHECKING:
    from geo.districting import Solution
    from services.elections.graphs import GraphJob, SampleReport
    from services.elections.plan_orders import PlanOrder

SEARCHED = ("plan_not_found_by_annealing", "plan_not_found_by_search_of_aims")
"""The reasons that prove nothing: the search found no plan."""

NODES = 20_000
"""How many nodes of a search tree a proof may take."""


def add_to(plans: typer.Typer) -> None:
    """Add the commands of this subject to those of plans."""
    plans.command("solve", help=tell("help.plan_solve"))(options.take_apart(solve))
    plans.command("sample", help=tell("help.plan_sample"))(options.take_apart(sample))


def solve(
    graph: options.GraphFile,
    asked: options.Asked,
    objective: Annotated[str, typer.Option("--objective", help=tell("help.objective"))] = "cut-edges",
    seconds: Annotated[float, typer.Option("--seconds", help=tell("help.seconds"))] = 10.0,
    current: Annotated[Path | None, typer.Option("--current", help=tell("help.current_plan"))] = None,
    prove: Annotated[bool, typer.Option("--prove", help=tell("help.prove"))] = False,
    as_json: options.Json = False,
) -> None:
    """Search the plan that is best by the objective."""
    from services.elections.graphs import solve_graph, to_answer

    job = _make_job(graph, asked.make_order(objective=objective, current=current))
    try:
        nodes = NODES if prove else 0
        solution = solve_graph(job, seed=asked.seed, seconds=seconds, nodes=nodes, progress=_tell_share)
    except Infeasible as error:
        if as_json:
            _print_json(_answer_infeasible(error, asked.seed))
        raise
    if as_json:
        _print_json(to_answer(solution))
    else:
        print_solution(solution)


def _make_job(graph: Path, order: PlanOrder) -> GraphJob:
    from services.elections.graphs import GraphJob

    return GraphJob(graph, order, most_bytes=read_settings().import_max_bytes)


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=1))


def _answer_infeasible(error: Infeasible, seed: int) -> dict[str, Any]:
    """Write why there is no plan as machines get it, in the shape of a solution."""
    reason = asdict(error.params["reason"])  # type: ignore[call-overload]
    status = "not_found" if reason["key"] in SEARCHED else "infeasible"
    empty: dict[str, Any] = {
        "objective": None,
        "bound": None,
        "assignment": {},
        "deviation": None,
        "seed": seed,
        "hash": None,
    }
    return {"status": status, **empty, "certificate": {"kind": reason["key"], **dict(reason["params"])}}


def print_solution(solution: Solution) -> None:
    """Print the districts of a solution."""
    from services.cli.tables import print_table

    people, seats = solution.plan.people.tolist(), solution.rule.weights.tolist()
    held = solution.plan.districts.tolist()
    shares = solution.plan.list_deviations(solution.rule).tolist()
    rows = [
        (at + 1, seats[at], held.count(at + 1), people[at], f"{shares[at]:+.3%}")
        for at in range(solution.rule.districts)
    ]
    title = tell("solve.title", cuts=solution.cuts, bound=solution.bound, deviation=f"{solution.deviation:.3%}")
    headers = ("district", "evaluate.seats", "units", "people", "deviation")
    print_table(title, [tell(header) for header in headers], rows)
    for aim, value in solution.aims:
        print(tell("solve.aim", aim=aim, value=f"{value:g}"))
    if solution.status == "optimal":
        print(tell("solve.proved"))


def sample(
    graph: options.GraphFile,
    asked: options.Asked,
    steps: Annotated[int, typer.Option("--steps", help=tell("help.steps"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.sample_out"))],
    tree: Annotated[str, typer.Option("--tree", help=tell("help.tree"))] = "uniform",
    pairs: Annotated[str, typer.Option("--pairs", help=tell("help.pairs"))] = "cut-edge",
    every: Annotated[int, typer.Option("--every", help=tell("help.every"))] = 1,
    chains: Annotated[int, typer.Option("--chains", help=tell("help.chains"))] = 1,
    tries: Annotated[int, typer.Option("--tries", help=tell("help.tries"))] = 50,
    start: Annotated[Path | None, typer.Option("--start", help=tell("help.start_plan"))] = None,
    as_json: options.Json = False,
) -> None:
    """Sample plans and write them to a file."""
    from geo.districting import Sampling, find_pairing
    from services.elections.graphs import SampleWish, sample_graph

    job = _make_job(graph, asked.make_order(current=start))
    sampling = Sampling(steps, seed=asked.seed, tree=tree, pairing=find_pairing(pairs), tries=tries)
    report = sample_graph(job, sampling, SampleWish(out, every, chains), progress=_tell_progress)
    if as_json:
        _print_json(to_plain(report))
    else:
        print_report(report, out)
    if report.is_cut_short:
        raise SystemExit(INTERRUPTED)


def _tell_share(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(tell("solve.progress", share=f"{done / total:.0%}"), end="\r", file=sys.stderr)


def _tell_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(tell("sample.progress", done=done, total=total), end="\r", file=sys.stderr)


def print_report(report: SampleReport, out: Path) -> None:
    """Print what was written and how far it can be believed."""
    from services.cli.tables import print_table

    rows = [
        (tell(f"measure.{measure}"), found.mean, _show(found.error), _show(found.rhat), _show(found.effective_size))
        for measure, found in report.diagnoses.items()
    ]
    headers = ("sample.measure", "sample.mean", "sample.error", "sample.rhat", "sample.size")
    print_table(tell("sample.done", plans=report.written, path=out), [tell(header) for header in headers], rows)
    for share in report.acceptance:
        print(tell("sample.acceptance", share=f"{share:.1%}"))
    if report.diagnoses and not all(found.is_trusted for found in report.diagnoses.values()):
        print(tell("sample.doubt"))


def _show(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
