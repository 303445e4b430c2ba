"""Join the ways to settle single faces into ways to settle a whole dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.coverage import measure_area
from geo.coverage.ways import Way
from geo.errors import Reason, because
from services.disputes.parts import PartShare


@dataclass(frozen=True)
class JoinedWay:
    """Hold one way to settle all faces of a dispute."""

    kind: str
    """The way, as `geo.coverage.OptionKind` names it."""
    division: int | None
    """The division that gets all of the ground, where one does."""
    line: int | None
    """The place of the line among those known, where that is the way."""
    shares: tuple[PartShare, ...]
    """Who gets what; none where it is refused."""
    refused: Reason | None
    """Why it is not to be had on one of the faces."""


Key = tuple[str, int | None, int | None]


def join_ways(faces: Sequence[int], ways: Sequence[Sequence[Way]]) -> tuple[JoinedWay, ...]:
    """Join the ways of each face: one that is refused on a face is refused for all."""
    by_key: dict[Key, dict[int, Way]] = {}
    for face, own in zip(faces, ways, strict=True):
        for way in own:
            by_key.setdefault((str(way.kind), way.division, way.line), {})[face] = way
    return tuple(_join(key, [own.get(face) for face in faces], faces) for key, own in by_key.items())


def _join(key: Key, ways: Sequence[Way | None], faces: Sequence[int]) -> JoinedWay:
    kind, division, line = key
    refused = next((reason for way in ways if (reason := _find_refusal(way))), None)
    if refused is not None:
        return JoinedWay(kind, division, line, (), refused)
    shares = tuple(
        PartShare(face, share.taker, share.ground, measure_area(share.ground))
        for face, way in zip(faces, ways, strict=True)
        for share in (way.option.shares if way and way.option else ())
    )
    takers = {share.taker for share in shares}
    return JoinedWay(kind, division or (takers.pop() if len(takers) == 1 else None), line, shares, None)


def _find_refusal(way: Way | None) -> Reason | None:
    return because("option_no_candidate") if way is None else way.refused
