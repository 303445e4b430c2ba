"""Work out who would get which ground of a disputed face, by each way to settle it that is well defined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import make_chain
from geo.coverage.cuts import Cut, Side
from geo.coverage.disputed_faces import DisputedFace, cut_face, locate_spot
from geo.coverage.joins import join_ground
from geo.coverage.medial_lines import find_medial_line
from geo.errors import Infeasible, InvalidGeometry, InvalidValue, Reason, because


class OptionKind(StrEnum):
    """Name the ways to settle a face, as they are stored and exchanged."""

    ADOPT = "adopt"
    """One candidate's line: the whole face is its ground."""
    MEDIAL_LINE = "medial_line"
    """The line half-way between the candidates' lines."""
    REFERENCE_LINE = "reference_line"
    """A line of a decree or a survey."""
    MAJORITY_OF_PLACES = "majority_of_places"
    """The candidate that has most places in the face."""
    MAJORITY_OF_PEOPLE = "majority_of_people"
    """The candidate that has most people in the face."""
    OLDER_DECREE = "older_decree"
    """The candidate whose line was decreed first."""
    UNDETERMINED = "undetermined"
    """Nobody's, until it is known whose."""
    VOID = "void"
    """Nobody's, and rightly so."""
    DRAWN = "drawn"
    """Shares that an officer drew."""


@dataclass(frozen=True)
class Share:
    """Hold the ground of a face that one candidate gets."""

    taker: int | None
    """The candidate; None leaves the ground to nobody."""
    ground: BaseGeometry
    """The ground."""


@dataclass(frozen=True)
class Option:
    """Hold one way to settle a face: its shares are the whole face."""

    kind: OptionKind
    """The way."""
    shares: tuple[Share, ...]
    """Who gets what, by candidate."""
    line: LineString | MultiLineString | None = None
    """The line, or the lines, that part the shares."""


def adopt_line(face: DisputedFace, division: int) -> Option:
    """Let one candidate have the whole face."""
    return _give_whole(face, division, OptionKind.ADOPT)


def follow_majority(
    face: DisputedFace, counts: Mapping[int, int], *, kind: OptionKind = OptionKind.MAJORITY_OF_PLACES
) -> Option:
    """Let the candidate have the face that has most of what was counted in it; a tie is refused."""
    ranked = sorted(face.candidates, key=lambda key: (-counts.get(key, 0), key))
    most = [counts.get(key, 0) for key in ranked[:2]]
    if most[0] <= 0:
        raise Infeasible(reason=because("option_nothing_counted"))
    if len(most) > 1 and most[0] == most[1]:
        raise Infeasible(reason=because("option_tie", count=most[0]))
    return _give_whole(face, ranked[0], kind)


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
    """Part the face, strip by strip, half-way between the two candidates' lines."""
    found = [_part(strip, find_medial_line(strip), OptionKind.MEDIAL_LINE) for strip in face.list_strips()]
    return _join_options(found)


def follow_line(
    face: DisputedFace,
    line: LineString,
    *,
    tolerance_m: float = 0.0,
    kind: OptionKind = OptionKind.REFERENCE_LINE,
) -> Option:
    """Part the face along a line from where the candidates' lines meet to where they meet again."""
    return _join_options([_part(strip, line, kind, tolerance_m=tolerance_m) for strip in face.list_strips()])


def leave_open(face: DisputedFace) -> Option:
    """Leave the face undetermined: it is in nobody's ground, and counted for nobody."""
    return Option(OptionKind.UNDETERMINED, (Share(None, face.ground),))


def declare_void(face: DisputedFace) -> Option:
    """Declare that the face is rightly nobody's, as a lake may be."""
    return Option(OptionKind.VOID, (Share(None, face.ground),))


def draw_shares(
    face: DisputedFace, line: LineString, takers: tuple[int | None, int | None], *, tolerance_m: float = 0.0
) -> Option:
    """Part the face along a line drawn by hand: what lies on its left goes to one, on its right to another.

    The line need not run from where the candidates' lines meet, and there may be more than two candidates.
    """
    cut = _cut(face, line, tolerance_m=tolerance_m)
    pieces: dict[int | None, list[BaseGeometry]] = {}
    for piece, side in zip(cut.faces, cut.sides, strict=True):
        if side is Side.BOTH:
            raise Infeasible(reason=because("option_both_sides", spot=locate_spot(piece)))
        pieces.setdefault(takers[0] if side is Side.LEFT else takers[1], []).append(piece)
    return Option(OptionKind.DRAWN, _list_shares(pieces), line)


def _give_whole(face: DisputedFace, division: int, kind: OptionKind) -> Option:
    if division not in face.candidates:
        raise InvalidValue(field="division", value=division, reason=because("option_no_candidate"))
    return Option(kind, (Share(division, face.ground),))


def _part(face: DisputedFace, line: LineString, kind: OptionKind, *, tolerance_m: float = 0.0) -> Option:
    """Cut the face, and give each piece to the candidate along whose ground it lies."""
    _ = face.sides
    cut = _cut(face, line, tolerance_m=tolerance_m)
    pieces: dict[int | None, list[BaseGeometry]] = {}
    for piece in cut.faces:
        pieces.setdefault(_find_taker(face, piece, cut.sheet.shapes), []).append(piece)
    return Option(kind, _list_shares(pieces), line)


def _cut(face: DisputedFace, line: LineString, *, tolerance_m: float) -> Cut:
    """Cut the face along a line, or say why the line parts nothing."""
    try:
        return cut_face(face, line, tolerance_m=tolerance_m)
    except InvalidGeometry as error:
        raise Infeasible(reason=_tell_stop(face, line, error)) from error


def _list_shares(pieces: Mapping[int | None, list[BaseGeometry]]) -> tuple[Share, ...]:
    """List shares by candidate, nobody's last."""
    takers = sorted(pieces, key=lambda key: (key is None, key or 0))
    return tuple(Share(key, join_ground(pieces[key])) for key in takers)


def _join_options(found: list[Option]) -> Option:
    """Make one option of those for each strip of a face."""
    if len(found) == 1:
        return found[0]
    pieces: dict[int | None, list[BaseGeometry]] = {}
    for share in (share for option in found for share in option.shares):
        pieces.setdefault(share.taker, []).append(share.ground)
    lines = {line.wkb: line for option in found for line in shapely.get_parts(option.line).tolist()}
    whole = next(iter(lines.values())) if len(lines) == 1 else MultiLineString(list(lines.values()))
    return Option(found[0].kind, _list_shares(pieces), whole)


def _find_taker(face: DisputedFace, piece: BaseGeometry, extents: Mapping[int, BaseGeometry]) -> int:
    """Find along whose ground a piece lies; along both or none, the line stops short of where their lines meet."""
    first, second = (side.any() for side in face.mark_sides(make_chain(piece), extents))
    if first == second:
        raise Infeasible(reason=because("option_line_stops", spot=locate_spot(piece)))
    return face.find_taker(0 if first else 1)


def _tell_stop(face: DisputedFace, line: BaseGeometry, error: InvalidGeometry) -> Reason:
    """Say where a line that parts nothing stops inside the face, or that it passes it by, or is no line at all."""
    reason = error.params.get("reason")
    if isinstance(reason, Reason) and reason.key != "ground_line_cuts_nothing":
        return reason
    for end in (shapely.Point(spot) for spot in shapely.get_coordinates(line)[[0, -1]]):
        if shapely.covers(face.ground, end):
            return because("option_line_stops", spot=locate_spot(end))
    return because("option_line_misses")
