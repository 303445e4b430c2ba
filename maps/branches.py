"""Draw polling stations around the point of a voter."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from maps.canvas import Canvas, add_features
from maps.colours import ACCENT, INK
from maps.divisions import draw_ground, map_names, to_name
from maps.figures import write_distance, write_number
from maps.legend import Entry, Legend
from maps.outlines import Drawing, round_positions
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.words import word

STATION = "#0b5f5c"
"""The colour of a station that is not the answer."""

CLOSE_BY = 8
"""How many of the nearest stations the first view shows."""

DOT = {"radius": 6, "fill": True, "fillOpacity": 1, "color": "#ffffff", "weight": 1.5, "fillColor": STATION}
NEAREST_DOT = {**DOT, "radius": 9, "fillColor": ACCENT, "weight": 2}
ASKED_RING = {"radius": 8, "fill": True, "fillOpacity": 1, "fillColor": "#ffffff", "color": INK, "weight": 4}
OWN_DIVISION = {"color": STATION, "weight": 2.5, "fillColor": STATION, "fillOpacity": 0.08}


@dataclass(frozen=True)
class _Station:
    """One station as it is listed."""

    code: str
    name: str
    address: str
    branches: int
    distance_m: float | None
    point: BaseGeometry


def draw_branches(
    divisions: gpd.GeoDataFrame,
    stations: gpd.GeoDataFrame,
    *,
    asked: shapely.Point | None = None,
    language: str = "fa",
    title: str,
    attribution: str = "",
) -> Page:
    """Draw stations (`code`, `name`, `address`, `branches`, `distance_m`) and the point asked about; nearest first."""
    listed = _sort_stations(stations)
    canvas = Canvas(_choose_view(divisions, listed, asked))
    add_features(canvas, draw_ground(divisions, language=language))
    add_features(canvas, _draw_own(divisions, asked, language))
    nearest = listed[0].code if asked is not None and listed else ""
    add_features(canvas, [_draw_station(station, nearest, language) for station in reversed(listed)])
    add_features(canvas, _draw_asked(asked, language))
    summary = word("branches.summary", language, count=write_number(len(listed), language))
    if not listed:
        summary = word("branches.none", language)
    legend = _explain_marks(asked is not None, bool(listed), language)
    return compose_page(canvas, Sheet(title, language, summary, legend, _list_stations(listed, language), attribution))


def _sort_stations(stations: gpd.GeoDataFrame) -> list[_Station]:
    columns = [stations[column] for column in ("code", "name", "address", "branches", "distance_m", "geometry")]
    rows = [_to_station(*values) for values in zip(*columns, strict=True)]
    return sorted(rows, key=lambda row: (row.distance_m is None, row.distance_m or 0.0, row.code))


def _to_station(
    code: object, name: object, address: object, branches: int, distance_m: float | None, point: BaseGeometry
) -> _Station:
    known = distance_m is not None and distance_m == distance_m
    return _Station(
        str(code),
        to_name(name, code),
        address if isinstance(address, str) else "",
        int(branches),
        float(distance_m or 0) if known else None,
        point,
    )


def _choose_view(
    divisions: gpd.GeoDataFrame, stations: list[_Station], asked: shapely.Point | None
) -> list[BaseGeometry]:
    """Show a voter what is close by, and everybody else the whole."""
    if asked is None:
        return [*divisions.geometry, *(station.point for station in stations)]
    return [asked.buffer(0.01), *(station.point for station in stations[:CLOSE_BY])]


def _draw_own(divisions: gpd.GeoDataFrame, asked: shapely.Point | None, language: str) -> list[Drawing]:
    if asked is None:
        return []
    own = divisions[divisions.geometry.covers(asked)].sort_values("code")
    names = map_names(own)
    shapes = round_positions(own.geometry.to_list())
    label = word("branches.own", language)
    return [
        Drawing(f"own-{code}", shape, OWN_DIVISION, name, ((label, code),))
        for (code, name), shape in zip(names.items(), shapes, strict=True)
    ]


def _to_id(station: _Station) -> str:
    return f"s-{station.code}"


def _draw_station(station: _Station, nearest: str, language: str) -> Drawing:
    details = [(word("branches.branches", language), write_number(station.branches, language))]
    if station.distance_m is not None:
        details.append((word("branches.distance", language), write_distance(station.distance_m, language)))
    if station.address:
        details.append((word("branches.address", language), station.address))
    [point] = round_positions([station.point])
    style = NEAREST_DOT if station.code == nearest else DOT
    return Drawing(_to_id(station), point, style, station.name, tuple(details))


def _draw_asked(asked: shapely.Point | None, language: str) -> list[Drawing]:
    if asked is None:
        return []
    [point] = round_positions([asked])
    return [Drawing("asked", point, ASKED_RING, word("branches.asked", language))]


def _explain_marks(has_asked: bool, has_stations: bool, language: str) -> Legend:
    asked = [
        Entry(word("branches.asked", language), INK, "pin"),
        Entry(word("branches.own", language), STATION, "line"),
    ]
    answer = [Entry(word("branches.answer", language), ACCENT, "dot")]
    other = [Entry(word("branches.other", language), STATION, "dot")]
    return Legend(tuple(asked * has_asked + answer * (has_asked and has_stations) + other * has_stations))


def _list_stations(stations: list[_Station], language: str) -> Table:
    rows = tuple(
        Row(
            _to_id(station),
            (
                station.name,
                write_number(station.branches, language),
                "—" if station.distance_m is None else write_distance(station.distance_m, language),
            ),
        )
        for station in stations
    )
    columns = tuple(word(f"branches.{key}", language) for key in ("station", "branches", "distance"))
    return Table(word("branches.list", language), columns, rows, word("branches.none", language), frozenset({1, 2}))
