"""Kill the applying process and the database in the middle of an application: before or after, never between.

`TAQSIMAT_TEST_KILLS` says how often each is killed, at moments spread over the whole length of an application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import shapely
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from services.access.roles import make_operator
from services.database.engine import open_session
from services.disputes.claims import ClaimText
from services.disputes.decisions import DecisionText, approve_decision, propose_decision
from services.disputes.opening import OpeningText, open_from_claim
from services.disputes.options import OptionsWish, prepare_options
from services.disputes.records import get_dispute
from services.queries import get_register
from services.register.decrees import DecreeText, record_decree
from tests.services.laboratory import MOMENTS, Laboratory, kill_server, kill_worker, open_laboratory

DAY = date(2025, 9, 1)
FIRST, SECOND = make_operator("first"), make_operator("second")

WORK = """
from services.access.roles import make_operator
from services.database.engine import create_store_engine, open_session
from services.disputes.decisions import apply_decision
from services.disputes.records import get_dispute
from services.queries import get_register

def carry_out(url):
    caller = make_operator("child")
    with open_session(create_store_engine(url)) as session:
        register = get_register(session, "drawn")
        version = get_dispute(session, register, 1, reader=caller).version
        apply_decision(session, register, 1, based_on=version, caller=caller)
"""

STATE = """
select array[
    (select max(version)::text from register),
    (select state || version from dispute),
    (select string_agg(state || (applied_at is null), ' ') from dispute_decision),
    (select string_agg(state || (ledger is null), ' ') from change),
    (select count(*)::text from dispute_event),
    (select count(*)::text from audit_log),
    (select count(*)::text from exception),
    (select md5(string_agg(digest || upper_inf(recorded), ' ' order by division_id, digest)) from boundary)
]
"""
"""Everything an application changes."""


def decide(session: Session, store: Callable[..., object]) -> None:
    """Bring a dispute so far that it can be applied; its ground is left undetermined, which declares exceptions."""
    store(session, invent_register())
    register = get_register(session, "drawn")
    claim = ClaimText("0101010001", "0101020001", shapely.LineString([(51.035, 34.0), (51.035, 36.0)]))
    key = open_from_claim(session, register, claim, OpeningText(), day=DAY, caller=FIRST).id
    prepare_options(session, register, key, OptionsWish(DAY), based_on=2, caller=FIRST)
    text = DecreeText("1", "هیئت وزیران", date(2025, 3, 1), date(2025, 3, 1))
    decree = record_decree(session, register, text, caller=FIRST).id
    ways = get_dispute(session, register, key).options
    number = next(one.number for one in ways if one.kind == "undetermined")
    propose_decision(session, register, key, DecisionText(decree, "x", number), based_on=3, caller=FIRST)
    approve_decision(session, register, key, based_on=4, caller=SECOND)


@pytest.fixture(scope="module")
def laboratory(store_states: Callable[..., object]) -> Iterator[Laboratory]:
    """Prepare the database before, and see how long a whole application takes and what it leaves."""

    def fill(engine: Engine) -> None:
        with open_session(engine) as session:
            decide(session, store_states)

    with open_laboratory(WORK, STATE, fill) as made:
        made.learn()
        yield made


def test_before_and_after_differ(laboratory):
    before, after = laboratory.states
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize("kill", [kill_worker, kill_server])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_application_is_before_or_after(laboratory, kill, moment):
    state, was_done = laboratory.run_killed(kill, moment)
    assert state in laboratory.states
    assert not was_done or state == laboratory.states[1]
