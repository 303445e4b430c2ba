"""Test that nothing asked in passing or in bulk is kept: in logs, memory, the store, or any file but the answer."""

from __future__ import annotations

import logging
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
from fastapi.testclient import TestClient
from shapely import box
from sqlalchemy import Engine

from services.database.cluster import Cluster
from services.database.programs import QUIET_ENVIRONMENT, find_client
from services.elections.locate import CoverageFile, Manner, locate_points
from services.elections.located_points import PointColumns
from services.settings import Settings
from services.web.app import create_app
from services.web.quick_find import QuickFind

MARK = "7654329"
"""What the coordinates of every question end with."""
LOOKUPS, ROWS = 300, 3000
PATH = "/api/v1/registers/dz/find"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have everything that is put aside for a while put here."""
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    return tmp_path


@pytest.fixture
def quick(demo_engine: Engine, folder: Path) -> Iterator[TestClient]:
    app = create_app(Settings(data_folder=folder, log_level="debug"), demo_engine)
    app.state.keeper.renew("dz")
    with TestClient(QuickFind(app), raise_server_exceptions=False) as speaking:
        yield speaking


def find_files(folder: Path) -> list[str]:
    """List the files under a folder in which a question stands."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in paths if MARK.encode() in path.read_bytes()]


def describe_memory(client: TestClient) -> str:
    """Write all that a worker holds of places and stations."""
    snapshot = client.app.app.state.keeper.find("dz")  # type: ignore[attr-defined]
    spots = [(spot, spot.texts, [vars(one) for one in spot.candidates.values()]) for spot in snapshot._spots.values()]
    return repr([list(snapshot._spots), spots, vars(client.app.app.state.memory)])  # type: ignore[attr-defined]


def test_look_ups_leave_nothing(quick: TestClient, cluster: Cluster, folder: Path, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    for number in range(LOOKUPS):
        asked = f'{{"lon": {2.9 + number / 1000:.3f}{MARK}, "lat": {36.5 + number / 1000:.3f}{MARK}}}'
        answer = quick.post(PATH, content=asked, headers={"Content-Type": "application/json"})
        assert MARK not in f"{answer.headers} {answer.text}"
    said = [*capfd.readouterr(), caplog.text, cluster.layout.log.read_text(encoding="utf-8"), describe_memory(quick)]
    assert [MARK in one for one in said] == [False] * len(said)
    assert find_files(folder) == []


def test_look_ups_are_not_in_the_database(quick: TestClient, cluster: Cluster):
    quick.post(PATH, content=f'{{"lon": 3.05{MARK}, "lat": 36.75{MARK}}}', headers={"Content-Type": "application/json"})
    options = ["--dbname", cluster.find_url("demonstration"), "--exclude-table-data=boundary"]
    command = [find_client("pg_dump", at_least=1), *options]
    dump = subprocess.run(command, env=QUIET_ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    assert "COPY public.station" in dump and MARK not in dump


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_bulk_leaves_nothing_but_its_answer(folder: Path, capfd, caplog, ending: str, resume: bool):
    caplog.set_level(logging.DEBUG)
    geopandas.GeoDataFrame({"code": ["1"]}, geometry=[box(0, 0, 1, 1)], crs=4326).to_file(folder / "c.gpkg")
    rows = [f"{number / ROWS:.4f}{MARK},0.5{MARK},voter{MARK}" for number in range(ROWS)]
    (folder / "p.csv").write_text("\n".join(["lon,lat,name", *rows, f"x{MARK},1,{MARK}", f"{MARK}"]), encoding="utf-8")
    asked = CoverageFile(str(folder / "c.gpkg"), "code", index=folder / "c.index")
    out = folder / f"out{ending}"
    locate_points(asked, folder / "p.csv", columns=PointColumns(), out=out, manner=Manner(resume=resume))
    out.unlink()
    assert find_files(folder) == ["p.csv"]
    assert [MARK in one for one in (*capfd.readouterr(), caplog.text)] == [False] * 3
