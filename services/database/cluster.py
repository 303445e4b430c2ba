"""Run a private PostGIS cluster in the data folder, on a Unix socket and without a TCP port."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from geo.errors import ClusterFailed, DatabaseDown, DiskFull, FolderUnfit, because
from services.database.folder import SOCKET_NAME, Layout, check_room, prepare_folder
from services.database.lock import be_last, join_users, take_turn
from services.database.process import find_server, list_processes
from services.database.programs import Owner, Programs, find_owner, find_programs, is_disk_full, list_programs, run_as

DATABASE = "taqsimat"
"""The application's database, and the role that owns it."""

EXTENSIONS = ("btree_gist", "pg_trgm", "postgis")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # what voters ask must not come into the log: neither statements, nor values, nor messages that quote them
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
"""What every start says to the server."""

RELAXED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What a start adds when nothing needs to survive a power cut."""

LONGEST_LOG_BYTES = 16 * 1024**2

SETTLE_PATIENCE_S = 60.0
"""How long a server that runs but does not answer yet is waited for."""

ORPHAN_PATIENCE_S = 30.0
"""How long the children of a killed server get to notice and leave."""


@dataclass(frozen=True)
class ClusterStatus:
    """Say how a private cluster is."""

    state: str
    """`absent`, `stopped` or `running`."""
    folder: Path
    """The folder it is in."""
    url: str
    """The address of the application's database."""
    pid: int | None = None
    """The server's process, when it runs."""
    major: int | None = None
    """The major version of PostgreSQL that made it."""
    kept: bool = False
    """Whether it stays up when its last user leaves."""


