"""Serve a published register to the programs of strangers, from a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.deliveries import Delivery, LayerSource
from services.register.editions import EditionOrder, publish_edition
from services.register.imports import ImportOptions, import_delivery
from services.settings import Settings
from services.web.app import create_app

DAY = date(2026, 11, 21)
OPERATOR = make_operator("tests")

DIVISIONS = (
    "code,level,parent,name_fa,name_en,wkt\n"
    '01,ostan,,خراسان رضوی,Razavi Khorasan,"POLYGON ((51 35, 52 35, 52 36, 51 36, 51 35))"\n'
    '02,ostan,,چهارمحال و بختیاری,Chaharmahal,"POLYGON ((50 34, 51 34, 51 35, 50 35, 50 34))"\n'
    '0101,shahrestan,01,تربت حیدریه,Torbat,"POLYGON ((51.2 35.2, 51.4 35.2, 51.4 35.4, 51.2 35.2))"\n'
)


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, template: str) -> Iterator[tuple[str, Path]]:
    """Publish an edition, and give the address of its store and the folder of its files."""
    room = tmp_path_factory.mktemp("edition")
    (room / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    url = cluster.create_database("published_to_strangers", template=template)
    engine = create_store_engine(url)
    layer = LayerSource(room / "divisions.csv", None, ColumnMapping(columns={}), guess=True)
    options = ImportOptions(register="ir", commit=True)
    with open_session(engine) as session:
        import_delivery(session, Delivery("divisions", "ir", (layer,)), options, caller=OPERATOR, today=DAY)
        order = EditionOrder(DAY, DAY, room)
        made = publish_edition(session, get_register(session, "ir"), order, caller=OPERATOR)
    engine.dispose()
    yield url, Path(made.folder)


@pytest.fixture(scope="session")
def address(edition: tuple[str, Path]) -> Iterator[str]:
    """Serve the store of the edition, and give the address of its layers."""
    engine = create_store_engine(edition[0])
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(), engine), port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/ogc"
    server.should_exit = True
    thread.join()
    engine.dispose()
