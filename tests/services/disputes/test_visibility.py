"""Test that a confidential dispute is known to the officers of its parties alone, on every path."""

from __future__ import annotations

import pytest
import shapely

from geo.elections.stations import Station, Visibility
from geo.errors import ChangeNotFound, DisputeInConflict, DisputeNotFound
from services.access.roles import ANONYMOUS, Caller, RoleGrant
from services.disputes.conflicts import find_conflicts
from services.disputes.decisions import DecisionText, apply_decision, approve_decision, propose_decision
from services.disputes.evidence import EvidenceText, SentFile, add_evidence, get_evidence_file
from services.disputes.records import DisputeFilter, count_disputes, get_dispute, list_disputes
from services.elections.stations import record_stations
from services.register.change_records import get_change, list_changes
from services.register.decrees import get_decree


def scoped(office, code: str, role: str = "province_officer") -> Caller:
    return Caller(None, "scoped", (RoleGrant(role, office.register.id, office.country.ids[code]),))


def readers(office):
    other = Caller(None, "other", (RoleGrant("national_officer", office.register.id + 1),))
    return {
        "public": (ANONYMOUS, False),
        "clerk": (Caller(None, "clerk", (RoleGrant("clerk"),)), False),
        "other register": (other, False),
        "other division": (scoped(office, "0601020002"), False),
        "own side": (scoped(office, "060101"), True),
        "above both": (scoped(office, "0601"), True),
        "national": (office.first, True),
    }


WHO = ("public", "clerk", "other register", "other division", "own side", "above both", "national")


@pytest.mark.parametrize("who", WHO)
def test_who_may_read(office, who):
    key = office.open(confidential=True)
    reader, may = readers(office)[who]
    listed = list_disputes(office.session, office.register, reader=reader)
    counted = count_disputes(office.session, office.register, reader=reader)
    assert (len(listed), counted) == ((1, {"open": 1}) if may else (0, {}))
    if may:
        assert get_dispute(office.session, office.register, key, reader=reader).id == key
    else:
        with pytest.raises(DisputeNotFound):
            get_dispute(office.session, office.register, key, reader=reader)


def test_a_finding_does_not_lead_to_it(office):
    key = office.open(confidential=True)
    wanted = DisputeFilter(fingerprint=office.see(key).findings[0][1])
    assert list_disputes(office.session, office.register, wanted) == ()
    assert len(list_disputes(office.session, office.register, wanted, reader=office.first)) == 1


def test_its_evidence_is_not_given_out(office):
    key = office.open(confidential=True)
    text, file = EvidenceText("letter", "a letter"), SentFile("a.txt", b"words")
    kept = office.step(add_evidence, key, text, file=file).evidence[0].id
    with pytest.raises(DisputeNotFound):
        get_evidence_file(office.session, office.register, key, kept)
    assert get_evidence_file(office.session, office.register, key, kept, reader=office.first)[1] == b"words"


def test_its_change_is_hidden_until_it_is_in_the_register(office):
    key = office.open(confidential=True)
    office.prepare(key)
    change = office.propose(key).find_live()
    assert list_changes(office.session, office.register) == ()
    assert get_decree(office.session, office.register, change.decree_id).changes == 0
    with pytest.raises(ChangeNotFound):
        get_change(office.session, office.register, change.change_id)
    office.step(approve_decision, key, caller=office.second)
    office.step(apply_decision, key, caller=office.second)
    assert [one.state for one in list_changes(office.session, office.register)] == ["applied"]


def test_a_conflict_does_not_name_it(office):
    hidden = office.open(confidential=True)
    shown = office.open_twin()
    dispute = office.see(shown)
    assert [one.dispute for one in find_conflicts(office.session, office.register, dispute)] == [None]
    found = find_conflicts(office.session, office.register, dispute, reader=office.first)
    assert [one.dispute for one in found] == [hidden]


def test_conflicting_disputes_are_not_decided(office):
    first, second = office.open(), office.open_twin()
    office.prepare(first)
    wish = DecisionText(office.decree(), "reasons", office.pick(first, "adopt", "Q"))
    with pytest.raises(DisputeInConflict, match=str(second)):
        office.step(propose_decision, first, wish)


@pytest.mark.parametrize(("who", "shown"), [("public", {"open"}), ("national", {"open", "withheld"})])
def test_what_a_ledger_keeps_from_the_public_is_kept_here_too(office, who, shown):
    stations = [make_station("open", Visibility.PUBLIC), make_station("withheld", Visibility.WITHHELD)]
    record_stations(office.session, office.register, stations, caller=office.operator)
    key = office.open()
    office.prepare(key)
    reader, _ = readers(office)[who]
    ledgers = [one.ledger for one in office.see(key, reader).options if one.ledger]
    assert {row["code"] for ledger in ledgers for row in ledger["stations"]} == shown


def make_station(code: str, visibility: Visibility) -> Station:
    return Station(
        code=code,
        name=code,
        point=shapely.Point(50.0195, 30.01),
        division_code="0601010001",
        branches=(),
        visibility=visibility,
        synthetic=True,
    )
