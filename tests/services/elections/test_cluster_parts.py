"""Test that the workers of a cluster give the same bytes as the program on its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas
import pytest

from fixtures.letters import draw
from services.elections import point_files
from services.elections.locate import CoverageFile, Manner, locate_points
from services.elections.located_points import PointColumns

distributed = pytest.importorskip("distributed")

ROWS = 3000


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Start two workers, each a process of its own, that speak over the loopback."""
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )
    with cluster:
        yield cluster.scheduler_address


@pytest.fixture
def coverage(tmp_path: Path) -> CoverageFile:
    shapes = draw("AABB\nACCB")
    geopandas.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs=4326).to_file(
        tmp_path / "communes.gpkg"
    )
    return CoverageFile(str(tmp_path / "communes.gpkg"), "code")


def write_points(path: Path) -> Path:
    dice = np.random.default_rng(1)
    frame = pandas.DataFrame({"lon": dice.uniform(-1, 5, ROWS), "lat": dice.uniform(-1, 3, ROWS)})
    frame.loc[::100, "lat"] = np.nan
    frame["name"] = "=1+1"
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, row_group_size=200)
    return path


@pytest.mark.parametrize("points", ["p.csv", "p.parquet"])
@pytest.mark.parametrize("out", ["out.csv", "out.parquet"])
def test_workers_give_the_same_bytes(scheduler, coverage, tmp_path, monkeypatch, points, out):
    monkeypatch.setattr(point_files, "PART_BYTES", 20_000)
    monkeypatch.setattr(point_files, "PART_ROWS", 500)
    source, manner = write_points(tmp_path / points), Manner(scheduler=scheduler)
    plain = locate_points(coverage, source, columns=PointColumns(), out=tmp_path / f"plain-{out}")
    shared = locate_points(coverage, source, columns=PointColumns(), out=tmp_path / out, manner=manner)
    assert (tmp_path / out).read_bytes() == (tmp_path / f"plain-{out}").read_bytes()
    assert (shared.points, shared.located, shared.unreadable) == (ROWS, plain.located, plain.unreadable)
    assert not list(tmp_path.glob(".*"))
