"""Check the coverage of a file without any database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.coverage import Audit, Finding, Parents, ToLonLat, audit_coverage, guess_parents
from geo.errors import MissingColumn, Reason, UnknownColumn, WrongCrs, because
from services.boundaries.findings_file import check_output, write_findings
from services.files import check_file_safe, split_layer
from services.layers import Layer, read_layer

MOST_BYTES = 4 * 1024**3
"""The largest file, unpacked, that is checked."""

LINKED_FROM = 0.5
"""A column names the parents when more than this share of its rows hold a parent's key."""

LONLAT = CRS.from_epsg(4326)
WIDEST = (540.0, 90.0)
"""How far longitude and latitude may go: some files write what lies beyond the antimeridian as more than 180."""


@dataclass(frozen=True)
class CheckReport:
    """Hold what the check of a file found."""

    audit: Audit
    """The audit with its certificate."""
    key: str | None
    """The column that names the divisions; None when they go by row number, from 1."""
    notes: tuple[Reason, ...] = ()
    """What had to be assumed."""
    out: Path | None = None
    """The file the findings were written to."""

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain values, as `--json` prints it."""
        return {
            "certified": self.audit.certified,
            "counts": self.audit.counts,
            "area_m2": self.audit.area_m2,
            "findings": [_list_values(finding) for finding in self.audit.findings],
        }


def _list_values(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "divisions": list(finding.divisions),
        "area_m2": finding.area_m2,
        "point": None if finding.point is None else list(finding.point),
        "width_m": finding.width_m,
        "severity": finding.severity.value,
        "fingerprint": finding.fingerprint,
        "detail": dict(finding.detail),
    }


def check_file(
    path: Path | str,
    *,
    layer: str | None = None,
    key: str | None = None,
    parents: str | None = None,
    out: Path | str | None = None,
) -> CheckReport:
    """Audit the polygons of a file in the file's own coordinates; `parents` is written FILE or FILE:LAYER.

    Raises FileRefused, WrongCrs, MissingColumn, UnknownColumn, or what `check_output` raises about `out`.
    """
    target = None if out is None else check_output(out)
    sheet = _read_sheet(path, layer)
    column = _choose_key(sheet.layer, key)
    above, notes = _find_parents(sheet, parents, column)
    keys = _list_keys(sheet.layer, column)
    audit = audit_coverage(sheet.shapes, keys, parents=above, to_lonlat=sheet.find_way(LONLAT))
    if target is not None:
        write_findings(audit.findings, target)
    return CheckReport(audit, column, sheet.notes + notes, target)


@dataclass(frozen=True)
class _Sheet:
    """Hold a layer with geometries and the system they are in."""

    layer: Layer
    shapes: NDArray[np.object_]
    crs: CRS
    notes: tuple[Reason, ...]

    def find_way(self, target: CRS) -> ToLonLat | None:
        """Give the way from the sheet's system to another; None when they are the same."""
        if self.crs.equals(target, ignore_axis_order=True):
            return None
        move = Transformer.from_crs(self.crs, target, always_xy=True).transform
        return lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1]))

    def bring_to(self, target: CRS) -> NDArray[np.object_]:
        """Give the geometries in another system."""
        way = self.find_way(target)
        return self.shapes if way is None else np.asarray(shapely.transform(self.shapes, way))


def _read_sheet(path: Path | str, layer: str | None) -> _Sheet:
    found = read_layer(check_file_safe(path, most_bytes=MOST_BYTES), layer)
    if found.shapes is None:
        raise MissingColumn(field="geometry", columns=found.columns)
    shapes = np.asarray(found.shapes, dtype=object)
    crs, notes = _settle_crs(found, is_lonlat=_is_lonlat(shapes))
    return _Sheet(found, shapes, crs, tuple(found.notes) + notes)


def _is_lonlat(shapes: NDArray[np.object_]) -> bool:
    """Tell whether most boxes could be in degrees; single strays are findings of the audit, not a wrong system."""
    bounds = shapely.bounds(shapes[shapely.is_geometry(shapes)])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    near = (np.abs(bounds) <= [*WIDEST, *WIDEST]).all(axis=1)
    return bool(near.sum() * 2 >= len(bounds))


