"""Open the store: the operator's server, or the program's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from geo.errors import DatabaseDown, DatabaseOutdated, DiskFull, because
from services.database.cluster import Cluster
from services.database.recorded import KNOWN_AT, find_write_fault, look_back
from services.database.server import check_server
from services.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


@contextmanager
def open_store(settings: Settings, *, upgrade: bool = False) -> Iterator[Engine]:
    """Start what must be started, check the server and its tables, and hand out the engine.

    `upgrade` brings older tables to the program's version; without it they raise DatabaseOutdated.
    """
    with _reach_server(settings) as url:
        engine = create_store_engine(url)
        try:
            with connect(engine) as connection:
                check_server(connection)
                (upgrade_tables if upgrade else check_tables)(connection)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def _reach_server(settings: Settings) -> Iterator[str]:
    if settings.database_url:
        yield settings.database_url
    else:
        with Cluster(settings.data_folder, durable=settings.durable) as cluster:
            yield cluster.url


def create_store_engine(url: str) -> Engine:
    """Make an engine that speaks psycopg, in UTC, and notices dead connections."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_pre_ping=True,
        # what voters ask must not come out in a traceback
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC -c jit=off", "client_encoding": "utf8"},
    )


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """Open a connection that commits at the end; a server that does not answer raises DatabaseDown."""
    try:
        connection = engine.connect()
    except (OperationalError, ProgrammingError) as error:  # the second for an option in the address that nobody knows
        raise DatabaseDown(reason=because("server_says", detail=str(error.orig).strip())) from error
    with connection, connection.begin():
        yield connection


@contextmanager
def open_session(engine: Engine, known_at: datetime | None = None) -> Iterator[Session]:
    """Open the session of one request or command; it commits once, when all went well.

    With `known_at` it reads what was recorded at that moment, and cannot write.
    """
    bind = engine if known_at is None else look_back(engine, known_at)
    try:
        with Session(bind, info={KNOWN_AT: known_at}) as session, session.begin():
            yield session
    except DBAPIError as error:
        raise find_write_fault(error, known_at) or translate_fault(error) from error


def translate_fault(error: DBAPIError) -> Exception:
    """Tell a full disk and a lost server from a mistake of ours, which stays what it is."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "53100":
        return DiskFull(path="PostgreSQL")
    if error.connection_invalidated or isinstance(error, OperationalError) or state.startswith(("57P", "08")):
        return DatabaseDown(reason=because("server_says", detail=str(error.orig).strip()))
    return error


def upgrade_tables(connection: Connection) -> None:
    """Bring the tables to the program's version, inside the connection's transaction."""
    command.upgrade(configure_migrations(connection), "head")


def check_tables(connection: Connection) -> None:
    """Refuse tables of another version with DatabaseOutdated."""
    found = MigrationContext.configure(connection).get_current_revision()
    needed = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if found != needed:
        raise DatabaseOutdated(found=found or "-", needed=needed)


def configure_migrations(connection: Connection) -> Config:
    """Point Alembic to our migrations and to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
