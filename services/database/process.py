"""See which processes of PostgreSQL live in a data directory."""

from __future__ import annotations

from pathlib import Path


def find_server(data: Path) -> int | None:
    """Find the running server of a data directory: what its pid file says, if that process lives there."""
    pid = _read_pid(data)
    return pid if pid in list_processes(data) else None


def list_processes(data: Path) -> set[int]:
    """List the processes whose working directory is the data directory, as that of every server process is.

    A pid file alone proves nothing after a crash or a restart of the machine: its number may be another program's.
    """
    target, found = data.resolve(), set()
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == target:
                found.add(int(link.parent.name))
        except OSError:
            # Gone meanwhile, or another user's.
            continue
    return found


def _read_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0].strip()
    except OSError:
        return None
    return int(first) if first.isdigit() else None
