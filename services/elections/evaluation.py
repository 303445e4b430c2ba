"""Measure, compare and explain plans over plain graphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from geo.districting import (
    CITATIONS,
    Broken,
    Comparison,
    DistrictPlan,
    LevelSplits,
    PlanRule,
    Standing,
    UnitGraph,
    VoteMeasures,
    compare_plans,
    list_broken,
    list_measures,
    measure_splits,
    measure_votes,
    place_plan,
    read_plan,
)
from geo.districting.aims import compute_compactness
from geo.errors import InvalidValue, because
from services.elections.graph_files import read_graph
from services.elections.plan_files import read_plan_file
from services.elections.sample_files import read_samples


@dataclass(frozen=True)
class PlanSource:
    """Say which plan over which graph is meant, and what it should keep."""

    graph: Path
    """The file with the graph."""
    plan: Path
    """The file with the plan."""
    most_bytes: int
    """The most bytes that the graph may have."""
    tolerance: float = 0.05
    """How far the people of a district may lie from the ideal."""
    seats: tuple[int, ...] = ()
    """The seats of each district; empty where each has one."""


@dataclass(frozen=True)
class DistrictReport:
    """Describe one district."""

    district: int
    """Its number."""
    seats: int
    """Its seats."""
    units: int
    """How many units it has."""
    people: int
    """Its people."""
    people_per_seat: float
    """Its people for each seat."""
    deviation: float
    """How far they lie from what its seats call for."""
    polsby_popper: float | None
    """Its compactness; None where the graph knows no shapes."""


@dataclass(frozen=True)
class PlanReport:
    """Hold what can be said of a plan."""

    districts: tuple[DistrictReport, ...]
    """Its districts."""
    measures: dict[str, float]
    """The whole plan by single numbers."""
    splits: tuple[LevelSplits, ...]
    """How it treats the divisions of each level."""
    votes: VoteMeasures | None
    """What it does with votes; None where none were asked about."""
    broken: tuple[Broken, ...]
    """What it breaks of the rule."""
    standings: tuple[Standing, ...] = ()
    """Where its measures stand among an ensemble."""
    citations: dict[str, str] = field(default_factory=lambda: dict(CITATIONS))
    """Where the measures come from."""


def evaluate_plan(source: PlanSource, *, ensemble: Path | None = None, votes: Sequence[str] = ()) -> PlanReport:
    """Measure a plan, and place it among an ensemble of the same graph; `votes` names two lists."""
    graph = read_graph(source.graph, most_bytes=source.most_bytes)
    _check_votes(graph, votes)
    plan, rule = load_plan(graph, source)
    measures = list_measures(plan, rule, votes=votes)
    return PlanReport(
        districts=_list_districts(plan, rule),
        measures=measures,
        splits=measure_splits(plan, graph.divisions),
        votes=measure_votes(plan.districts, *(graph.votes[party] for party in votes)) if votes else None,
        broken=list_broken(plan, rule),
        standings=_place(plan, rule, ensemble, votes) if ensemble else (),
    )


def _check_votes(graph: UnitGraph, votes: Sequence[str]) -> None:
    if votes and len(votes) != 2:
        raise InvalidValue(field="votes", value=",".join(votes), reason=because("two_lists"))
    for party in votes:
        if party not in graph.votes:
            known = tuple(sorted(graph.votes)) or ("-",)
            raise InvalidValue(field="votes", value=party, reason=because("one_of", known=known))


def load_plan(graph: UnitGraph, source: PlanSource) -> tuple[DistrictPlan, PlanRule]:
    """Read a plan that names every unit of a graph and no other."""
    assignment = read_plan_file(source.plan)
    count = len(source.seats) or max(assignment.values())
    if count > len(graph.keys):
        reason = because("too_few_units", units=len(graph.keys), districts=count)
        raise InvalidValue(field="district", value=count, reason=reason)
    rule = PlanRule(max(count, 1), source.tolerance, source.seats)
    return DistrictPlan(graph, read_plan(graph, rule, assignment)), rule


def _list_districts(plan: DistrictPlan, rule: PlanRule) -> tuple[DistrictReport, ...]:
    count, seats = rule.districts, rule.weights.tolist()
    people = np.bincount(plan.districts - 1, weights=plan.graph.people, minlength=count).astype(int).tolist()
    units = np.bincount(plan.districts - 1, minlength=count).tolist()
    deviations = plan.list_deviations(rule).round(6).tolist()
    has_shapes = bool(np.isfinite(plan.graph.areas_m2).all() and np.isfinite(plan.graph.lengths_m).all())
    shapes = compute_compactness(plan.graph, plan.districts).round(4).tolist() if has_shapes else []
    shapes += [None] * (count - len(shapes))
    return tuple(
        DistrictReport(
            at + 1, seats[at], units[at], people[at], round(people[at] / seats[at], 1), deviations[at], shapes[at]
        )
        for at in range(count)
    )


def _place(plan: DistrictPlan, rule: PlanRule, ensemble: Path, votes: Sequence[str]) -> tuple[Standing, ...]:
    """Measure every plan of an ensemble like the one that is placed."""
    codes, rows = read_samples(ensemble)
    graph = plan.graph
    if set(codes) != set(graph.keys):
        odd = sorted(set(codes) ^ set(graph.keys))[0]
        raise InvalidValue(field="ensemble", value=odd, reason=because("ensemble_of_others"))
    places = {code: at for at, code in enumerate(codes)}
    order = [places[code] for code in graph.keys]
    if rows.min() < 1 or rows.max() > rule.districts:
        raise InvalidValue(field="ensemble", value=int(rows.max()), reason=because("ensemble_of_others"))
    found = [list_measures(DistrictPlan(graph, row[order]), rule, votes=votes) for row in rows]
    own = list_measures(plan, rule, votes=votes)
    return tuple(place_plan(measure, value, [one[measure] for one in found]) for measure, value in own.items())


@dataclass(frozen=True)
class ComparisonReport:
    """Hold what differs between two plans, and their measures side by side."""

    comparison: Comparison
    """Who moves."""
    before: dict[str, float]
    """The measures of the plan before."""
    after: dict[str, float]
    """Those of the plan after."""


def compare_plan_files(source: PlanSource, other: Path) -> ComparisonReport:
    """Compare a plan with another over the same graph."""
    graph = read_graph(source.graph, most_bytes=source.most_bytes)
    before, rule = load_plan(graph, source)
    after, later = load_plan(graph, PlanSource(source.graph, other, source.most_bytes, source.tolerance, source.seats))
    measures = (list_measures(plan, held) for plan, held in ((before, rule), (after, later)))
    return ComparisonReport(compare_plans(before, after), *measures)


@dataclass(frozen=True)
class PlanExplanation:
    """Say district by district what a plan keeps and what it breaks."""

    keeps: bool
    """Whether nothing is broken."""
    least: int
    """The fewest people that a seat of a district may have."""
    most: int
    """The most."""
    total: int
    """All people."""
    seats: int
    """All seats."""
    districts: tuple[DistrictReport, ...]
    """The districts."""
    broken: tuple[Broken, ...]
    """What is broken."""
    parts: tuple[tuple[str, str, tuple[int, ...]], ...]
    """The divisions that are split: level, code, districts."""


def explain_plan(source: PlanSource) -> PlanExplanation:
    """Say what a plan should keep, what it keeps, and which divisions it splits."""
    graph = read_graph(source.graph, most_bytes=source.most_bytes)
    plan, rule = load_plan(graph, source)
    total, seats = int(graph.people.sum()), int(rule.weights.sum())
    least, most = PlanRule(seats, rule.tolerance).find_bounds(total)
    broken = list_broken(plan, rule)
    splits = measure_splits(plan, graph.divisions)
    parts = tuple((held.level, code, districts) for held in splits for code, districts in held.parts.items())
    return PlanExplanation(not broken, least, most, total, seats, _list_districts(plan, rule), broken, parts)
