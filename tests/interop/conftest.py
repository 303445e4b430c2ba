"""Serve a published register to the programs of strangers, from a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.deliveries import Delivery, LayerSource
from services.register.editions import EditionOrder, publish_edition
from services.register.imports import ImportOptions, import_delivery

ROOT = Path(__file__).resolve().parents[2]
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


SERVE = """
import socket, sys
import uvicorn
from services.database.engine import create_store_engine
from services.settings import Settings
from services.web.app import create_app
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
app = create_app(Settings(), create_store_engine(sys.argv[1]))
uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none")).run(sockets=[listener])
"""
"""Serve in a process of its own: GDAL lets no other thread of its process run while it waits for an answer."""


@pytest.fixture(scope="session")
def address(edition: tuple[str, Path]) -> Iterator[str]:
    """Serve the store of the edition, and give the address of its layers."""
    given = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", SERVE, edition[0]]
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/ogc"
        server.terminate()
