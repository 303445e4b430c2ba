"""Say what files an edition has, and check that a folder still holds them as they were published."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geo.errors import UnreadableFile, because
from services.register.publication.content import EditionContent

MANIFEST = "manifest.json"
"""The file that lists the others."""

SUMS = "SHA256SUMS"
"""The same list in the form that `sha256sum --check` reads."""

MOST_BYTES = 1024**2
"""The largest manifest that is read."""


@dataclass(frozen=True)
class EditionFile:
    """Name one file of an edition."""

    name: str
    """Its name, without a folder."""
    size_bytes: int
    """How large it is."""
    sha256: str
    """The hash of its bytes."""


@dataclass(frozen=True)
class FolderCheck:
    """Say whether a folder holds an edition as it was published."""

    register: str
    """The register."""
    number: int
    """The number of the edition."""
    digest: str
    """The hash of its content."""
    files: int
    """How many files it lists."""
    missing: tuple[str, ...] = ()
    """Files that are not there."""
    changed: tuple[str, ...] = ()
    """Files with other bytes than the manifest says."""
    foreign: tuple[str, ...] = ()
    """Files that the manifest does not name."""

    @property
    def is_whole(self) -> bool:
        """Tell whether every file is there with its very bytes."""
        return not self.missing and not self.changed


def list_files(folder: Path) -> tuple[EditionFile, ...]:
    """List the files of a folder but its lists, by name."""
    found = sorted(path for path in folder.iterdir() if path.name not in (MANIFEST, SUMS))
    return tuple(EditionFile(path.name, path.stat().st_size, hash_file(path)) for path in found)


def hash_file(path: Path) -> str:
    """Hash the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, content: EditionContent, *, number: int, digest: str) -> tuple[EditionFile, ...]:
    """Write both lists of what is in the folder, without a clock, so that equal editions have equal lists."""
    files = list_files(folder)
    counts = Counter(one.level for one in content.divisions)
    told = {
        "register": content.register.name,
        "country": content.register.country,
        "edition": number,
        "as_of": content.day.isoformat(),
        "digest": digest,
        "divisions": {level: counts[level] for level in content.levels},
        "attributions": [f"{one.text} ({one.licence})" for one in content.register.pack.attributions],
        "files": [asdict(file) for file in files],
    }
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in (*files, _describe(manifest)))
    (folder / SUMS).write_text(sums, encoding="ascii", newline="\n")
    return files


def _describe(path: Path) -> EditionFile:
    return EditionFile(path.name, path.stat().st_size, hash_file(path))


def check_folder(folder: Path) -> FolderCheck:
    """Compare a folder with its manifest; raises UnreadableFile when there is none that can be understood."""
    told = _read_manifest(folder / MANIFEST)
    try:
        listed = {one.name: one for one in (EditionFile(**file) for file in told["files"])}
        check = FolderCheck(str(told["register"]), int(told["edition"]), str(told["digest"]), len(listed))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(path=MANIFEST, reason=because("manifest_form")) from error
    # a name with a folder in it could make another file of the machine be read
    if odd := [name for name in listed if not _is_plain(name)]:
        raise UnreadableFile(path=MANIFEST, reason=because("manifest_name", name=odd[0]))
    found = {path.name for path in folder.iterdir()} - {MANIFEST, SUMS}
    same = {name for name in found & listed.keys() if _is_same(folder / name, listed[name])}
    return FolderCheck(
        check.register,
        check.number,
        check.digest,
        check.files,
        tuple(sorted(listed.keys() - found)),
        tuple(sorted((listed.keys() & found) - same)),
        tuple(sorted(found - listed.keys())),
    )


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and "\0" not in name and Path(name).name == name and name not in ("", ".", "..")


def _is_same(path: Path, listed: EditionFile) -> bool:
    return path.is_file() and path.stat().st_size == listed.size_bytes and hash_file(path) == listed.sha256


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            told = json.loads(file.read(MOST_BYTES))
    except OSError as error:
        raise UnreadableFile(path=str(path), reason=because("file_system", detail=error.strerror or "")) from error
    except ValueError as error:
        raise UnreadableFile(path=str(path), reason=because("manifest_form")) from error
    if not isinstance(told, dict):
        raise UnreadableFile(path=str(path), reason=because("manifest_form"))
    return told
