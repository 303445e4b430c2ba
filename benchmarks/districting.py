"""Time the sampler beside GerryChain in one run, from the same plan, with the same trees and pairs; then its growth.

    python -m benchmarks.districting [--peer PYTHON] [--graph FILE DISTRICTS TOLERANCE] [--steps N] [--nation] [--json]

GerryChain is none of our libraries: `--peer` names the Python of an environment that has it. Without it only our own
figures are given. Figures are accepted steps a CPU second, with cut edges, people and the largest deviation recorded at
every step by both; compiling is told apart. `--nation` adds graphs of an invented nation.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from fixtures.graphs import make_rook_grid
from fixtures.nation import NationPlan, build_nation
from geo.districting import PlanRule, Sampling, UnitGraph, build_graph, parse_graph
from geo.districting.sampling import BLOCK, advance, open_chain

GROWTH = ((8, 8), (20, 8), (40, 10), (60, 9), (100, 25), (216, 30))
"""Sides of square grids, and districts."""

PEER = """
import json, sys, time
from functools import partial
import networkx
from gerrychain import Graph, MarkovChain, Partition, constraints, proposals, tree, updaters
from gerrychain.accept import always_accept
job = json.load(sys.stdin)
drawn = networkx.Graph(job["edges"])
networkx.set_node_attributes(drawn, dict(enumerate(job["people"])), "people")
tally = {"people": updaters.Tally("people", alias="people"), "cut_edges": updaters.cut_edges}
start = Partition(Graph.from_networkx(drawn), dict(enumerate(job["districts"])), tally)
ideal = sum(job["people"]) / len(set(job["districts"]))
grow = tree.random_spanning_tree if job["tree"] == "minimum" else tree.uniform_spanning_tree
cut = partial(tree.bipartition_tree, spanning_tree_fn=grow)
rule = {"pop_col": "people", "pop_target": ideal, "epsilon": job["tolerance"]}
move = partial(proposals.recom, **rule, node_repeats=1, method=cut)
within = constraints.within_percent_of_ideal_population(start, job["tolerance"], pop_key="people")
chain = MarkovChain(move, [within], always_accept, start, job["steps"])
begun, cuts, worst = time.process_time(), 0, 0.0
for plan in chain:
    cuts += len(plan["cut_edges"])
    worst = max(worst, max(abs(people / ideal - 1) for people in plan["people"].values()))
print(json.dumps({"cpu_s": time.process_time() - begun, "cuts": cuts / job["steps"]}))
"""


@dataclass(frozen=True)
class Pace:
    """Hold how fast a chain went."""

    graph: str
    """Which graph."""
    tree: str
    """How trees were drawn."""
    steps_a_second: float
    """Our accepted steps a CPU second."""
    cuts: float
    """The mean of our cut edges."""
    peer: dict[str, float] = field(default_factory=dict)
    """The same of GerryChain, and how many times as fast we were; empty where it was not run."""


@dataclass(frozen=True)
class Job:
    """Say what is timed."""

    name: str
    """What the graph is called."""
    graph: UnitGraph
    """The graph."""
    rule: PlanRule
    """How many districts, and how equal."""
    tree: str = "minimum"
    """How trees are drawn."""


def run_ours(job: Job, steps: int) -> tuple[float, float, list[int]]:
    """Give steps a CPU second, mean cut edges and the plan that the chain began with."""
    scene, course = open_chain(job.graph, job.rule, Sampling(steps, tree=job.tree, tries=1000))
    start, ideal = scene.board.district.tolist(), int(job.graph.people.sum()) / job.rule.districts
    total, worst, recorder = 0, 0.0, Recorder(job)
    begun = time.process_time()
    for taken in range(0, steps, BLOCK):
        length = min(BLOCK, steps - taken)
        cuts, history = np.zeros(length, np.int32), np.zeros((length, len(job.graph.keys)), np.int32)
        advance(scene, course, cuts, history)
        people = recorder.count_people(history)
        total, worst = total + int(cuts.sum()), max(worst, float(np.abs(people / ideal - 1).max()))
    pace = steps / (time.process_time() - begun)
    if worst > job.rule.tolerance + 1e-9:
        raise SystemExit(f"{job.name}: a plan deviates by {worst:.3%}")
    return pace, total / steps, start


class Recorder:
    """Count the people of every district in every plan of a block."""

    def __init__(self, job: Job) -> None:
        self.count, size = job.rule.districts, len(job.graph.keys)
        self.rows = np.repeat(np.arange(BLOCK, dtype=np.int32) * np.int32(self.count), size)
        self.weights = np.tile(job.graph.people.astype(np.float64), BLOCK)

    def count_people(self, history: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give a row for each plan."""
        cells = history.ravel() + self.rows[: history.size]
        size = len(history) * self.count
        people = np.bincount(cells, weights=self.weights[: history.size], minlength=size).astype(np.float64)
        return people.reshape(len(history), -1)


