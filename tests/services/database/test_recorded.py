"""Test that a session reads the register as it was recorded at an earlier moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text, update
from sqlalchemy.orm import Session

from geo.errors import InvalidValue
from geo.register.names import search_key
from services.database.engine import open_session
from services.database.recorded import find_moment
from services.lookups import get_coded, list_ancestors
from services.queries import get_register, is_current
from services.register.search import search_names
from services.tables.register import Code, Division, Name, Register, Standing

DAY = date(2024, 1, 1)
CORRECTED = datetime(2025, 6, 1, tzinfo=UTC)
BEFORE, AFTER = CORRECTED - timedelta(microseconds=1), CORRECTED
SERVICES = Path(__file__).resolve().parents[3] / "services"


@pytest.fixture
def store(fresh_engine: Engine) -> Engine:
    """Record a province on the first day of 2025, and another name and parent of its county in June."""
    with open_session(fresh_engine) as session:
        session.execute(insert(Register).values(name="ir", country="ir"))
        register = get_register(session, "ir").id
        for key, code, level in ((1, "01", "province"), (2, "02", "province"), (3, "0101", "county")):
            session.execute(insert(Division).values(id=key, register_id=register))
            own = {"division_id": key, "valid": text("'(,)'"), "recorded": text("'[2025-01-01,)'")}
            session.execute(insert(Code).values(register_id=register, scheme="sci", version="1399", code=code, **own))
            if key < 3:
                session.execute(insert(Standing).values(level=level, **own))
        say_county(session, "[2025-01-01,2025-06-01)", "الف", parent=1)
        say_county(session, "[2025-06-01,)", "ب", parent=2)
    return fresh_engine


def say_county(session: Session, recorded: str, name: str, *, parent: int) -> None:
    own = {"division_id": 3, "valid": text("'(,)'"), "recorded": text(f"'{recorded}'")}
    session.execute(insert(Standing).values(level="county", parent_id=parent, **own))
    session.execute(insert(Name).values(language="fa", text=name, key=search_key(name), **own))


@pytest.mark.parametrize(("moment", "name"), [(None, "ب"), (BEFORE, "الف"), (AFTER, "ب")])
def test_names_are_read_as_they_were_recorded(store: Engine, moment: datetime | None, name: str):
    with open_session(store, moment) as session:
        found = get_coded(session, get_register(session, "ir"), "0101", day=DAY)
        assert (found.names, find_moment(session)) == ({"fa": name}, moment)


@pytest.mark.parametrize(("moment", "above"), [(None, "02"), (BEFORE, "01")])
def test_recursive_reads_look_back_too(store: Engine, moment: datetime | None, above: str):
    with open_session(store, moment) as session:
        register = get_register(session, "ir")
        chain = list_ancestors(session, register, get_coded(session, register, "0101", day=DAY), day=DAY)
        assert [one.code for one in chain] == [above, "0101"]


@pytest.mark.parametrize(("moment", "total"), [(None, 0), (BEFORE, 1)])
def test_search_looks_back_too(store: Engine, moment: datetime | None, total: int):
    with open_session(store, moment) as session:
        assert search_names(session, get_register(session, "ir"), "الف", day=DAY).total == total


@pytest.mark.parametrize(
    "statement",
    [
        text("select text from name where upper_inf(recorded)"),
        text("select n.text from name n where UPPER_INF(n.recorded)"),
        select(Name.text).where(is_current(Name)),
        select(select(Name.text).where(is_current(Name)).subquery().c.text),
    ],
    ids=["text", "alias", "select", "subquery"],
)
def test_every_kind_of_statement_looks_back(store: Engine, statement: object):
    with open_session(store, BEFORE) as session:
        rows = session.execute(statement).scalars().all()  # type: ignore[call-overload]
    assert "الف" in rows


def test_nothing_was_known_before_the_first_record(store: Engine):
    with open_session(store, datetime(2024, 1, 1, tzinfo=UTC)) as session:
        assert session.scalar(select(func.count()).where(is_current(Code))) == 0


def test_past_cannot_be_written(store: Engine):
    with pytest.raises(InvalidValue) as caught, open_session(store, BEFORE) as session:
        session.execute(update(Name).values(text="پ"))
    assert caught.value.params["reason"].key == "record_read_only"
    with open_session(store) as session:
        session.execute(update(Register).values(version=5))


def test_present_sessions_are_not_touched(store: Engine):
    with open_session(store, BEFORE), open_session(store) as session:
        assert session.scalar(select(Name.text).where(is_current(Name))) == "ب"


def test_no_read_goes_around_the_session():
    """Only the writer of imports, which reads under its own lock, speaks to the driver itself."""
    around = {
        path.relative_to(SERVICES).as_posix()
        for path in SERVICES.rglob("*.py")
        if "driver_connection" in path.read_text(encoding="utf-8")
    }
    assert around == {"register/writing.py"}


def test_sources_say_it_in_the_one_way():
    odd = [
        path.name
        for path in SERVICES.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "upper_inf(" in line and "recorded)" not in line and "valid)" not in line and path.parent.name != "versions"
    ]
    assert odd == []
