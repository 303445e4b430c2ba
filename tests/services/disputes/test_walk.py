"""Test the way of a dispute from a finding to the register."""

from __future__ import annotations


def test_opens_from_a_finding(office):
    dispute = office.see(office.open())
    assert (dispute.state, dispute.summary.type, dispute.summary.level) == ("open", "overlap", "dehestan")
    assert len(dispute.summary.faces) == 1


def test_options(office):
    key = office.open()
    found = office.prepare(key)
    print([(one.number, one.kind, one.taker, one.refused, [s.area_m2 for s in one.shares]) for one in found.options])
    print(found.cautions)
    assert found.state == "options_prepared"


def test_walk(office):
    key = office.settle()
    assert office.see(key).state == "applied"
    assert office.find("overlap") == []
