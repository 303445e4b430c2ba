"""Test that the store is commanded from a shell."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from geo.errors import AlreadyExists, InvalidSetting
from services.database.cluster import Cluster


@pytest.fixture
def own_store(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Let the commands use the cluster of the test session as their own."""
    monkeypatch.delenv("TAQSIMAT_DATABASE_URL", raising=False)
    monkeypatch.setenv("TAQSIMAT_DATA_FOLDER", str(cluster.folder))
    return cluster


@pytest.fixture
def server(fresh_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the commands use a migrated database as that of an existing server."""
    plain = fresh_url.replace("postgresql+psycopg://", "postgresql://", 1)
    monkeypatch.setenv("TAQSIMAT_DATABASE_URL", plain)
    return plain


def test_status_of_the_private_store_starts_nothing(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TAQSIMAT_DATA_FOLDER", str(tmp_path / "none"))
    assert json.loads(run("db", "status", "--json").stdout)["state"] == "absent"
    assert not (tmp_path / "none").exists()


def test_status_of_a_running_store(run: Callable[..., Result], own_store: Cluster):
    found = json.loads(run("db", "status", "--json").stdout)
    assert (found["state"], found["folder"]) == ("running", str(own_store.folder))


def test_status_of_a_server_tells_its_versions(run: Callable[..., Result], server: str):
    assert json.loads(run("db", "status", "--json").stdout)["encoding"] == "UTF8"


def test_status_of_a_server_leaves_no_connection_open(run: Callable[..., Result], server: str):
    run("db", "status", "--json")
    gc.collect()  # a connection that was forgotten warns now, and warnings are errors


@pytest.mark.parametrize("command", ["start", "stop"])
def test_server_of_others_is_neither_started_nor_stopped(run: Callable[..., Result], server: str, command):
    with pytest.raises(InvalidSetting):
        run("db", command)


def test_upgrade_of_what_is_new_does_nothing(run: Callable[..., Result], server: str):
    assert json.loads(run("db", "upgrade", "--json").stdout) == {"upgraded": True}


def test_backup_is_restored(run: Callable[..., Result], server: str, tmp_path: Path):
    file = tmp_path / "store.dump"
    saved = json.loads(run("db", "backup", file, "--json").stdout)
    assert saved["size_bytes"] == file.stat().st_size
    assert json.loads(run("db", "restore", file, "--json").stdout) == {"restored": str(file)}


def test_backup_replaces_a_file_only_when_told(run: Callable[..., Result], server: str, tmp_path: Path):
    file = tmp_path / "store.dump"
    run("db", "backup", file)
    with pytest.raises(AlreadyExists):
        run("db", "backup", file)
    assert run("db", "backup", file, "--replace").exit_code == 0
