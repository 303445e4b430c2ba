"""Time what settling disputed ground takes on the four levels of an invented nation, alone and in a batch.

    python -m benchmarks.settling [--json] [--scale 1] [--spacing 60] [--faces 3000]

Every figure is in CPU seconds of this process. A preview lays a face, lists every way to settle it, and carries one
out on all levels with the proof; a batch settles many decided faces at once.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from fixtures.nation import NationPlan, build_nation
from geo.coverage import (
    DecidedFace,
    Knowledge,
    Share,
    Sheet,
    adopt_line,
    lay_face,
    list_ways,
    settle_face,
    settle_faces,
)

ABOVE = {"county": "province", "bakhsh": "county", "dehestan": "bakhsh", "city": "bakhsh"}
PREVIEWS = 40
GROWTH = (0.1, 0.2, 0.4)
"""Shares of the nation and of the faces for which the growth is shown."""
RUN = 4
"""How many vertices of a boundary a claim runs along."""
DEPTH_DEG = 1e-4
"""How deep a claim goes, about ten metres."""
LEAST_RING = 40
LEAVES = ("dehestan", "city")


def build_sheet(scale: float, spacing_m: float) -> Sheet:
    """Build a nation and lay all of its levels out."""
    nation = build_nation(replace(NationPlan().scaled(scale), spacing_m=spacing_m), seed=1)
    shapes, parents, levels = {}, {}, {}
    keys: dict[tuple[str | None, str], int] = {}
    for level, frame in nation.levels.items():
        for code, parent, shape in zip(frame.code, frame.parent_code, frame.geometry, strict=True):
            key = keys[level, code] = len(keys) + 1
            shapes[key], levels[key], parents[key] = shape, level, keys.get((ABOVE.get(level), parent))
    return Sheet(shapes, parents, levels)


def plan_claims(sheet: Sheet, count: int) -> list[DecidedFace]:
    """Plan claims of leaves on strips of their neighbours, granted, all over the country and clear of each other."""
    dice = np.random.default_rng(1)
    leaves = [key for key, level in sheet.levels.items() if level in LEAVES]
    tree = shapely.STRtree([sheet.shapes[key] for key in leaves])
    found: list[DecidedFace] = []
    taken: list[shapely.Polygon] = []
    for key in dice.permutation(np.repeat(leaves, 3)).tolist():
        ground = _draw_strip(sheet, key, dice)
        if ground is None:
            continue
        others = [leaves[row] for row in tree.query(ground, "intersects").tolist() if leaves[row] != key]
        if len(others) == 1 and _is_of(sheet, ground, others[0]):
            found.append(DecidedFace(ground, tuple(sorted((key, others[0]))), (Share(key, ground),)))
            taken.append(ground.buffer(DEPTH_DEG))
    rows = shapely.STRtree(taken).query(taken, "intersects")
    clear = set(range(len(found))) - set(rows[1][rows[0] < rows[1]].tolist())
    return [found[row] for row in sorted(clear)][:count]


def _draw_strip(sheet: Sheet, key: int, dice: np.random.Generator) -> shapely.Polygon | None:
    """Draw a strip outside a leaf along its boundary, from the middle of an edge to that of another."""
    xy = shapely.get_coordinates(shapely.orient_polygons(sheet.shapes[key]))
    if len(xy) < LEAST_RING:
        return None
    start = int(dice.integers(len(xy) - RUN))
    spots = xy[start : start + RUN]
    first, last = (spots[0] + spots[1]) / 2, (spots[-2] + spots[-1]) / 2
    along = spots[-1] - spots[0]
    out = np.array([along[1], -along[0]]) / max(float(np.hypot(*along)), 1e-12) * DEPTH_DEG
    ring = np.round([first, first + out, last + out, last, *spots[-2:0:-1]], 9)
    strip = shapely.orient_polygons(shapely.Polygon(ring))
    return strip if strip.is_valid else None


def _is_of(sheet: Sheet, ground: shapely.Polygon, owner: int) -> bool:
    """Tell whether ground is a leaf's, but for a hair along its border."""
    return bool(shapely.difference(ground, sheet.shapes[owner]).area < ground.area / 1000)


def time_previews(sheet: Sheet, faces: list[DecidedFace]) -> list[float]:
    """Lay single faces, list every way, and carry one out."""
    times = []
    for decided in faces[:PREVIEWS]:
        start = time.process_time()
        face = lay_face(sheet, decided.ground, decided.candidates)
        list_ways(face, Knowledge(places={decided.candidates[0]: 1}))
        settle_face(face, adopt_line(face, decided.candidates[0]))
        times.append(time.process_time() - start)
    return times


def time_batch(sheet: Sheet, faces: list[DecidedFace]) -> dict[str, float]:
    """Settle all faces at once."""
    start = time.process_time()
    done = settle_faces(sheet, faces)
    return {"faces": len(faces), "cpu_s": time.process_time() - start, "changed": len(done.moved.shapes)}


def keep_leaves(sheet: Sheet) -> Sheet:
    """Keep the lowest partition alone, as a register without the boundaries above has it."""
    leaves = sorted(key for key, level in sheet.levels.items() if level in LEAVES)
    shapes = {key: sheet.shapes[key] for key in leaves}
    return Sheet(shapes, dict.fromkeys(leaves), {key: sheet.levels[key] for key in leaves})


def measure(scale: float, spacing_m: float, count: int) -> dict[str, Any]:
    """Time previews and a batch on a nation of some size."""
    sheet = build_sheet(scale, spacing_m)
    faces = plan_claims(sheet, count)
    vertices = int(shapely.get_num_coordinates(list(sheet.shapes.values())).sum())
    previews = time_previews(sheet, faces)
    figures = {"median_s": float(np.median(previews)), "longest_s": max(previews)}
    batches = {"batch": time_batch(sheet, faces), "leaves": time_batch(keep_leaves(sheet), faces)}
    return {"divisions": len(sheet.shapes), "vertices": vertices, "preview": figures, **batches}


def main() -> None:
    """Print the figures of the growing shares of a nation, and of the whole of what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--scale", type=float, default=1.0, help="the share of a nation")
    parser.add_argument("--spacing", type=float, default=60.0, help="metres between vertices")
    parser.add_argument("--faces", type=int, default=3000, help="how many faces to settle at once")
    options = parser.parse_args()
    sizes = [(options.scale * share, round(options.faces * share)) for share in (*GROWTH, 1.0)]
    found = [measure(scale, options.spacing, count) for scale, count in sizes]
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for one in found:
        batch, preview = one["batch"], one["preview"]
        print(f"{one['divisions']} divisions, {one['vertices']} vertices")
        print(f"  one preview: median {preview['median_s']:.3f} s, longest {preview['longest_s']:.3f} s")
        print(f"  {batch['faces']} faces at once: {batch['cpu_s']:.2f} s, {batch['changed']} boundaries changed")
        print(f"  the same on the lowest partition alone: {one['leaves']['cpu_s']:.2f} s")


if __name__ == "__main__":
    main()