def _settle_crs(layer: Layer, *, is_lonlat: bool) -> tuple[CRS, tuple[Reason, ...]]:
    if layer.crs is None and not is_lonlat:
        raise WrongCrs(path=layer.name, reason=because("crs_unnamed"))
    if layer.crs is None:
        return LONLAT, (because("crs_assumed", path=layer.name),)
    if layer.crs.is_geographic and not is_lonlat:
        raise WrongCrs(path=layer.name, reason=because("crs_contradicted", crs=layer.crs.name))
    if layer.crs.equals(LONLAT, ignore_axis_order=True):
        return LONLAT, ()
    return layer.crs, ()


def _choose_key(layer: Layer, declared: str | None) -> str | None:
    """Take the declared column, else the first whose texts are all there and all different."""
    if declared is not None:
        if declared not in layer.columns:
            raise UnknownColumn(column=declared, columns=layer.columns)
        return declared
    for column, values in _list_columns(layer):
        if _is_unique(values) and all(isinstance(value, str) for value in values):
            return column
    return None


def _list_keys(layer: Layer, column: str | None) -> list[str]:
    if column is None:
        return [str(row) for row in range(1, len(layer) + 1)]
    return [_write_key(value) for value in layer.table[layer.columns.index(column)]]


def _write_key(value: object) -> str:
    return "" if value is None else str(value)


def _find_parents(sheet: _Sheet, parents: str | None, column: str | None) -> tuple[Parents | None, tuple[Reason, ...]]:
    """Read the level above and say which of its divisions each row belongs to."""
    if parents is None:
        return None, ()
    above = _read_sheet(*split_layer(parents))
    # The children stay as they are: moving them would tear vertices off the edges they lie on.
    polygons = above.bring_to(sheet.crs)
    link = _find_link(sheet.layer, above.layer, own=column)
    if link is not None:
        note = because("parents_by_column", column=link.column)
        keys, parent_of = _list_keys(above.layer, link.key), _list_keys(sheet.layer, link.column)
        return Parents(keys, polygons, parent_of), (*above.notes, note)
    note = because("parents_by_ground", path=above.layer.name)
    keys = _list_keys(above.layer, _choose_key(above.layer, None))
    return Parents(keys, polygons, _guess(sheet, above, keys)), (*above.notes, note)


@dataclass(frozen=True)
class _Link:
    """Hold a column of the children whose values are in a column of the parents."""

    column: str
    key: str
    share: float

    @property
    def is_named_alike(self) -> bool:
        """Tell whether the columns bear one name, or the children's ends with the parents'."""
        return self.column.lower().endswith(self.key.lower())


def _find_link(layer: Layer, above: Layer, *, own: str | None) -> _Link | None:
    """Find the columns that tie most rows to a parent, those of like names before others."""
    keys = {name: values for name, values in _list_columns(above) if _is_unique(values)}
    links = [
        _Link(column, key, sum(value in known for value in values) / len(values))
        for key, known in ((key, set(values)) for key, values in keys.items())
        for column, values in _list_columns(layer)
        if column != own
    ]
    # Numbers agree by accident, as row numbers do; only the name then tells that they mean the same.
    sure = [link for link in links if link.is_named_alike or all(isinstance(value, str) for value in keys[link.key])]
    linked = [link for link in sure if link.share > LINKED_FROM]
    return max(linked, key=lambda link: (link.is_named_alike, link.share), default=None)


def _list_columns(layer: Layer) -> list[tuple[str, list[object]]]:
    return [(column, list(values)) for column, values in zip(layer.columns, layer.table, strict=True)]


def _is_unique(values: Sequence[object]) -> bool:
    return all(value not in (None, "") for value in values) and len(set(values)) == len(values)


def _guess(sheet: _Sheet, above: _Sheet, keys: Sequence[str]) -> list[str | None]:
    best, _ = guess_parents(sheet.bring_to(LONLAT), above.bring_to(LONLAT))
    return [None if row < 0 else keys[row] for row in best.tolist()]
