"""Draw maps for paper: outlines and cases as plain SVG, and beside it what is written on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.colours import BORDER, INK, LAND, choose_kind
from maps.figures import write_distance

MARGIN = 0.03
"""What is left free around an overview, as a share of its extent."""

SURROUNDINGS = 1.2
"""How much of the surroundings a case is shown with, in sizes of the case, on each side."""

LEAST_SPAN_DEGREES = 0.0006
"""No map shows less than about sixty metres, so that the smallest case still has a neighbourhood."""

DOT = 2.6
"""The radius of the mark of a case, in points."""

BAR_STEPS = (1, 2, 5)
"""The lengths of a scale bar begin with these digits."""

EARTH_M = 111_195.0
"""Metres of a degree of latitude on the mean sphere, which is near enough for a scale bar."""


@dataclass(frozen=True)
class Mark:
    """Hold one case to be drawn."""

    shape: BaseGeometry
    """Where it is, EPSG:4326."""
    kind: str
    """What is wrong, by which it is coloured."""
    label: str = ""
    """What stands beside it."""
    is_faint: bool = False
    """Whether it is drawn as what needs nobody's attention."""


@dataclass(frozen=True)
class Ground:
    """Hold one division to be drawn below the cases."""

    shape: BaseGeometry
    """Its boundary, EPSG:4326."""
    name: str = ""
    """What it is called on the map; nothing is written where it is empty."""


@dataclass(frozen=True)
class Label:
    """Hold what is written on a map; it is not in the drawing, for drawings do not join the letters of Persian."""

    x: float
    """How far from the left, in points: of its middle, or of its left where it stands beside a mark."""
    y: float
    """How far from the top its middle is, in points."""
    text: str
    """What is written."""
    is_beside: bool = False
    """Whether it stands beside a mark, else around its point."""


@dataclass(frozen=True)
class PrintMap:
    """Hold a map for paper."""

    svg: str
    """The drawing."""
    width: float
    """Its width in points."""
    height: float
    """Its height in points."""
    labels: tuple[Label, ...]
    """What is written on it."""


