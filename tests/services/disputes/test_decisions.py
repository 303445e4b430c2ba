"""Test deciding disputes: two officers, a decree, the register, and taking it back."""

from __future__ import annotations

import pytest

from geo.errors import (
    ChangeHeld,
    ChangeRefused,
    DisputeNotReady,
    Infeasible,
    InvalidValue,
    NotPermitted,
    SameOfficer,
    StaleVersion,
)
from services.access.roles import Caller, RoleGrant
from services.boundaries.findings import FindingFilter, list_findings
from services.disputes.decisions import (
    DecisionText,
    apply_decision,
    approve_decision,
    propose_decision,
    propose_undoing,
    withdraw_decision,
)
from services.queries import load_boundaries
from services.register.change_records import get_change
from services.register.changes import approve_change, draft_change
from services.tables.register import Standing


def shape_of(office, letter: str):
    found = load_boundaries(office.session, office.register, office.day, Standing.division_id == office.id(letter))
    return found[office.id(letter)]


@pytest.mark.parametrize(("letter", "holder", "loser"), [("Q", "Q", "S"), ("S", "S", "Q")])
def test_adopting_gives_the_ground_to_one_alone(office, letter, holder, loser):
    office.settle("adopt", letter)
    assert shape_of(office, holder).covers(office.overlap.buffer(-1e-6))
    assert not shape_of(office, loser).intersects(office.overlap.buffer(-1e-6))


@pytest.mark.parametrize(
    ("kind", "letter", "finding"),
    [
        ("medial_line", None, "overlap"),
        ("majority_of_people", "S", "overlap"),
        ("undetermined", None, "overlap"),
        ("adopt", "T", "gap"),
        ("void", None, "gap"),
    ],
)
def test_the_case_is_gone_from_the_audit(office, kind, letter, finding):
    key = office.settle(kind, letter, finding=finding)
    assert office.see(key).state == "applied"
    office.find(finding)
    left = list_findings(office.session, office.register, FindingFilter(level="dehestan"))
    other = {"overlap": "gap", "gap": "overlap"}[finding]
    assert [one.kind for one in left if one.exception is None and one.kind != "stray_place"] == [other]


def test_all_levels_move_together(office):
    office.settle("adopt", "S")
    grounds = load_boundaries(office.session, office.register, office.day, Standing.level == "bakhsh")
    assert [round(shape.intersection(office.overlap).area, 9) for _, shape in sorted(grounds.items())] == [0.0, 0.00002]


def test_the_ledger_is_kept_with_the_change(office):
    key = office.settle()
    change = get_change(office.session, office.register, office.see(key).decisions[-1].change_id)
    assert (change.state, str(change.kind), change.drafted_by, change.approved_by) == (
        "applied",
        "settle",
        "first",
        "second",
    )


def test_undoing_is_a_decision_of_its_own(office):
    key = office.settle()
    before = office.see(key).find_applied()
    office.step(propose_undoing, key, DecisionText(office.decree(), "a court"))
    with pytest.raises(SameOfficer):
        office.step(approve_decision, key)
    office.step(approve_decision, key, caller=office.second)
    undone = office.step(apply_decision, key, caller=office.second)
    assert (undone.state, undone.find_applied()) == ("under_review", None)
    assert (before.kind, undone.decisions[-1].kind) == ("settle", "undo")
    assert shape_of(office, "S").covers(office.overlap) and len(office.find("overlap")) == 1


def test_undoing_a_void_withdraws_its_exceptions(office):
    key = office.settle("void", None)
    office.step(propose_undoing, key, DecisionText(office.decree(), "a court"))
    office.step(approve_decision, key, caller=office.second)
    office.step(apply_decision, key, caller=office.second)
    office.find("overlap")
    found = list_findings(office.session, office.register, FindingFilter(level="dehestan"))
    assert [one.exception for one in found] == [None] * len(found)


def test_a_later_decree_may_take_back(office):
    key = office.settle()
    later = office.day.replace(year=office.day.year + 1)
    found = office.step(propose_undoing, key, DecisionText(office.decree(later), "a court"))
    assert found.find_live().kind == "undo"


def test_undoing_wants_another_decree(office):
    key = office.settle()
    own = office.see(key).find_applied().decree_id
    with pytest.raises(InvalidValue, match="dispute_same_decree"):
        office.step(propose_undoing, key, DecisionText(own, "a court"))


