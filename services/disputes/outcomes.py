"""Find what would follow from each way to settle a dispute."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from geo.errors import ChangeRefused, Reason
from geo.register.changes import read_order
from services.consequences.ledgers import preview_consequences
from services.disputes.combining import JoinedWay
from services.disputes.orders import write_shares
from services.disputes.records import Dispute
from services.queries import RegisterState


@dataclass(frozen=True)
class Outcome:
    """Hold what follows from one way, or why the register would refuse it."""

    ledger: dict[str, Any] | None = None
    """The ledger as JSON."""
    refused: Reason | None = None
    """The first rule it breaks."""


def find_outcomes(
    session: Session, register: RegisterState, dispute: Dispute, ways: Sequence[JoinedWay], *, day: date
) -> list[Outcome]:
    """Find what follows from each way that is to be had; ways that give the same ground are worked out once."""
    known: dict[str, Outcome] = {}
    found = []
    for way in ways:
        if way.refused is not None:
            found.append(Outcome())
            continue
        order = write_shares(session, register, dispute.summary.faces, way.shares, day=day)
        word = json.dumps(order, sort_keys=True)
        if word not in known:
            known[word] = _find_outcome(session, register, order)
        found.append(known[word])
    return found


def _find_outcome(session: Session, register: RegisterState, order: dict[str, Any]) -> Outcome:
    try:
        return Outcome(ledger=preview_consequences(session, register, read_order(order)).to_json())
    except ChangeRefused as error:
        problems: Any = error.params["problems"]
        return Outcome(refused=problems[0].reason)
