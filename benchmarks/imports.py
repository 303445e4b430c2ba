"""Time imports beside plain ways to fill a table, in one run: what do plans, history and guarded periods cost?

    python -m benchmarks.imports [--json]

Every figure is in CPU seconds of this process and of the database's, added up; what counts are the ratios of one run.
The peers write the same rows, without checks, codes, periods, constraints or history, into one bare table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Engine, text

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery

GROWTH = (1_000, 10_000, 98_100)
"""Rows of the tables of places; the last is the official list of Iran."""

DEHESTANS = 2_637
"""Rows of the layer of boundaries, as many as Iran has dehestans."""

VERTICES = 300
"""Vertices of each boundary."""

TICK = 0.01
"""The shortest time the system tells of another process."""

TODAY = date(2026, 1, 1)
CALLER = make_operator("benchmark")


@dataclass(frozen=True)
class Comparison:
    """Hold what one set of rows took each way."""

    rows: str
    """Which rows."""
    count: int
    """How many."""
    import_s: float
    """The import that brings them."""
    again_s: float
    """The same import again, which finds nothing new."""
    copy_s: float
    """A bare copy of the same file's columns."""
    frame_s: float
    """`pandas.to_sql` or `geopandas.to_postgis`."""

    @property
    def ratio(self) -> float:
        """Tell how many times the peers' faster way an import takes."""
        return self.import_s / max(min(self.copy_s, self.frame_s), TICK)


@contextmanager
def open_stores() -> Iterator[Callable[[], Engine]]:
    """Run a cluster and hand out engines on databases of their own."""
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with Cluster(folder / "data", durable=False) as cluster:
        engine = create_store_engine(cluster.create_database("empty"))
        with connect(engine) as connection:
            upgrade_tables(connection)
        engine.dispose()
        made: list[Engine] = []

        def make() -> Engine:
            made.append(create_store_engine(cluster.create_database(f"store_{len(made)}", template="empty")))
            return made[-1]

        yield make
        for engine in made:
            engine.dispose()
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def measure(engine: Engine, work: Callable[[], object]) -> float:
    """Measure the CPU seconds of this process and of all server processes of the engine's database."""
    own, server = time.process_time(), _read_server(engine)
    work()
    return round(time.process_time() - own + _read_server(engine) - server, 2)


def _read_server(engine: Engine) -> float:
    """Add up the CPU seconds of the backends that serve the database; the pool keeps them between measurements."""
    with engine.connect() as connection:
        pids = connection.scalars(text("select pid from pg_stat_activity where datname = current_database()")).all()
    return sum(_read_process(pid) for pid in pids)


def _read_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_places(folder: Path, rows: int) -> Path:
    """Write a table of places under one province; the names repeat as those of villages do."""
    lines = ["code,level,parent,name_fa", "1,province,,استان"]
    lines += [f"{number + 2},county,1,آبادی {number % 40_000}" for number in range(rows)]
    path = folder / f"places_{rows}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_boundaries(folder: Path) -> Path:
    """Write a layer of boundaries, each of some hundred vertices."""
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    middles = np.stack(np.meshgrid(np.linspace(47, 60, 52), np.linspace(27, 38, 51)), axis=-1).reshape(-1, 2)[
        :DEHESTANS
    ]
    rings = middles[:, None] + 0.1 * np.column_stack([np.cos(angles), np.sin(angles)])
    frame = gpd.GeoDataFrame(
        {"code": [str(number + 1) for number in range(len(rings))], "name_fa": "دهستان"},
        geometry=shapely.polygons(rings),
        crs="EPSG:4326",
    )
    frame.to_file(folder / "boundaries.gpkg")
    return folder / "boundaries.gpkg"


def bring(engine: Engine, path: Path, level: str | None = None) -> None:
    """Import a file of codes of OpenStreetMap."""
    mapping = ColumnMapping(level=level, scheme="osm", parent_scheme="osm")
    delivery = Delivery(path.name, "ir", (LayerSource(path, None, mapping, guess=True),))
    options = ImportOptions(register="ir", commit=True)
    with open_session(engine) as session:
        import_delivery(session, delivery, options, caller=CALLER, today=TODAY)


def copy_table(engine: Engine, path: Path) -> None:
    """Copy the columns of a table as they are."""
    with engine.begin() as connection:
        connection.execute(text("create table bare (code text, level text, parent text, name text)"))
        cursor = connection.connection.cursor()
        with cursor.copy("copy bare from stdin (format csv, header)") as copy:
            copy.write(path.read_bytes())


def copy_boundaries(engine: Engine, path: Path) -> None:
    """Copy codes and boundaries as they are."""
    frame = gpd.read_file(path)
    with engine.begin() as connection:
        connection.execute(text("create table bare (code text, name text, geom geometry)"))
        with connection.connection.cursor().copy("copy bare from stdin") as copy:
            hexes = shapely.to_wkb(shapely.set_srid(frame.geometry.to_numpy(), 4326), hex=True, include_srid=True)
            for row in zip(frame["code"], frame["name_fa"], hexes, strict=True):
                copy.write_row(row)


def compare_places(make: Callable[[], Engine], folder: Path, rows: int) -> Comparison:
    """Compare the ways for a table of places."""
    path, engine, bare = write_places(folder, rows), make(), make()
    return Comparison(
        "places",
        rows,
        measure(engine, lambda: bring(engine, path)),
        measure(engine, lambda: bring(engine, path)),
        measure(bare, lambda: copy_table(bare, path)),
        measure(bare, lambda: pd.read_csv(path, dtype=str).to_sql("framed", bare, index=False)),
    )


def compare_boundaries(make: Callable[[], Engine], folder: Path) -> Comparison:
    """Compare the ways for a layer of boundaries."""
    path, engine, bare = write_boundaries(folder), make(), make()
    return Comparison(
        "boundaries",
        DEHESTANS,
        measure(engine, lambda: bring(engine, path, "province")),
        measure(engine, lambda: bring(engine, path, "province")),
        measure(bare, lambda: copy_boundaries(bare, path)),
        measure(bare, lambda: gpd.read_file(path).to_postgis("framed", bare)),
    )


def run() -> list[Comparison]:
    """Run all comparisons, the boundaries last."""
    with tempfile.TemporaryDirectory() as folder, open_stores() as make:
        compare_places(make, Path(folder), 100)
        places = [compare_places(make, Path(folder), rows) for rows in GROWTH]
        return [*places, compare_boundaries(make, Path(folder))]


def main() -> None:
    """Print the comparisons as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    found = run()
    if parser.parse_args().json:
        print(json.dumps([{**asdict(one), "ratio": round(one.ratio, 1)} for one in found], indent=1))
        return
    print(f"{'rows':12}{'count':>8}{'import':>9}{'again':>9}{'copy':>9}{'frame':>9}{'ratio':>8}")
    for one in found:
        figures = f"{one.import_s:9.2f}{one.again_s:9.2f}{one.copy_s:9.2f}{one.frame_s:9.2f}{one.ratio:8.1f}"
        print(f"{one.rows:12}{one.count:8}{figures}")


if __name__ == "__main__":
    main()
