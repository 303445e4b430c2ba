"""Command plans over plain graphs: solve and sample, without the store."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import Infeasible
from services.cli.language import tell
from services.cli.store import read_settings

if TYPE_CHECKING:
    from geo.districting import Solution
    from services.elections.graphs import GraphJob

GraphFile = Annotated[Path, typer.Option("--graph", help=tell("help.graph"))]
Districts = Annotated[int, typer.Option("--districts", "-k", help=tell("help.districts"))]
Tolerance = Annotated[float, typer.Option("--tolerance", help=tell("help.graph_tolerance"))]
Seed = Annotated[int, typer.Option("--seed", help=tell("help.seed"))]
SEARCHED = "plan_not_found_by_annealing"
"""The reason that proves nothing: the search found no plan."""


def add_to(plans: typer.Typer) -> None:
    """Add the commands of this subject to those of plans."""
    plans.command("solve", help=tell("help.plan_solve"))(solve)
    plans.command("sample", help=tell("help.plan_sample"))(sample)


def solve(
    graph: GraphFile,
    districts: Districts,
    tolerance: Tolerance = 0.005,
    objective: Annotated[str, typer.Option("--objective", help=tell("help.objective"))] = "cut-edges",
    seed: Seed = 1,
    seconds: Annotated[float, typer.Option("--seconds", help=tell("help.seconds"))] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """Search the plan that cuts the fewest edges."""
    from services.elections.graphs import solve_graph, to_answer

    try:
        solution = solve_graph(_make_job(graph, districts, tolerance), objective=objective, seed=seed, seconds=seconds)
    except Infeasible as error:
        if as_json:
            _print_json(_answer_infeasible(error, seed))
        raise
    if as_json:
        _print_json(to_answer(solution))
    else:
        print_solution(solution)


def _make_job(graph: Path, districts: int, tolerance: float) -> GraphJob:
    from geo.districting import PlanRule
    from services.elections.graphs import GraphJob

    rule = PlanRule(districts=districts, tolerance=tolerance)
    return GraphJob(graph, rule, most_bytes=read_settings().import_max_bytes)


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=1))


def _answer_infeasible(error: Infeasible, seed: int) -> dict[str, Any]:
    """Write why there is no plan as machines get it, in the shape of a solution."""
    reason = asdict(error.params["reason"])  # type: ignore[call-overload]
    status = "not_found" if reason["key"] == SEARCHED else "infeasible"
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

    people = solution.plan.people
    sizes = [solution.plan.districts.tolist().count(number) for number in range(1, len(people) + 1)]
    shares = (people / people.mean() - 1).tolist()
    rows = zip(range(1, len(people) + 1), sizes, people.tolist(), (f"{share:+.3%}" for share in shares), strict=True)
    title = tell("solve.title", cuts=solution.cuts, bound=solution.bound, deviation=f"{solution.deviation:.3%}")
    print_table(title, [tell(header) for header in ("district", "units", "people", "deviation")], rows)
    if solution.status == "optimal":
        print(tell("solve.proved"))


def sample(
    graph: GraphFile,
    districts: Districts,
    steps: Annotated[int, typer.Option("--steps", help=tell("help.steps"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.sample_out"))],
    tolerance: Tolerance = 0.005,
    seed: Seed = 1,
    tree: Annotated[str, typer.Option("--tree", help=tell("help.tree"))] = "uniform",
    pairs: Annotated[str, typer.Option("--pairs", help=tell("help.pairs"))] = "cut-edge",
    every: Annotated[int, typer.Option("--every", help=tell("help.every"))] = 1,
) -> None:
    """Sample plans by recombination and write them to a file."""
    from geo.districting import Sampling, find_pairing
    from services.elections.graphs import sample_graph

    sampling = Sampling(steps, seed=seed, tree=tree, pairing=find_pairing(pairs))
    written = sample_graph(_make_job(graph, districts, tolerance), sampling, out=out, every=every)
    print(tell("sample.done", plans=written, path=out))
