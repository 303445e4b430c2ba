"""Check what may be opened and what may not."""

from __future__ import annotations

import os
import sqlite3
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from geo.errors import EmptyFile, FileRefused, FileTooLarge, UnreadableFile, UnsafeFile
from services.files import check_file_safe
from services.messages import LANGUAGES, explain

LIMIT = 1_000_000
KML = b'<?xml version="1.0"?>\n<!-- x --><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>'
VRT = b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"


@pytest.fixture
def put(tmp_path: Path):
    """Write a file of a name."""

    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.fixture
def pack(tmp_path: Path):
    """Write a zip of names and contents."""

    def write(members: dict[str, bytes], name: str = "a.zip", method: int = zipfile.ZIP_DEFLATED) -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", method) as archive:
            for member, data in members.items():
                archive.writestr(member, data)
        return tmp_path / name

    return write


def refuse(path: Path | str, most_bytes: int = LIMIT) -> tuple[type[FileRefused], str]:
    """Give the class and reason of a refusal, having said it in every language."""
    with pytest.raises(FileRefused) as caught:
        check_file_safe(path, most_bytes=most_bytes)
    assert all(explain(caught.value, language) for language in LANGUAGES)
    reason = caught.value.params.get("reason")
    return type(caught.value), getattr(reason, "key", "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"code\n1\n"),
        ("a.geojson", b'\xef\xbb\xbf  {"type": "FeatureCollection"}'),
        ("a.KML", KML),
        ("a.parquet", b"PAR1...."),
        ("a b'c;d.csv", b"x"),
    ],
)
def test_plain_files_are_opened(put, name, data):
    found = check_file_safe(put(name, data), most_bytes=LIMIT)
    assert (found.name, found.size_bytes) == (name, len(data))


@pytest.mark.parametrize(
    ("name", "data", "error", "reason"),
    [
        ("a.csv", b"", EmptyFile, ""),
        ("a.exe", b"MZ", UnreadableFile, "file_ending"),
        ("a", b"code\n", UnreadableFile, "file_ending"),
        ("a.vrt", VRT, UnreadableFile, "file_ending"),
        ("a.gpkg", VRT, UnsafeFile, "file_disguised"),
        ("a.geojson", VRT, UnsafeFile, "file_disguised"),
        ("a.kml", VRT, UnsafeFile, "file_disguised"),
        ("a.kml", VRT + b"<!-- <kml -->", UnsafeFile, "file_disguised"),
        ("a.kml", KML + VRT, UnsafeFile, "file_disguised"),
        ("a.kml", b'<!DOCTYPE a [<!ENTITY b "c">]>' + KML, UnsafeFile, "file_disguised"),
        ("a.kml", b"<OGRWFSDataSource><URL>http://x</URL><!--<kml--></OGRWFSDataSource>", UnsafeFile, "file_disguised"),
        ("a.shp", b"not a shapefile", UnsafeFile, "file_disguised"),
        ("a.xlsx", b"code,name\n", UnsafeFile, "file_disguised"),
        ("a.zip", b"PK\x03\x04 and no more", UnreadableFile, "zip_broken"),
        ("a.gpkg", b"SQLite format 3\0 and no more", UnreadableFile, "sqlite_says"),
    ],
)
def test_odd_files_are_refused(put, name, data, error, reason):
    assert refuse(put(name, data)) == (error, reason)


@pytest.mark.parametrize(
    ("path", "error", "reason"),
    [
        ("/vsicurl/http://example.org/a.geojson", UnsafeFile, "file_not_local"),
        ("/vsizip//tmp/a.zip/a.geojson", UnsafeFile, "file_not_local"),
        ("https://example.org/a.geojson", UnsafeFile, "file_not_local"),
        ("zip://a.zip", UnsafeFile, "file_not_local"),
        ("\\\\server\\share\\a.csv", UnsafeFile, "file_not_local"),
        ("a\0b.csv", UnsafeFile, "file_not_local"),
        ("PG:dbname=taqsimat", UnreadableFile, "file_absent"),
        ("/nowhere/a.csv", UnreadableFile, "file_absent"),
        ("/etc/passwd/a.csv", UnreadableFile, "file_system"),
        ("a" * 300 + ".csv", UnreadableFile, "file_system"),
        ("/dev/null", UnreadableFile, "file_not_plain"),
        ("/", UnreadableFile, "file_not_plain"),
    ],
)
def test_paths_that_are_no_files_are_refused(path, error, reason):
    assert refuse(path) == (error, reason)


def test_pipes_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    assert refuse(tmp_path / "a.csv") == (UnreadableFile, "file_not_plain")


