"""Open files that strangers wrote: nothing but a plain local file is opened, and none that unpacks without measure."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from geo.errors import EmptyFile, FileTooLarge, Reason, UnreadableFile, UnsafeFile, because

MOST_UNPACKING = 200
"""How many times its packed size a zip may unpack to; text and tables stay far below."""

MOST_MEMBERS = 10_000
"""How many files a zip may hold."""

HEAD_BYTES = 64 * 1024
"""How much of a file's beginning is looked at before a reader may open it."""

PIECE_BYTES = 1024 * 1024

COMPANIONS = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".qpj", ".sbn", ".sbx")
"""The files that belong to a shapefile."""

ZIPPED = (".shp", ".geojson", ".json", ".fgb", ".kml")
"""What may be read inside a zip, the surest first."""

PLAIN_MODULES = (
    *("rtree", "rtree_i32", "fts3", "fts4", "fts5"),
    *("virtualspatialindex", "virtualelementary", "virtualknn", "virtualknn2"),
)
"""The virtual tables of SQLite that keep to their own file."""

KML_ROOT = re.compile(rb"(<\?xml[^>]*\?>)?(\s|<!--.*?-->)*<(\w+:)?kml[\s>]", re.DOTALL)
LURES = (b"<OGR", b"opengis.net/gml", b"<!DOCTYPE", b"<!ENTITY")
"""What would make an XML file be read as something that points elsewhere."""

MAGIC: dict[str, tuple[bytes, ...]] = {
    ".gpkg": (b"SQLite format 3\0",),
    ".sqlite": (b"SQLite format 3\0",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".fgb": (b"fgb",),
    ".parquet": (b"PAR1",),
    ".geoparquet": (b"PAR1",),
    ".xlsx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04",),
    ".geojson": (b"{", b"[", b"\x1e"),
    ".json": (b"{", b"["),
    ".geojsonl": (b"{", b"\x1e"),
    ".jsonl": (b"{",),
    ".topojson": (b"{",),
    ".kml": (b"<",),
    ".csv": (b"",),
    ".tsv": (b"",),
    ".txt": (b"",),
}
"""How a file of each ending must begin, so that no reader is lured by a name into another format."""

VECTOR_ENDINGS = tuple(
    ending for ending in MAGIC if ending not in (".csv", ".tsv", ".txt", ".jsonl", ".xlsx", ".parquet", ".geoparquet")
)


@dataclass(frozen=True)
class SafeFile:
    """Name a file that may be opened."""

    path: Path
    """Where it is."""
    ending: str
    """The ending, in small letters, of what is read: of the file, or of the member of a zip."""
    size_bytes: int
    """How large it is, unpacked and with its companions."""
    member: str | None = None
    """The file inside a zip that is read."""

    @property
    def name(self) -> str:
        """Give its name without folders."""
        return self.path.name

    @property
    def gdal_path(self) -> str:
        """Write the path as GDAL opens it; zips are read in place."""
        return str(self.path) if self.member is None else f"/vsizip/{{{self.path}}}/{self.member}"

    def digest(self) -> str:
        """Name the file by its bytes, its companions included."""
        total = hashlib.sha256()
        for path in (self.path, *_list_companions(self.path)):
            try:
                with path.open("rb") as file:
                    total.update(hashlib.file_digest(file, "sha256").digest())
            except OSError as error:
                raise UnreadableFile(path=path.name, reason=_explain(error)) from error
        return total.hexdigest()


def check_file_safe(path: Path | str, *, most_bytes: int) -> SafeFile:
    """Check that a path is a plain local file of a known kind, not empty, not too large and no zip bomb.

    Raises UnreadableFile, UnsafeFile, EmptyFile or FileTooLarge.
    """
    plain = _find_plain_file(path)
    ending = plain.suffix.lower()
    if ending not in MAGIC:
        raise UnreadableFile(path=plain.name, reason=because("file_ending", known=tuple(MAGIC)))
    size, head = _measure(plain)
    _check_end(plain, ending, head)
    if size > most_bytes:
        raise FileTooLarge(path=plain.name, size_bytes=size, limit_bytes=most_bytes)
    _check_head(plain.name, ending, head)
    if ending == ".zip":
        return _check_zip(plain, most_bytes=most_bytes)
    if ending == ".xlsx":
        size = _measure_zip(plain, most_bytes=most_bytes)
    if ending in (".gpkg", ".sqlite"):
        _check_tables(plain)
    return SafeFile(plain, ending, size)


def _find_plain_file(path: Path | str) -> Path:
    text = str(path)
    shown = os.fsencode(text).decode("utf-8", "replace")
    if "\0" in text or "://" in text or text.startswith(("/vsi", "\\\\")):
        raise UnsafeFile(path=shown.replace("\0", "\ufffd"), reason=because("file_not_local"))
    plain = Path(os.path.realpath(text))
    if not os.fsencode(plain).decode("utf-8", "replace") == str(plain):
        raise UnreadableFile(path=shown, reason=because("file_name_bytes"))
    try:
        found = plain.stat()
    except FileNotFoundError as error:
        raise UnreadableFile(path=shown, reason=because("file_absent")) from error
    except OSError as error:
        raise UnreadableFile(path=shown, reason=_explain(error)) from error
    if not stat.S_ISREG(found.st_mode) or str(plain).startswith("/vsi"):
        raise UnreadableFile(path=shown, reason=because("file_not_plain"))
    if found.st_size == 0:
        raise EmptyFile(path=shown)
    return plain


