"""Check that exports are whole, safe, and read back as the same."""

from __future__ import annotations

import csv
import errno
import json
from types import SimpleNamespace

import pyogrio
import pytest

from geo.errors import DiskFull, FolderUnfit, UnknownLevel, UnreadableFile
from services.atomic import replace_when_whole
from services.queries import get_register
from services.register import exports
from services.register.exports import export_level

PROVINCES = (
    "code,level,name_fa,wkt\n"
    '01,ostan,تهران,"POLYGON ((51.123456789 35, 52 35, 52 36, 51 36, 51.123456789 35))"\n'
    '02,ostan,=1+1,"POLYGON ((52 35, 52 36, 53 36, 53 35, 52 35), (52.2 35.2, 52.4 35.2, 52.4 35.4, 52.2 35.2))"\n'
    "03,ostan,مرکزی,\n"
)


@pytest.fixture
def export(bring, session, tmp_path):
    """Import three provinces and export them under a name."""
    bring(PROVINCES)

    def run(name: str, level: str | None = "province"):
        out = tmp_path / name
        export_level(session, get_register(session, "test"), out, level=level, day=bring.today)
        return out

    return run


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.zip", "شهر.GPKG"])
@pytest.mark.parametrize("level", ["province", None])
def test_what_is_exported_is_imported_as_the_same(export, bring, name, level):
    report = bring(export(name, level), commit=False)
    assert report.counts == {"province": {"new": 0, "changed": 0, "same": 3, "refused": 0, "absent": 0}}


@pytest.mark.parametrize("name", ["a.geojson", "a.csv"])
def test_same_register_gives_the_same_bytes(export, name):
    assert export(name).read_bytes() == export(f"b{name}").read_bytes()


def test_table_keeps_zeros_and_disarms_formulas(export):
    with export("a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["code"], row["name_fa"]) for row in rows] == [("01", "تهران"), ("02", "'=1+1"), ("03", "مرکزی")]


def test_geojson_runs_its_rings_as_the_standard_says(export):
    first, second, third = json.loads(export("a.geojson").read_text(encoding="utf-8"))["features"]
    assert first["geometry"]["coordinates"][0][0][0] == [51.123456789, 35]
    assert (second["geometry"]["coordinates"][0][0][1][0], third["geometry"]) == (53, None)


def test_other_registers_stay_out(export, bring):
    bring(PROVINCES, register="other")
    assert pyogrio.read_info(export("a.gpkg"))["features"] == 3


@pytest.mark.parametrize(
    ("name", "level", "error"), [("a.pdf", None, UnreadableFile), ("a.csv", "galaxy", UnknownLevel)]
)
def test_export_that_cannot_begin_leaves_nothing(export, tmp_path, name, level, error):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error):
        export(name, level)
    assert sorted(tmp_path.iterdir()) == before


def test_points_and_boundaries_do_not_share_a_shapefile(export, bring):
    bring("code,level,lon,lat\n0101,county,51.5,35.5\n")
    with pytest.raises(UnreadableFile) as caught:
        export("a.zip", None)
    assert caught.value.params["reason"].key == "shapefile_mixed"


def test_export_that_falls_short_keeps_the_old_file(export, monkeypatch):
    out = export("a.gpkg")
    before = out.read_bytes()
    monkeypatch.setattr(exports, "_to_features", lambda sheet: iter(()))
    with pytest.raises(UnreadableFile):
        export("a.gpkg")
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, FolderUnfit)]
)
def test_broken_writing_leaves_the_old_file(tmp_path, number, error):
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    with pytest.raises(error), replace_when_whole(tmp_path / "a.csv") as draft:
        draft.write_text("half", encoding="utf-8")
        raise OSError(number, "broken")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError])
def test_interrupted_writing_leaves_nothing(tmp_path, interruption):
    with pytest.raises(interruption), replace_when_whole(tmp_path / "a.csv") as draft:
        draft.write_text("half", encoding="utf-8")
        raise interruption
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_is_told(tmp_path):
    with pytest.raises(FolderUnfit), replace_when_whole(tmp_path / "nowhere" / "a.csv"):
        pass


@pytest.mark.parametrize(
    ("error", "free", "expected"),
    [
        (RuntimeError("database or disk is full"), 10**9, DiskFull),
        (RuntimeError("failed to write"), 0, DiskFull),
        (RuntimeError("failed to write"), 10**9, UnreadableFile),
    ],
)
def test_full_disk_is_told_from_other_failures(export, monkeypatch, error, free, expected):
    def fail(sheet: object) -> None:
        raise error

    monkeypatch.setattr(exports, "_to_features", fail)
    monkeypatch.setattr(exports.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    with pytest.raises(expected):
        export("a.gpkg")