def list_nation_jobs() -> Iterator[Job]:
    """Lay out an invented nation: its rural divisions as they border, and its villages tied to those around them."""
    nation = build_nation(replace(NationPlan(), spacing_m=10_000), seed=1)
    rural = nation.levels["dehestan"]
    graph = build_graph(rural["code"].tolist(), rural.geometry.tolist(), rural["population"].tolist())
    yield Job(f"{len(graph.keys):,} rural divisions into 30, 5 %", graph, PlanRule(30, 0.05))
    villages = nation.places[nation.places["population"] > 0].head(NationPlan().villages)
    graph = tie_points(villages)
    yield Job(f"{len(graph.keys):,} villages into 290, 5 %", graph, PlanRule(290, 0.05))


def tie_points(places: gpd.GeoDataFrame) -> UnitGraph:
    """Make places neighbours when no other is between them (Delaunay)."""
    points = shapely.get_coordinates(places.geometry.to_numpy())
    corners = Delaunay(points).simplices
    pairs = np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    units = [
        {"code": code, "population": people} for code, people in zip(places["code"], places["population"], strict=True)
    ]
    return parse_graph({"units": units, "edges": np.unique(pairs, axis=0).tolist()})


def run_peer(job: Job, start: list[int], *, python: Path, steps: int) -> dict[str, float]:
    """Let GerryChain take steps in a process of its own."""
    task = {
        "edges": job.graph.edges.tolist(),
        "people": job.graph.people.tolist(),
        "districts": start,
        "tolerance": job.rule.tolerance,
        "tree": job.tree,
        "steps": steps,
    }
    command = [str(python), "-W", "ignore", "-c", PEER]
    done = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.strip().splitlines()[-1])
    found = json.loads(done.stdout)
    return {"steps_a_second": steps / found["cpu_s"], "cuts": found["cuts"]}


def compare(job: Job, *, steps: int, peer: Path | None, peer_steps: int = 400) -> Pace:
    """Time a job, beside GerryChain where it is at hand."""
    pace, cuts, start = run_ours(job, steps)
    beside = run_peer(job, start, python=peer, steps=peer_steps) if peer else {}
    if beside:
        beside["ratio"] = pace / beside["steps_a_second"]
    return Pace(job.name, job.tree, round(pace, 1), round(cuts, 1), {key: round(n, 1) for key, n in beside.items()})


def list_jobs(extra: list[str] | None) -> Iterator[Job]:
    """List what is compared with GerryChain."""
    for tree in ("minimum", "uniform"):
        yield Job("grid 60x60 into 9, 5 %", make_rook_grid(60, 60), PlanRule(9, 0.05), tree)
        if extra:
            path, districts, tolerance = Path(extra[0]), int(extra[1]), float(extra[2])
            graph = parse_graph(json.loads(path.read_text(encoding="utf-8")))
            yield Job(f"{path.stem} into {districts}", graph, PlanRule(districts, tolerance), tree)


def list_growth(*, with_nation: bool) -> Iterator[Job]:
    """List ever larger graphs."""
    for side, districts in GROWTH:
        yield Job(f"grid {side}x{side} into {districts}, 5 %", make_rook_grid(side, side), PlanRule(districts, 0.05))
    if with_nation:
        yield from list_nation_jobs()


def compile_kernels() -> float:
    """Run everything once on a small grid, and give the CPU seconds that compiling or loading took."""
    begun = time.process_time()
    for tree in ("minimum", "uniform"):
        run_ours(Job("", make_rook_grid(4, 4), PlanRule(4, 0.0), tree), 10)
    return time.process_time() - begun


def write_line(pace: Pace) -> str:
    """Write a pace as a row of a table."""
    beside = pace.peer
    peer = f"{beside['steps_a_second']:,} | {beside['cuts']} | {beside['ratio']}" if beside else "not run | - | -"
    return f"| {pace.graph} | {pace.tree} | {pace.steps_a_second:,} | {pace.cuts} | {peer} |"


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer", type=Path, help="a Python that has GerryChain 1.0")
    parser.add_argument("--graph", nargs=3, metavar=("FILE", "DISTRICTS", "TOLERANCE"))
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--nation", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print(f"compiling or loading the kernels: {compile_kernels():.2f} s of CPU")
    print("| graph | trees | our steps / s | cut edges | GerryChain's | cut edges | times |")
    print("|---|---|---|---|---|---|---|")
    found = []
    for job in list_jobs(options.graph):
        found.append(compare(job, steps=options.steps, peer=options.peer))
        print(write_line(found[-1]), flush=True)
    for job in list_growth(with_nation=options.nation):
        found.append(compare(job, steps=options.steps // 10, peer=None))
        print(write_line(found[-1]), flush=True)
    if options.json:
        print(json.dumps([asdict(pace) for pace in found], indent=1))


if __name__ == "__main__":
    main()
