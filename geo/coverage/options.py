"""Work out who would get which ground of a disputed face, by each way to settle it that is well defined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import make_chain
from geo.coverage.disputed_faces import DisputedFace, cut_face, locate_spot
from geo.coverage.joins import join_ground
from geo.coverage.medial_lines import find_medial_line
from geo.coverage.sheets import Sheet
from geo.errors import Infeasible, InvalidGeometry, InvalidValue, Reason, because


class OptionKind(StrEnum):
    """Name the ways to settle a face, as they are stored and exchanged."""

    ADOPT = "adopt"
    """One candidate's line: the whole face is its ground."""
    MEDIAL_LINE = "medial_line"
    """The line half-way between the candidates' lines."""
    REFERENCE_LINE = "reference_line"
    """A line of a decree or a survey."""
    MAJORITY = "majority"
    """The candidate that has most of what is counted in the face."""
    OLDER_DECREE = "older_decree"
    """The candidate whose line was decreed first."""


@dataclass(frozen=True)
class Share:
    """Hold the ground of a face that one candidate gets."""

    taker: int
    """The candidate."""
    ground: BaseGeometry
    """The ground."""


@dataclass(frozen=True)
class Option:
    """Hold one way to settle a face: its shares are the whole face."""

    kind: OptionKind
    """The way."""
    shares: tuple[Share, ...]
    """Who gets what, by candidate."""
    line: LineString | None = None
    """The line that parts the shares."""


def adopt_line(face: DisputedFace, division: int) -> Option:
    """Let one candidate have the whole face."""
    return _give_whole(face, division, OptionKind.ADOPT)


def follow_majority(face: DisputedFace, counts: Mapping[int, int]) -> Option:
    """Let the candidate have the face that has most places, or people, in it; a tie is refused."""
    ranked = sorted(face.candidates, key=lambda key: (-counts.get(key, 0), key))
    most = [counts.get(key, 0) for key in ranked[:2]]
    if most[0] <= 0:
        raise Infeasible(reason=because("option_nothing_counted"))
    if len(most) > 1 and most[0] == most[1]:
        raise Infeasible(reason=because("option_tie", count=most[0]))
    return _give_whole(face, ranked[0], OptionKind.MAJORITY)


def follow_older(face: DisputedFace, decreed: Mapping[int, date]) -> Option:
    """Let the candidate have the face whose line was decreed first; an unknown day or the same day is refused."""
    unknown = [key for key in face.candidates if key not in decreed]
    if unknown:
        raise Infeasible(reason=because("option_no_decree", divisions=tuple(unknown)))
    ranked = sorted(face.candidates, key=lambda key: (decreed[key], key))
    if len(ranked) > 1 and decreed[ranked[0]] == decreed[ranked[1]]:
        raise Infeasible(reason=because("option_same_day"))
    return _give_whole(face, ranked[0], OptionKind.OLDER_DECREE)


def follow_medial(face: DisputedFace) -> Option:
    """Part the face half-way between the two candidates' lines."""
    return _part(face, find_medial_line(face), OptionKind.MEDIAL_LINE, tolerance_m=0.0)


def follow_line(face: DisputedFace, line: LineString, *, tolerance_m: float = 0.0) -> Option:
    """Part the face along a line from where the candidates' lines meet to where they meet again."""
    return _part(face, line, OptionKind.REFERENCE_LINE, tolerance_m=tolerance_m)


def _give_whole(face: DisputedFace, division: int, kind: OptionKind) -> Option:
    if division not in face.candidates:
        raise InvalidValue(field="division", value=division, reason=because("option_no_candidate"))
    return Option(kind, (Share(division, face.ground),))


def _part(face: DisputedFace, line: LineString, kind: OptionKind, *, tolerance_m: float) -> Option:
    """Cut the face, and give each piece to the candidate along whose ground it lies."""
    _ = face.sides
    try:
        cut = cut_face(face, line, tolerance_m=tolerance_m)
    except InvalidGeometry as error:
        raise Infeasible(reason=_tell_stop(face, line)) from error
    pieces: dict[int, list[BaseGeometry]] = {}
    for piece in cut.faces:
        pieces.setdefault(_find_taker(face, piece, cut.sheet), []).append(piece)
    return Option(kind, tuple(Share(key, join_ground(pieces[key])) for key in sorted(pieces)), line)


def _find_taker(face: DisputedFace, piece: BaseGeometry, sheet: Sheet) -> int:
    """Find along whose ground a piece lies; along both or none, the line stops short of where their lines meet."""
    first, second = (side.any() for side in face.mark_sides(make_chain(piece), sheet))
    if first == second:
        raise Infeasible(reason=because("option_line_stops", spot=locate_spot(piece)))
    return face.find_taker(0 if first else 1)


def _tell_stop(face: DisputedFace, line: BaseGeometry) -> Reason:
    """Say where a line that parts nothing stops inside the face, or that it passes it by."""
    for end in (shapely.Point(spot) for spot in shapely.get_coordinates(line)[[0, -1]]):
        if shapely.covers(face.ground, end):
            return because("option_line_stops", spot=locate_spot(end))
    return because("option_line_misses")