@dataclass(frozen=True)
class _Frame:
    """Lead from longitude and latitude to points of paper, north up."""

    bounds: tuple[float, float, float, float]
    """West, south, east and north of what is shown."""
    scale: float
    """Points for a degree of latitude."""
    squeeze: float
    """How much shorter a degree of longitude is."""

    @property
    def size(self) -> tuple[float, float]:
        """Give width and height in points."""
        west, south, east, north = self.bounds
        return (east - west) * self.squeeze * self.scale, (north - south) * self.scale

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Place points on the paper."""
        west, _, _, north = self.bounds
        x = (points[:, 0] - west) * self.squeeze * self.scale
        return np.column_stack((x, (north - points[:, 1]) * self.scale))

    def draw(self, shape: BaseGeometry) -> BaseGeometry:
        """Cut a shape to what is shown, and leave out what paper cannot show."""
        cut = shapely.clip_by_rect(shape, *self.bounds)
        return shapely.simplify(shapely.transform(cut, self.place), 0.12)


def draw_overview(
    grounds: Sequence[Ground], marks: Sequence[Mark], *, width: float, height: float, language: str
) -> PrintMap | None:
    """Draw cases as dots on all divisions; None where there is no ground."""
    shapes = [ground.shape for ground in grounds if not ground.shape.is_empty]
    if not shapes:
        return None
    frame = _fit(shapely.total_bounds(np.asarray(shapes, dtype=object)), MARGIN, (width, height))
    parts = [_draw_ground(frame, ground) for ground in grounds]
    for mark in marks:
        parts += [_draw_shape(frame, mark, stroke=0.4), _draw_dot(frame, mark)]
    labels = [_label_dot(frame, mark) for mark in marks if mark.label]
    return _close(frame, parts, labels, language)


def draw_case(grounds: Sequence[Ground], mark: Mark, *, width: float, height: float, language: str) -> PrintMap:
    """Draw one case with its surroundings, and name the divisions in them that have a name here."""
    frame = _fit(np.asarray(mark.shape.bounds), SURROUNDINGS, (width, height))
    view = shapely.box(*frame.bounds)
    # by their boxes: boundaries may be too broken to be asked
    near = [ground for ground in grounds if shapely.box(*ground.shape.bounds).intersects(view)]
    parts = [_draw_ground(frame, ground) for ground in near]
    parts.append(_draw_shape(frame, mark, stroke=0.8))
    if frame.draw(mark.shape).area < DOT**2:
        parts.append(_draw_dot(frame, mark))
    labels = [label for ground in near if (label := _label_ground(frame, ground, mark))]
    return _close(frame, parts, labels, language)


def _fit(bounds: NDArray[np.float64], margin: float, size: tuple[float, float]) -> _Frame:
    """Show some bounds with a margin around them in a box of paper, in the middle of it."""
    west, south, east, north = bounds.tolist()
    x, y = (west + east) / 2, (south + north) / 2
    squeeze = max(math.cos(math.radians(y)), 0.01)
    grow = 1 + 2 * margin
    across = max((east - west) * grow, LEAST_SPAN_DEGREES / squeeze)
    up = max((north - south) * grow, LEAST_SPAN_DEGREES)
    scale = min(size[0] / (across * squeeze), size[1] / up)
    half = size[0] / scale / squeeze / 2, size[1] / scale / 2
    return _Frame((x - half[0], y - half[1], x + half[0], y + half[1]), scale, squeeze)


def _draw_ground(frame: _Frame, ground: Ground) -> str:
    path = _write_path(frame.draw(ground.shape))
    return f'<path d="{path}" fill="{LAND}" stroke="{BORDER}" stroke-width="0.35" fill-rule="evenodd"/>' if path else ""


def _draw_shape(frame: _Frame, mark: Mark, *, stroke: float) -> str:
    path = _write_path(frame.draw(mark.shape))
    colour, fill = choose_kind(mark.kind), 0.2 if mark.is_faint else 0.55
    if not path:
        return ""
    return (
        f'<path d="{path}" fill="{colour}" fill-opacity="{fill}" stroke="{colour}" stroke-width="{stroke}" '
        'fill-rule="evenodd"/>'
    )


def _draw_dot(frame: _Frame, mark: Mark) -> str:
    x, y = _find_spot(frame, mark.shape)
    fill = "none" if mark.is_faint else choose_kind(mark.kind)
    edge = f'stroke="{choose_kind(mark.kind)}" stroke-width="0.5"'
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{DOT}" fill="{fill}" fill-opacity="0.85" {edge}/>'


def _label_dot(frame: _Frame, mark: Mark) -> Label:
    x, y = _find_spot(frame, mark.shape)
    return Label(x + DOT + 1, y, mark.label, is_beside=True)


def _label_ground(frame: _Frame, ground: Ground, mark: Mark) -> Label | None:
    """Name a division where most of it shows beside the case."""
    if not ground.name:
        return None
    shown = shapely.make_valid(shapely.clip_by_rect(ground.shape, *frame.bounds))
    beside = shapely.difference(shown, mark.shape) if mark.shape.is_valid else shown
    if beside.is_empty:
        return None
    x, y = _find_spot(frame, beside)
    return Label(x, y, ground.name)


def _find_spot(frame: _Frame, shape: BaseGeometry) -> tuple[float, float]:
    spot = shapely.point_on_surface(shape)
    x, y = frame.place(shapely.get_coordinates(spot))[0].tolist()
    return x, y


def _write_path(shape: BaseGeometry) -> str:
    pieces = [part for part in shapely.get_parts(shape) if not part.is_empty]
    path = []
    for piece in pieces:
        lines = shapely.get_rings(piece) if piece.geom_type == "Polygon" else [piece]
        if piece.geom_type in ("Polygon", "LineString"):
            path += [_write_line(line, closed=piece.geom_type == "Polygon") for line in lines]
    return "".join(path)


def _write_line(line: BaseGeometry, *, closed: bool) -> str:
    points = " ".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(line).tolist())
    return f"M{points}Z" if closed else f"M{points}"


def _close(frame: _Frame, parts: Sequence[str], labels: Sequence[Label], language: str) -> PrintMap:
    width, height = frame.size
    box = f'viewBox="0 0 {width:.2f} {height:.2f}" width="{width:.2f}pt" height="{height:.2f}pt"'
    bar, length = _draw_bar(frame, language)
    inside = "".join((*parts, bar))
    edge = f'<rect width="{width:.2f}" height="{height:.2f}" fill="none" stroke="{BORDER}" stroke-width="0.8"/>'
    sheet = f'<rect width="{width:.2f}" height="{height:.2f}" fill="#fff"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{sheet}{inside}{edge}</svg>'
    return PrintMap(svg, round(width, 2), round(height, 2), (*labels, length))


def _draw_bar(frame: _Frame, language: str) -> tuple[str, Label]:
    """Draw a scale bar of a round length, at most a quarter as wide as the map."""
    width, height = frame.size
    metres = width / 4 / frame.scale * EARTH_M
    power = 10 ** math.floor(math.log10(metres))
    length = max(step * power for step in BAR_STEPS if step * power <= metres)
    points = length / EARTH_M * frame.scale
    y = height - 6
    path = f"M6 {y - 3:.2f} V{y:.2f} H{6 + points:.2f} V{y - 3:.2f}"
    line = f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="0.8"/>'
    return line, Label(6 + points / 2, y - 6, write_distance(length, language))
