"""Find the programs of PostgreSQL and run them as the user who may."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import ProgramMissing

LIBRARY_FOLDER = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the programs of every installed major version."""

SHARE_FOLDER = Path("/usr/share/postgresql")
"""Where Debian and Ubuntu keep the extensions of every installed major version."""

INSTALL_COMMAND = "sudo apt-get install postgresql-postgis"

QUIET_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"}
"""What the programs see: nothing of the caller's, so that no PGHOST or PGDATA leads them astray."""


@dataclass(frozen=True)
class Programs:
    """Point at one installed major version of PostgreSQL."""

    major: int
    """The major version."""
    folder: Path
    """The folder of its programs."""

    def path(self, program: str) -> str:
        """Write the full path of one of its programs."""
        return str(self.folder / program)


@dataclass(frozen=True)
class Owner:
    """Name the system user under whom the private database runs."""

    name: str
    """The login name."""
    user: int
    """The numeric user."""
    group: int
    """The numeric main group."""


def list_programs() -> list[Programs]:
    """List the installed versions that have both the server and PostGIS, the newest first."""
    found = []
    for folder in LIBRARY_FOLDER.glob("*/bin"):
        major = folder.parent.name
        has_postgis = (SHARE_FOLDER / major / "extension" / "postgis.control").exists()
        if major.isdigit() and has_postgis and (folder / "initdb").exists():
            found.append(Programs(int(major), folder))
    return sorted(found, key=lambda programs: -programs.major)


def find_programs(major: int | None = None) -> Programs:
    """Take the programs of one major version, or of the newest one installed."""
    for programs in list_programs():
        if major in (None, programs.major):
            return programs
    name, package = (
        ("PostGIS", "postgresql-postgis") if major is None else (f"PostGIS {major}", f"postgresql-{major}-postgis-3")
    )
    raise ProgramMissing(program=f"PostgreSQL + {name}", command=f"sudo apt-get install {package}")


def find_client(program: str, *, at_least: int) -> str:
    """Take the oldest installed client program that understands a server of this major version."""
    folders = [folder for folder in LIBRARY_FOLDER.glob("*/bin") if folder.parent.name.isdigit()]
    for folder in sorted(folders, key=lambda folder: int(folder.parent.name)):
        if int(folder.parent.name) >= at_least and (folder / program).exists():
            return str(folder / program)
    raise ProgramMissing(program=f"{program} {at_least}", command=f"sudo apt-get install postgresql-client-{at_least}")


def find_owner() -> Owner:
    """Take the caller, or for root, under whom PostgreSQL refuses to run, the system's `postgres` user."""
    if os.geteuid() != 0:
        entry = _find_entry(os.geteuid())
        return Owner(entry.pw_name if entry else str(os.geteuid()), os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, entry.pw_uid, entry.pw_gid)
    raise ProgramMissing(program="postgres (user)", command=INSTALL_COMMAND)


def _find_entry(user: int) -> pwd.struct_passwd | None:
    # Containers run under numbers that no passwd file knows.
    try:
        return pwd.getpwuid(user)
    except KeyError:
        return None


def run_as(
    owner: Owner, argv: Sequence[str], *, folder: Path, held: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a program in `folder` as `owner`, out of reach of the terminal's Ctrl-C, and collect what it says.

    It inherits the `held` handles of locks, so that they stay locked if it outlives its caller.
    """
    switched = {"user": owner.user, "group": owner.group, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        list(argv),
        cwd=folder,
        env={**QUIET_ENVIRONMENT, "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o077,
        start_new_session=True,
        pass_fds=held,
        check=False,
        **switched,
    )


def is_disk_full(output: str) -> bool:
    """Tell from what a program of PostgreSQL said whether the disk was full."""
    return re.search(r"No space left on device|Disk quota exceeded", output) is not None
