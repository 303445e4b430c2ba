"""Draw what an audit has found on the divisions it looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from maps.canvas import Canvas, add_features
from maps.colours import choose_kind
from maps.divisions import draw_ground, map_names, write_names
from maps.figures import write_area, write_number
from maps.legend import Entry, Legend
from maps.outlines import Drawing, round_positions, to_anchor
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.words import find_word, word

OUTLINED = frozenset({"excepted", "gone"})
"""The states of cases that need nobody's attention."""

SVG_LIMIT = 1500
"""From this many findings on they are painted rather than kept as one element each."""


class _Finding(NamedTuple):
    """One row of the findings, in the order of the columns used here."""

    kind: str
    severity: str
    divisions: Iterable[object]
    area_m2: float
    geometry: BaseGeometry
    fingerprint: str
    status: str = "new"


def draw_findings(
    divisions: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, *, language: str = "fa", title: str, attribution: str = ""
) -> Page:
    """Draw findings, coloured by kind and listed by size, on their divisions (`code`, `name`, geometry)."""
    rows = _sort_findings(findings)
    names = map_names(divisions) | _gather_names(findings)
    located = [row for row in rows if not row.geometry.is_empty]
    canvas = Canvas([*divisions.geometry, *(row.geometry for row in located)], prefer_canvas=len(rows) > SVG_LIMIT)
    add_features(canvas, draw_ground(divisions, language=language))
    add_features(canvas, [_draw_shape(row, names, language) for row in located if row.geometry.geom_type != "Point"])
    add_features(canvas, [_draw_anchor(row, names, language) for row in located])
    touched = len({str(code) for row in rows for code in row.divisions})
    numbers = {"count": write_number(len(rows), language), "divisions": write_number(touched, language)}
    summary = word("findings.summary", language, **numbers) if rows else word("findings.none", language)
    table = _list_findings(rows, names, language)
    return compose_page(canvas, Sheet(title, language, summary, _explain_kinds(rows, language), table, attribution))


def _gather_names(findings: gpd.GeoDataFrame) -> dict[str, str]:
    """Gather the names of divisions that are not drawn, such as parents, from the column `names` where there is one."""
    rows = zip(findings["divisions"], findings["names"], strict=True) if "names" in findings else ()
    return {str(code): str(name) for codes, names in rows for code, name in zip(codes, names, strict=True)}


def _sort_findings(findings: gpd.GeoDataFrame) -> list[_Finding]:
    known = ("kind", "severity", "divisions", "area_m2", "geometry", "fingerprint")
    columns = [findings[column] for column in (*known, *(("status",) if "status" in findings else ()))]
    rows = [_Finding(*values) for values in zip(*columns, strict=True)]
    return sorted((_complete(row) for row in rows), key=lambda row: (-row.area_m2, row.kind, row.fingerprint))


def _complete(row: _Finding) -> _Finding:
    """Give a finding without area or place, such as a clash of codes, a zero and an empty geometry."""
    area_m2 = 0.0 if pd.isna(row.area_m2) else float(row.area_m2)
    return row._replace(area_m2=area_m2, divisions=_to_codes(row.divisions), geometry=row.geometry or shapely.Point())


def _to_codes(divisions: Iterable[object]) -> tuple[object, ...]:
    return (divisions,) if isinstance(divisions, str) else tuple(divisions)


def _write_kind(kind: str, language: str) -> str:
    return find_word(f"kind.{kind}", language) or kind


def _to_id(finding: _Finding) -> str:
    return f"f-{finding.fingerprint}"


def _write_details(finding: _Finding, names: dict[str, str], language: str) -> tuple[tuple[str, str], ...]:
    severity = find_word(f"severity.{finding.severity}", language) or str(finding.severity)
    area = [(word("findings.area", language), write_area(finding.area_m2, language))] if finding.area_m2 else []
    return (
        (word("findings.divisions", language), write_names(finding.divisions, names, language=language)),
        *area,
        (word("findings.severity", language), severity),
        (word("findings.status", language), find_word(f"status.{finding.status}", language) or finding.status),
    )


def _choose_look(status: str) -> dict[str, object]:
    """Draw what is lawful or gone as an outline, and what is still there a little paler than what is new."""
    if status in OUTLINED:
        return {"fillOpacity": 0.08, "dashArray": "4 3"}
    return {"fillOpacity": 0.35} if status == "still" else {}


def _draw_shape(finding: _Finding, names: dict[str, str], language: str) -> Drawing:
    colour = choose_kind(finding.kind)
    style = {"color": colour, "weight": 1.5, "fillColor": colour, "fillOpacity": 0.55, **_choose_look(finding.status)}
    details = _write_details(finding, names, language)
    [geometry] = round_positions([finding.geometry])
    return Drawing(_to_id(finding), geometry, style, _write_kind(finding.kind, language), details)


def _draw_anchor(finding: _Finding, names: dict[str, str], language: str) -> Drawing:
    style = {
        "radius": 6,
        "fill": True,
        "color": "#ffffff",
        "weight": 1.5,
        "fillColor": choose_kind(finding.kind),
        "fillOpacity": 0.15 if finding.status in OUTLINED else 0.95,
    }
    if finding.status in OUTLINED:
        style["color"] = choose_kind(finding.kind)
    details = _write_details(finding, names, language)
    title = _write_kind(finding.kind, language)
    return Drawing(_to_id(finding), to_anchor(finding.geometry), style, title, details)


def _explain_kinds(findings: list[_Finding], language: str) -> Legend:
    counts = sorted(Counter(finding.kind for finding in findings).items(), key=lambda pair: (-pair[1], pair[0]))
    return Legend(
        tuple(
            Entry(_write_kind(kind, language), choose_kind(kind), "dot", write_number(count, language))
            for kind, count in counts
        )
    )


def _list_findings(findings: list[_Finding], names: dict[str, str], language: str) -> Table:
    rows = tuple(
        Row(
            _to_id(finding) if not finding.geometry.is_empty else "",
            (
                _write_kind(finding.kind, language),
                write_names(finding.divisions, names, language=language),
                write_area(finding.area_m2, language) if finding.area_m2 else "—",
            ),
            choose_kind(finding.kind),
        )
        for finding in findings
    )
    columns = tuple(word(f"findings.{key}", language) for key in ("kind", "divisions", "area"))
    return Table(word("findings.list", language), columns, rows, word("findings.none", language), frozenset({2}))
