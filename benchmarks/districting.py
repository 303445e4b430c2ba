"""Time the sampler beside GerryChain in one run, from the same plan, with the same trees and pairs; then its growth.

    python -m benchmarks.districting [--peer PYTHON] [--graph FILE DISTRICTS TOLERANCE] [--steps N] [--json]

GerryChain is none of our libraries: `--peer` names the Python of an environment that has it. Without it only our own
figures are given. Figures are accepted steps a CPU second with cut edges recorded; compiling is told apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from fixtures.graphs import make_rook_grid
from geo.districting import PlanRule, Sampling, UnitGraph, parse_graph
from geo.districting.sampling import advance, open_chain

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
begun, cuts = time.process_time(), 0
for plan in chain:
    cuts += len(plan["cut_edges"])
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
    start, nothing = scene.board.district.tolist(), np.zeros((0, len(job.graph.keys)), np.int32)
    cuts = np.zeros(steps, np.int32)
    begun = time.process_time()
    advance(scene, course, cuts, nothing)
    return steps / (time.process_time() - begun), float(cuts.mean()), start


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
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print(f"compiling or loading the kernels: {compile_kernels():.2f} s of CPU")
    print("| graph | trees | our steps / s | cut edges | GerryChain's | cut edges | times |")
    print("|---|---|---|---|---|---|---|")
    found = []
    for job in list_jobs(options.graph):
        found.append(compare(job, steps=options.steps, peer=options.peer))
        print(write_line(found[-1]), flush=True)
    for side, districts in GROWTH:
        job = Job(f"grid {side}x{side} into {districts}, 5 %", make_rook_grid(side, side), PlanRule(districts, 0.05))
        found.append(compare(job, steps=options.steps // 10, peer=None))
        print(write_line(found[-1]), flush=True)
    if options.json:
        print(json.dumps([asdict(pace) for pace in found], indent=1))


if __name__ == "__main__":
    main()
