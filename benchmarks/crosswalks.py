"""Time crosswalks by ground beside geopandas.overlay, and beside tobler and maup in a Python of their own.

    python -m benchmarks.crosswalks [--json] [--peer PYTHON]

Sources and targets are the smallest divisions of two invented countries laid over each other, at growing size. Every
figure is in CPU seconds; what counts are the ratios of one run. All engines carry the same people, and the total each
of them arrives at is told: ours must be the very one it began with; what of it lies in no target is told apart.
`--peer` names a Python that has tobler and maup (PyPI); without it they are left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from fixtures.nation import NationPlan, build_nation
from geo.register.aggregates import re_aggregate
from geo.register.crosswalk_ways import GroundSet, cross_areas

SHARES = (0.05, 0.2, 1.0)
EQUAL_AREA = "EPSG:6933"
PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import geopandas as gpd
name, sources, targets = sys.argv[1:]
left, right = gpd.read_file(sources), gpd.read_file(targets)
if name == "tobler":
    from tobler.area_weighted import area_interpolate
    run = lambda: area_interpolate(left, right, extensive_variables=["people"], allocate_total=False)["people"]
else:
    import maup
    def run():
        pieces = maup.intersections(left, right, area_cutoff=0)
        whole = left.area.reindex(pieces.index.get_level_values(0)).to_numpy()
        return maup.prorate(pieces, left["people"], pieces.area / whole)
start = time.process_time()
found = run()
print(json.dumps({"cpu_s": time.process_time() - start, "total": float(found.sum())}))
"""


@dataclass(frozen=True)
class Run:
    """Hold what one engine did on one pair of layers."""

    engine: str
    """Which."""
    cpu_s: float
    """CPU seconds."""
    total: float
    """The people it arrives at."""


@dataclass(frozen=True)
class Pair:
    """Hold two layers and what the engines did with them."""

    sources: int
    """How many sources."""
    targets: int
    """How many targets."""
    vertices: int
    """Vertices of both."""
    people: int
    """The people to carry."""
    remainder: int
    """People that ours leaves over, since no target has their ground."""
    runs: tuple[Run, ...]
    """What the engines did, ours first."""

    def find_ratios(self) -> dict[str, float]:
        """Give how many times as long as ours the others take."""
        return {run.engine: round(run.cpu_s / self.runs[0].cpu_s, 2) for run in self.runs[1:]}


def load_layer(share: float, seed: int) -> gpd.GeoDataFrame:
    """Generate the smallest divisions of a country with invented people."""
    shapes = np.array(build_nation(NationPlan().scaled(share), seed=seed).read_partition().geometry)
    people = np.random.default_rng(seed).integers(0, 50_000, len(shapes))
    codes = [f"{number:06}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes, "people": people}, geometry=shapes, crs=4326)


def time_run(engine: str, work: Callable[[], float]) -> Run:
    """Time one engine."""
    start = time.process_time()
    total = work()
    return Run(engine, time.process_time() - start, total)


def compare(share: float, peer: str | None) -> Pair:
    """Carry people from one layer to another with every engine."""
    left, right = load_layer(share, 1), load_layer(share, 2)
    people = {code: int(count) for code, count in zip(left["code"], left["people"], strict=True)}
    kept: list[int] = []

    def run_ours() -> float:
        sides = (GroundSet(list(side["code"]), np.array(side.geometry)) for side in (left, right))
        carried = re_aggregate(cross_areas(*sides), people)
        kept.append(int(sum(carried.remainder.values())))
        return carried.total

    flat = [side.to_crs(EQUAL_AREA) for side in (left, right)]

    def run_overlay() -> float:
        whole = flat[0].assign(whole=flat[0].area)
        pieces = gpd.overlay(whole, flat[1][["geometry"]], how="intersection", keep_geom_type=True)
        return float((pieces["people"] * pieces.area / pieces["whole"]).sum())

    runs = [time_run("cross_areas", run_ours), time_run("overlay", run_overlay)]
    runs += [run_peer(peer, name, flat) for name in ("tobler", "maup")] if peer else []
    vertices = sum(int(shapely.get_num_coordinates(side.geometry).sum()) for side in (left, right))
    return Pair(len(left), len(right), vertices, sum(people.values()), kept[0], tuple(runs))


def run_peer(peer: str, name: str, layers: list[gpd.GeoDataFrame]) -> Run:
    """Run a peer in its own Python; reading files is not in its time."""
    with tempfile.TemporaryDirectory() as room:
        paths = [str(Path(room) / f"{side}.gpkg") for side in ("sources", "targets")]
        for layer, path in zip(layers, paths, strict=True):
            layer.to_file(path)
        done = subprocess.run([peer, "-c", PEER, name, *paths], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Run(name, found["cpu_s"], found["total"])


def write_line(pair: Pair) -> str:
    """Write one comparison as a line of text."""
    runs = " | ".join(f"{run.engine} {run.cpu_s:7.2f} s, {run.total:,.2f}" for run in pair.runs)
    ratios = " ".join(f"{name} {ratio:.1f}x" for name, ratio in pair.find_ratios().items())
    size = f"{pair.sources:5} to {pair.targets:5}, {pair.vertices:8} vertices, {pair.people:,} people"
    return f"{size} ({pair.remainder:,} left over) | {runs} | {ratios}"


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--peer", help="a Python that has tobler and maup")
    options = parser.parse_args()
    found = []
    for share in SHARES:
        pair = compare(share, options.peer)
        found.append({**asdict(pair), "ratios": pair.find_ratios()})
        if not options.json:
            print(write_line(pair), flush=True)
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
