"""Save a whole store to one file and bring it back, so that neither a file nor a store is ever half-written."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege, ObjectInUse

from geo.errors import (
    AlreadyExists,
    DatabaseDown,
    DatabaseUnfit,
    DiskFull,
    FolderUnfit,
    Reason,
    UnreadableFile,
    because,
)
from services.database.cluster import EXTENSIONS
from services.database.programs import QUIET_ENVIRONMENT, find_client, is_disk_full

OUR_TABLES = ("alembic_version", "division", "register")
"""The tables by which an archive or a database is known to be ours."""

SWAP_ATTEMPTS = 10

VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
"""How the programs are told where to go: through variables, since other users can read a command line."""


def backup(url: str, file: Path, *, replace: bool = False) -> int:
    """Save the store to `file`, which appears whole or not at all; return its size in bytes."""
    if file.exists() and not replace:
        raise AlreadyExists(name=str(file))
    with _connect(url) as connection:
        missing = _find_missing({str(row[0]) for row in connection.execute("select tablename from pg_tables")})
        major = connection.info.server_version // 10000
    if missing:
        raise DatabaseUnfit(reason=because("backup_empty", tables=missing))
    with _beside(file) as made:
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={made}"]
        result = _run(find_client("pg_dump", at_least=major), arguments, url)
        if result.returncode:
            raise _fail(
                result.stdout, file, DatabaseUnfit(reason=because("backup_failed", detail=_shorten(result.stdout)))
            )
        made.replace(file)
    return file.stat().st_size


def restore(url: str, file: Path) -> None:
    """Fill a new database from `file`, then put it in the place of the store; a failure leaves the store as it was."""
    with _connect(_find_maintenance(url)) as connection:
        program = find_client("pg_restore", at_least=connection.info.server_version // 10000)
        if reason := find_archive_fault(program, file):
            raise UnreadableFile(path=str(file), reason=reason)
        target = str(conninfo_to_dict(url)["dbname"])
        fresh = f"{target}_restoring"
        _create_empty(connection, fresh, like=target)
        try:
            _fill(program, make_conninfo(url, dbname=fresh), file)
            _swap(connection, target, fresh)
        finally:
            # After the exchange this name is the old store's or nobody's; before it, the failed one's.
            _drop(connection, fresh)


def find_archive_fault(program: str, file: Path) -> Reason | None:
    """Say why a file is not a backup of ours, by the list of contents at its head."""
    result = _run(program, ["--list", str(file)], "")
    if result.returncode:
        return because("backup_not_archive", detail=_shorten(result.stdout))
    words = (line.split() for line in result.stdout.splitlines())
    missing = _find_missing({line[5] for line in words if len(line) > 5 and line[3] == "TABLE"})
    return because("backup_foreign", tables=missing) if missing else None


def _find_missing(tables: set[str]) -> list[str]:
    return [table for table in OUR_TABLES if table not in tables]


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise DatabaseDown(reason=because("server_says", detail=str(error).strip())) from error


def _find_maintenance(url: str) -> str:
    return make_conninfo(url, dbname="postgres")


def _create_empty(connection: psycopg.Connection[tuple[object, ...]], name: str, *, like: str) -> None:
    """Create an empty database with the letters of the store's, dropping what a killed restore left."""
    _drop(connection, name)
    query = "select pg_encoding_to_char(encoding), datcollate, datctype from pg_database where datname = %s"
    encoding, collate, ctype = connection.execute(query, [like]).fetchone() or ("UTF8", "C.UTF-8", "C.UTF-8")
    statement = sql.SQL("create database {} template template0 encoding {} lc_collate {} lc_ctype {}")
    try:
        connection.execute(statement.format(sql.Identifier(name), *map(sql.Literal, (encoding, collate, ctype))))
    except InsufficientPrivilege as error:
        raise DatabaseUnfit(reason=because("backup_not_permitted")) from error


def _fill(program: str, url: str, file: Path) -> None:
    with _connect(url) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    database = str(conninfo_to_dict(url)["dbname"])
    arguments = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", f"--dbname={database}"]
    result = _run(program, [*arguments, str(file)], url)
    if result.returncode:
        reason = because("backup_failed", detail=_shorten(result.stdout))
        raise _fail(result.stdout, file, UnreadableFile(path=str(file), reason=reason))


def _swap(connection: psycopg.Connection[tuple[object, ...]], target: str, fresh: str) -> None:
    """Exchange the names of two databases in one transaction, sending away who is connected to the old one."""
    aside = f"{target}_replaced"
    _drop(connection, aside)
    for attempt in range(SWAP_ATTEMPTS):
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [target])
        try:
            with connection.transaction():
                _rename(connection, target, aside)
                _rename(connection, fresh, target)
            break
        except ObjectInUse:
            # A pool connected again in between; whoever comes during the exchange itself waits for its end.
            if attempt == SWAP_ATTEMPTS - 1:
                raise
    _drop(connection, aside)


def _rename(connection: psycopg.Connection[tuple[object, ...]], name: str, other: str) -> None:
    if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        statement = sql.SQL("alter database {} rename to {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(other)))


def _drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """Offer a name beside `file` to write to, and leave nothing under that name."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        reason = because("folder_refused", detail=error.strerror)
        raise FolderUnfit(path=str(file.parent), reason=reason) from error
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _run(program: str, arguments: list[str], url: str) -> subprocess.CompletedProcess[str]:
    asked = conninfo_to_dict(url)
    told = {VARIABLES[key]: str(value) for key, value in asked.items() if key in VARIABLES}
    return subprocess.run(
        [program, *arguments],
        env={**QUIET_ENVIRONMENT, **told},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def _fail(said: str, file: Path, otherwise: Exception) -> Exception:
    return DiskFull(path=str(file.parent)) if is_disk_full(said) else otherwise


def _shorten(said: str) -> str:
    return " ".join(line.strip() for line in said.strip().splitlines()[-3:])
