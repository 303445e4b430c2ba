"""Draw how dense complaints are in each division, beside the councils in charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from maps.canvas import Canvas, add_features
from maps.colours import UNKNOWN, choose_sequence
from maps.divisions import MANY_DIVISIONS, to_id, to_name
from maps.figures import write_number
from maps.legend import Entry, Legend
from maps.outlines import Drawing, to_outlines
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.words import word

MAX_CLASSES = 5
"""More shades than this cannot be told apart."""

HATCH = "url(#hatch)"
OUTLINE = {"color": "#ffffff", "weight": 0.8, "fillOpacity": 1}
FINE_OUTLINE = {**OUTLINE, "weight": 0.3}


@dataclass(frozen=True)
class _Cell:
    """One division with what may be told of its complaints."""

    code: str
    name: str
    count: float | None
    rate: float | None
    suppressed: bool
    council: str
    category: str
    geometry: BaseGeometry


@dataclass(frozen=True)
class Scale:
    """How a measure becomes a colour and a text."""

    measure: str
    """`rate` where the population is known, else `count`."""
    breaks: tuple[float, ...]
    """The upper ends of all classes but the last; a value on a break belongs below it."""
    threshold: int
    """Counts below this are withheld."""
    language: str
    """The language of the texts."""

    @property
    def colours(self) -> tuple[str, ...]:
        """The colour of each class."""
        return choose_sequence(len(self.breaks) + 1)

    def class_of(self, cell: _Cell) -> int | None:
        """Find the class of a division, if its measure is known and may be told."""
        value = None if cell.suppressed else getattr(cell, self.measure)
        return None if value is None else int(np.searchsorted(self.breaks, value, side="left"))

    def write(self, cell: _Cell, measure: str) -> str:
        """Write a measure of a division, or why it is not told."""
        value = getattr(cell, measure)
        if cell.suppressed:
            return word("complaints.suppressed", self.language, threshold=write_number(self.threshold, self.language))
        if value is None:
            return "—"
        return write_number(value, self.language, places=2 if measure == "rate" else 0, fixed=True)


def draw_density(
    divisions: gpd.GeoDataFrame, *, threshold: int = 5, language: str = "fa", title: str, attribution: str = ""
) -> Page:
    """Draw complaints per thousand people as shades, with small counts withheld.

    The columns are `code`, `name`, `count`, `rate`, `suppressed`, and where they are known `council` and `category`.
    """
    cells = _list_cells(to_outlines(divisions))
    measure = "rate" if any(cell.rate is not None for cell in cells) else "count"
    values = [getattr(cell, measure) for cell in cells if not cell.suppressed]
    scale = Scale(measure, find_breaks([value for value in values if value is not None]), threshold, language)
    outline = FINE_OUTLINE if len(cells) >= MANY_DIVISIONS else OUTLINE
    canvas = Canvas(cell.geometry for cell in cells)
    add_features(canvas, [_draw_cell(cell, scale, outline) for cell in cells])
    summary, table = _summarise(cells, language), _list_counts(cells, scale)
    return compose_page(canvas, Sheet(title, language, summary, _explain(cells, scale), table, attribution))


def find_breaks(values: Sequence[float], *, classes: int = MAX_CLASSES) -> tuple[float, ...]:
    """Choose the limits between classes of about equal size, rounded to what a reader can remember."""
    if len(set(values)) < 2:
        return ()
    bins = mapclassify.Quantiles(np.asarray(values, dtype=float), k=min(classes, len(set(values)))).bins[:-1]
    return tuple(sorted({float(f"{limit:.2g}") for limit in bins if limit > min(values)}))


def _list_cells(outlines: gpd.GeoDataFrame) -> list[_Cell]:
    blank = pd.Series("", index=outlines.index)
    columns = [outlines[column] for column in ("code", "name", "count", "rate", "suppressed")]
    columns += [outlines.get(column, blank).fillna("") for column in ("council", "category")]
    rows = zip(*columns, outlines.geometry, strict=True)
    return [
        _Cell(
            str(code),
            to_name(name, code),
            _to_float(count),
            _to_float(rate),
            bool(hidden),
            str(council),
            str(category),
            shape,
        )
        for code, name, count, rate, hidden, council, category, shape in rows
    ]


def _to_float(value: float | None) -> float | None:
    return None if pd.isna(value) else float(value)


def _draw_cell(cell: _Cell, scale: Scale, outline: dict[str, object]) -> Drawing:
    rank = scale.class_of(cell)
    fill = HATCH if cell.suppressed else UNKNOWN if rank is None else scale.colours[rank]
    texts = {
        "count": scale.write(cell, "count"),
        "rate": scale.write(cell, "rate"),
        "council": cell.council,
        "category": cell.category,
    }
    details = tuple((word(f"complaints.{key}", scale.language), text) for key, text in texts.items() if text)
    return Drawing(to_id(cell.code), cell.geometry, {**outline, "fillColor": fill}, cell.name, details)


def _summarise(cells: list[_Cell], language: str) -> str:
    told = sum(cell.count for cell in cells if cell.count is not None and not cell.suppressed)
    hidden = sum(cell.suppressed for cell in cells)
    if not told and not hidden:
        return word("complaints.none", language)
    numbers = {"count": told, "divisions": len(cells), "hidden": hidden}
    written = {name: write_number(value, language) for name, value in numbers.items()}
    return word("complaints.summary_hidden" if hidden else "complaints.summary", language, **written)


def _explain(cells: list[_Cell], scale: Scale) -> Legend:
    ranks = [scale.class_of(cell) for cell in cells]
    counts = {rank: write_number(ranks.count(rank), scale.language) for rank in ranks if rank is not None}
    entries = [
        Entry(_write_range(rank, scale), colour, count=counts[rank])
        for rank, colour in enumerate(scale.colours)
        if rank in counts
    ]
    hidden = sum(cell.suppressed for cell in cells)
    if hidden:
        limit = write_number(scale.threshold, scale.language)
        label = word("complaints.suppressed", scale.language, threshold=limit)
        entries.append(Entry(label, "", "hatch", write_number(hidden, scale.language)))
    unknown = ranks.count(None) - hidden
    if unknown:
        label = word("complaints.unknown", scale.language)
        entries.append(Entry(label, UNKNOWN, count=write_number(unknown, scale.language)))
    return Legend(tuple(entries), word(f"complaints.legend_{scale.measure}", scale.language))


def _write_range(rank: int, scale: Scale) -> str:
    limits = [write_number(limit, scale.language, places=2) for limit in scale.breaks]
    if not limits:
        return word("complaints.any", scale.language)
    if rank == 0:
        return word("complaints.up_to", scale.language, high=limits[0])
    if rank == len(limits):
        return word("complaints.above", scale.language, low=limits[-1])
    return word("complaints.between", scale.language, low=limits[rank - 1], high=limits[rank])


def _list_counts(cells: list[_Cell], scale: Scale) -> Table:
    ordered = sorted(cells, key=lambda cell: (cell.suppressed, -(getattr(cell, scale.measure) or 0), cell.code))
    rows = tuple(_to_row(cell, scale) for cell in ordered)
    columns = tuple(word(f"complaints.{key}", scale.language) for key in ("division", "count", "rate_short", "council"))
    title = word("complaints.list", scale.language)
    return Table(title, columns, rows, word("complaints.none", scale.language), frozenset({1, 2}))


def _to_row(cell: _Cell, scale: Scale) -> Row:
    rank = scale.class_of(cell)
    count, rate = scale.write(cell, "count"), "" if cell.suppressed else scale.write(cell, "rate")
    colour = UNKNOWN if rank is None else scale.colours[rank]
    return Row(to_id(cell.code), (cell.name, count, rate, cell.council), colour)
