"""Write files and folders so that nobody ever meets half of one."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DiskFull, FolderUnfit, because

DRAFTS = ".taqsimat-"
"""How the names of folders begin in which something is made; a killed process leaves its own."""

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says when there is no room left."""


@contextmanager
def replace_when_whole(target: Path) -> Iterator[Path]:
    """Hand out a file beside `target` to write, and move it there when the block ends well.

    Raises FolderUnfit when the folder cannot be written, and DiskFull.
    """
    folder = target.resolve().parent
    with _name_faults(folder), tempfile.TemporaryDirectory(prefix=DRAFTS, dir=folder) as room:
        draft = Path(room) / target.name
        yield draft
        _sync(draft)
        draft.replace(folder / target.name)
        _sync(folder)


@contextmanager
def fill_when_whole(target: Path) -> Iterator[Path]:
    """Hand out a folder beside `target` to fill with files, and move it there when the block ends well.

    A folder that is there already gives way to it. Raises FolderUnfit and DiskFull as `replace_when_whole` does.
    """
    target = target.absolute()
    with _name_faults(target.parent), tempfile.TemporaryDirectory(prefix=DRAFTS, dir=target.parent) as room:
        draft = Path(room) / "new"
        draft.mkdir()
        yield draft
        for path in (*sorted(draft.iterdir()), draft):
            _sync(path)
        if target.exists():
            target.rename(Path(room) / "old")
        draft.rename(target)
        _sync(target.parent)


@contextmanager
def _name_faults(folder: Path) -> Iterator[None]:
    """Tell a full disk from a folder that cannot be written."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(path=str(folder)) from error
        raise FolderUnfit(path=str(folder), reason=because("file_system", detail=error.strerror or "")) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