def test_pipes_beside_a_shapefile_are_not_waited_for(put, tmp_path):
    os.mkfifo(tmp_path / "a.dbf")
    assert refuse(put("a.shp", b"\x00\x00\x27\x0a")) == (UnreadableFile, "file_not_plain")


def test_link_counts_as_what_it_leads_to(put, tmp_path):
    (tmp_path / "a.csv").symlink_to(put("secret.key", b"x"))
    assert refuse(tmp_path / "a.csv") == (UnreadableFile, "file_ending")


def test_circle_of_links_is_refused(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    assert refuse(tmp_path / "a.csv")[0] is UnreadableFile


def test_name_that_is_not_utf8_is_told(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xe7\xe3.csv"
    with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"x")
    assert refuse(os.fsdecode(path)) == (UnreadableFile, "file_name_bytes")


def test_file_over_the_limit_is_refused(put):
    assert refuse(put("a.csv", b"x" * 11), most_bytes=10)[0] is FileTooLarge


def test_companions_count_against_the_limit(put):
    put("a.dbf", b"x" * 20)
    assert refuse(put("a.shp", b"\x00\x00\x27\x0a"), most_bytes=20)[0] is FileTooLarge


def test_digest_covers_companions(put):
    path = put("a.shp", b"\x00\x00\x27\x0a")
    before = check_file_safe(path, most_bytes=LIMIT).digest()
    put("a.dbf", b"x")
    assert check_file_safe(path, most_bytes=LIMIT).digest() != before


def test_vanished_file_has_no_digest(put):
    found = check_file_safe(put("a.csv", b"x"), most_bytes=LIMIT)
    found.path.unlink()
    with pytest.raises(UnreadableFile):
        found.digest()


@pytest.mark.parametrize(
    ("members", "error", "reason"),
    [
        ({"a.geojson": b"0" * 900_000}, UnsafeFile, "zip_bomb"),
        ({f"{n}.txt": b"" for n in range(10_001)}, UnsafeFile, "zip_bomb"),
        ({"../a.geojson": b"{}"}, UnsafeFile, "zip_outside"),
        ({"/a.geojson": b"{}"}, UnsafeFile, "zip_outside"),
        ({"b\\..\\a.geojson": b"{}"}, UnsafeFile, "zip_outside"),
        ({"a.geojson": b"{}", "b.geojson": b"{}"}, UnreadableFile, "zip_contents"),
        ({"readme.txt": b"x"}, UnreadableFile, "zip_contents"),
        ({"a.vrt": VRT}, UnreadableFile, "zip_contents"),
        ({"a.kml": VRT}, UnsafeFile, "file_disguised"),
    ],
)
def test_odd_zips_are_refused(pack, members, error, reason):
    assert refuse(pack(members)) == (error, reason)


def test_zip_over_the_limit_is_refused(pack):
    assert refuse(pack({"a.geojson": b"{" + os.urandom(2000)}), most_bytes=1000)[0] is FileTooLarge


@pytest.mark.parametrize("claim", [100, 2_000_000])
def test_zip_that_lies_about_its_size_is_refused(pack, claim):
    path = pack({"a.geojson": b"{" + os.urandom(200_000)})
    data = path.read_bytes()
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(mark) + place
        data = data[:at] + struct.pack("<I", claim) + data[at + 4 :]
    path.write_bytes(data)
    assert refuse(path, most_bytes=10**9)[0] in (UnreadableFile, UnsafeFile)


def test_locked_zip_is_refused(pack):
    path = pack({"a.geojson": b"{}"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refuse(path) == (UnreadableFile, "zip_broken")


def test_zip_is_read_in_place(pack):
    found = check_file_safe(pack({"__MACOSX/a.geojson": b"", "in/a.geojson": b"{}", "b.txt": b""}), most_bytes=LIMIT)
    assert (found.member, found.ending) == ("in/a.geojson", ".geojson")
    assert found.gdal_path.startswith("/vsizip/{")


@pytest.mark.parametrize(
    "made",
    ["create virtual table t using rtree(id, a, b)", "create table t (a)", "create virtual table t using fts5(a)"],
)
def test_tables_inside_the_file_are_fine(tmp_path, made):
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute(made)
    assert check_file_safe(tmp_path / "a.sqlite", most_bytes=LIMIT).ending == ".sqlite"


def test_virtual_tables_that_reach_out_are_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        database.execute("create table t (a)")
        database.execute("pragma writable_schema = on")
        sql = "CREATE VIRTUAL TABLE t USING VirtualOGR('/etc/passwd')"
        database.execute("update sqlite_master set sql = ?", [sql])
        database.commit()
    assert refuse(tmp_path / "a.gpkg") == (UnsafeFile, "sqlite_outside")
