"""Write files so that nobody ever meets half of one."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import DiskFull, FolderUnfit, because

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says when there is no room left."""


@contextmanager
def replace_when_whole(target: Path) -> Iterator[Path]:
    """Hand out a file beside `target` to write, and move it there when the block ends well.

    Raises FolderUnfit when the folder cannot be written, and DiskFull.
    """
    folder = target.resolve().parent
    try:
        with tempfile.TemporaryDirectory(prefix=".taqsimat-", dir=folder) as room:
            draft = Path(room) / target.name
            yield draft
            _sync(draft)
            draft.replace(folder / target.name)
            _sync(folder)
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
