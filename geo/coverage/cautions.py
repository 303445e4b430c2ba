"""Say why a face must not be settled by a machine: an officer has to look at it first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geo.coverage.chains import Chain, match_edges
from geo.coverage.containment import Tract
from geo.coverage.disputed_faces import DisputedFace
from geo.coverage.edges import Flags
from geo.coverage.measures import measure_area
from geo.errors import Reason, because

LARGE_M2 = 10_000.0
"""From more than a hectare on, somebody has to look."""


def list_cautions(face: DisputedFace, *, people: int | None = None, places: int = 0) -> tuple[Reason, ...]:
    """List what speaks against settling a face without looking: its size, who lives there, where and what it is.

    Examples
    --------
    >>> from shapely import box
    >>> from geo.coverage import Sheet, lay_face
    >>> sheet = Sheet({1: box(0, 0, 2, 1), 2: box(1, 0, 3, 1)}, {}, {})
    >>> [reason.key for reason in list_cautions(lay_face(sheet, box(1, 0, 2, 1), [1, 2]), places=1)]
    ['caution_large', 'caution_places', 'caution_outer_border']
    """
    return tuple(_list(face, people, places))


def _list(face: DisputedFace, people: int | None, places: int) -> Iterator[Reason]:
    area_m2 = measure_area(face.ground)
    if area_m2 > LARGE_M2:
        yield because("caution_large", area_m2=round(area_m2), limit_m2=round(LARGE_M2))
    if people:
        yield because("caution_people", people=people)
    if places:
        yield because("caution_places", places=places)
    if lies_outside(face):
        yield because("caution_outer_border")
    whole = list_swallowed(face)
    if len(whole) > 1:
        yield because("caution_twin", divisions=whole)
    elif whole:
        yield because("caution_no_hole", divisions=whole)


def list_swallowed(face: DisputedFace) -> tuple[int, ...]:
    """List the candidates all of whose ground is the face: one inside another, or twins where several are."""
    chain = face.tract.chain
    borders = {key: Tract(face.sheet.shapes[key]).chain for key in face.holders}
    return tuple(
        key
        for key, border in borders.items()
        if border.size == chain.size and bool(match_edges(border, chain).along.all())
    )


def lies_outside(face: DisputedFace) -> bool:
    """Tell whether the face reaches the outer border: an edge of it with no ground of anybody beyond."""
    return bool((~_find_covered(face, face.tract.chain)).any())


def _find_covered(face: DisputedFace, chain: Chain) -> Flags:
    """Mark the edges beyond which some division of the lowest levels has ground."""
    covered = np.zeros(chain.size, dtype=np.bool_)
    for key in face.sheet.find_shapes(*chain.find_box()):
        if next(face.sheet.list_bounded(key), None) is None:
            whole = Tract(face.sheet.shapes[key])
            match = match_edges(chain, whole.chain)
            covered |= match.against
            # an edge inside a division has its ground on both sides
            covered[match.lone] |= whole.covers(chain.select(match.lone))
    return covered
