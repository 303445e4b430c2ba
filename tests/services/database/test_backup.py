"""Check that a store comes back from its backup, and that no failure leaves half of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geo.errors import AlreadyExists, DatabaseDown, DatabaseUnfit, DiskFull, FolderUnfit, UnreadableFile
from services.database import backup as backup_module
from services.database.backup import OUR_TABLES, backup, restore
from services.database.cluster import Cluster


@pytest.fixture
def store(cluster: Cluster) -> Iterator[str]:
    """Make a small database with the tables a store is known by, and one row."""
    url = cluster.create_database("small")
    with psycopg.connect(url) as connection:
        for table in OUR_TABLES:
            connection.execute(f"create table {table} (name text, shape geometry)")
        connection.execute("insert into division values ('خراسان', st_point(59.6, 36.3))")
    yield url
    for name in ("small", "small_restoring", "small_replaced"):
        cluster.drop_database(name)


def read(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select name || ' ' || st_astext(shape) from division order by 1")]


def list_databases(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select datname from pg_database where datname like 'small%'")]


def write(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_round_trip(store, tmp_path):
    before = read(store)
    assert backup(store, tmp_path / "a.backup") == (tmp_path / "a.backup").stat().st_size
    write(store, "delete from division")
    restore(store, tmp_path / "a.backup")
    assert (read(store), list_databases(store)) == (before, ["small"])


def test_migrated_store_comes_back(fresh_url, tmp_path):
    backup(fresh_url, tmp_path / "a.backup")
    write(fresh_url, "drop table division cascade")
    restore(fresh_url, tmp_path / "a.backup")
    with psycopg.connect(fresh_url) as connection:
        assert connection.execute("select count(*) from division").fetchone() == (0,)


def test_users_of_the_old_store_are_sent_away(store, tmp_path):
    backup(store, tmp_path / "a.backup")
    with psycopg.connect(store) as connection:
        restore(store, tmp_path / "a.backup")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_store_that_is_gone_comes_back(cluster, store, tmp_path):
    backup(store, tmp_path / "a.backup")
    cluster.drop_database("small")
    restore(store, tmp_path / "a.backup")
    assert len(read(store)) == 1


def test_existing_file_is_kept_unless_asked(store, tmp_path):
    file = tmp_path / "a.backup"
    file.write_text("precious", encoding="utf-8")
    with pytest.raises(AlreadyExists):
        backup(store, file)
    assert file.read_text(encoding="utf-8") == "precious"
    assert backup(store, file, replace=True) > 100


@pytest.mark.parametrize(
    ("said", "error"), [("No space left on device", DiskFull), ("permission denied", DatabaseUnfit)]
)
def test_failed_backup_leaves_no_file(store, tmp_path, monkeypatch, said, error):
    program = tmp_path / "pg_dump"
    program.write_text(f"#!/bin/sh\necho {said}\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(backup_module, "find_client", lambda _name, *, at_least: str(program))
    with pytest.raises(error):
        backup(store, tmp_path / "a.backup")
    assert list(tmp_path.iterdir()) == [program]


def test_database_without_our_tables_is_not_saved(cluster, tmp_path):
    with pytest.raises(DatabaseUnfit, match="backup_empty"):
        backup(cluster.find_url("postgres"), tmp_path / "a.backup")


def test_folder_that_is_not_there(store, tmp_path):
    with pytest.raises(FolderUnfit):
        backup(store, tmp_path / "none" / "a.backup")


def test_server_that_is_not_there(tmp_path):
    with pytest.raises(DatabaseDown):
        backup(f"postgresql://x@/x?host={tmp_path}", tmp_path / "a.backup")


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-300])


def overwrite(file: Path) -> None:
    file.write_text("not an archive", encoding="utf-8")


def damage(file: Path) -> None:
    content = file.read_bytes()
    middle = content.rindex(b"x\x9c") + 4
    file.write_bytes(content[:middle] + bytes(20) + content[middle + 20 :])


@pytest.mark.parametrize("harm", [cut_short, overwrite, damage, Path.unlink])
def test_bad_file_leaves_the_store_as_it_was(store, tmp_path, harm):
    backup(store, tmp_path / "a.backup")
    write(store, "insert into division values ('فارس', st_point(52.5, 29.6))")
    harm(tmp_path / "a.backup")
    with pytest.raises(UnreadableFile):
        restore(store, tmp_path / "a.backup")
    assert (len(read(store)), list_databases(store)) == (2, ["small"])


def test_archive_of_another_program(store, tmp_path):
    backup(store, tmp_path / "a.backup")
    write(store, "alter table register rename to something")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup_module, "OUR_TABLES", ("division",))
        backup(store, tmp_path / "b.backup")
    with pytest.raises(UnreadableFile, match="backup_foreign"):
        restore(store, tmp_path / "b.backup")


def test_leftovers_of_a_killed_restore_do_no_harm(cluster, store, tmp_path):
    backup(store, tmp_path / "a.backup")
    cluster.create_database("small_restoring")
    cluster.create_database("small_replaced")
    restore(store, tmp_path / "a.backup")
    assert list_databases(store) == ["small"]


def test_password_is_not_on_a_command_line(store, tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/seen\necho "$PGPASSWORD" >>{tmp_path}/seen\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(backup_module, "find_client", lambda _name, *, at_least: str(program))
    with pytest.raises(DatabaseUnfit):
        backup(store.replace("taqsimat@", "taqsimat:secret@"), tmp_path / "a.backup")
    arguments, password = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    assert ("secret" in arguments, password) == (False, "secret")
