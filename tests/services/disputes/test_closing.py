"""Test closing disputes without a change of the register, and opening them again."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import DisputeNotReady, InvalidValue, NotPermitted, SameOfficer, StaleVersion
from services.access.roles import Caller, RoleGrant
from services.boundaries.findings import FindingFilter, list_findings
from services.disputes.closing import (
    Acceptance,
    accept_lawful,
    dismiss_dispute,
    reopen_dispute,
    start_review,
)
from services.disputes.opening import OpeningText, open_from_request


def list_kinds(office) -> list[str]:
    office.find("overlap")
    found = list_findings(office.session, office.register, FindingFilter(level="dehestan"))
    return [one.kind for one in found if one.exception is None and one.kind != "stray_place"]


def test_a_dispute_is_taken_up(office):
    key = office.open()
    assert office.step(start_review, key).state == "under_review"
    with pytest.raises(DisputeNotReady, match="under_review"):
        office.step(start_review, key)


def test_a_dismissed_dispute_changes_nothing(office):
    key = office.open()
    found = office.step(dismiss_dispute, key, reason="nothing to it")
    assert (found.state, found.history[-1].reason) == ("dismissed", "nothing to it")
    assert sorted(list_kinds(office)) == ["gap", "overlap"]


def test_what_is_accepted_is_no_defect(office):
    key = office.open()
    assert office.step(accept_lawful, key, Acceptance("a condominium")).state == "accepted_lawful"
    assert list_kinds(office) == ["gap"]
    office.step(reopen_dispute, key, reason="it is none")
    assert sorted(list_kinds(office)) == ["gap", "overlap"]


def test_what_is_lawful_for_a_time_is_a_defect_afterwards(office):
    key = office.open()
    office.step(accept_lawful, key, Acceptance("for a time", until=date(2025, 1, 1)))
    assert sorted(list_kinds(office)) == ["gap", "overlap"]


def test_whoever_opened_it_does_not_accept_it(office):
    key = office.open(caller=office.first)
    with pytest.raises(SameOfficer):
        office.step(accept_lawful, key, Acceptance("a condominium"))
    assert office.step(accept_lawful, key, Acceptance("a condominium"), caller=office.second).id == key


def test_without_ground_there_is_nothing_to_accept(office):
    codes, named = ["0601020001", "0601020002"], {"day": office.day, "caller": office.operator}
    key = open_from_request(office.session, office.register, codes, OpeningText(), **named).id
    with pytest.raises(DisputeNotReady, match="dispute_no_ground"):
        office.step(accept_lawful, key, Acceptance("a condominium"))
    with pytest.raises(DisputeNotReady, match="dispute_no_ground"):
        office.prepare(key)


@pytest.mark.parametrize("use_case", [dismiss_dispute, reopen_dispute])
@pytest.mark.parametrize("reason", ["", "  ", "a\0b", "a" * 4001])
def test_a_reason_is_given(office, use_case, reason):
    key = office.open()
    if use_case is reopen_dispute:
        office.step(dismiss_dispute, key, reason="nothing to it")
    with pytest.raises(InvalidValue):
        office.step(use_case, key, reason=reason)


def test_an_appeal_leaves_the_register_as_it_is(office):
    key = office.settle()
    found = office.step(reopen_dispute, key, reason="an appeal")
    assert (found.state, found.history[-1].step) == ("under_review", "appeal")
    assert found.find_applied() is not None
    with pytest.raises(DisputeNotReady, match="dispute_still_applied"):
        office.step(dismiss_dispute, key, reason="no")


def test_a_proposal_is_closed_first(office):
    key = office.open()
    office.prepare(key)
    office.propose(key)
    with pytest.raises(DisputeNotReady, match="dispute_has_proposal"):
        office.step(dismiss_dispute, key, reason="no")


@pytest.mark.parametrize("role", ["province_officer", "clerk"])
def test_only_deciders_close(office, role):
    key = office.open()
    with pytest.raises(NotPermitted):
        office.step(dismiss_dispute, key, reason="no", caller=Caller(None, "other", (RoleGrant(role),)))


def test_a_stale_version_is_refused(office):
    key = office.open()
    office.step(start_review, key)
    with pytest.raises(StaleVersion):
        dismiss_dispute(office.session, office.register, key, based_on=1, caller=office.first, reason="no")
