"""Draw the divisions of a level as they stood on a day, neighbours told apart by colour."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.coverage.measures import measure_many
from maps.canvas import Canvas, add_features
from maps.divisions import MANY_DIVISIONS, to_id, to_name
from maps.figures import write_area, write_number
from maps.legend import Legend
from maps.outlines import Drawing, to_outlines
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.plans import choose_colours
from maps.words import word


@dataclass(frozen=True)
class _Cell:
    """One division as it is listed."""

    code: str
    name: str
    population: float | None
    area_m2: float
    colour: str


def draw_level(
    divisions: gpd.GeoDataFrame, *, day: str, language: str = "fa", title: str, attribution: str = ""
) -> Page:
    """Draw divisions (`code`, `name`, `population`, geometry) as they stood on `day`, which is already written."""
    present = divisions[~(divisions.geometry.is_empty | divisions.geometry.isna())]
    outlines = to_outlines(present)
    # measured before the outlines are thinned for the page
    areas = measure_many(present.geometry.to_numpy()).tolist()
    cells = _list_cells(outlines, areas)
    canvas = Canvas(outlines.geometry)
    weight = 0.4 if len(cells) >= MANY_DIVISIONS else 1.0
    drawn = zip(cells, outlines.geometry, strict=True)
    add_features(canvas, [Drawing(to_id(c.code), g, _style(c, weight), c.name, _tell(c, language)) for c, g in drawn])
    summary, table = _summarise(cells, day, language), _list_divisions(cells, language)
    return compose_page(canvas, Sheet(title, language, summary, Legend(()), table, attribution))


def _list_cells(outlines: gpd.GeoDataFrame, areas: list[float]) -> list[_Cell]:
    colours = choose_colours(outlines.geometry.to_list())
    columns = (outlines["code"], outlines["name"], outlines["population"])
    return [
        _Cell(str(code), to_name(name, code), None if pd.isna(people) else float(people), area, colour)
        for code, name, people, area, colour in zip(*columns, areas, colours, strict=True)
    ]


def _style(cell: _Cell, weight: float) -> dict[str, object]:
    return {"color": "#ffffff", "weight": weight, "fillColor": cell.colour, "fillOpacity": 0.9}


def _write_people(cell: _Cell, language: str) -> str:
    return "—" if cell.population is None else write_number(cell.population, language)


def _tell(cell: _Cell, language: str) -> tuple[tuple[str, str], ...]:
    return (
        (word("page.code", language), cell.code),
        (word("levels.area", language), write_area(cell.area_m2, language)),
        (word("levels.population", language), _write_people(cell, language)),
    )


def _summarise(cells: list[_Cell], day: str, language: str) -> str:
    if not cells:
        return word("levels.none", language)
    area = write_area(sum(cell.area_m2 for cell in cells), language)
    return word("levels.summary", language, count=write_number(len(cells), language), day=day, area=area)


def _list_divisions(cells: list[_Cell], language: str) -> Table:
    rows = tuple(
        Row(
            to_id(cell.code),
            (cell.name, cell.code, write_area(cell.area_m2, language), _write_people(cell, language)),
            cell.colour,
        )
        for cell in cells
    )
    columns = tuple(word(key, language) for key in ("levels.division", "page.code", "levels.area", "levels.population"))
    return Table(word("levels.list", language), columns, rows, word("levels.none", language), frozenset({1, 2, 3}))
