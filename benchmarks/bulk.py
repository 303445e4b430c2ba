"""Time bulk location from file to file beside geopandas, in one run.

    python -m benchmarks.bulk [--json] [--points 10000000] [--scale 1.0]

One point in a hundred is broken. Every figure is in CPU seconds of this process for one row; what counts are the
ratios of one run. geopandas reads, joins and writes the first tenth of the rows, since its time per row stays the same.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import shapely

from benchmarks.locate import load_nation
from services.elections.locate import CoverageFile, locate_points
from services.elections.located_points import PointColumns

PEER_SHARE = 0.1
SPACING_M = 500.0


@dataclass(frozen=True)
class Comparison:
    """Hold how both did on one format."""

    ending: str
    """The format of the points and of the answer."""
    rows: int
    """How many rows were located."""
    cpu_s: float
    """CPU seconds of this project for all of them, with the index at hand."""
    first_cpu_s: float
    """The same with the index still to be built."""
    ratio: float
    """How many times as long geopandas takes for a row."""
    differences: int
    """In how many of the rows that both located the keys differ."""


def write_points(folder: Path, shapes: np.ndarray, rows: int) -> None:
    """Write random points in both formats, one in a hundred broken."""
    west, south, east, north = shapely.total_bounds(shapes)
    dice = np.random.default_rng(1)
    lon, lat = dice.uniform(west, east, rows), dice.uniform(south, north, rows)
    lon[::100] = np.nan
    table = pa.table({"id": np.arange(rows), "lon": lon, "lat": lat})
    few = table.slice(0, max(int(rows * PEER_SHARE), 1))
    for name, part in (("points", table), ("few", few)):
        pq.write_table(part, folder / f"{name}.parquet")
        pa_csv.write_csv(part, folder / f"{name}.csv")


def time_cpu(work: Callable[[], object]) -> float:
    """Measure the CPU seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def join_by_geopandas(folder: Path, ending: str) -> None:
    """Do the same with geopandas: of several divisions the first counts."""
    coverage = gpd.read_file(folder / "nation.gpkg")
    read = pd.read_csv if ending == ".csv" else pd.read_parquet
    frame = read(folder / f"few{ending}")
    points = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326)
    joined = gpd.sjoin(points, coverage[["code", "geometry"]], how="left", predicate="intersects")
    joined = pd.DataFrame(joined[~joined.index.duplicated()].drop(columns=["geometry", "index_right"]))
    out = folder / f"joined{ending}"
    joined.to_csv(out, index=False) if ending == ".csv" else joined.to_parquet(out)


def count_differences(folder: Path, ending: str) -> int:
    """Count the rows whose keys differ."""
    if ending == ".csv":
        kinds = {"key": str, "code": str}
        own, other = (pd.read_csv(folder / f"{name}.csv", dtype=kinds) for name in ("out", "joined"))
    else:
        own, other = (pd.read_parquet(folder / f"{name}.parquet") for name in ("out", "joined"))
    return int((own["key"].iloc[: len(other)].fillna("") != other["code"].fillna("")).sum())


def compare(folder: Path, rows: int) -> Iterator[Comparison]:
    """Compare on both formats."""
    for ending in (".parquet", ".csv"):
        asked = CoverageFile(str(folder / "nation.gpkg"), "code", index=folder / f"{ending[1:]}.index")
        points, out = folder / f"points{ending}", folder / f"out{ending}"
        work = partial(locate_points, asked, points, columns=PointColumns(), out=out)
        times = [time_cpu(work) for _ in range(3)]
        few = max(int(rows * PEER_SHARE), 1)
        peer_s = time_cpu(partial(join_by_geopandas, folder, ending)) / few * rows
        ratio = peer_s / min(times[1:])
        yield Comparison(ending, rows, min(times[1:]), times[0], ratio, count_differences(folder, ending))


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--points", type=int, default=10_000_000, help="how many random points")
    parser.add_argument("--scale", type=float, default=1.0, help="the share of a nation")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, shapes = Path(name), load_nation(options.scale, SPACING_M)
        codes = [f"{row:06}" for row in range(len(shapes))]
        gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=4326).to_file(folder / "nation.gpkg")
        write_points(folder, shapes, options.points)
        found = list(compare(folder, options.points))
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
        return
    for one in found:
        times = f"{one.cpu_s:.2f} CPU s (first time {one.first_cpu_s:.2f})"
        print(f"{one.ending:9} {one.rows} rows {times} | geopandas {one.ratio:.1f} x | {one.differences} differ")


if __name__ == "__main__":
    main()
