"""Run one engine of `benchmarks.audit_peers` on one layer, in a process of its own so that its memory is its own.

python -m benchmarks.audit_engines ENGINE FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from benchmarks.audit import LEAST, Shapes
from geo.coverage import Audit, Parents, audit_coverage
from geo.locate.strays import Homes, Places, find_strays

NEAR = 1e-7
"""A planted defect is found by what lies no farther from its point than this, in degrees: a centimetre."""
SLOW = ("overlay and holes",)
"""What runs once."""
RUNS = 3
"""How often the others run; the least time counts."""


@dataclass(frozen=True)
class Case:
    """Hold a layer with planted defects."""

    shapes: Shapes
    """The smallest divisions."""
    keys: list[str]
    """Their codes."""
    homes: list[str]
    """The codes of their parents."""
    folder: Path
    """Where the files lie."""

    @cached_property
    def parents(self) -> Parents:
        """Read the divisions above."""
        above = pd.read_parquet(self.folder / "parents.parquet")
        held = np.asarray(shapely.from_wkb(above["wkb"].to_numpy()))
        return Parents(above["code"].tolist(), held, self.homes)


@dataclass(frozen=True)
class Outcome:
    """Hold what an engine found, by kind."""

    pieces: Mapping[str, Shapes] = field(default_factory=dict)
    """The shapes of what it found."""
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kinds whose defects a kind shows as well."""
    notes: Mapping[str, float] = field(default_factory=dict)
    """Other figures."""


def load_case(folder: Path) -> Case:
    """Read the layer, with shapes that nobody has prepared."""
    leaves = pd.read_parquet(folder / "leaves.parquet")
    shapes = np.asarray(shapely.from_wkb(leaves["wkb"].to_numpy()))
    return Case(shapes, leaves["code"].tolist(), leaves["parent_code"].tolist(), folder)


def run_audit(case: Case) -> Outcome:
    """Audit the coverage alone, certified, with all measures."""
    return _read_audit(audit_coverage(case.shapes, case.keys))


def run_nested(case: Case) -> Outcome:
    """Audit it in its parents."""
    return _read_audit(audit_coverage(case.shapes, case.keys, parents=case.parents))


def _read_audit(audit: Audit) -> Outcome:
    found: dict[str, list[BaseGeometry | None]] = {}
    for finding in audit.findings:
        found.setdefault("overlap" if finding.kind == "twin" else finding.kind.value, []).append(finding.geometry)
    pieces = {kind: np.array(shapes, dtype=object) for kind, shapes in found.items()}
    # A gap inside a parent is ground that none of its children cover, too.
    return Outcome(pieces, {"misfit": ("gap",)}, {"certified": float(audit.certified)})


def run_strays(case: Case) -> Outcome:
    """Find the places that lie outside their coded division."""
    places = pd.read_parquet(case.folder / "places.parquet")
    homes = pd.read_parquet(case.folder / "homes.parquet")
    held = Homes(homes["code"].tolist(), np.asarray(shapely.from_wkb(homes["wkb"].to_numpy())))
    lonlat = places[["lon", "lat"]].to_numpy()
    strays = find_strays(Places(places["code"].tolist(), lonlat, places["parent_code"].tolist()), held)
    alone = [one for one in strays.findings if one.detail["where"] != "several"]
    return Outcome({"stray_place": np.array([one.geometry for one in alone], dtype=object)}, {}, {"n": len(places)})


def run_overlay(case: Case) -> Outcome:
    """Intersect the layer with itself by geopandas, and look for holes in its union."""
    frame = gpd.GeoDataFrame({"row": range(len(case.shapes))}, geometry=case.shapes, crs=4326)
    pairs = gpd.overlay(frame, frame, how="intersection", keep_geom_type=True)
    once = pairs.geometry.values[pairs["row_1"] < pairs["row_2"]]
    return Outcome({"overlap": np.asarray(once), "gap": _list_holes(frame.union_all())})


def _list_holes(whole: shapely.Geometry) -> Shapes:
    rings = [shapely.get_interior_ring(part, row) for part in shapely.get_parts(whole) for row in range(_count(part))]
    return np.asarray(shapely.polygons(rings)) if rings else np.empty(0, dtype=object)


def _count(part: shapely.Geometry) -> int:
    return int(shapely.get_num_interior_rings(part))


def run_relate(case: Case) -> Outcome:
    """Relate every pair whose boxes meet, and intersect the pairs whose insides meet."""
    left, right = shapely.STRtree(case.shapes).query(case.shapes)
    once = left < right
    left, right = left[once], right[once]
    shapely.prepare(case.shapes)
    hits = shapely.relate_pattern(case.shapes[left], case.shapes[right], "T********")
    return Outcome({"overlap": np.asarray(shapely.intersection(case.shapes[left[hits]], case.shapes[right[hits]]))})


def run_invalid_edges(case: Case) -> Outcome:
    """Ask the engine for the edges that are no part of a valid coverage; it gives lines and no kinds."""
    lines = shapely.coverage_invalid_edges(case.shapes)
    return Outcome(notes={"lines": float((~shapely.is_empty(lines)).sum())})


ENGINES: dict[str, Callable[[Case], Outcome]] = {
    "audit": run_audit,
    "audit in parents": run_nested,
    "strays": run_strays,
    "relate and intersection": run_relate,
    "overlay and holes": run_overlay,
    "coverage_invalid_edges": run_invalid_edges,
}
"""The engines by name."""


def score(outcome: Outcome, truth: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Say which share of the planted defects was found, and which share of what was found was planted."""
    scores = {}
    for kind, shapes in sorted(outcome.pieces.items()):
        pieces: NDArray[np.object_] = shapes[(shapely.area(shapes) > LEAST) | (shapely.get_dimensions(shapes) < 2)]
        own = [shapely.Point(one["point"]) for one in truth if one["kind"] == kind]
        known = [shapely.Point(one["point"]) for one in truth if one["kind"] in (kind, *outcome.also.get(kind, ()))]
        tree = shapely.STRtree(pieces)
        hit = len(np.unique(tree.query(own, predicate="dwithin", distance=NEAR)[0])) if own else 0
        right = len(np.unique(tree.query(known, predicate="dwithin", distance=NEAR)[1])) if known else 0
        scores[kind] = {
            "planted": len(own),
            "found": len(pieces),
            "recall": hit / len(own) if own else 1.0,
            "precision": right / len(pieces) if len(pieces) else 1.0,
        }
    return scores


def main() -> None:
    """Run an engine and print what it took and found."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    took = []
    for _ in range(RUNS if name not in SLOW else 1):
        case = load_case(folder)
        _ = case.parents if name == "audit in parents" else None
        start = time.process_time()
        outcome = ENGINES[name](case)
        took.append(time.process_time() - start)
        del case
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    print(json.dumps({"cpu_s": min(took), "scores": score(outcome, truth), "notes": dict(outcome.notes)}))


if __name__ == "__main__":
    main()
