"""Solve and sample plans over a graph of units in a plain file, without any register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo.districting import PlanRule, Sample, Sampling, Solution, UnitGraph, parse_graph, sample_plans, solve_plan
from geo.errors import InvalidValue, UnreadableFile, because
from services.atomic import replace_when_whole
from services.files import check_file_safe

OBJECTIVES = ("cut-edges",)
"""What a search can keep small."""


@dataclass(frozen=True)
class GraphJob:
    """Say which graph is to be divided, and how."""

    path: Path
    """The file with the graph."""
    rule: PlanRule
    """How many districts, and how equal."""
    most_bytes: int
    """The most bytes that the file may have."""


def read_graph(path: Path, *, most_bytes: int) -> UnitGraph:
    """Read a graph from a JSON file."""
    safe = check_file_safe(path, most_bytes=most_bytes)
    try:
        return parse_graph(json.loads(safe.path.read_bytes()))
    except json.JSONDecodeError as error:
        reason = because("not_json", line=error.lineno, column=error.colno)
        raise UnreadableFile(path=safe.name, reason=reason) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_encoding")) from error
    except RecursionError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_depth")) from error


def solve_graph(job: GraphJob, *, objective: str, seed: int, seconds: float) -> Solution:
    """Search the plan of a graph that is best by an objective."""
    if objective not in OBJECTIVES:
        raise InvalidValue(field="objective", value=objective, reason=because("one_of", known=OBJECTIVES))
    return solve_plan(read_graph(job.path, most_bytes=job.most_bytes), job.rule, seed=seed, seconds=seconds)


def sample_graph(job: GraphJob, sampling: Sampling, *, out: Path, every: int = 1) -> int:
    """Write each plan of a sample whose step `every` divides to a file, one JSON object a line, and count them."""
    if every < 1:
        raise InvalidValue(field="every", value=every, reason=because("below_least", least=1))
    graph = read_graph(job.path, most_bytes=job.most_bytes)
    written = 0
    with replace_when_whole(out) as draft, draft.open("w", encoding="utf-8") as file:
        for line in _list_lines(graph, sample_plans(graph, job.rule, sampling), every):
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            written += 1
    return written


def _list_lines(graph: UnitGraph, samples: Iterator[Sample], every: int) -> Iterator[dict[str, Any]]:
    for sample in samples:
        if sample.step % every == 0:
            people = np.bincount(sample.districts - 1, weights=graph.people)
            yield {
                "step": sample.step,
                "cut_edges": sample.cuts,
                "deviation": round(float(np.abs(people / people.mean() - 1).max()), 9),
                "assignment": dict(zip(graph.keys, sample.districts.tolist(), strict=True)),
            }


def to_answer(solution: Solution) -> dict[str, Any]:
    """Write a solution as machines get it."""
    return {
        "status": str(solution.status),
        "objective": solution.cuts,
        "bound": solution.bound,
        "assignment": solution.assignment,
        "deviation": round(solution.deviation, 9),
        "seed": solution.seed,
        "hash": solution.digest,
    }