def _explain(error: OSError) -> Reason:
    return because("file_system", detail=error.strerror or str(error))


def _list_companions(path: Path) -> list[Path]:
    if path.suffix.lower() != ".shp":
        return []
    both = (path.with_suffix(spelt) for ending in COMPANIONS for spelt in (ending, ending.upper()))
    return [companion for companion in both if companion.exists()]


def _measure(path: Path) -> tuple[int, bytes]:
    """Give the size of a file with its companions, and how it begins."""
    companions = _list_companions(path)
    if not all(companion.is_file() for companion in companions):
        raise UnreadableFile(path=path.name, reason=because("file_not_plain"))
    try:
        size = sum(part.stat().st_size for part in (path, *companions))
        with path.open("rb") as file:
            return size, file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableFile(path=path.name, reason=_explain(error)) from error


def _check_head(name: str, ending: str, head: bytes) -> None:
    """Refuse a file that begins otherwise than its ending says."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not start.startswith(MAGIC[ending]):
        raise UnsafeFile(path=name, reason=because("file_disguised", ending=ending))
    if ending == ".kml" and (not KML_ROOT.match(start) or any(lure in head for lure in LURES)):
        raise UnsafeFile(path=name, reason=because("file_disguised", ending=ending))


def _check_end(path: Path, ending: str, head: bytes) -> None:
    """Refuse a file whose end is missing, where its reader would not notice."""
    size = path.stat().st_size
    is_cut = ending == ".shp" and int.from_bytes(head[24:28], "big") * 2 > size
    if ending == ".geojsonl":
        with path.open("rb") as file:
            file.seek(max(size - HEAD_BYTES, 0))
            is_cut = not file.read().rstrip().endswith(b"}")
    if is_cut:
        raise UnreadableFile(path=path.name, reason=because("file_cut"))


def _check_tables(path: Path) -> None:
    """Refuse a database whose tables reach out of it."""
    query = "select sql from sqlite_master where type = 'table' and lower(sql) like 'create%virtual%table%'"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found = [str(row[0]) for row in database.execute(query)]
    except sqlite3.Error as error:
        raise UnreadableFile(path=path.name, reason=because("sqlite_says", detail=str(error))) from error
    modules = [re.search(r"\busing\s+[\"'\[`]?(\w+)", text, re.IGNORECASE) for text in found]
    if any(module is None or module[1].lower() not in PLAIN_MODULES for module in modules):
        raise UnsafeFile(path=path.name, reason=because("sqlite_outside"))


def _check_zip(path: Path, *, most_bytes: int) -> SafeFile:
    """Choose the one file of a zip that is read."""
    size = _measure_zip(path, most_bytes=most_bytes)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
        chosen = next((found for ending in ZIPPED if (found := _list_ending(names, ending))), [])
        if len(chosen) != 1:
            raise UnreadableFile(path=path.name, reason=because("zip_contents", known=ZIPPED, found=len(chosen)))
        ending = Path(chosen[0]).suffix.lower()
        with archive.open(chosen[0]) as file:
            _check_head(f"{path.name}/{chosen[0]}", ending, file.read(HEAD_BYTES))
    return SafeFile(path, ending, size, chosen[0])


def _list_ending(names: Iterable[str], ending: str) -> list[str]:
    return [name for name in names if name.lower().endswith(ending)]


def _measure_zip(path: Path, *, most_bytes: int) -> int:
    """Add up what a zip unpacks to, and refuse one that unpacks without measure or not to what it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive.infolist(), most_bytes=most_bytes)
            for member in archive.infolist():
                _unpack(archive, member)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableFile(path=path.name, reason=because("zip_broken")) from error
    return sum(member.file_size for member in archive.infolist())


def _check_members(path: Path, members: list[zipfile.ZipInfo], *, most_bytes: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKING * path.stat().st_size:
        raise UnsafeFile(path=path.name, reason=because("zip_bomb", size_bytes=unpacked, members=len(members)))
    if any(_leads_outside(member.filename) for member in members):
        raise UnsafeFile(path=path.name, reason=because("zip_outside"))
    if unpacked > most_bytes:
        raise FileTooLarge(path=path.name, size_bytes=unpacked, limit_bytes=most_bytes)


def _leads_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or "\0" in name


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a member to its end: the reader stops at the size it names, and finds out when that was a lie."""
    size = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE_BYTES):
            size += len(piece)
    if size != member.file_size:
        raise zipfile.BadZipFile(member.filename)


def split_layer(text: str) -> tuple[str, str | None]:
    """Split FILE:LAYER; a colon within the name of a file that is there stays in it."""
    file, colon, layer = text.rpartition(":")
    return (text, None) if not colon or "/" in layer or Path(text).is_file() else (file, layer)
