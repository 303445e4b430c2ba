"""Open files that strangers wrote: nothing but a plain local file is opened, and none that unpacks without measure."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from geo.errors import EmptyFile, FileTooLarge, UnreadableFile, UnsafeFile, because

MOST_UNPACKING = 200
"""How many times its packed size a zip may unpack to; text and tables stay far below."""

MOST_MEMBERS = 10_000

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
    ".topojson": (b"{",),
    ".kml": (b"<",),
    ".csv": (b"",),
    ".tsv": (b"",),
    ".txt": (b"",),
}
"""How a file of each ending must begin, so that no reader is lured by a name into another format."""

VECTOR_ENDINGS = tuple(
    ending for ending in MAGIC if ending not in (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".geoparquet")
)


@dataclass(frozen=True)
class SafeFile:
    """Name a file that may be opened."""

    path: Path
    """Where it is."""
    ending: str
    """Its ending in small letters."""
    size_bytes: int
    """How large it is, unpacked."""

    @property
    def name(self) -> str:
        """Give its name without folders."""
        return self.path.name

    @property
    def gdal_path(self) -> str:
        """Write the path as GDAL opens it; zips are read in place."""
        return f"/vsizip/{{{self.path}}}" if self.ending == ".zip" else str(self.path)

    def digest(self) -> str:
        """Name the file by its bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def check_file_safe(path: Path | str, *, most_bytes: int) -> SafeFile:
    """Check that a path is a plain local file of a known kind, not empty, not too large and no zip bomb.

    Raises UnreadableFile, UnsafeFile, EmptyFile or FileTooLarge.
    """
    plain = _find_plain_file(path)
    size = plain.stat().st_size
    if size == 0:
        raise EmptyFile(path=plain.name)
    head = _read_head(plain)
    ending = plain.suffix.lower()
    if ending not in MAGIC:
        raise UnreadableFile(path=plain.name, reason=because("file_ending", known=tuple(MAGIC)))
    if not head.startswith(MAGIC[ending]) or (ending == ".kml" and b"<kml" not in head):
        raise UnsafeFile(path=plain.name, reason=because("file_disguised", ending=ending))
    unpacked = _measure_zip(plain) if ending in (".zip", ".xlsx") else size
    if unpacked > most_bytes:
        raise FileTooLarge(path=plain.name, size_bytes=unpacked, limit_bytes=most_bytes)
    return SafeFile(plain, ending, unpacked)


def _find_plain_file(path: Path | str) -> Path:
    text = str(path)
    if "\0" in text or "://" in text or text.startswith(("/vsi", "\\\\")):
        raise UnsafeFile(path=text, reason=because("file_not_local"))
    plain = Path(text).expanduser().resolve()
    if not plain.exists():
        raise UnreadableFile(path=text, reason=because("file_absent"))
    if not plain.is_file():
        raise UnreadableFile(path=text, reason=because("file_not_plain"))
    return plain


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    except OSError as error:
        raise UnreadableFile(path=path.name, reason=because("file_system", detail=error.strerror or "")) from error


def _measure_zip(path: Path) -> int:
    """Add up what a zip says it unpacks to, and refuse one that cannot be honest."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise UnreadableFile(path=path.name, reason=because("zip_broken")) from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKING * path.stat().st_size:
        raise UnsafeFile(path=path.name, reason=because("zip_bomb", size_bytes=unpacked, members=len(members)))
    if any(member.filename.startswith("/") or ".." in Path(member.filename).parts for member in members):
        raise UnsafeFile(path=path.name, reason=because("zip_outside"))
    return unpacked
