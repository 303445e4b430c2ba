"""Draw a district plan: which unit lies in which district, and how even the districts are."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from maps.canvas import Canvas, add_features
from maps.colours import DISTRICTS, INK, UNKNOWN
from maps.divisions import to_id, to_name
from maps.figures import write_digits, write_number, write_share
from maps.legend import Legend
from maps.outlines import Drawing, to_outlines
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.words import word


@dataclass(frozen=True)
class DistrictDrawn:
    """One district of the plan with its figures."""

    label: str
    """What it is called."""
    population: int
    """Its people."""
    deviation: float
    """How far its people by seat lie from the mean, as a share of it."""
    units: int
    """How many units it has."""
    seats: int
    """How many members it returns."""
    colour: str
    """How it is filled."""
    outline: BaseGeometry
    """Its ground."""


def draw_plan(units: gpd.GeoDataFrame, *, language: str = "fa", title: str, attribution: str = "") -> Page:
    """Draw the units of a plan, coloured by their district.

    The columns are `code`, `name`, `population`, `district` and, where districts return several members, `seats`: the
    seats of the district of each unit, by which its people are then shared.
    """
    outlines = to_outlines(units)
    assigned = outlines[outlines["district"].notna()]
    districts = list_districts(assigned)
    colours = {district.label: district.colour for district in districts}
    canvas = Canvas(outlines.geometry)
    add_features(canvas, _draw_units(outlines, colours, language))
    add_features(canvas, [_draw_district(district, language) for district in districts])
    summary = _summarise(districts, len(assigned), language)
    table = _list_balance(districts, language)
    return compose_page(canvas, Sheet(title, language, summary, Legend(()), table, attribution))


def list_districts(units: gpd.GeoDataFrame) -> list[DistrictDrawn]:
    """Gather the districts in the order of their labels, numbers as numbers."""
    groups = {_to_label(label): rows for label, rows in units.groupby("district")}
    labels = sorted(groups, key=lambda label: (len(label), label))
    outlines = [shapely.union_all(groups[label].geometry.to_numpy()) for label in labels]
    populations = [int(groups[label]["population"].fillna(0).sum()) for label in labels]
    seats = [int(groups[label]["seats"].iloc[0]) if "seats" in units else 1 for label in labels]
    mean = sum(populations) / sum(seats) if sum(populations) else 1.0
    deviations = [people / held / mean - 1 for people, held in zip(populations, seats, strict=True)]
    counts = [len(groups[label]) for label in labels]
    columns = (labels, populations, deviations, counts, seats, choose_colours(outlines), outlines)
    return [DistrictDrawn(*values) for values in zip(*columns, strict=True)]


def choose_colours(outlines: list[BaseGeometry]) -> list[str]:
    """Give every shape a colour that none of its neighbours has, as far as the palette goes, and use them evenly."""
    if not outlines:
        return []
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    chosen: list[int] = []
    for position in range(len(outlines)):
        taken = {chosen[other] for other in second[first == position] if other < position}
        uses = np.bincount(chosen, minlength=len(DISTRICTS))
        chosen.append(min(range(len(DISTRICTS)), key=lambda colour: (colour in taken, uses[colour], colour)))
    return [DISTRICTS[colour] for colour in chosen]


def _to_label(label: object) -> str:
    """Write a district as it is called: whole numbers that pandas made decimal lose their decimals."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def _draw_units(outlines: gpd.GeoDataFrame, colours: dict[str, str], language: str) -> list[Drawing]:
    columns = (outlines[column] for column in ("code", "name", "population", "district"))
    return [
        _draw_unit((str(code), to_name(name, code), population, district), shape, colours, language)
        for code, name, population, district, shape in zip(*columns, outlines.geometry, strict=True)
    ]


def _draw_unit(
    unit: tuple[str, str, float, object], shape: BaseGeometry, colours: dict[str, str], language: str
) -> Drawing:
    code, name, population, district = unit
    label = word("plans.unassigned", language) if pd.isna(district) else _to_label(district)  # type: ignore[call-overload]
    style = {"color": "#ffffff", "weight": 0.6, "fillColor": colours.get(label, UNKNOWN), "fillOpacity": 1}
    details = (
        (word("plans.district", language), write_digits(label, language)),
        (word("plans.population", language), "—" if pd.isna(population) else write_number(population, language)),
        (word("page.code", language), code),
    )
    return Drawing(to_id(code), shape, style, name, details)


def _draw_district(district: DistrictDrawn, language: str) -> Drawing:
    """Draw the outline only: the units below it keep their own descriptions."""
    style = {"color": INK, "weight": 2, "fill": False, "interactive": False}
    return Drawing(
        f"p-{district.label}", district.outline, style, word("plans.named", language, label=_name(district, language))
    )


def _name(district: DistrictDrawn, language: str) -> str:
    return write_digits(district.label, language)


def _summarise(districts: list[DistrictDrawn], units: int, language: str) -> str:
    if not districts:
        return word("plans.none", language)
    worst = max((district.deviation for district in districts), key=abs)
    return word(
        "plans.summary",
        language,
        districts=write_number(len(districts), language),
        units=write_number(units, language),
        deviation=write_share(worst, language, signed=True),
    )


def _list_balance(districts: list[DistrictDrawn], language: str) -> Table:
    """List the districts; their seats are told where any has several."""
    has_seats = any(district.seats != 1 for district in districts)
    rows = tuple(
        Row(f"p-{district.label}", _write_cells(district, has_seats, language), district.colour)
        for district in districts
    )
    keys = ["district", "units", *(["seats"] if has_seats else []), "population", "deviation"]
    columns = tuple(word(f"plans.{key}", language) for key in keys)
    numeric = frozenset(range(1, len(keys)))
    return Table(word("plans.list", language), columns, rows, word("plans.none", language), numeric)


def _write_cells(district: DistrictDrawn, has_seats: bool, language: str) -> tuple[str, ...]:
    return (
        word("plans.named", language, label=_name(district, language)),
        write_number(district.units, language),
        *([write_number(district.seats, language)] if has_seats else []),
        write_number(district.population, language),
        write_share(district.deviation, language, signed=True),
    )
