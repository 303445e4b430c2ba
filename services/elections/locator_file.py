"""Keep a locator in a file that processes map into memory and share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geo.errors import EmptyFile, UnreadableFile, because
from geo.locate import Locator, pack_locator, unpack_locator
from services.atomic import replace_when_whole


def write_locator(locator: Locator, path: Path) -> None:
    """Write a locator, whole or not at all; whoever has mapped the file before keeps what was in it."""
    with replace_when_whole(path) as draft:
        draft.write_bytes(pack_locator(locator).data)


def open_locator(path: Path) -> Locator:
    """Map a locator; raises EmptyFile, and UnreadableFile when it is damaged or of another version."""
    try:
        if path.stat().st_size == 0:
            raise EmptyFile(path=path.name)
        return unpack_locator(np.asarray(np.memmap(path, dtype=np.uint8, mode="r")), name=path.name)
    except OSError as error:
        reason = because("file_system", detail=error.strerror or str(error))
        raise UnreadableFile(path=path.name, reason=reason) from error
