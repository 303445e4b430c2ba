"""Say what a plan must keep beside equal people: fixed and barred units, splits, cut edges and compactness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.districting.graph import Integers, UnitGraph
from geo.districting.plan import PlanRule
from geo.errors import Infeasible, InvalidValue, Reason, because

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Conditions:
    """Hold what is asked of a plan; nothing by itself."""

    pinned: Mapping[str, int] = field(default_factory=dict)
    """The district, from 1, of each unit that may be in no other."""
    barred: tuple[tuple[str, int], ...] = ()
    """Units and districts they may not be in."""
    regions: tuple[str, ...] = ()
    """The division that each unit of the graph stands in, in its order; empty where splits do not matter."""
    most_splits: int | None = None
    """How many pieces beyond one for each division at most; None for any number."""
    most_cuts: int | None = None
    """How many edges at most are cut; None for any number."""
    least_compactness: float = 0.0
    """The least area of a district by that of a circle of the same perimeter (Polsby and Popper)."""

    @property
    def is_labelled(self) -> bool:
        """Say whether it matters which number a district has."""
        return bool(self.pinned or self.barred)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked."""
        limits = (self.most_splits, self.most_cuts)
        return not (self.is_labelled or self.least_compactness > 0 or any(limit is not None for limit in limits))


FREE = Conditions()
"""Nothing is asked."""


def check_conditions(graph: UnitGraph, rule: PlanRule, conditions: Conditions) -> None:
    """Refuse conditions that name what is not there, and raise Infeasible where they contradict each other."""
    _check_named(graph, rule, conditions)
    _check_limits(graph, conditions)
    if not conditions.is_labelled:
        return
    allowed = list_allowed(graph, rule, conditions)
    nowhere = np.flatnonzero(~allowed.any(axis=1))
    if len(nowhere):
        raise Infeasible(reason=because("unit_barred_everywhere", unit=graph.keys[nowhere[0]]))
    _check_pinned(graph, rule, allowed)


def _check_named(graph: UnitGraph, rule: PlanRule, conditions: Conditions) -> None:
    known = set(graph.keys)
    pairs = [("pinned", *pair) for pair in sorted(conditions.pinned.items())]
    for name, code, district in [*pairs, *(("barred", *pair) for pair in conditions.barred)]:
        if code not in known:
            raise InvalidValue(field=name, value=code, reason=explain_unknown(code, known))
        if not 1 <= district <= rule.districts:
            reason = because("outside_range", least=1, most=rule.districts)
            raise InvalidValue(field=f"{name}.{code}", value=district, reason=reason)


def explain_unknown(code: str, known: set[str]) -> Reason:
    """Say that no unit has a code, and which has it with the zeros it may have lost."""
    meant = sorted(key for key in known if key != code and key.lstrip("0") == code.lstrip("0"))
    if meant:
        return because("plan_code_lost_zeros", meant=meant[0])
    return because("plan_code_unknown")


def _check_limits(graph: UnitGraph, conditions: Conditions) -> None:
    if conditions.regions and len(conditions.regions) != len(graph.keys):
        reason = because("regions_for_units", units=len(graph.keys))
        raise InvalidValue(field="regions", value=len(conditions.regions), reason=reason)
    if conditions.most_splits is not None and not conditions.regions:
        raise InvalidValue(field="most_splits", value=conditions.most_splits, reason=because("regions_missing"))
    if not 0 <= conditions.least_compactness <= 1:
        reason = because("outside_range", least=0, most=1)
        raise InvalidValue(field="least_compactness", value=conditions.least_compactness, reason=reason)
    if conditions.least_compactness and not np.isfinite(graph.areas_m2).all():
        raise InvalidValue(
            field="least_compactness", value=conditions.least_compactness, reason=because("shapes_missing")
        )
    for name in ("most_splits", "most_cuts"):
        limit = getattr(conditions, name)
        if limit is not None and limit < 0:
            raise InvalidValue(field=name, value=limit, reason=because("below_least", least=0))


