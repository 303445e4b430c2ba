"""Give the tests a register with small defects, and a decree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from fixtures.torn import tear_register
from services.access.roles import make_operator
from services.queries import RegisterState
from services.register.decrees import DecreeText, record_decree


@pytest.fixture
def torn(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store the register that is drawn with letters, with a sliver of nobody and one of two counties."""
    return store_states(session, tear_register(invent_register()))


@pytest.fixture
def decree(session: Session, torn: RegisterState) -> int:
    """Record a decree that is in force."""
    text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    return record_decree(session, torn, text, caller=make_operator("tests")).id
