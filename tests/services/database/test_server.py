"""Check what makes a server unfit for the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from geo.errors import DatabaseUnfit
from services.database import server as server_module
from services.database.cluster import Cluster
from services.database.server import check_server


@contextmanager
def open_url(url: str) -> Iterator[Connection]:
    address = url.replace("postgresql:", "postgresql+psycopg:", 1)
    engine = create_engine(address, poolclass=NullPool, connect_args={"client_encoding": "utf8"})
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def bare(cluster: Cluster) -> Iterator[Callable[[str], str]]:
    """Offer a way to create a database as an administrator would, without extensions."""
    made = []

    def create(options: str) -> str:
        with psycopg.connect(cluster.find_url("postgres"), autocommit=True) as connection:
            connection.execute(f"create database bare template template0 {options}")
        made.append("bare")
        return cluster.find_url("bare")

    yield create
    for name in made:
        cluster.drop_database(name)


def refuse(url: str, *, writable: bool = True) -> str:
    with open_url(url) as connection, pytest.raises(DatabaseUnfit) as caught:
        check_server(connection, writable=writable)
    return caught.value.params["reason"].key


def test_private_cluster_is_fit(cluster):
    with open_url(cluster.url) as connection:
        report = check_server(connection)
    assert (report.encoding, report.ctype) == ("UTF8", "C.UTF-8")


def test_missing_extensions_are_created(bare):
    with open_url(bare("lc_ctype 'C.UTF-8'")) as connection:
        assert check_server(connection).postgis


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("encoding 'UTF8' lc_collate 'C' lc_ctype 'C'", "server_ctype"),
        ("encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'", "server_encoding"),
    ],
)
def test_database_that_does_not_know_persian(bare, options, reason):
    assert refuse(bare(options)) == reason


def test_replica_without_extensions_is_left_alone(bare):
    assert refuse(bare(""), writable=False) == "extension_missing"


def test_server_that_takes_no_writes(bare):
    url = bare("")
    assert refuse(f"{url}&options=-c%20default_transaction_read_only%3Don") == "server_read_only"


@pytest.mark.parametrize(
    ("limit", "value", "reason"), [("OLDEST_POSTGRES", 99, "server_old"), ("OLDEST_POSTGIS", (99, 0), "postgis_old")]
)
def test_old_server(cluster, monkeypatch, limit, value, reason):
    monkeypatch.setattr(server_module, limit, value)
    assert refuse(cluster.url) == reason


def test_account_that_may_not_create_extensions(cluster, bare):
    url = bare("")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create role clerk login")
    try:
        assert refuse(url.replace("taqsimat@", "clerk@")) == "extension_refused"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("drop role clerk")
