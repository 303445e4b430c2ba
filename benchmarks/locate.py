"""Time bulk location beside geopandas.sjoin and beside STRtree with prepared polygons, in one run.

    python -m benchmarks.locate [--json] [--full] [--points 10000000]

Every figure is in CPU seconds of this process; what counts are the ratios of one run. All engines get the same random
points and must give the same answers; the peers get fewer points where they would take minutes. The first use of
compiled code is told apart: on a machine where it is kept already, it takes almost nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from fixtures.nation import NationPlan, build_nation
from geo.locate import Locator, build_locator

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
Engine = Callable[[Floats, Floats], Any]
LAYERS = ((0.05, 500.0), (0.2, 500.0), (1.0, 500.0))
"""Shares of a national layer, and the spacing of its vertices in metres."""
FINE = (1.0, 60.0)
PEER_SHARE = 0.1
"""How much of the points the peers get: their time per point does not depend on it."""
RUNS = 5


@dataclass(frozen=True)
class Comparison:
    """Hold the engines on one layer."""

    layer: str
    """Which layer."""
    polygons: int
    """How many polygons it has."""
    vertices: int
    """How many vertices they have."""
    build_s: float
    """CPU seconds to build the index."""
    index_bytes: int
    """Bytes of the index."""
    points_per_s: dict[str, float]
    """Points to a CPU second, by engine."""
    differences: int
    """How many answers differ between the engines."""

    def find_ratios(self) -> dict[str, float]:
        """Give how many times as fast as the others the locator is."""
        own = self.points_per_s["locator"]
        return {name: own / rate for name, rate in self.points_per_s.items() if name != "locator"}


def measure(engine: Engine, x: Floats, y: Floats, *, runs: int) -> tuple[float, Any]:
    """Give points to a CPU second, in the best of the runs, and what the engine gave."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        found = engine(x, y)
        best = min(best, time.process_time() - start)
    return x.size / best, found


def run_locator(locator: Locator) -> Engine:
    """Give the locator of this project as an engine."""
    return lambda x, y: locator.locate(x, y).rows


def run_sjoin(shapes: Shapes) -> Engine:
    """Give geopandas.sjoin(intersects) as an engine; of several answers the first counts."""
    frame = gpd.GeoDataFrame({"row": range(len(shapes))}, geometry=shapes, crs=4326)

    def locate(x: Floats, y: Floats) -> gpd.GeoDataFrame:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)
        return gpd.sjoin(points, frame, how="left", predicate="intersects")

    return locate


def run_strtree(shapes: Shapes) -> Engine:
    """Give STRtree over boxes with prepared polygons as an engine."""
    tree = shapely.STRtree(shapes)
    shapely.prepare(shapes)

    def locate(x: Floats, y: Floats) -> NDArray[np.signedinteger]:
        point, row = tree.query(shapely.points(x, y))
        hit = shapely.intersects_xy(shapes[row], x[point], y[point])
        rows = np.full(x.size, len(shapes))
        np.minimum.at(rows, point[hit], row[hit])
        return np.where(rows == len(shapes), -1, rows)

    return locate


def read_rows(found: Any) -> NDArray[np.signedinteger]:  # noqa: ANN401 - what an engine gives
    """Give the least row for each point, outside of the time that is measured."""
    if isinstance(found, gpd.GeoDataFrame):
        return np.asarray(found["row"].groupby(level=0).min().fillna(-1).to_numpy(dtype=np.int64))
    return np.asarray(found)


def compare(layer: str, shapes: Shapes, *, points: int) -> Comparison:
    """Run the engines on one layer."""
    keys = [f"{row:06}" for row in range(len(shapes))]
    start = time.process_time()
    locator = build_locator(shapes, keys)
    build_s = time.process_time() - start
    west, south, east, north = shapely.total_bounds(shapes)
    dice = np.random.default_rng(1)
    x, y = dice.uniform(west, east, points), dice.uniform(south, north, points)
    few = max(int(points * PEER_SHARE), 1)
    own, rows = measure(run_locator(locator), x, y, runs=RUNS)
    rates, differences = {"locator": own}, 0
    for name, engine in (("sjoin", run_sjoin(shapes)), ("strtree", run_strtree(shapes))):
        rates[name], found = measure(engine, x[:few], y[:few], runs=2)
        differences += int((read_rows(found) != rows[:few]).sum())
    again, _ = measure(run_locator(locator), x, y, runs=RUNS)
    rates["locator"] = max(own, again)
    size = sum(getattr(locator.index, name).nbytes for name in locator.index._fields[2:])
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    return Comparison(layer, len(shapes), vertices, build_s, size, rates, differences)


def load_nation(share: float, spacing_m: float) -> Shapes:
    """Generate the leaves of a nation."""
    plan = NationPlan(spacing_m=spacing_m).scaled(share)
    return np.array(build_nation(plan, seed=1).read_partition().geometry)


def run_comparisons(*, full: bool, points: int) -> Iterator[Comparison]:
    """Compare on ever larger layers."""
    for share, spacing_m in LAYERS + ((FINE,) if full else ()):
        yield compare(f"nation x {share:g} at {spacing_m:g} m", load_nation(share, spacing_m), points=points)


def measure_start() -> float:
    """Give the CPU seconds of the first use of compiled code."""
    start = time.process_time()
    build_locator([shapely.box(0, 0, 1, 1)], ["1"]).locate([0.5, 1.0], [0.5, 0.5])
    return time.process_time() - start


def write_line(found: Comparison) -> str:
    """Write one comparison as a line of text."""
    rates = " ".join(f"{name} {rate / 1e6:7.2f} M/s" for name, rate in found.points_per_s.items())
    ratios = " ".join(f"{name} {ratio:6.1f}x" for name, ratio in found.find_ratios().items())
    size = f"{found.polygons:5} polygons {found.vertices:8} vertices built in {found.build_s:5.2f} s"
    return (
        f"{found.layer:24} {size} {found.index_bytes / 1e6:6.1f} MB | {rates} | {ratios} | {found.differences} differ"
    )


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--full", action="store_true", help="also a nation of some four million vertices")
    parser.add_argument("--points", type=int, default=10_000_000, help="how many random points")
    options = parser.parse_args()
    start_s, found = measure_start(), []
    for comparison in run_comparisons(full=options.full, points=options.points):
        found.append({**asdict(comparison), "ratios": comparison.find_ratios()})
        if not options.json:
            print(write_line(comparison), flush=True)
    if options.json:
        print(json.dumps({"first_use_s": start_s, "layers": found}, indent=2))
    else:
        print(f"first use of compiled code: {start_s:.2f} s")


if __name__ == "__main__":
    main()
