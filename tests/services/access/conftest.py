"""Give the tests of access a small register, and somebody to do the writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from services.access.roles import Caller, make_operator
from services.queries import RegisterState, get_register
from services.tables.register import Code, Division, Register, Standing

TREE = {"north": None, "hill": "north", "mill": "hill", "south": None, "port": "south"}
"""Two provinces; a county with a village in the one, a county in the other."""

LEVELS = {"north": "wilaya", "south": "wilaya", "hill": "daira", "port": "daira", "mill": "commune"}

ALWAYS = Range(date(2000, 1, 1), None)


@dataclass(frozen=True)
class Country:
    """Hold the small register and the keys of its divisions."""

    register: RegisterState
    """The register."""
    divisions: Mapping[str, int]
    """Division ids by the codes of `TREE`."""


@pytest.fixture
def country(session: Session) -> Country:
    """Fill a register with the divisions of `TREE`."""
    return fill_register(session, "letters")


@pytest.fixture
def elsewhere(session: Session) -> Country:
    """Fill another register with the same codes."""
    return fill_register(session, "elsewhere")


@pytest.fixture
def operator() -> Caller:
    """Stand for the operator's shell."""
    return make_operator("tester")


def fill_register(session: Session, name: str) -> Country:
    """Write the divisions of `TREE` with parents and codes."""
    session.execute(insert(Register).values(name=name, country="dz"))
    register = get_register(session, name)
    ids: dict[str, int] = {}
    for code, parent in TREE.items():
        ids[code] = session.scalars(insert(Division).values(register_id=register.id).returning(Division.id)).one()
        standing = {"level": LEVELS[code], "parent_id": ids[parent] if parent else None}
        session.execute(insert(Standing).values(division_id=ids[code], valid=ALWAYS, **standing))
        same = {"register_id": register.id, "division_id": ids[code], "valid": ALWAYS}
        session.execute(insert(Code).values(scheme="own", version="1", code=code, **same))
    return Country(register, ids)
