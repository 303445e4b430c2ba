"""Check that a database server, private or the operator's own, has what the store needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from geo.errors import DatabaseUnfit, Reason, because
from services.database.cluster import EXTENSIONS

OLDEST_POSTGRES = 14
"""The oldest major version the statements are written for."""

OLDEST_POSTGIS = (3, 3)
"""The oldest PostGIS the statements are written for."""

PERSIAN_WORD = "خراسان"
"""A word whose letters a server must take for letters."""


@dataclass(frozen=True)
class ServerReport:
    """Say what a server is, as far as the store depends on it."""

    postgres: str
    """The version of PostgreSQL."""
    postgis: str
    """The version of PostGIS."""
    encoding: str
    """The encoding of the database."""
    ctype: str
    """The locale that says what a letter is."""


def check_server(connection: Connection, *, writable: bool = True) -> ServerReport:
    """Raise DatabaseUnfit with the first thing that is wrong, creating missing extensions where that is allowed.

    `writable=False` is for a replica, which may not write and need not create anything.
    """
    fault = find_version_fault(connection) or (find_write_fault(connection) if writable else None)
    if fault is None and writable:
        _create_extensions(connection)
    fault = fault or find_postgis_fault(connection) or find_letter_fault(connection)
    if fault is not None:
        raise DatabaseUnfit(reason=fault)
    return _report(connection)


def find_version_fault(connection: Connection) -> Reason | None:
    """Say if the server is too old."""
    if int(_read(connection, "show server_version_num")) >= OLDEST_POSTGRES * 10000:
        return None
    return because("server_old", found=_read(connection, "show server_version"), needed=OLDEST_POSTGRES)


def find_write_fault(connection: Connection) -> Reason | None:
    """Say if the server is a replica or was told to refuse writes."""
    locked = _read(connection, "select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool")
    return because("server_read_only") if locked == "True" else None


def find_postgis_fault(connection: Connection) -> Reason | None:
    """Say which extension the database lacks, or if its PostGIS is too old."""
    present = {
        row[0]: str(row[1]) for row in connection.exec_driver_sql("select extname, extversion from pg_extension")
    }
    if missing := [extension for extension in EXTENSIONS if extension not in present]:
        return because("extension_missing", extensions=missing)
    found = tuple(int(part) for part in re.findall(r"\d+", present["postgis"])[:2])
    needed = ".".join(map(str, OLDEST_POSTGIS))
    return because("postgis_old", found=present["postgis"], needed=needed) if found < OLDEST_POSTGIS else None


def find_letter_fault(connection: Connection) -> Reason | None:
    """Say if the database stores another encoding than UTF-8, or its locale does not know Persian letters."""
    if (encoding := _read(connection, "show server_encoding")) != "UTF8":
        return because("server_encoding", found=encoding)
    seen = connection.exec_driver_sql("select cardinality(show_trgm(%s))", (PERSIAN_WORD,)).scalar_one()
    return None if seen else because("server_ctype", found=_read_ctype(connection))


def _create_extensions(connection: Connection) -> None:
    present = set(connection.exec_driver_sql("select extname from pg_extension").scalars())
    for extension in (extension for extension in EXTENSIONS if extension not in present):
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"create extension if not exists {extension}")
        except DBAPIError as error:
            detail = str(error.orig).strip().partition("\n")[0]
            raise DatabaseUnfit(reason=because("extension_refused", extension=extension, detail=detail)) from error


def _report(connection: Connection) -> ServerReport:
    return ServerReport(
        postgres=_read(connection, "show server_version"),
        postgis=_read(connection, "select extversion from pg_extension where extname = 'postgis'"),
        encoding=_read(connection, "show server_encoding"),
        ctype=_read_ctype(connection),
    )


def _read_ctype(connection: Connection) -> str:
    return _read(connection, "select datctype from pg_database where datname = current_database()")


def _read(connection: Connection, statement: str) -> str:
    return str(connection.exec_driver_sql(statement).scalar_one())
