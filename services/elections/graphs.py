"""Solve and sample plans over a graph of units in a plain file, without any register."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from geo.districting import (
    Chain,
    Diagnosis,
    DistrictPlan,
    PlanTask,
    Sampling,
    Solution,
    UnitGraph,
    diagnose,
    optimise_plan,
)
from geo.districting.solution import Progress
from geo.errors import InvalidValue, because
from services.elections.graph_files import read_graph
from services.elections.plan_orders import PlanOrder, PlanProblem, pose_problem
from services.elections.sample_files import SampleLine, SampleWriter, open_writer

MOST_CHAINS = 100
"""So many chains at most are run one after the other."""

TELL_EVERY = 1024
"""After so many steps the progress is told."""


@dataclass(frozen=True)
class GraphJob:
    """Say which graph is to be divided, and how."""

    path: Path
    """The file with the graph."""
    order: PlanOrder
    """What is asked."""
    most_bytes: int
    """The most bytes that the file may have."""

    def pose(self) -> PlanProblem:
        """Read the graph and pose the problem."""
        return pose_problem(read_graph(self.path, most_bytes=self.most_bytes), self.order)


def solve_graph(
    job: GraphJob, *, seed: int, seconds: float, nodes: int = 0, progress: Progress | None = None
) -> Solution:
    """Search the plan of a graph that is best by the aims of its order, and with `nodes` prove what can be proved."""
    problem = job.pose()
    found = optimise_plan(problem.joined, problem.task, seed=seed, seconds=seconds, nodes=nodes, progress=progress)
    return replace(found, plan=DistrictPlan(problem.graph, problem.spread(found.plan.districts)))


@dataclass(frozen=True)
class SampleWish:
    """Say how a sample is written."""

    out: Path
    """The file; its ending says how."""
    every: int = 1
    """Only plans whose step this number divides."""
    chains: int = 1
    """How many chains are run, each from a plan of its own."""

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.every < 1:
            raise InvalidValue(field="every", value=self.every, reason=because("below_least", least=1))
        if not 1 <= self.chains <= MOST_CHAINS:
            reason = because("outside_range", least=1, most=MOST_CHAINS)
            raise InvalidValue(field="chains", value=self.chains, reason=reason)


@dataclass
class SampleReport:
    """Say what was sampled, and how far it can be believed."""

    written: int = 0
    """How many plans were written."""
    is_cut_short: bool = False
    """Whether somebody ended it before it was done."""
    acceptance: list[float] = field(default_factory=list)
    """For each chain the share of steps that changed the plan."""
    diagnoses: dict[str, Diagnosis] = field(default_factory=dict)
    """By measure, how far the chains agree and how much they know."""


def sample_graph(
    job: GraphJob, sampling: Sampling, wish: SampleWish, *, progress: Progress | None = None
) -> SampleReport:
    """Write the plans of one or several chains to a file while they are drawn.

    Who ends it by the keyboard keeps a file with all plans so far.
    """
    problem = job.pose()
    asked = replace(sampling, conditions=problem.task.conditions, start=problem.task.current)
    report, traces = SampleReport(), list[tuple[list[float], list[float]]]()
    with open_writer(wish.out, problem.graph.keys, several=wish.chains > 1) as writer:
        run = _Run(problem, wish, writer, report, progress)
        try:
            for number in range(wish.chains):
                traces.append(([], []))
                run.take_chain(replace(asked, chain=number), traces[-1])
        except KeyboardInterrupt:
            report.is_cut_short = True
    whole = [pair for pair in traces if pair[0]]
    for at, measure in enumerate(("cut_edges", "deviation")):
        report.diagnoses[measure] = diagnose([pair[at] for pair in whole])
    return report


@dataclass
class _Run:
    """Hold what the chains of one sample share."""

    problem: PlanProblem
    wish: SampleWish
    writer: SampleWriter
    report: SampleReport
    progress: Progress | None

    def take_chain(self, sampling: Sampling, trace: tuple[list[float], list[float]]) -> None:
        """Run one chain, and keep its measures."""
        task, graph = self.problem.task, self.problem.joined
        chain = Chain(graph, task.rule, sampling)
        for sample in chain:
            deviation = measure_deviation(graph, sample.districts, task)
            trace[0].append(sample.cuts)
            trace[1].append(deviation)
            if sample.step % self.wish.every == 0:
                districts = self.problem.spread(sample.districts.astype(np.int64))
                line = SampleLine(sampling.chain + 1, sample.step, sample.cuts, round(deviation, 9), districts)
                self.writer.write(line)
                self.report.written += 1
            if self.progress and sample.step % TELL_EVERY == 0:
                self.progress(sampling.chain * sampling.steps + sample.step, self.wish.chains * sampling.steps)
        self.report.acceptance.append(round(chain.acceptance, 6))


def measure_deviation(graph: UnitGraph, districts: np.ndarray, task: PlanTask) -> float:
    """Give how far the district farthest from the ideal lies from it."""
    return float(np.abs(DistrictPlan(graph, districts).list_deviations(task.rule)).max())


def to_answer(solution: Solution) -> dict[str, Any]:
    """Write a solution as machines get it; the aims stand beside where there are others than the cut edges."""
    values = [value for _, value in solution.aims] or [solution.cuts]
    is_plain = not solution.aims or solution.aims[0][0] == "cut-edges"
    answer = {
        "status": str(solution.status),
        "objective": values[0] if len(values) == 1 else values,
        "bound": solution.bound if is_plain else None,
        "assignment": solution.assignment,
        "deviation": round(solution.deviation, 9),
        "seed": solution.seed,
        "hash": solution.digest,
    }
    return answer | ({"aims": dict(solution.aims)} if solution.aims else {})
