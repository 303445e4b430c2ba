"""Test that records are invented from a shell, and that they say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, UnknownLevel
from services.queries import RegisterState
from services.tables.elections import Station


@pytest.mark.parametrize("subject", ["stations", "complaints", "councils"])
def test_records_are_invented(read_json: Callable[..., Any], register: RegisterState, subject):
    made = read_json("invent", subject, "--level", "commune", "--register", register.name)
    assert made["subject"] == subject and made["count"] >= 4


def test_invented_stations_say_so(read_json: Callable[..., Any], register: RegisterState, session: Session):
    read_json("invent", "stations", "--level", "commune", "--register", register.name)
    marks = session.scalars(select(Station.synthetic).where(Station.register_id == register.id)).all()
    assert marks and all(marks)


@pytest.mark.parametrize(
    ("subject", "level", "error"),
    [("weather", "commune", InvalidValue), ("stations", "ostan", UnknownLevel)],
)
def test_what_cannot_be_invented_is_refused(run_in_store, register: RegisterState, subject, level, error):
    with pytest.raises(error):
        run_in_store("invent", subject, "--level", level, "--register", register.name)
