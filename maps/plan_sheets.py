"""Draw a district plan as one picture for paper, with its districts, their seats and their balance."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.colours import INK
from maps.figures import write_digits, write_number, write_share
from maps.outlines import to_outlines
from maps.plans import DistrictDrawn, list_districts
from maps.words import word, write_direction

WIDTH, MAP_HEIGHT, MARGIN, HEAD, LINE = 840, 760, 28, 64, 22
"""The size of the map on the sheet, the room around it, above it, and of a line below it."""

COLUMNS = 2
"""The columns in which districts are listed."""

MIDDLE = 'text-anchor="middle"'

MAX_VERTICES = 12_000
"""More would not be seen on paper."""


class Frame:
    """Place longitudes and latitudes on the sheet, north up."""

    def __init__(self, geometries: list[BaseGeometry]) -> None:
        west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object)).tolist()
        # a degree of longitude is shorter away from the equator
        self.squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self.squeeze or 1e-9, north - south or 1e-9
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (MAP_HEIGHT - 2 * MARGIN) / high)
        self.centre = ((west + east) / 2, (south + north) / 2)
        self.height = high * self.scale + 2 * MARGIN

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn positions into places on the sheet."""
        x = WIDTH / 2 + (points[:, 0] - self.centre[0]) * self.squeeze * self.scale
        y = HEAD + self.height / 2 - (points[:, 1] - self.centre[1]) * self.scale
        return np.column_stack((x, y))

    def write_path(self, shape: BaseGeometry) -> str:
        """Write the rings of a shape as a path."""
        rings = shapely.get_rings(shapely.get_parts(shape))
        placed = (self.place(shapely.get_coordinates(ring)) for ring in rings)
        return " ".join("M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in ring.tolist()) + "Z" for ring in placed)


def draw_plan_sheet(units: gpd.GeoDataFrame, *, language: str = "fa", title: str, attribution: str = "") -> str:
    """Draw the units of a plan, as `draw_plan` takes them, as an SVG that needs nothing else."""
    outlines = to_outlines(units, max_vertices=MAX_VERTICES)
    assigned = outlines[outlines["district"].notna()]
    districts = list_districts(assigned)
    if not districts:
        return _wrap([], HEAD + LINE, title, language, word("plans.none", language))
    frame = Frame(list(outlines.geometry))
    colours = {district.label: district.colour for district in districts}
    drawn = [_draw_units(assigned, frame, colours)]
    drawn += [_draw_outline(district, frame) for district in districts]
    drawn += [_draw_label(district, frame, language) for district in districts]
    base = HEAD + frame.height
    rows = -(-len(districts) // COLUMNS)
    drawn += [_draw_line(at, district, (base, rows), language) for at, district in enumerate(districts)]
    foot = base + rows * LINE + LINE
    thanks = f'{MIDDLE} font-size="10">{escape(attribution)}'
    drawn.append(f'<text x="{WIDTH / 2}" y="{foot:.0f}" {thanks}</text>')
    return _wrap(drawn, foot + LINE, title, language, _tell_mean(districts, language))


def _wrap(drawn: list[str], height: float, title: str, language: str, told: str) -> str:
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
            f'direction="{write_direction(language)}" font-family="Vazirmatn, sans-serif" fill="{INK}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
            f'<text x="{WIDTH / 2}" y="30" {MIDDLE} font-size="20" font-weight="700">{escape(title)}</text>',
            f'<text x="{WIDTH / 2}" y="52" {MIDDLE} font-size="13">{escape(told)}</text>',
            *drawn,
            "</svg>\n",
        ]
    )


def _tell_mean(districts: list[DistrictDrawn], language: str) -> str:
    mean = sum(one.population for one in districts) / sum(one.seats for one in districts)
    return word("plans.mean", language, people=write_number(round(mean), language))


def _draw_units(units: gpd.GeoDataFrame, frame: Frame, colours: dict[str, str]) -> str:
    filled: dict[str, list[str]] = {}
    for label, shape in zip(units["district"], units.geometry, strict=True):
        # pandas makes whole numbers decimal where one is missing
        name = str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
        filled.setdefault(colours[name], []).append(frame.write_path(shape))
    return "".join(
        f'<path d="{" ".join(paths)}" fill="{colour}" fill-rule="evenodd" stroke="#ffffff" stroke-width=".7"/>'
        for colour, paths in sorted(filled.items())
    )


def _draw_outline(district: DistrictDrawn, frame: Frame) -> str:
    return f'<path d="{frame.write_path(district.outline)}" fill="none" stroke="{INK}" stroke-width="1.6"/>'


def _draw_label(district: DistrictDrawn, frame: Frame, language: str) -> str:
    """Write the number of a district on a spot of its largest part."""
    part = max(shapely.get_parts(district.outline), key=lambda shape: shape.area)
    [[x, y]] = frame.place(shapely.get_coordinates(shapely.point_on_surface(part))).tolist()
    halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    number = escape(write_digits(district.label, language))
    look = f'{MIDDLE} font-size="15" font-weight="700" {halo}'
    return f'<text x="{x:.1f}" y="{y + 5:.1f}" {look}>{number}</text>'


def _draw_line(at: int, district: DistrictDrawn, room: tuple[float, int], language: str) -> str:
    """Write one district of the list: colour, number, seats, people, deviation; columns follow the direction."""
    base, rows = room
    column, row = divmod(at, rows)
    is_rtl = write_direction(language) == "rtl"
    side = COLUMNS - 1 - column if is_rtl else column
    left = MARGIN + side * (WIDTH - 2 * MARGIN) / COLUMNS
    edge = left + (WIDTH - 2 * MARGIN) / COLUMNS - 16 if is_rtl else left
    y = base + row * LINE
    told = word(
        "plans.sheet",
        language,
        district=word("plans.named", language, label=write_digits(district.label, language)),
        seats=write_number(district.seats, language),
        people=write_number(district.population, language),
        deviation=write_share(district.deviation, language, signed=True),
    )
    text = edge - 8 if is_rtl else edge + 24
    return (
        f'<rect x="{edge:.1f}" y="{y:.1f}" width="16" height="13" fill="{district.colour}" stroke="{INK}"/>'
        f'<text x="{text:.1f}" y="{y + 11:.1f}" text-anchor="start" font-size="12">{escape(told)}</text>'
    )
