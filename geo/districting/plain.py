"""Take a graph of units from plain values, without any ground: codes, people and pairs of neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from geo.districting.graph import Floats, UnitGraph
from geo.errors import InvalidValue, because

MOST_PEOPLE = 2**40
"""More people than any unit has; sums of millions of units stay whole numbers of 64 bits."""

MOST_SIZE = 1e15
"""More square metres or metres than anything on Earth has."""

MOST_KEYS = 1000
"""More levels or lists than a unit may tell of."""


def parse_graph(plain: object) -> UnitGraph:
    """Take `{"units": [{"code", "population"}], "edges": [[i, j]]}`.

    A unit may also have `area_m2`, `perimeter_m`, `divisions` (a code by level) and `votes` (a count by list), and an
    edge a third number, the metres it shares; what not all have counts as unknown. Raises InvalidValue with the first
    unit or edge that cannot be used.
    """
    if not isinstance(plain, Mapping):
        raise InvalidValue(field="graph", value=type(plain).__name__, reason=because("graph_shape"))
    units, edges = _get_list(plain, "units"), _get_list(plain, "edges")
    codes, people = _parse_units(units)
    pairs, lengths = _parse_edges(edges, codes)
    areas, perimeters = (_parse_sizes(units, name) for name in ("area_m2", "perimeter_m"))
    divisions, votes = parse_divisions(units), parse_votes(units)
    return UnitGraph(codes, people, pairs, lengths, areas, perimeters, divisions=divisions, votes=votes)


def _parse_sizes(units: Sequence[Any], name: str) -> Floats:
    """Read an area or a length of all units, or unknowns where one has none."""
    sizes = [_parse_size(unit.get(name), f"units[{place}].{name}") for place, unit in enumerate(units)]
    known: Floats = np.array(sizes, dtype=np.float64)
    return known if np.isfinite(known).all() else np.full(len(units), np.nan)


def _parse_size(value: object, field: str) -> float:
    if value is None:
        return float("nan")
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= MOST_SIZE:  # type: ignore[operator]
        raise InvalidValue(field=field, value=_show(value), reason=because("graph_size"))
    return float(value)  # type: ignore[arg-type]


def parse_divisions(units: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Read by level the division that each unit stands in; a level that a unit lacks is refused."""
    return {
        level: tuple(_parse_division(unit, level, place) for place, unit in enumerate(units))
        for level in _list_keys(units, "divisions")
    }


def _parse_division(unit: Mapping[str, Any], level: str, place: int) -> str:
    code = (unit.get("divisions") or {}).get(level)
    if not isinstance(code, str) or not code.strip():
        field = f"units[{place}].divisions.{level}"
        raise InvalidValue(field=field, value=_show(code), reason=because("graph_code"))
    return code


def parse_votes(units: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, ...]]:
    """Read by list the votes of each unit; a unit that does not tell of a list gave it none."""
    return {
        party: tuple(
            _parse_people((unit.get("votes") or {}).get(party, 0), f"units[{place}].votes.{party}")
            for place, unit in enumerate(units)
        )
        for party in _list_keys(units, "votes")
    }


def _list_keys(units: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    found: set[str] = set()
    for place, unit in enumerate(units):
        held = unit.get(name) or {}
        if not isinstance(held, Mapping) or len(held) > MOST_KEYS:
            raise InvalidValue(field=f"units[{place}].{name}", value=_show(held), reason=because("graph_marks"))
        found |= set(held)
    return sorted(found)


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


def _parse_edges(edges: Sequence[Any], codes: Sequence[str]) -> tuple[np.ndarray, Floats]:
    """Give every pair of neighbours once, the smaller place first, in the order of the places, with what it shares."""
    pairs: dict[tuple[int, int], float] = {}
    for place, edge in enumerate(edges):
        if not isinstance(edge, list) or len(edge) not in (2, 3) or not all(type(end) is int for end in edge[:2]):
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=because("graph_edge"))
        first, second = sorted(edge[:2])
        if first < 0 or second >= len(codes):
            reason = because("graph_edge_outside", units=len(codes))
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=reason)
        if first == second:
            raise InvalidValue(field=f"edges[{place}]", value=_show(edge), reason=because("graph_loop"))
        pairs[first, second] = _parse_size(edge[2] if len(edge) == 3 else None, f"edges[{place}]")
    ordered = sorted(pairs)
    lengths: Floats = np.array([pairs[pair] for pair in ordered], dtype=np.float64)
    unknown = np.full(len(ordered), np.nan)
    return np.array(ordered, dtype=np.int64).reshape(-1, 2), lengths if np.isfinite(lengths).all() else unknown
