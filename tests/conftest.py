"""Give the tests real parts: a private cluster, a migrated database, real data where it is at hand."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"
TEMPLATE = "template_taqsimat"
numbers = count()

# a busy machine must not fail what is true
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run one throw-away cluster for the whole session."""
    folder = Path(tempfile.mkdtemp(prefix="taqsimat-tests-"))
    folder.chmod(0o755)
    with Cluster(folder / "data", durable=False) as running:
        yield running
        running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Migrate one database that the others are copied from."""
    engine = create_store_engine(cluster.create_database(TEMPLATE))
    with connect(engine) as connection:
        upgrade_tables(connection)
    engine.dispose()
    return TEMPLATE


@pytest.fixture
def fresh_url(cluster: Cluster, template: str) -> Iterator[str]:
    """Copy a migrated database for a test that commits."""
    name = f"fresh_{os.getpid()}_{next(numbers)}"
    yield cluster.create_database(name, template=template)
    cluster.drop_database(name)


@pytest.fixture
def fresh_engine(fresh_url: str) -> Iterator[Engine]:
    """Open an engine on a migrated database of the test's own."""
    engine = create_store_engine(fresh_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Open an engine on one migrated database that tests share and leave as they found it."""
    engine = create_store_engine(cluster.create_database("shared_by_tests", template=template))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Open a session whose writes are taken back after the test."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Point to the real data beside the checkout, where they are at hand."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real data are not beside this checkout")
    return REAL_DATA


@pytest.fixture(scope="session")
def demo_engine(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Open an engine on the demonstration's register, which tests read and do not change."""
    # imported here, for it brings in most of the program and many tests need none of it
    from services.demonstration import demonstrate

    engine = create_store_engine(cluster.create_database("demonstration", template=template))
    with open_session(engine) as session:
        demonstrate(session, caller=make_operator("tests"))
    yield engine
    engine.dispose()


@pytest.fixture
def demo_session(demo_engine: Engine) -> Iterator[Session]:
    """Open a session on the demonstration whose writes are taken back after the test."""
    with demo_engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
