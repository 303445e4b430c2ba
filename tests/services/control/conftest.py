"""Give the tests the drawn register with a decree, and a way to bring in what decrees describe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from services.access.roles import make_operator
from services.boundaries.described_rows import What
from services.boundaries.describing import DescriptionReport, import_descriptions
from services.queries import RegisterState
from services.register.decrees import DecreeText, record_decree

Describe = Callable[..., DescriptionReport]


@pytest.fixture
def drawn(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store the register that is drawn with letters."""
    return store_states(session, invent_register())


@pytest.fixture
def decree(session: Session, drawn: RegisterState) -> int:
    """Record a decree that is in force."""
    text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    return record_decree(session, drawn, text, caller=make_operator("tests")).id


@pytest.fixture
def describe(session: Session, drawn: RegisterState, decree: int, tmp_path: Path) -> Describe:
    """Bring in a file of a kind under the decree."""

    def bring(what: str, text: str, *, ending: str = "csv", **given: object) -> DescriptionReport:
        path = tmp_path / f"{what}.{ending}"
        path.write_text(text, encoding="utf-8")
        terms = {"decree": decree, "caller": make_operator("tests"), "day": date(2022, 3, 21), **given}
        return import_descriptions(session, drawn, path, What(what), **terms)

    return bring