def list_allowed(graph: UnitGraph, rule: PlanRule, conditions: Conditions) -> Flags:
    """Give for each unit in which districts it may be."""
    places = {code: place for place, code in enumerate(graph.keys)}
    allowed: Flags = np.ones((len(graph.keys), rule.districts), dtype=np.bool_)
    for code, district in conditions.pinned.items():
        allowed[places[code]] &= np.arange(1, rule.districts + 1) == district
    for code, district in conditions.barred:
        allowed[places[code], district - 1] = False
    return allowed


def _check_pinned(graph: UnitGraph, rule: PlanRule, allowed: Flags) -> None:
    """Raise Infeasible when the units fixed to one district have more people than it may have."""
    only = np.flatnonzero(allowed.sum(axis=1) == 1)
    people = np.bincount(allowed[only].argmax(axis=1), weights=graph.people[only], minlength=rule.districts)
    most = rule.list_bounds(int(graph.people.sum()))[:, 1]
    full = np.flatnonzero(people > most)
    if len(full):
        district = int(full[0])
        found = {"district": district + 1, "people": int(people[district]), "most": int(most[district])}
        raise Infeasible(reason=because("pinned_too_large", **found))


def number_regions(conditions: Conditions) -> Integers:
    """Number the divisions that units stand in, by their codes."""
    return np.unique(np.array(conditions.regions, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)


def join_units(graph: UnitGraph, groups: Mapping[str, str]) -> tuple[UnitGraph, Integers]:
    """Join the units of each group into one that is never cut; gives the joined graph and the place of each unit.

    `groups` names the group of some units by code; a group takes the name of its division. Raises Infeasible when a
    group is not in one piece.
    """
    unknown = sorted(set(groups) - set(graph.keys))
    if unknown:
        raise InvalidValue(field="keep_whole", value=unknown[0], reason=explain_unknown(unknown[0], set(graph.keys)))
    names = [groups.get(code, code) for code in graph.keys]
    keys, places = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    places = places.astype(np.int64)
    _check_whole(graph, places, tuple(keys.tolist()))
    size = len(keys)
    ends = np.sort(places[graph.edges].reshape(-1, 2), axis=1)
    apart = ends[:, 0] != ends[:, 1]
    edges, at = np.unique(ends[apart], axis=0, return_inverse=True)
    lengths = np.bincount(at.ravel(), weights=graph.lengths_m[apart], minlength=len(edges)).astype(float)
    inside = np.bincount(ends[~apart, 0], weights=graph.lengths_m[~apart], minlength=size)
    people = np.bincount(places, weights=graph.people, minlength=size).astype(np.int64)
    areas = np.bincount(places, weights=graph.areas_m2, minlength=size).astype(float)
    perimeters = np.asarray(np.bincount(places, weights=graph.perimeters_m, minlength=size) - 2.0 * inside, float)
    first = np.unique(places, return_index=True)[1].tolist()
    divisions = {level: tuple(held[unit] for unit in first) for level, held in graph.divisions.items()}
    ends = edges.reshape(-1, 2)
    return UnitGraph(tuple(keys.tolist()), people, ends, lengths, areas, perimeters, divisions=divisions), places


def _check_whole(graph: UnitGraph, places: Integers, names: tuple[str, ...]) -> None:
    inner = graph.edges[places[graph.edges[:, 0]] == places[graph.edges[:, 1]]]
    parts = UnitGraph(graph.keys, graph.people, inner, graph.lengths_m, graph.areas_m2, graph.perimeters_m).pieces
    pieces = np.unique(np.stack([places, parts], axis=1), axis=0)[:, 0]
    broken = np.flatnonzero(np.bincount(pieces) > 1)
    if len(broken):
        count = int(np.bincount(pieces)[broken[0]])
        raise Infeasible(reason=because("division_in_pieces", division=names[broken[0]], pieces=count))
