"""Take a graph of units from plain values, without any ground: codes, people and pairs of neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from geo.districting.graph import UnitGraph
from geo.errors import InvalidValue, because

MOST_PEOPLE = 2**40
"""More people than any unit has; sums of millions of units stay whole numbers of 64 bits."""


def parse_graph(plain: object) -> UnitGraph:
    """Take `{"units": [{"code", "population"}], "edges": [[i, j]]}`; lengths and areas of such a graph are unknown.

    Raises InvalidValue with the first unit or edge that cannot be used.
    """
    if not isinstance(plain, Mapping):
        raise InvalidValue(field="graph", value=type(plain).__name__, reason=because("graph_shape"))
    units, edges = _get_list(plain, "units"), _get_list(plain, "edges")
    codes, people = _parse_units(units)
    pairs = _parse_edges(edges, codes)
    unknown = np.full(len(codes), np.nan)
    return UnitGraph(codes, people, pairs, np.full(len(pairs), np.nan), unknown, unknown)


def _get_list(plain: Mapping[Any, Any], field: str) -> Sequence[Any]:
    value = plain.get(field)
    if not isinstance(value, list) or (field == "units" and not value):
        raise InvalidValue(field=field, value=_show(value), reason=because("graph_list"))
    return value


def _show(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _parse_units(units: Sequence[Any]) -> tuple[tuple[str, ...], np.ndarray]:
    places: dict[str, int] = {}
    people = np.zeros(len(units), dtype=np.int64)
    for place, unit in enumerate(units):
        if not isinstance(unit, Mapping):
            raise InvalidValue(field=f"units[{place}]", value=_show(unit), reason=because("graph_unit"))
        code = _parse_code(unit.get("code"), place)
        if code in places:
            reason = because("graph_code_twice", first=places[code])
            raise InvalidValue(field=f"units[{place}].code", value=code, reason=reason)
        places[code] = place
        people[place] = _parse_people(unit.get("population"), f"units[{place}].population ({code})")
    return tuple(places), people


def _parse_code(code: object, place: int) -> str:
    if not isinstance(code, str) or not code.strip() or any("\ud800" <= sign <= "\udfff" for sign in code):
        # a number has lost the zeros it began with
        raise InvalidValue(field=f"units[{place}].code", value=_show(code), reason=because("graph_code"))
    return code


def _parse_people(population: object, field: str) -> int:
    is_whole = isinstance(population, int) or (isinstance(population, float) and population.is_integer())
    if isinstance(population, bool) or not is_whole:
        raise InvalidValue(field=field, value=_show(population), reason=because("graph_population"))
    people = int(population)  # type: ignore[call-overload]
    if not 0 <= people <= MOST_PEOPLE:
        reason = because("outside_range", least=0, most=MOST_PEOPLE)
        raise InvalidValue(field=field, value=_show(population), reason=reason)
    return int(people)


def _parse_edges(edges: Sequence[Any], codes: Sequence[str]) -> np.ndarray:
    """Give every pair of neighbours once, the smaller place first, in the order of the places."""
    pairs = set()
    for place, edge in enumerate(edges):
        if not isinstance(edge, list) or len(edge) != 2 or not all(type(end) is int for end in edge):
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=because("graph_edge"))
        first, second = sorted(edge)
        if first < 0 or second >= len(codes):
            reason = because("graph_edge_outside", units=len(codes))
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=reason)
        if first == second:
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=because("graph_loop"))
        pairs.add((first, second))
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
