"""Audit a whole nation with planted defects beside everything else that looks for some of them, in one run.

    python -m benchmarks.audit_peers [--share 1.0] [--spacing 60] [--mapshaper PROGRAM] [--maup PYTHON] [--only ENGINE]

Each engine has a process of its own: CPU seconds without the start and the loading of the layer, the most memory with
both. `--mapshaper` names the program of the npm package, `--maup` a Python that has maup; without them they are left
out. What counts are the ratios of one run. Recall and precision are told for what gives shapes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.audit_engines import ENGINES, load_case
from benchmarks.national import measure
from fixtures.nation import Defects, Nation, NationPlan, build_nation
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session

MAUP = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import geopandas as gpd, maup
frame = gpd.read_file(sys.argv[1]).set_crs(4326, allow_override=True)
start = time.process_time()
maup.doctor(frame, silent=True)
print(json.dumps({"cpu_s": time.process_time() - start}))
"""
LAUNCHER = """
import json, os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(pid, 0)
print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "memory_mb": used.ru_maxrss / 1024}), flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A program counts as its own the memory of whoever starts it, so a small one does."""
SELF_JOIN = """
select count(*), sum(st_area(st_intersection(a.geom, b.geom)))
from leaf a join leaf b on a.row < b.row and st_relate(a.geom, b.geom, 'T********')
"""
HOLES = "select sum(st_numinteriorrings(part)) from (select (st_dump(st_union(geom))).geom as part from leaf) parts"


@dataclass(frozen=True)
class Run:
    """Hold what one engine took and found."""

    engine: str
    """Which."""
    cpu_s: float
    """CPU seconds of the work itself."""
    memory_mb: float | None = None
    """The most memory its process held, the layer included."""
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Recall and precision by kind."""


def write_case(nation: Nation, folder: Path) -> None:
    """Write the layer for engines that read files."""
    leaves, parents = nation.read_partition(), nation.levels["bakhsh"]
    for name, frame in {"leaves": leaves, "parents": parents, "homes": nation.levels["dehestan"]}.items():
        flat = pd.DataFrame(frame.drop(columns="geometry"))
        flat.assign(wkb=shapely.to_wkb(frame.geometry.to_numpy())).to_parquet(folder / f"{name}.parquet")
    places = nation.places
    table = {"code": places["code"], "parent_code": places["parent_code"], "lon": places.geometry.x}
    pd.DataFrame({**table, "lat": places.geometry.y}).to_parquet(folder / "places.parquet")
    gpd.GeoDataFrame({"code": leaves["code"].to_numpy()}, geometry=leaves.geometry.to_numpy(), crs=4326).to_file(
        folder / "leaves.shp"
    )
    truth = [defect.to_json() for defect in nation.truth]
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")


def run_alone(command: Sequence[str]) -> tuple[dict[str, Any], float, float]:
    """Run a program: the last line it prints as JSON, its CPU seconds in all, the most memory it held in MB."""
    done = subprocess.run([sys.executable, "-c", LAUNCHER, *command], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return (lines[-2] if len(lines) > 1 else {}), lines[-1]["cpu_s"], lines[-1]["memory_mb"]


def run_engine(name: str, folder: Path) -> Run:
    """Run an engine of ours in its own process."""
    told, _, memory_mb = run_alone([sys.executable, "-m", "benchmarks.audit_engines", name, str(folder)])
    return Run(name, told["cpu_s"], memory_mb, told["scores"])


def run_mapshaper(program: str, folder: Path) -> Iterator[Run]:
    """Let mapshaper load the layer, which builds its topology, and then load and clean it."""
    command = ["node", "--max-old-space-size=8192", program, "-i", str(folder / "leaves.shp")]
    _, loading_s, loading_mb = run_alone(command)
    yield Run("mapshaper, loading", loading_s, loading_mb)
    _, whole_s, memory_mb = run_alone([*command, "-clean"])
    yield Run("mapshaper, net of loading", whole_s - loading_s, memory_mb)


def run_maup(python: str, folder: Path) -> Run:
    """Let maup count overlaps and gaps."""
    told, _, memory_mb = run_alone([python, "-c", MAUP, str(folder / "leaves.shp")])
    return Run("maup.doctor", told["cpu_s"], memory_mb)


def run_postgis(folder: Path) -> Iterator[Run]:
    """Join the layer with itself in PostGIS, and unite it to look for holes; neither loading nor indexing counts."""
    shapes = load_case(folder).shapes
    home = Path(tempfile.mkdtemp(prefix="tq-"))
    home.chmod(0o755)
    with Cluster(home / "data", durable=False) as cluster:
        engine = create_store_engine(cluster.create_database("peers"))
        with open_session(engine) as session:
            session.execute(text("create extension if not exists postgis"))
            session.execute(text("create table leaf (row int, geom geometry(Geometry, 4326))"))
            rows = [{"row": row, "wkb": wkb} for row, wkb in enumerate(shapely.to_wkb(shapes).tolist())]
            session.execute(text("insert into leaf values (:row, st_setsrid(st_geomfromwkb(:wkb), 4326))"), rows)
            session.execute(text("create index on leaf using gist (geom)"))
            session.execute(text("analyze leaf"))
            for name, query in {"PostGIS self-join": SELF_JOIN, "PostGIS holes of the union": HOLES}.items():
                yield Run(name, measure(session, partial(_ask, session, query)))
        engine.dispose()
        cluster.stop()
    shutil.rmtree(home, ignore_errors=True)


def _ask(session: Session, query: str) -> object:
    return session.execute(text(query)).all()


def run_all(folder: Path, options: argparse.Namespace) -> Iterator[Run]:
    """Run every engine that was asked for."""
    for name in ENGINES:
        if not options.only or name in options.only:
            yield run_engine(name, folder)
    if options.mapshaper:
        yield from run_mapshaper(options.mapshaper, folder)
    if options.maup:
        yield run_maup(options.maup, folder)
    if not options.only or "postgis" in options.only:
        yield from run_postgis(folder)


def write_line(run: Run, first: Run) -> str:
    """Write a run as a row of a table."""
    scores = ", ".join(f"{kind} {score['recall']:.3f} / {score['precision']:.3f}" for kind, score in run.scores.items())
    memory = "" if run.memory_mb is None else f"{run.memory_mb:.0f}"
    return f"| {run.engine} | {run.cpu_s:.2f} | {run.cpu_s / first.cpu_s:.1f} | {memory} | {scores} |"


def main() -> None:
    """Print a table, each engine as soon as it is done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="the share of a nation")
    parser.add_argument("--spacing", type=float, default=60.0, help="metres between vertices")
    parser.add_argument("--mapshaper", help="the program of the npm package mapshaper")
    parser.add_argument("--maup", help="a Python that has maup")
    parser.add_argument("--only", nargs="+", help="only these engines")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tq-") as room:
        start = time.process_time()
        plan = NationPlan(spacing_m=options.spacing).scaled(options.share)
        nation = build_nation(plan, seed=1, defects=Defects().scaled(options.share))
        write_case(nation, Path(room))
        shapes = nation.read_partition().geometry
        vertices, count = int(shapely.get_num_coordinates(shapes).sum()), len(shapes)
        print(f"{count} polygons, {vertices} vertices, made in {time.process_time() - start:.0f} s", flush=True)
        print("| engine | CPU s | times ours | MB | recall / precision |\n|---|---|---|---|---|", flush=True)
        first: Run | None = None
        for run in run_all(Path(room), options):
            first = first or run
            print(write_line(run, first), flush=True)


if __name__ == "__main__":
    main()
