"""Lay several changes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from geo.register.consequences import Ledger
from services.consequences.ledgers import find_consequences
from services.consequences.proposals import JudgedDivision, check_successors
from services.queries import RegisterState
from services.register.change_records import ChangeRecord, get_change
from services.register.thresholds import NOTHING_SAID, Statement

MOST_COMPARED = 6
"""So many changes fit beside each other on a printed page."""


@dataclass(frozen=True)
class Alternative:
    """Hold one change with all that follows from it."""

    change: ChangeRecord
    """The change."""
    ledger: Ledger
    """What follows."""
    tested: tuple[JudgedDivision, ...]
    """How the divisions that come out of it stand to the law."""


def describe_alternative(
    session: Session, register: RegisterState, key: int, *, statement: Statement = NOTHING_SAID
) -> Alternative:
    """Gather what follows from one change."""
    return Alternative(
        get_change(session, register, key),
        find_consequences(session, register, key),
        check_successors(session, register, key, statement=statement),
    )


def compare_changes(
    session: Session, register: RegisterState, keys: Sequence[int], *, statement: Statement = NOTHING_SAID
) -> tuple[Alternative, ...]:
    """Gather what follows from several changes, in the order they are named, each once.

    Raises InvalidValue for fewer than one or more than fit beside each other.
    """
    chosen = tuple(dict.fromkeys(keys))
    if not 1 <= len(chosen) <= MOST_COMPARED:
        reason = because("compare_least", least=1, most=MOST_COMPARED)
        raise InvalidValue(field="changes", value=len(chosen), reason=reason)
    return tuple(describe_alternative(session, register, key, statement=statement) for key in chosen)
