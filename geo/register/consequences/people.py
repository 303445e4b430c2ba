"""Count the people that go with moved ground: by the divisions and places that go whole, by area where one is cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely

from geo.coverage.measures import measure_area
from geo.register.consequences.turns import Shift, Turn, list_inside

People = Mapping[int, int]
"""People by division, of their own or summed over their parts."""

WHOLE = 0.999999
"""From this share of its area on, a division goes whole."""


@dataclass(frozen=True)
class Headcount:
    """Hold how many people go with a shift."""

    people: int | None
    """The people; None where nobody was counted."""
    is_estimated: bool
    """Whether some were shared out by area."""
    places: int
    """The places that go with it."""


def count_shift(turn: Turn, shift: Shift, people: People) -> Headcount:
    """Count the people and places that go with a shift.

    A place or division that goes whole brings its people. A division that is cut, and below which nobody was counted,
    brings them by the share of its area.
    """
    inside = list_inside(turn, shift)
    counted = [people[key] for key in _list_counted(turn, inside, people)]
    shares = list(_list_shares(turn, shift, inside, people))
    places = sum(1 for key in _walk(turn, inside) if turn.is_place(turn.before[key]))
    if not counted and not shares and shift.source not in people:
        return Headcount(None, is_estimated=False, places=places)
    total = sum(counted) + sum(number * share for number, share in shares)
    return Headcount(round(total), is_estimated=any(share < WHOLE for _, share in shares), places=places)


def _list_counted(turn: Turn, divisions: Iterable[int], people: People) -> Iterable[int]:
    """List the divisions with a figure, and of those without one their parts."""
    for key in divisions:
        if key in people:
            yield key
        else:
            yield from _list_counted(turn, turn.parts.get(key, ()), people)


def _walk(turn: Turn, divisions: Iterable[int]) -> Iterable[int]:
    for key in divisions:
        yield key
        yield from _walk(turn, turn.parts.get(key, ()))


def _list_shares(turn: Turn, shift: Shift, inside: tuple[int, ...], people: People) -> Iterable[tuple[int, float]]:
    """List the people of divisions that are cut, or that end, with the share of their area that goes."""
    if shift.ground is None or shift.source is None:
        return
    waiting, passed = [shift.source], set(inside)
    while waiting:
        key = waiting.pop()
        below = [part for part in turn.parts.get(key, ()) if part not in passed]
        if any(part in people for part in turn.parts.get(key, ())):
            waiting += [part for part in below if turn.before[part].boundary is not None]
        elif key in people and key not in passed:
            share = _measure_share(turn, key, shift)
            if share > 0:
                yield people[key], share


def _measure_share(turn: Turn, division: int, shift: Shift) -> float:
    """Measure which share of the area of a division is in the moved ground."""
    ground = turn.before[division].boundary
    if ground is None or shift.ground is None:
        return 0.0
    cut = [part for part in shapely.get_parts(shapely.intersection(ground, shift.ground)) if part.area > 0]
    if not cut:
        return 0.0
    area_m2 = measure_area(shapely.MultiPolygon(cut))
    if area_m2 < turn.pack.tolerances.report_area_m2:
        return 0.0
    return min(1.0, area_m2 / measure_area(ground))


def move_people(
    turn: Turn, shifts: Iterable[Shift], headcounts: Iterable[Headcount], people: People
) -> dict[int, int | None]:
    """Count the people of every division that gains or loses, after the change; None where a figure is missing."""
    after: dict[int, int | None] = {}
    for shift, headcount in zip(shifts, headcounts, strict=True):
        for key, sign in ((shift.source, -1), (shift.target, 1)):
            if key is None or key not in turn.after or turn.after[key].level not in shift.levels:
                continue
            is_new = key not in turn.before or turn.before[key].level not in shift.levels
            known = after.setdefault(key, 0 if is_new else people.get(key))
            is_known = known is not None and headcount.people is not None
            after[key] = known + sign * headcount.people if is_known else None  # type: ignore[operator]
    return after
