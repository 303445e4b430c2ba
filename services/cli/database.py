"""Command the store: start, stop, status, upgrade, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import tell
from services.cli.store import read_settings, show

if TYPE_CHECKING:
    from services.database.cluster import Cluster

app = typer.Typer(help=tell("help.db"), no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


def _own_cluster() -> Cluster:
    """Give the private cluster, or refuse where the operator named a server of his own."""
    from geo.errors import InvalidSetting, because
    from services.database.cluster import Cluster

    settings = read_settings()
    if settings.database_url:
        raise InvalidSetting(name="TAQSIMAT_DATABASE_URL", reason=because("server_of_yours"))
    return Cluster(settings.data_folder, durable=settings.durable)


@app.command(help=tell("help.db_start"))
def start(as_json: Json = False) -> None:
    """Start the private cluster and keep it up."""
    cluster = _own_cluster()
    cluster.start(keep=True)
    status = cluster.status()
    show(status, as_json, lambda: print(tell("db.running", folder=status.folder, url=status.url)))


@app.command(help=tell("help.db_stop"))
def stop(as_json: Json = False) -> None:
    """Stop the private cluster."""
    was_running = _own_cluster().stop()
    show({"was_running": was_running}, as_json, lambda: print(tell("db.stopped" if was_running else "db.not_running")))


@app.command(help=tell("help.db_status"))
def status(as_json: Json = False) -> None:
    """Say how the store is, without starting anything."""
    if read_settings().database_url:
        _show_server(as_json)
        return
    found = _own_cluster().status()
    show(found, as_json, lambda: print(tell(f"db.{found.state}", folder=found.folder, url=found.url)))


def _show_server(as_json: bool) -> None:
    from services.database.engine import check_tables, connect, create_store_engine
    from services.database.server import check_server

    engine = create_store_engine(read_settings().database_url or "")
    try:
        with connect(engine) as connection:
            report = check_server(connection)
            check_tables(connection)
    finally:
        engine.dispose()
    show(report, as_json, lambda: print(tell("db.server", report=report)))


@app.command(help=tell("help.db_upgrade"))
def upgrade(as_json: Json = False) -> None:
    """Bring the tables to the program's version."""
    from services.database.engine import open_store

    with open_store(read_settings(), upgrade=True):
        show({"upgraded": True}, as_json, lambda: print(tell("db.upgraded")))


@app.command(help=tell("help.db_backup"))
def backup(
    file: Annotated[Path, typer.Argument(help=tell("help.backup_file"))],
    replace: Annotated[bool, typer.Option("--replace", help=tell("help.replace"))] = False,
    as_json: Json = False,
) -> None:
    """Save the whole store to one file."""
    from services.database.backup import backup as save
    from services.database.engine import open_store

    with open_store(read_settings()) as engine:
        size = save(_plain_url(engine.url.render_as_string(hide_password=False)), file, replace=replace)
    show({"file": str(file), "size_bytes": size}, as_json, lambda: print(tell("db.saved", file=file, size=size)))


@app.command(help=tell("help.db_restore"))
def restore(
    file: Annotated[Path, typer.Argument(help=tell("help.backup_file"))],
    as_json: Json = False,
) -> None:
    """Put a saved store in the place of the present one."""
    from services.database.backup import restore as bring_back

    settings = read_settings()
    if settings.database_url:
        bring_back(settings.database_url, file)
    else:
        with _own_cluster() as cluster:
            bring_back(cluster.url, file)
    show({"restored": str(file)}, as_json, lambda: print(tell("db.restored", file=file)))


def _plain_url(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
