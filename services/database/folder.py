"""Judge whether a folder can hold a private database, and lay it out."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DiskFull, FolderUnfit, Reason, because
from services.database.programs import Owner, run_as

LEAST_FREE_BYTES = 256 * 1024**2
"""The room that a new database and its first write-ahead log take, with some to spare."""

SOCKET_NAME = ".s.PGSQL.5432"

LONGEST_SOCKET_PATH = 107
"""The bytes that Linux gives the path of a Unix socket."""

SHORT_FOLDER = Path("/tmp")
"""Where the socket goes when the data folder's own path is too long or has characters a socket list cannot hold."""

NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ceph"})


@dataclass(frozen=True)
class Layout:
    """Name the parts of a cluster's folder."""

    folder: Path
    """The folder of the private database, the caller's own."""

    @property
    def server(self) -> Path:
        """Name the folder that belongs to the user the server runs under."""
        return self.folder / "server"

    @property
    def data(self) -> Path:
        """Name the data directory of PostgreSQL."""
        return self.server / "data"

    @property
    def log(self) -> Path:
        """Name the server's log."""
        return self.server / "log"

    @property
    def socket(self) -> Path:
        """Name the folder of the socket: the server's own, or a short one where that path cannot be a socket's."""
        plain = re.fullmatch(r"[A-Za-z0-9_/.+=@-]+", str(self.server)) is not None
        if plain and len(os.fsencode(self.server / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.server
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return SHORT_FOLDER / f"taqsimat-{os.geteuid()}-{digest}"


def prepare_folder(layout: Layout, owner: Owner) -> None:
    """Make the folders of a cluster, or refuse with the reason why this place cannot hold one."""
    folder = layout.folder
    if reason := find_fault(folder):
        raise FolderUnfit(path=str(folder), reason=reason)
    try:
        # Root's server runs as another user, who must be able to walk through.
        folder.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        _make_private(layout.server, owner)
        if layout.socket != layout.server:
            _make_private(layout.socket, owner)
    except PermissionError as error:
        raise FolderUnfit(path=str(folder), reason=because("folder_not_writable")) from error
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(path=str(folder)) from error
        raise FolderUnfit(path=str(folder), reason=because("folder_refused", detail=error.strerror)) from error
    if os.geteuid() == 0 and (blocked := _find_blocked(layout.server, owner)):
        raise FolderUnfit(path=str(folder), reason=because("folder_unreachable", user=owner.name, blocked=str(blocked)))


def find_fault(folder: Path) -> Reason | None:
    """Say what makes a place unfit before anything is written to it, if something does."""
    present = next(step for step in (folder, *folder.parents) if os.path.lexists(step))
    if not present.is_dir():
        return because("folder_is_file", found=str(present))
    if present == folder and folder.stat().st_uid != os.geteuid():
        return because("folder_foreign", owner=folder.stat().st_uid)
    if (kind := _find_filesystem(present)) in NETWORK_FILESYSTEMS:
        return because("folder_on_network", kind=kind)
    return None


def check_room(folder: Path) -> None:
    """Refuse to begin a new database on a disk that is nearly full."""
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        raise DiskFull(path=str(folder))


def _make_private(folder: Path, owner: Owner) -> None:
    """Make a folder that only `owner` enters; one that is already there must be exactly that, and no link."""
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, owner.user, owner.group, follow_symlinks=False)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise FolderUnfit(path=str(folder), reason=because("folder_is_file", found=str(folder)))
    if found.st_uid != owner.user:
        raise FolderUnfit(path=str(folder), reason=because("folder_foreign", owner=found.st_uid))
    if found.st_mode & 0o077:
        raise FolderUnfit(path=str(folder), reason=because("folder_open"))


def _find_blocked(folder: Path, owner: Owner) -> Path | None:
    """Find the first folder on the way down that `owner` cannot walk through, asking the kernel as that user."""
    if run_as(owner, ["test", "-w", str(folder)], folder=Path("/")).returncode == 0:
        return None
    steps = [*reversed(folder.parents), folder]
    return next(
        (step for step in steps if run_as(owner, ["test", "-x", str(step)], folder=Path("/")).returncode), folder
    )


def _find_filesystem(folder: Path) -> str:
    """Name the kind of filesystem a folder is on, by the longest mount point above it."""
    best, kind = "", ""
    resolved = f"{folder.resolve()}/"
    for line in Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
        _device, point, found, *_rest = line.split(" ")
        point = point.encode().decode("unicode_escape").rstrip("/") + "/"
        if resolved.startswith(point) and len(point) >= len(best):
            best, kind = point, found
    return kind
