"""List every way to settle a disputed face: what it would give to whom, or why it is not open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from shapely import LineString

from geo.coverage.disputed_faces import DisputedFace
from geo.coverage.measures import measure_ground
from geo.coverage.options import (
    Option,
    OptionKind,
    adopt_line,
    declare_void,
    draw_shares,
    follow_line,
    follow_majority,
    follow_medial,
    follow_older,
    leave_open,
)
from geo.errors import ConflictError, Infeasible, InputError, Reason, because


@dataclass(frozen=True)
class ReferenceLine:
    """Hold a line that a decree describes or a survey has measured."""

    line: LineString
    """The line, EPSG:4326."""
    accuracy_m: float = 0.0
    """How far it may be off; a boundary within this distance is the same line."""
    source: str = ""
    """Where it is from, in words."""


@dataclass(frozen=True)
class DrawnLine:
    """Hold a line that an officer drew, and who is to have which side of it."""

    line: LineString
    """The line, EPSG:4326."""
    left: int | None = None
    """Who gets what lies on its left hand; None leaves it to nobody."""
    right: int | None = None
    """Who gets what lies on its right hand."""


@dataclass(frozen=True)
class Knowledge:
    """Hold what is known of a face beyond its ground."""

    places: Mapping[int, int] = field(default_factory=dict)
    """How many places in it each candidate has."""
    people: Mapping[int, int] = field(default_factory=dict)
    """How many people in it each candidate has."""
    decreed: Mapping[int, date] = field(default_factory=dict)
    """When the line of each candidate was decreed."""
    lines: tuple[ReferenceLine, ...] = ()
    """The lines of decrees and surveys."""
    drawn: DrawnLine | LineString | None = None
    """The line an officer drew: with who gets which side, or from where the candidates' lines meet as any other."""


@dataclass(frozen=True)
class Way:
    """Hold one way to settle a face, be it open or not."""

    kind: OptionKind
    """The way."""
    option: Option | None
    """What it gives to whom; None where it is refused."""
    refused: Reason | None
    """Why it is not open; divisions in it stand by their keys."""
    division: int | None = None
    """Whose line is adopted, where that is the way."""
    line: int | None = None
    """The place of the reference line among those known, where that is the way."""


def list_ways(face: DisputedFace, knowledge: Knowledge) -> tuple[Way, ...]:
    """List every way to settle a face, the candidates' lines first; nothing is changed.

    Examples
    --------
    >>> from shapely import box
    >>> from geo.coverage import Sheet, lay_face
    >>> sheet = Sheet({1: box(0, 0, 2, 1), 2: box(1, 0, 3, 1)}, {}, {})
    >>> ways = list_ways(lay_face(sheet, box(1, 0, 2, 1), [1, 2]), Knowledge(places={1: 3, 2: 1}))
    >>> [way.kind.value for way in ways if way.option]
    ['adopt', 'adopt', 'medial_line', 'majority_of_places', 'undetermined', 'void']
    """
    return tuple(_list(face, knowledge))


def _list(face: DisputedFace, known: Knowledge) -> Iterator[Way]:
    for key in face.candidates:
        yield _try(OptionKind.ADOPT, partial(adopt_line, face, key), division=key)
    yield _try(OptionKind.MEDIAL_LINE, partial(follow_medial, face))
    yield from _list_lines(face, known.lines)
    for kind, counts in (
        (OptionKind.MAJORITY_OF_PLACES, known.places),
        (OptionKind.MAJORITY_OF_PEOPLE, known.people),
    ):
        yield _try(kind, partial(follow_majority, face, counts, kind=kind))
    yield _try(OptionKind.OLDER_DECREE, partial(follow_older, face, known.decreed))
    yield _try(OptionKind.UNDETERMINED, partial(leave_open, face))
    yield _try(OptionKind.VOID, partial(declare_void, face))
    yield _draw(face, known.drawn)


def _list_lines(face: DisputedFace, lines: tuple[ReferenceLine, ...]) -> Iterator[Way]:
    if not lines:
        yield Way(OptionKind.REFERENCE_LINE, None, because("option_no_line"))
    for place, known in enumerate(lines):
        yield _try(OptionKind.REFERENCE_LINE, partial(_follow_known, face, known), line=place)


def _follow_known(face: DisputedFace, known: ReferenceLine) -> Option:
    """Follow a line of known accuracy; ground no wider than that it cannot part."""
    option = follow_line(face, known.line, tolerance_m=known.accuracy_m)
    width_m = measure_ground(face.ground).width_m if known.accuracy_m > 0 else math.inf
    if width_m <= known.accuracy_m:
        raise Infeasible(reason=because("option_accuracy", accuracy_m=known.accuracy_m, width_m=width_m))
    return option


def _draw(face: DisputedFace, drawn: DrawnLine | LineString | None) -> Way:
    if drawn is None:
        return Way(OptionKind.DRAWN, None, because("option_not_drawn"))
    if isinstance(drawn, LineString):
        return _try(OptionKind.DRAWN, partial(follow_line, face, drawn, kind=OptionKind.DRAWN))
    return _try(OptionKind.DRAWN, partial(draw_shares, face, drawn.line, (drawn.left, drawn.right)))


def _try(kind: OptionKind, make: Callable[[], Option], *, division: int | None = None, line: int | None = None) -> Way:
    """Take a way, or keep the reason why it is not open."""
    try:
        return Way(kind, make(), None, division, line)
    except (Infeasible, InputError, ConflictError) as error:
        reason = error.params.get("reason")
        told = reason if isinstance(reason, Reason) else because(f"change_{error.rule}", **error.params)
        return Way(kind, None, told, division, line)
