"""Search graphs whose best plans are proved with seven seeds, harder ones for a minute, and check a long chain anew.

    python -m benchmarks.optima FOLDER [--minute] [--chain]

`FOLDER` holds the graphs. `--minute` searches two graphs of tracts for a minute of CPU each, and `--chain` checks each
of 50,000 steps by networkx, which shares nothing with the sampler.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np

from geo.districting import PlanRule, Sampling, UnitGraph, parse_graph, sample_plans, solve_plan
from geo.errors import Infeasible

TOLERANCE = 0.005

PROVED = (
    ("NM-county", 3, 17),
    ("LA-county", 6, 49),
    ("OK-county", 5, 40),
    ("KS-county", 4, 32),
    ("ME-tract", 2, 20),
    ("WV-tract", 3, 43),
)
"""Graphs, districts and the fewest edges that any plan cuts (Validi and Buchanan)."""

HARD = (("UT-tract", 4, 77), ("AR-tract", 4, 69))
"""Graphs, districts and as many cut edges as a minute must reach."""

SEEDS = range(1, 8)


@dataclass(frozen=True)
class Outcome:
    """Hold what the seeds reached on one graph."""

    graph: str
    """Which graph."""
    wanted: int
    """The cut edges to reach."""
    reached: tuple[int | None, ...]
    """Those that each seed reached; None where it found no plan."""
    cpu_s: tuple[float, ...]
    """The CPU seconds that each took."""

    def write(self) -> str:
        """Write a row of a table."""
        met = sum(cuts is not None and cuts <= self.wanted for cuts in self.reached)
        return f"| {self.graph} | {self.wanted} | {met} of {len(self.reached)} | {max(self.cpu_s):.2f} |"


def read(folder: Path, name: str) -> UnitGraph:
    """Read one graph."""
    return parse_graph(json.loads((folder / f"{name}.json").read_bytes()))


def search(folder: Path, case: tuple[str, int, int], *, seeds: range, seconds: float) -> Outcome:
    """Search one graph with each seed, and check what is found by networkx."""
    name, districts, wanted = case
    graph, rule = read(folder, name), PlanRule(districts, TOLERANCE)
    reached: list[int | None] = []
    spent = []
    for seed in seeds:
        begun = time.process_time()
        try:
            found = solve_plan(graph, rule, seed=seed, seconds=seconds)
        except Infeasible:
            reached.append(None)
        else:
            reached.append(recheck(make_network(graph), graph, rule, found.plan.districts))
        spent.append(time.process_time() - begun)
    return Outcome(name, wanted, tuple(reached), tuple(spent))


def make_network(graph: UnitGraph) -> nx.Graph:
    """Lay a graph out for networkx."""
    network = nx.Graph(graph.edges.tolist())
    network.add_nodes_from(range(len(graph.keys)))
    return network


def recheck(network: nx.Graph, graph: UnitGraph, rule: PlanRule, districts: np.ndarray) -> int:
    """Count the cut edges of a plan, and end where a district breaks the rule or falls apart."""
    ideal = graph.people.sum() / rule.districts
    for number in range(1, rule.districts + 1):
        units = np.flatnonzero(districts == number)
        is_whole = len(units) > 0 and nx.is_connected(network.subgraph(units.tolist()))
        if not is_whole or abs(graph.people[units].sum() - ideal) > rule.tolerance * ideal + 1e-6:
            raise SystemExit(f"district {number} breaks the rule")
    return sum(districts[one] != districts[other] for one, other in network.edges)


def check_chain(folder: Path, steps: int = 50_000) -> Iterator[str]:
    """Check every step of a long chain."""
    graph, rule = read(folder, "KS-county"), PlanRule(4, 0.05)
    network, moved, before = make_network(graph), 0, None
    for sample in sample_plans(graph, rule, Sampling(steps, seed=1)):
        if recheck(network, graph, rule, sample.districts) != sample.cuts:
            raise SystemExit(f"step {sample.step} tells other cut edges")
        moved += before is not None and bool((sample.districts != before).any())
        before = sample.districts
    yield f"{steps:,} steps over KS-county were checked anew; {moved:,} changed the plan"


def main() -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minute", action="store_true")
    parser.add_argument("--chain", action="store_true")
    options = parser.parse_args()
    # compiling or loading the kernels is not what is timed
    search(options.folder, PROVED[0], seeds=range(1), seconds=0.1)
    print("| graph | cut edges to reach | seeds that do | most CPU s |\n|---|---|---|---|")
    for case in PROVED:
        print(search(options.folder, case, seeds=SEEDS, seconds=2.0).write(), flush=True)
    for case in HARD if options.minute else ():
        print(search(options.folder, case, seeds=range(1, 2), seconds=60.0).write(), flush=True)
    for line in check_chain(options.folder) if options.chain else ():
        print(line)


if __name__ == "__main__":
    main()
