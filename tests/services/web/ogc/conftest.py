"""Serve the layers of a small register that is published, beside one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery
from services.settings import Settings
from services.tables.changes import Edition
from services.web.app import create_app

TODAY = date(2026, 11, 21)
numbers = count(1)
OPERATOR = make_operator("tests")

DIVISIONS = (
    "code,level,parent,name_fa,name_en,people,wkt\n"
    '01,ostan,,تهران,Tehran,10,"POLYGON ((51 35, 52 35, 52 36, 51 36, 51 35))"\n'
    '02,ostan,,قم,Qom,20,"POLYGON ((50 34, 51 34, 51 35, 50 35, 50 34))"\n'
    '0101,shahrestan,01,ری,Rey,,"POLYGON ((51.2 35.2, 51.4 35.2, 51.4 35.4, 51.2 35.2))"\n'
    "010101,bakhsh,0101,مرکزی,,,\n"
)

Bring = Callable[..., None]


def bring_into(engine: Engine, folder: Path, table: str, register: str, valid_from: date | None = None) -> None:
    """Import a table into a register and commit it."""
    path = folder / "table.csv"
    path.write_text(table, encoding="utf-8")
    delivery = Delivery("t", "ir", (LayerSource(path, None, ColumnMapping(columns={}), guess=True),))
    options = ImportOptions(register=register, commit=True, valid_from=valid_from)
    with open_session(engine) as session:
        import_delivery(session, delivery, options, caller=OPERATOR, today=TODAY)


def publish_in(engine: Engine, register: str) -> None:
    """Let a register count as published, without writing files."""
    with open_session(engine) as session:
        state = get_register(session, register)
        facts = {"as_of": TODAY, "register_version": state.version, "digest": "x", "files": {}, "published_by": "tests"}
        session.execute(insert(Edition).values(register_id=state.id, number=1, **facts))


@pytest.fixture(scope="module")
def published_url(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a store with a register that is published and one that is not, which tests leave as it is."""
    url = cluster.create_database(f"published_{next(numbers)}", template=template)
    engine, folder = create_store_engine(url), tmp_path_factory.mktemp("tables")
    for register in ("ir", "draft"):
        bring_into(engine, folder, DIVISIONS, register)
    publish_in(engine, "ir")
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def layers(published_url: str) -> Iterator[TestClient]:
    """Speak with a service over that store."""
    engine = create_store_engine(published_url)
    with TestClient(create_app(Settings(), engine), raise_server_exceptions=False) as client:
        yield client
    engine.dispose()


@pytest.fixture
def bring(fresh_engine: Engine, tmp_path: Path) -> Bring:
    """Import tables into a store of the test's own."""
    return lambda table=DIVISIONS, **given: bring_into(fresh_engine, tmp_path, table, "ir", **given)


@pytest.fixture
def publish(fresh_engine: Engine) -> Callable[[], None]:
    """Publish the register of that store."""
    return lambda: publish_in(fresh_engine, "ir")


@pytest.fixture
def speak(fresh_engine: Engine) -> Iterator[TestClient]:
    """Speak with a service over that store."""
    with TestClient(create_app(Settings(), fresh_engine), raise_server_exceptions=False) as client:
        yield client