@dataclass(frozen=True)
class Cluster:
    """Start, stop and recover the database server of one folder; all state is on disk."""

    folder: Path
    """The folder of the cluster; it is made when missing."""
    durable: bool = True
    """Whether what was committed survives a power cut."""
    _leaving: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)
    """What the end of a `with` block undoes."""

    @property
    def layout(self) -> Layout:
        """Name the parts of the folder."""
        return Layout(self.folder)

    @property
    def url(self) -> str:
        """Write the address of the application's database, as libpq and psycopg read it."""
        return self.find_url(DATABASE)

    def find_url(self, database: str) -> str:
        """Write the address of any database of this cluster."""
        return f"postgresql://{DATABASE}@/{quote(database, safe='')}?host={quote(str(self.layout.socket), safe='')}"

    def __enter__(self) -> Self:
        """Begin to use the cluster, as `use` does."""
        self._leaving.enter_context(self.use())
        return self

    def __exit__(self, *_raised: object) -> None:
        """Leave the cluster; the last user to leave stops it, unless it is kept."""
        self._leaving.close()

    def start(self, *, keep: bool = False) -> None:
        """Bring the cluster up, new, stopped or left behind by a crash; with `keep` it outlives its users."""
        owner = find_owner()
        prepare_folder(self.layout, owner)
        with take_turn(self.folder / "turn.lock") as turn:
            if not self._is_settled():
                self._initialise(owner, turn)
                self._recover()
                self._launch(owner)
            self._furnish()
            if keep:
                self._kept_mark.touch()

    def stop(self) -> bool:
        """Shut the cluster down in order, whoever uses it; tell whether it was running."""
        if not self.folder.is_dir():
            return False
        with take_turn(self.folder / "turn.lock"):
            self._kept_mark.unlink(missing_ok=True)
            return self._shut_down()

    @contextmanager
    def use(self) -> Iterator[str]:
        """Have the cluster up for the length of a block; the last user to leave stops it, unless it is kept."""
        prepare_folder(self.layout, find_owner())
        users = self.folder / "users.lock"
        try:
            with join_users(users):
                self.start()
                yield self.url
        finally:
            with be_last(users) as last:
                if last and not self._kept_mark.exists():
                    self._stop_unused()

    def status(self) -> ClusterStatus:
        """Look at the folder, without changing anything."""
        major, pid = self._find_major(), find_server(self.layout.data)
        state = "running" if pid else "stopped" if major else "absent"
        return ClusterStatus(state, self.folder, self.url, pid, major, self._kept_mark.exists())

    def is_ready(self) -> bool:
        """Tell whether the application's database answers."""
        try:
            self._connect(DATABASE).close()
        except DatabaseDown:
            return False
        return True

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Create a database with the extensions, or as a copy of `template`; return its address."""
        with self._connect("postgres") as connection:
            # Copying files takes a tenth of the time of logging every page, but only 15 knows the word.
            copying = sql.SQL(" strategy file_copy") if connection.info.server_version >= 150000 else sql.SQL("")
            statement = sql.SQL("create database {} template {} encoding 'UTF8'{}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template0"), copying))
        if template is None:
            self._extend(name)
        return self.find_url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, with whoever is connected to it."""
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    @property
    def _kept_mark(self) -> Path:
        return self.folder / "kept"

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(self.find_url(database), autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            raise DatabaseDown(reason=because("server_says", detail=str(error).strip())) from error

    def _is_settled(self) -> bool:
        """Wait for a server that somebody's interrupted start or stop left under way; tell whether it is up."""
        deadline = time.monotonic() + SETTLE_PATIENCE_S
        while find_server(self.layout.data) is not None:
            try:
                self._connect("postgres").close()
                return True
            except DatabaseDown:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        return False

    def _initialise(self, owner: Owner, turn: int) -> None:
        """Make the data directory under another name first: a half-made one is never taken for whole."""
        layout = self.layout
        for leftover in layout.server.glob("new-*"):
            shutil.rmtree(leftover)
        if layout.data.exists():
            return
        check_room(layout.folder)
        made = Path(tempfile.mkdtemp(prefix="new-", dir=layout.server)).name
        if os.geteuid() == 0:
            os.chown(layout.server / made, owner.user, owner.group)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", f"--username={DATABASE}"]
        trust = ["--auth-local=trust", "--auth-host=reject", *([] if self.durable else ["--no-sync"])]
        command = [find_programs().path("initdb"), "-D", made, *options, *trust]
        # It keeps the turn if this process is killed: whoever comes next finds it finished, never at work.
        result = run_as(owner, command, folder=layout.server, held=(turn,))
        if result.returncode:
            raise self._fail("step_initialise", result.stdout)
        (layout.server / made).rename(layout.data)

    def _recover(self) -> None:
        """Clear what a killed server left: wait for its children, whose memory it shares, then drop its pid files."""
        deadline = time.monotonic() + ORPHAN_PATIENCE_S
        while list_processes(self.layout.data):
            if time.monotonic() > deadline:
                raise self._fail("step_recover", self._read_log())
            time.sleep(0.05)
        for left in (self.layout.data / "postmaster.pid", self.layout.socket / f"{SOCKET_NAME}.lock"):
            left.unlink(missing_ok=True)

    def _launch(self, owner: Owner) -> None:
        log = self.layout.log
        if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
            log.rename(log.with_suffix(".old"))
        values = {**SETTINGS, "unix_socket_directories": str(self.layout.socket), **({} if self.durable else RELAXED)}
        options = shlex.join([part for name, value in values.items() for part in ("-c", f"{name}={value}")])
        try:
            self._control("start", ["-l", "log", "-o", options], owner)
        except ClusterFailed:
            # The start of a process that was killed may have won the race.
            if not self._is_settled():
                raise

    def _shut_down(self) -> bool:
        if find_server(self.layout.data) is None:
            return False
        self._control("stop", ["-m", "fast"], find_owner())
        return True

    def _stop_unused(self) -> None:
        with take_turn(self.folder / "turn.lock"):
            self._shut_down()

    def _furnish(self) -> None:
        """Make sure that the application's database is there with its extensions."""
        try:
            with self._connect("postgres") as connection:
                found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
            if found is None:
                self.create_database(DATABASE)
            self._extend(DATABASE)
        except psycopg.Error as error:
            raise self._fail("step_furnish", f"{self._read_log()}\n{error}") from error

    def _extend(self, database: str) -> None:
        with self._connect(database) as connection:
            present = {row[0] for row in connection.execute("select extname from pg_extension")}
            for extension in EXTENSIONS:
                if extension not in present:
                    connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))

    def _control(self, step: str, arguments: list[str], owner: Owner) -> None:
        # Names relative to the working directory: pg_ctl hands them to a shell, which a path could confuse.
        command = [self._find_programs().path("pg_ctl"), step, "-w", "-t", "120", "-D", "data", *arguments]
        result = run_as(owner, command, folder=self.layout.server)
        if result.returncode:
            raise self._fail(f"step_{step}", f"{result.stdout.strip()}\n{self._read_log()}")

    def _fail(self, step: str, said: str) -> ClusterFailed | DiskFull:
        if is_disk_full(said):
            return DiskFull(path=str(self.folder))
        return ClusterFailed(step=because(step), log="\n".join(said.strip().splitlines()[-12:]))

    def _read_log(self) -> str:
        try:
            return self.layout.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        except OSError:
            return ""

    def _find_major(self) -> int | None:
        try:
            return int((self.layout.data / "PG_VERSION").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def _find_programs(self) -> Programs:
        major, installed = self._find_major(), [programs.major for programs in list_programs()]
        if major is None:
            raise FolderUnfit(path=str(self.folder), reason=because("folder_not_cluster"))
        if major not in installed:
            raise FolderUnfit(path=str(self.folder), reason=because("folder_version", found=major, installed=installed))
        return find_programs(major)
