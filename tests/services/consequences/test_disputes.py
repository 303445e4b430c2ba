"""Test that the ledger of a change names the open disputes on its ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.consequences.ledgers import find_order_consequences
from services.disputes.claims import ClaimText
from services.disputes.closing import dismiss_dispute
from services.disputes.opening import OpeningText, open_from_claim
from services.queries import RegisterState
from services.register.change_records import get_change

OPERATOR = make_operator("tests")
MOVE = {"from": "0601020001", "to": "0601020002"}


@pytest.fixture
def dispute(session: Session, register: RegisterState) -> Callable[..., int]:
    """Give the way to open a dispute on the west of T, which S claims."""

    def make(**text: Any) -> int:
        claim = ClaimText(MOVE["from"], MOVE["to"], shapely.box(53.0, 30.0, 53.4, 32.0))
        named = {"day": date(2026, 1, 1), "caller": OPERATOR}
        return open_from_claim(session, register, claim, OpeningText(**text), **named).id

    return make


def order(west: float) -> dict[str, Any]:
    ground = shapely.box(west, 30.0, west + 0.2, 32.0).__geo_interface__
    return {
        "kind": "rebound",
        "effective_on": "2026-01-01",
        "moves": [{"ground": ground, "from": MOVE["to"], "to": MOVE["from"]}],
    }


@pytest.mark.parametrize(("confidential", "named"), [(False, True), (True, False)])
def test_an_open_dispute_is_named_unless_it_is_confidential(session, register, dispute, confidential, named):
    key = dispute(confidential=confidential)
    found = find_order_consequences(session, register, order(53.0)).disputes
    assert [(one.dispute, one.divisions) for one in found] == ([(key, tuple(MOVE.values()))] if named else [])


def test_a_closed_dispute_is_not_named(session, register, dispute):
    key = dispute()
    dismiss_dispute(session, register, key, based_on=2, caller=OPERATOR, reason="nothing to it")
    assert find_order_consequences(session, register, order(53.0)).disputes == ()


def test_a_dispute_elsewhere_is_not_named(session, register, dispute, draft, carry_out):
    dispute()
    rename = {"kind": "rename", "effective_on": "2026-01-01", "divisions": ["0601"], "names": {"fa": "نو"}}
    key = draft(rename)
    carry_out(key)
    assert get_change(session, register, key).state == "applied"
    assert find_order_consequences(session, register, {**rename, "names": {"fa": "کهنه"}}).disputes == ()
