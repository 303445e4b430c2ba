"""Take turns with the other processes that use the same private database."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import ClusterBusy

PATIENCE_S = 120.0
"""How long a process waits for its turn: longer than any start, stop or recovery of a healthy cluster."""


@contextmanager
def take_turn(path: Path, *, patience_s: float = PATIENCE_S) -> Iterator[int]:
    """Hold a lock file alone for the length of a block; the system frees it even after `kill -9`.

    The handle is for child programs that must not be overtaken: as long as one holds it, nobody else has a turn.
    """
    with _open(path) as handle:
        _wait(handle, fcntl.LOCK_EX, path, patience_s)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield handle


@contextmanager
def join_users(path: Path, *, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Be counted among the users of the cluster for the length of a block."""
    with _open(path) as handle:
        _wait(handle, fcntl.LOCK_SH, path, patience_s)
        yield


@contextmanager
def be_last(path: Path) -> Iterator[bool]:
    """Tell whether nobody uses the cluster, and keep newcomers waiting for the length of the block if so."""
    with _open(path) as handle:
        yield _try(handle, fcntl.LOCK_EX)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _try(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(handle: int, kind: int, path: Path, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while not _try(handle, kind):
        if time.monotonic() > deadline:
            raise ClusterBusy(path=str(path.parent), pid=os.pread(handle, 20, 0).decode() or "?")
        time.sleep(0.02)
