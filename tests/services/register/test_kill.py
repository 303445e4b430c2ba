"""Kill the importing process and the database in the middle of imports: the register is as before or as after.

`TAQSIMAT_TEST_KILLS` says how often each is killed, at moments spread over the whole length of an import.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.laboratory import (
    MOMENTS,
    Laboratory,
    interrupt_worker,
    kill_server,
    kill_worker,
    open_laboratory,
)

ROWS = 2500

WORK = """
from datetime import date
from pathlib import Path
from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.database.engine import create_store_engine, open_session
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery

def carry_out(url, path):
    mapping = ColumnMapping(scheme="osm", parent_scheme="osm")
    delivery = Delivery("list", "ir", (LayerSource(Path(path), None, mapping, guess=True),))
    options = ImportOptions(register="test", commit=True)
    with open_session(create_store_engine(url)) as session:
        import_delivery(session, delivery, options, caller=make_operator("child"), today=date(2026, 11, 21))
"""

STATE = """
select array[
    (select max(version)::text from register),
    (select count(*)::text from division),
    (select count(*)::text from import_run),
    (select count(*)::text from audit_log),
    (select md5(string_agg(code, ' ' order by code)) from code),
    (select md5(string_agg(text || recorded_again, ' ' order by division_id, text))
     from (select *, upper_inf(recorded)::text as recorded_again from name) n),
    (select md5(string_agg(digest || upper_inf(recorded), ' ' order by division_id, digest)) from boundary),
    (select md5(string_agg(level || coalesce(parent_id, 0)::text, ' ' order by division_id)) from standing)
]
"""
"""Everything an import changes, ids left out."""


def write_list(path: Path, rows: int, word: str) -> Path:
    """Write a province with counties in a row, each with a boundary."""
    lines = ["code,level,parent,name_fa,wkt", f"1,province,,{word},"]
    for number in range(rows):
        west = 50 + number / 1000
        ring = f"{west} 30, {west + 0.001} 30, {west + 0.001} 31, {west} 31, {west} 30"
        lines.append(f'{number + 2},county,1,{word} {number},"POLYGON (({ring}))"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    """Prepare the database before an import, and see how long a whole import takes and what it leaves."""
    with (
        open_laboratory(WORK, STATE, lambda engine: None) as made,
        tempfile.TemporaryDirectory() as files,
    ):
        made.begin(made.cluster.find_url("before"), str(write_list(Path(files) / "old.csv", ROWS // 2, "کهنه")))
        assert made.finish()
        made.arguments = (str(write_list(Path(files) / "new.csv", ROWS, "نو")),)
        made.learn()
        yield made


def test_imports_differ_before_and_after(laboratory):
    before, after = laboratory.states
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("kill", [kill_worker, interrupt_worker, kill_server])
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_import_leaves_the_register_before_or_after(laboratory, kill, moment):
    state, was_done = laboratory.run_killed(kill, moment)
    assert state in laboratory.states
    assert not was_done or state == laboratory.states[1]


def test_import_after_a_kill_goes_through(laboratory):
    url = laboratory.prepare()
    child = laboratory.begin(url)
    kill_worker(laboratory, child)
    laboratory.finish()
    laboratory.begin(url)
    assert laboratory.finish()
    assert laboratory.read_state(url) == laboratory.states[1]