def test_the_proposer_may_not_approve(office):
    key = office.open()
    office.prepare(key)
    office.propose(key)
    with pytest.raises(SameOfficer):
        office.step(approve_decision, key, caller=office.first)


def test_a_withdrawn_proposal_makes_room_for_another(office):
    key = office.open()
    office.prepare(key)
    office.propose(key)
    with pytest.raises(DisputeNotReady, match="dispute_has_proposal"):
        office.propose(key, "adopt", "S")
    found = office.step(withdraw_decision, key, reason="a mistake")
    assert (found.state, found.find_live()) == ("options_prepared", None)
    assert office.propose(key, "adopt", "S").find_live().taker == office.id("S")


def test_an_approved_decision_may_be_withdrawn(office):
    key = office.open()
    office.prepare(key)
    office.propose(key)
    assert office.step(approve_decision, key, caller=office.second).state == "decided"
    assert office.step(withdraw_decision, key, caller=office.second, reason="new facts").state == "options_prepared"


def test_a_refused_option_is_not_proposed(office):
    key = office.open()
    refused = next(one.number for one in office.prepare(key).options if one.refused)
    with pytest.raises(Infeasible, match="option_no_line"):
        office.step(propose_decision, key, DecisionText(office.decree(), "reasons", refused))


@pytest.mark.parametrize(("number", "text", "rule"), [(99, "x", "dispute_no_option"), (1, " ", "dispute_text_needed")])
def test_a_proposal_says_what_and_why(office, number, text, rule):
    key = office.open()
    office.prepare(key)
    with pytest.raises(InvalidValue, match=rule):
        office.step(propose_decision, key, DecisionText(office.decree(), text, number))


def test_the_change_of_a_decision_takes_its_steps_at_the_dispute(office):
    key = office.open()
    office.prepare(key)
    change = office.propose(key).find_live().change_id
    with pytest.raises(ChangeHeld):
        approve_change(office.session, office.register, change, based_on=2, caller=office.second)


def test_a_decision_in_force_is_taken_back_at_the_dispute(office):
    last = office.see(office.settle()).find_applied()
    order = {"kind": "undo", "effective_on": last.effective_on.isoformat(), "change": last.change_id}
    with pytest.raises(ChangeHeld):
        draft_change(office.session, office.register, order, decree_id=office.decree(), caller=office.first)


def test_whoever_comes_second_is_told(office):
    key = office.open()
    office.prepare(key)
    version, wish = office.see(key).version, DecisionText(office.decree(), "reasons", office.pick(key, "adopt", "Q"))
    propose_decision(office.session, office.register, key, wish, based_on=version, caller=office.first)
    with pytest.raises(StaleVersion):
        propose_decision(office.session, office.register, key, wish, based_on=version, caller=office.second)


def test_options_are_worked_out_anew_when_the_register_moves(office):
    key = office.open()
    office.prepare(key)
    office.settle("adopt", "T", finding="gap")
    assert {one.is_stale for one in office.see(key).options} == {True}
    assert office.propose(key).find_live().option_kind == "adopt"
    assert {one.is_stale for one in office.see(key).options} == {False}


@pytest.mark.parametrize("role", ["clerk", "planner", "public"])
def test_who_may_not_decide_is_refused(office, role):
    key = office.open()
    office.prepare(key)
    office.propose(key)
    with pytest.raises(NotPermitted):
        office.step(approve_decision, key, caller=Caller(None, "third", (RoleGrant(role),)))


def test_an_officer_of_one_side_may_not_propose(office):
    key = office.open()
    office.prepare(key)
    grant = RoleGrant("province_officer", office.register.id, office.country.ids["060101"])
    wish = DecisionText(office.decree(), "reasons", office.pick(key, "adopt", "Q"))
    with pytest.raises(NotPermitted):
        office.step(propose_decision, key, wish, caller=Caller(None, "one side", (grant,)))


def test_a_decree_not_in_force_yet_is_refused(office):
    key = office.open()
    office.prepare(key)
    wish = DecisionText(office.decree(office.day.replace(year=2027)), "reasons", office.pick(key, "adopt", "Q"))
    with pytest.raises(ChangeRefused):
        office.step(propose_decision, key, wish)


def test_a_gap_goes_to_one_beside_it(office):
    office.settle("adopt", "U", finding="gap")
    assert shape_of(office, "U").covers(office.gap.buffer(-1e-6))
