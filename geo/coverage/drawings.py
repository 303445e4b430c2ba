"""Take in lines that somebody drew: check them, pull them to what is near, and node them with every boundary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, join_chains, match_edges, weave_shape
from geo.coverage.containment import Tract
from geo.coverage.edges import POLYGONAL, Flags, Floats
from geo.coverage.measures import Earth
from geo.coverage.nodes import PULL, node_lines, round_spots
from geo.coverage.sheets import Cuts, Sheet
from geo.coverage.windows import Windows
from geo.errors import InvalidGeometry, because

_EARTH = Earth()
_SPARE = 2 * PULL
_LEAST_PULL_M = 0.002
"""What the audit takes for one place is one place here."""


@dataclass(frozen=True)
class Drawing:
    """Hold a sheet that has every vertex drawn lines need, beside those lines."""

    sheet: Sheet
    """The sheet with the new vertices."""
    lines: tuple[Floats, ...]
    """The drawn lines with theirs."""
    added: int
    """How many vertices old edges got, an edge that several divisions share counted once."""
    near: Mapping[int, Chain] = field(default_factory=dict)
    """The edges, as they are now, of each boundary that come near the lines."""
    windows: Windows | None = None
    """What counts as near."""


def check_ground(ground: BaseGeometry) -> BaseGeometry:
    """Refuse ground that is no valid polygon on the globe."""
    if shapely.get_type_id(ground) not in POLYGONAL or ground.is_empty:
        raise InvalidGeometry(reason=because("ground_no_polygon"))
    check_place(ground)
    if not ground.is_valid:
        raise InvalidGeometry(reason=because("ground_invalid", detail=shapely.is_valid_reason(ground)))
    return shapely.force_2d(ground)


def check_place(drawn: BaseGeometry) -> None:
    """Refuse coordinates that are no longitude and latitude."""
    xy = shapely.get_coordinates(drawn)
    # Comparing this way round refuses what is not a number as well.
    if not (np.abs(xy) <= [180, 90]).all():
        raise InvalidGeometry(reason=because("ground_off_globe"))


def draw_lines(sheet: Sheet, lines: Sequence[Floats], *, tolerance_m: float) -> Drawing:
    """Node lines with the boundaries of a sheet; vertices within the tolerance of one are pulled to it first."""
    windows = Windows.around(lines, reach=_SPARE + _find_reach(lines, tolerance_m))
    near = sheet.cut_edges(windows)
    old = join_chains(list(near.values()))
    pulled = _pull_lines(lines, old, tolerance_m=tolerance_m)
    noding = node_lines(old, pulled)
    if not noding.added:
        return Drawing(sheet, noding.lines, 0, near, windows)
    cuts = Cuts(noding.edge, noding.inserted)
    grown = {key: cuts.insert(sheet.shapes[key]) for key, chain in near.items() if cuts.concern(chain)}
    changed = {key: shape for key, shape in grown.items() if shape is not sheet.shapes[key]}
    chains = {key: cuts.insert_few(near[key]) for key in changed}
    near |= {key: chain.select(windows.select(chain)) for key, chain in chains.items()}
    return Drawing(sheet.with_shapes(changed), noding.lines, noding.added, near, windows)


def draw_grounds(sheet: Sheet, grounds: Sequence[BaseGeometry], *, tolerance_m: float) -> tuple[Drawing, list[Tract]]:
    """Node grounds with the boundaries of a sheet and with each other."""
    rings = [shapely.get_rings(shapely.orient_polygons(shapely.get_parts(check_ground(ground)))) for ground in grounds]
    lines = [shapely.get_coordinates(ring) for some in rings for ring in some]
    drawing = draw_lines(sheet, lines, tolerance_m=tolerance_m)
    ends = np.cumsum([0, *(len(some) for some in rings)]).tolist()
    chains = [join_chains([_step(ring) for ring in drawing.lines[first:last]]) for first, last in pairwise(ends)]
    closed = [_cancel(chain) for chain in chains]
    tracts = [_close_ground(chain) for chain in closed]
    if any(some.size < chain.size for some, chain in zip(closed, chains, strict=True)):
        # What folded together is gone, and must not leave its vertices behind.
        return draw_grounds(sheet, [tract.shape for tract in tracts], tolerance_m=0.0)
    return drawing, tracts


def _close_ground(chain: Chain) -> Tract:
    """Make ground from noded edges."""
    shape = weave_shape(chain)
    if shape.is_empty or not shape.is_valid:
        raise InvalidGeometry(reason=because("ground_folded"))
    return Tract(shape)


def _step(line: Floats) -> Chain:
    chain = Chain(line[:-1], line[1:])
    return chain.select((chain.tail != chain.head).any(axis=1))


def _cancel(chain: Chain) -> Chain:
    """Drop edges that are walked in both directions."""
    return chain.select(~match_edges(chain, chain).against)


def _find_reach(lines: Sequence[Floats], tolerance_m: float) -> float:
    """Turn the tolerance into degrees, generously."""
    scale = _EARTH.find_scale(np.concatenate(list(lines))).clip(min=1.0)
    return float(tolerance_m / scale.min())


def _pull_lines(lines: Sequence[Floats], old: Chain, *, tolerance_m: float) -> list[Floats]:
    """Put every drawn vertex on the nearest old vertex or edge within the tolerance, or else on the grid."""
    xy = np.concatenate(list(lines)) + 0.0
    pulled = round_spots(xy)
    if old.size:
        reach_m = max(tolerance_m, _LEAST_PULL_M)
        placed = _pull_to_vertices(xy, pulled, np.concatenate([old.tail, old.head]), reach_m=reach_m)
        pulled[~placed] = _pull_to_edges(xy[~placed], pulled[~placed], old, reach_m=reach_m)
    return np.split(pulled, np.cumsum([len(line) for line in lines])[:-1])


def _pull_to_vertices(xy: Floats, pulled: Floats, known: Floats, *, reach_m: float) -> Flags:
    """Move vertices to the nearest known ones in place; say which were moved."""
    scale = _EARTH.find_scale(xy).mean(axis=0)
    distance, nearest = cKDTree(known * scale).query(xy * scale)
    close = np.asarray(distance <= reach_m)
    pulled[close] = known[nearest[close]]
    return close


def _pull_to_edges(xy: Floats, pulled: Floats, old: Chain, *, reach_m: float) -> Floats:
    """Give for each vertex the nearest point of an old edge within reach, on the grid, or what it was."""
    if not len(xy):
        return pulled
    scale = _EARTH.find_scale(xy).mean(axis=0)
    edges = np.asarray(shapely.linestrings(np.stack([old.tail * scale, old.head * scale], axis=1)))
    spots = np.asarray(shapely.points(xy * scale))
    row, edge = shapely.STRtree(edges).query_nearest(spots, max_distance=reach_m, all_matches=False)
    share = np.asarray(shapely.line_locate_point(edges[edge], spots[row], normalized=True))[:, None]
    found = np.array(pulled)
    found[row] = round_spots(old.tail[edge] + share * (old.head[edge] - old.tail[edge]))
    return found
