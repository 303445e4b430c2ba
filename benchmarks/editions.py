"""Time an edition of growing size up to a whole nation, file by file, beside geopandas writing the same rows.

    python -m benchmarks.editions [--json] [--scales 0.1 0.3 1.0] [--spacing 1000]

Work is in CPU seconds of this process and, while it reads, of its server process. What counts are the ratios to the
peers and to the smallest size. The peers write one layer with GDAL as it comes, without styles, fixed times or hashes.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas
import shapely
from sqlalchemy.orm import Session

from benchmarks.national import CALLER, REGISTER, TODAY, measure, open_register
from fixtures.nation import NationPlan, build_nation
from services.queries import get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.register.publication import EditionContent, load_content, write_files
from services.register.publication.content import GEOMETRY
from services.register.publication.geopackage import write_geopackage
from services.register.publication.ocd import write_ocd
from services.register.publication.parquet import write_parquet
from services.register.publication.statistics_page import write_statistics
from services.register.publication.tables import write_csv, write_geojson
from services.register.publication.tiles import write_tiles


@dataclass(frozen=True)
class Measurement:
    """Hold what an edition of one size took."""

    scale: float
    """The share of a nation."""
    divisions: int
    """How many divisions and places it holds."""
    vertices: int
    """How many vertices its boundaries have."""
    work_s: dict[str, float]
    """CPU seconds of each step."""
    megabytes: dict[str, float]
    """How large each file is."""
    peers: dict[str, float]
    """How many times as long as our file of that kind geopandas took for the same rows."""
    wall_s: float
    """Seconds that all files took together, on a clock."""
    peak_mb: float
    """The most memory this process has had so far."""


def main() -> None:
    """Measure each size in turn, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.1, 0.3, 1.0])
    parser.add_argument("--spacing", type=float, default=1000, help="metres between the vertices of a boundary")
    parser.add_argument("--json", action="store_true")
    wish = parser.parse_args()
    found = [measure_scale(scale, wish.spacing) for scale in sorted(wish.scales)]
    print(json.dumps([asdict(one) for one in found], indent=1) if wish.json else write_tables(found))


def measure_scale(scale: float, spacing_m: float) -> Measurement:
    """Invent a nation, bring it into a store and make its edition."""
    plan = NationPlan(spacing_m=spacing_m).scaled(scale)
    with open_register(build_nation(plan, seed=1)) as session:
        source: Path = session.info["delivery"]
        delivery, options = load_delivery(str(source), source.parent), ImportOptions(REGISTER, commit=True)
        import_delivery(session, delivery, options, caller=CALLER, today=TODAY)
        return measure_edition(session, scale)


def measure_edition(session: Session, scale: float) -> Measurement:
    """Time reading, hashing and each file."""
    register = get_register(session, REGISTER)
    loaded: list[EditionContent] = []
    took = {"read": measure(session, lambda: loaded.append(load_content(session, register, TODAY)))}
    content = loaded[0]
    took["hash"] = _time(content.digest)
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        took |= {name: _time(work) for name, work in list_writers(folder, content)}
        start = time.perf_counter()
        (folder / "whole").mkdir()
        write_files(folder / "whole", content, number=1, digest=content.digest())
        wall = time.perf_counter() - start
        sizes = {path.suffix: 0.0 for path in sorted((folder / "whole").iterdir())}
        for path in (folder / "whole").iterdir():
            sizes[path.suffix] += path.stat().st_size / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        peers = time_peers(folder, content, took)
    vertices = int(shapely.get_num_coordinates(_list_shapes(content)).sum())
    return Measurement(scale, len(content.divisions), vertices, took, sizes, peers, wall, peak)


def list_writers(folder: Path, content: EditionContent) -> Iterator[tuple[str, Callable[[], None]]]:
    """List the files with what writes them."""
    yield "csv", lambda: write_csv(folder / "a.csv", content)
    yield "geojson", lambda: write_geojson(folder / "a.geojson", content)
    yield "parquet", lambda: write_parquet(folder / "a.parquet", content)
    yield "gpkg", lambda: write_geopackage(folder / "a.gpkg", content)
    yield "ocd", lambda: write_ocd(folder / "ocd.csv", content)
    yield "pmtiles", lambda: write_tiles(folder, content)
    yield "statistics", lambda: write_statistics(folder / "s.html", content, number=1, language="fa")


def time_peers(folder: Path, content: EditionContent, took: dict[str, float]) -> dict[str, float]:
    """Let geopandas write the same rows, and give its times as shares of ours."""
    rows = content.table.drop_columns([GEOMETRY]).to_pandas()
    frame = geopandas.GeoDataFrame(rows, geometry=_list_shapes(content), crs="EPSG:4326")
    peers = {
        "gpkg": lambda: frame.to_file(folder / "p.gpkg", driver="GPKG"),
        "geojson": lambda: frame.to_file(folder / "p.geojson", driver="GeoJSON"),
        "parquet": lambda: frame.to_parquet(folder / "p.parquet", compression="zstd"),
    }
    return {name: _time(work) / took[name] for name, work in peers.items()}


def _list_shapes(content: EditionContent) -> shapely.Geometry:
    return shapely.from_wkb(content.table[GEOMETRY].to_pylist())


def _time(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def write_tables(found: list[Measurement]) -> str:
    """Write the figures as the tables of the benchmarks' page."""
    steps = list(found[0].work_s)
    lines = [
        "| divisions | vertices | " + " | ".join(steps) + " | all files, wall s | peak MB |",
        "|---" * (len(steps) + 4) + "|",
    ]
    for one in found:
        work = " | ".join(f"{one.work_s[step]:.1f}" for step in steps)
        lines.append(f"| {one.divisions:,} | {one.vertices:,} | {work} | {one.wall_s:.0f} | {one.peak_mb:,.0f} |")
    lines += ["", "| divisions | " + " | ".join(f"geopandas {name} / ours" for name in found[0].peers) + " | MB |"]
    lines.append("|---" * (len(found[0].peers) + 2) + "|")
    for one in found:
        peers = " | ".join(f"{value:.2f}" for value in one.peers.values())
        lines.append(f"| {one.divisions:,} | {peers} | {sum(one.megabytes.values()):.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
