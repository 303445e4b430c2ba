"""Test that an edition has the same bytes whenever and wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[2]

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
def folders(demo_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Make the same edition in two processes with other clocks, hashes and languages."""
    url = demo_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    made = []
    for seed, zone, language in (("1", "Asia/Tehran", "fa_IR.UTF-8"), ("2", "UTC", "C")):
        folder = tmp_path_factory.mktemp("made")
        given = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
        subprocess.run(
            [sys.executable, "-P", "-c", SCRIPT, url, folder], env=given, cwd=folder, timeout=250, check=True
        )
        made.append(folder)
    return made


def test_every_file_has_the_same_bytes(folders):
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_other_programs_check_the_sums(folders):
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folders[0], check=True)
