"""Find the line half-way between two borders of a face."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from geo.coverage.chains import Chain, string_lines
from geo.coverage.disputed_faces import DisputedFace, list_switches
from geo.coverage.edges import Floats, Shapes
from geo.coverage.measures import Earth
from geo.coverage.nodes import round_spots
from geo.errors import Infeasible, because

_EARTH = Earth()
_STEPS_ACROSS = 8
_LEAST_STEPS = 4
_MOST_SAMPLES = 3000
_SMOOTHING_SHARE = 0.02


def find_medial_line(face: DisputedFace) -> LineString:
    """Find the line all of whose points are as near to one candidate's border as to the other's.

    It exists where the face is one strip: one line that runs from where the borders meet, or from the border both
    share, to where they meet or share again. Otherwise it is refused.
    """
    first, second = face.sides
    scale = _EARTH.find_scale(np.array([shapely.get_coordinates(face.ground.centroid)[0]]))[0]
    strip = shapely.transform(face.ground, lambda xy: xy * scale)
    borders = [_scale(face.tract.chain.select(side), scale) for side in (first, second)]
    step = _choose_step(strip, borders)
    line = _find_line(strip, borders, step)
    smooth = shapely.simplify(line, _SMOOTHING_SHARE * step * _STEPS_ACROSS)
    ends = _tie_ends(shapely.get_coordinates(smooth) / scale, face, reach=2 * step / float(scale.min()))
    return LineString(round_spots(ends))


def _scale(chain: Chain, scale: Floats) -> Shapes:
    return np.asarray(shapely.transform(string_lines(chain), lambda xy: xy * scale))


def _choose_step(strip: BaseGeometry, borders: list[Shapes]) -> float:
    """Choose how densely to look: some steps to the mean width, but not without end."""
    length = max(float(shapely.length(lines).sum()) for lines in borders)
    return max(strip.area / length / _STEPS_ACROSS, 2 * length / _MOST_SAMPLES)


def _find_line(strip: BaseGeometry, borders: list[Shapes], step: float) -> LineString:
    """Take the cells nearest to points of one border, and the line in the strip where they end."""
    samples = [_sample(lines, step) for lines in borders]
    # Where the borders meet, a point is of neither.
    both = set(map(tuple, samples[0].tolist())) & set(map(tuple, samples[1].tolist()))
    kept = [np.array([spot for spot in some.tolist() if tuple(spot) not in both]) for some in samples]
    cells = shapely.voronoi_polygons(
        shapely.multipoints(np.concatenate(kept)), extend_to=shapely.box(*strip.bounds), ordered=True
    )
    near = shapely.union_all(shapely.get_parts(cells)[: len(kept[0])])
    inner = shapely.intersection(shapely.boundary(near), strip)
    merged = shapely.get_parts(shapely.line_merge(_keep_lines(inner)))
    lines: list[LineString] = [part for part in merged if part.length > step / 2]
    if len(lines) != 1 or lines[0].is_ring:
        raise Infeasible(reason=because("option_no_strip", lines=len(lines)))
    return lines[0]


def _sample(lines: Shapes, step: float) -> Floats:
    # Even a short border has points between its ends.
    steps = np.minimum(step, shapely.length(lines) / _LEAST_STEPS)
    return np.unique(shapely.get_coordinates(shapely.segmentize(lines, steps)), axis=0)


def _keep_lines(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString"]
    return shapely.MultiLineString(parts)


def _tie_ends(xy: Floats, face: DisputedFace, *, reach: float) -> Floats:
    """Lead the ends of the line to the points where the borders meet, or beyond the border both share."""
    switches = np.array(list_switches(face)).reshape(-1, 2)
    start, end = (_tie_end(spot, inner, switches, reach) for spot, inner in ((xy[0], xy[1]), (xy[-1], xy[-2])))
    return np.concatenate([start, xy[1:-1], end[::-1]])


def _tie_end(spot: Floats, inner: Floats, switches: Floats, reach: float) -> Floats:
    away = np.hypot(*(switches - spot).T)
    if len(away) and away.min() <= reach:
        return np.asarray(switches[[int(away.argmin())]])
    # A little longer than it is, so that it surely crosses the border.
    step = (spot - inner) / max(float(np.hypot(*(spot - inner))), 1e-300)
    return np.asarray([spot + step * reach])
