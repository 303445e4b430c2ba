"""Score how well a row of another source fits a division, component by component."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp

import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import Reason, because
from geo.register.candidates import CodeKey
from geo.register.match_names import FoldedName, measure_likeness

ENOUGH = 5.0
"""Components that weigh less than this together cannot reach a full score: a name alone is rarely an answer."""

PARENT_LIKE = 0.8
"""A parent whose name is less alike is another parent."""

NEAR_DEGREES = 0.05
"""About five kilometres: at this distance a position counts a third."""


class Part(StrEnum):
    """Name the components of a score."""

    CODE = "code"
    """The code, in the scheme the row names or in any."""
    NAME = "name"
    """The name, whatever its spelling, in any language of one script."""
    PARENT = "parent"
    """The division above, by code or name."""
    OVERLAP = "overlap"
    """The share of ground they have in common."""
    POSITION = "position"
    """How near the point is."""


WEIGHTS: Mapping[Part, float] = {Part.CODE: 5, Part.NAME: 4, Part.PARENT: 2, Part.OVERLAP: 5, Part.POSITION: 2}
"""How much each component counts."""


@dataclass(frozen=True)
class Asked:
    """Hold a row of another source."""

    row: int
    """Its number in the source."""
    codes: tuple[tuple[str, str], ...] = ()
    """Its codes with the scheme each is of; the scheme is empty where it is not known."""
    names: tuple[FoldedName, ...] = ()
    """Its names."""
    level: str | None = None
    """Its level, where the source tells it."""
    parent_codes: tuple[str, ...] = ()
    """Codes of divisions it lies in."""
    parent_names: tuple[FoldedName, ...] = ()
    """Names of divisions it lies in."""
    ground: BaseGeometry | None = None
    """Its polygon or point, EPSG:4326."""


@dataclass(frozen=True)
class Listed:
    """Hold a division that rows may be of."""

    id: int
    """Its lasting key."""
    code: str
    """Its primary code, which breaks ties."""
    level: str
    """Its level."""
    codes: tuple[CodeKey, ...] = ()
    """All its codes."""
    names: tuple[FoldedName, ...] = ()
    """All its names."""
    above: tuple[int, ...] = ()
    """The divisions above it, the nearest first."""
    ground: BaseGeometry | None = field(default=None, compare=False)
    """Its boundary or point."""


@dataclass(frozen=True)
class Component:
    """Tell one part of a score."""

    part: Part
    """Which."""
    score: float
    """From 0 to 1."""
    weight: float
    """How much it counts."""
    reason: Reason
    """Why, for people."""


@dataclass(frozen=True)
class Option:
    """Hold a division that a row may be, with its score and the reasons."""

    division: int
    """The division."""
    score: float
    """From 0 to 1."""
    components: tuple[Component, ...]
    """What it is made of; what could not be compared is left out."""

    @property
    def support(self) -> float:
        """Sum the weights of what speaks for it."""
        return sum(component.weight * component.score for component in self.components)


def score_option(asked: Asked, listed: Listed, above: Sequence[Listed], *, overlap: float | None) -> Option:
    """Score a division for a row; `above` are the divisions it lies in, `overlap` the share of ground in common."""
    found = [
        _score_code(asked, listed),
        _score_name(asked.names, listed),
        _score_parent(asked, above),
        _score_overlap(overlap),
        _score_position(asked, listed),
    ]
    components = tuple(component for component in found if component)
    weight = sum(component.weight for component in components)
    mean = sum(component.score * component.weight for component in components) / max(weight, ENOUGH)
    return Option(listed.id, round(mean, 4), components)


def _make(part: Part, score: float, reason: Reason) -> Component:
    return Component(part, round(score, 4), WEIGHTS[part], reason)


def _score_code(asked: Asked, listed: Listed) -> Component | None:
    """Compare codes: an equal one speaks for the division, another one in the same scheme against it."""
    against = None
    for scheme, code in asked.codes:
        for own in listed.codes:
            if code == own.code and scheme in ("", own.scheme):
                return _make(Part.CODE, 1.0, because("match_code_same", code=str(own)))
            if scheme == own.scheme and code != own.code:
                against = because("match_code_other", code=code, known=str(own))
    return _make(Part.CODE, 0.0, against) if against else None


def _score_name(names: Iterable[FoldedName], listed: Listed) -> Component | None:
    like = find_likeness(names, listed.names)
    if like is None:
        return None
    if like == 1.0:
        return _make(Part.NAME, 1.0, because("match_name_same"))
    key = "match_name_like" if like else "match_name_other"
    return _make(Part.NAME, like, because(key, share=round(like, 2)))


def find_likeness(names: Iterable[FoldedName], others: Sequence[FoldedName]) -> float | None:
    """Find how like the likest two names are; None when none can be compared."""
    found = (measure_likeness(name, other) for name in names for other in others)
    return max((like for like in found if like is not None), default=None)


def _score_parent(asked: Asked, above: Sequence[Listed]) -> Component | None:
    if not above or not (asked.parent_codes or asked.parent_names):
        return None
    if any(code == own.code for code in asked.parent_codes for one in above for own in one.codes):
        return _make(Part.PARENT, 1.0, because("match_parent_code"))
    likes = list(_list_likenesses(asked.parent_names, above))
    if not likes:
        return None
    best = max(likes)
    if best >= PARENT_LIKE:
        return _make(Part.PARENT, best, because("match_parent_name", share=round(best, 2)))
    return _make(Part.PARENT, 0.0, because("match_parent_other"))


def _list_likenesses(names: Sequence[FoldedName], above: Sequence[Listed]) -> Iterator[float]:
    for one in above:
        like = find_likeness(names, one.names)
        if like is not None:
            yield like


def _score_overlap(overlap: float | None) -> Component | None:
    if overlap is None:
        return None
    return _make(Part.OVERLAP, overlap, because("match_overlap", share=round(overlap, 3)))


def _score_position(asked: Asked, listed: Listed) -> Component | None:
    """Compare positions where at least one of the two is a point."""
    if asked.ground is None or listed.ground is None:
        return None
    if not any(isinstance(ground, shapely.Point) for ground in (asked.ground, listed.ground)):
        return None
    distance = float(asked.ground.distance(listed.ground))
    if distance == 0:
        return _make(Part.POSITION, 1.0, because("match_position_inside"))
    return _make(Part.POSITION, exp(-distance / NEAR_DEGREES), because("match_position", km=round(distance * 111, 1)))
