"""Serve the layers of a small register that is published, beside one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import open_session
from services.queries import get_register
from services.register.deliveries import Delivery, LayerSource
from services.register.editions import EditionOrder, publish_edition
from services.register.imports import ImportOptions, import_delivery
from services.settings import Settings
from services.web.app import create_app

TODAY = date(2026, 11, 21)
OPERATOR = make_operator("tests")

DIVISIONS = (
    "code,level,parent,name_fa,name_en,people,wkt\n"
    '01,ostan,,تهران,Tehran,10,"POLYGON ((51 35, 52 35, 52 36, 51 36, 51 35))"\n'
    '02,ostan,,قم,Qom,20,"POLYGON ((50 34, 51 34, 51 35, 50 35, 50 34))"\n'
    '0101,shahrestan,01,ری,Rey,,"POLYGON ((51.2 35.2, 51.4 35.2, 51.4 35.4, 51.2 35.2))"\n'
    "010101,bakhsh,0101,مرکزی,,,\n"
)

Bring = Callable[..., None]


@pytest.fixture
def bring(fresh_engine: Engine, tmp_path: Path) -> Bring:
    """Import a table into a register and commit it."""

    def run(table: str = DIVISIONS, register: str = "ir", valid_from: date | None = None) -> None:
        path = tmp_path / "table.csv"
        path.write_text(table, encoding="utf-8")
        delivery = Delivery("t", "ir", (LayerSource(path, None, ColumnMapping(columns={}), guess=True),))
        options = ImportOptions(register=register, commit=True, valid_from=valid_from)
        with open_session(fresh_engine) as session:
            import_delivery(session, delivery, options, caller=OPERATOR, today=TODAY)

    return run


@pytest.fixture
def publish(fresh_engine: Engine, tmp_path: Path) -> Callable[[str], None]:
    """Publish a register as it stands today."""

    def run(register: str = "ir") -> None:
        order = EditionOrder(TODAY, TODAY, tmp_path / "store")
        with open_session(fresh_engine) as session:
            publish_edition(session, get_register(session, register), order, caller=OPERATOR)

    return run


@pytest.fixture
def speak(fresh_engine: Engine) -> Iterator[TestClient]:
    """Speak with a service whose layers can be asked for."""
    with TestClient(create_app(Settings(), fresh_engine), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def layers(speak: TestClient, bring: Bring, publish: Callable[[str], None]) -> TestClient:
    """Speak with a service that has one published register."""
    bring()
    bring(register="draft")
    publish("ir")
    return speak
