"""Test opening disputes: from findings, from a claim, from a request."""

from __future__ import annotations

import pytest
import shapely

from geo.errors import (
    DisputeInConflict,
    DisputeNotFound,
    DivisionNotFound,
    FindingNotFound,
    InvalidGeometry,
    InvalidValue,
    NotPermitted,
)
from services.access.log import list_entries
from services.access.roles import Caller, RoleGrant
from services.disputes.claims import ClaimText, add_claim
from services.disputes.closing import dismiss_dispute
from services.disputes.opening import OpeningText, open_from_claim, open_from_findings, open_from_request
from services.disputes.records import DisputeFilter, count_disputes, list_disputes

PLAIN = OpeningText()
S, T, Q = "0601020001", "0601020002", "0601010001"
LINE = shapely.LineString([(50.045, 29.0), (50.045, 31.0)])
GROUND = shapely.box(50.03, 30.005, 50.05, 30.015)


def open_claim(office, drawn=LINE, by=S, against=T, text=PLAIN):
    claim = ClaimText(by, against, drawn)
    return open_from_claim(office.session, office.register, claim, text, day=office.day, caller=office.operator)


@pytest.mark.parametrize(("kind", "letters", "is_gap"), [("overlap", "QS", False), ("gap", "TUVW", True)])
def test_a_finding_becomes_a_face(office, kind, letters, is_gap):
    found = office.see(office.open(kind))
    assert set(found.sides) == {office.id(letter) for letter in letters}
    assert [(face.is_gap, face.area_m2 > 200_000) for face in found.summary.faces] == [(is_gap, True)]
    assert found.findings[0][2] == kind


def test_a_case_is_in_one_open_dispute_only(office):
    key = office.open()
    with pytest.raises(DisputeInConflict, match=str(key)):
        office.open()
    office.step(dismiss_dispute, key, reason="nothing to it")
    assert office.open() > key


def test_findings_of_other_divisions_are_no_one_dispute(office):
    findings = [*office.find("overlap"), *office.find("gap")]
    with pytest.raises(InvalidValue, match="dispute_findings_differ"):
        open_from_findings(office.session, office.register, findings, PLAIN, caller=office.operator)


@pytest.mark.parametrize(
    ("findings", "error"), [([], InvalidValue), ([10**9], FindingNotFound), (list(range(1, 502)), InvalidValue)]
)
def test_findings_must_be_there(office, findings, error):
    with pytest.raises(error):
        open_from_findings(office.session, office.register, findings, PLAIN, caller=office.operator)


@pytest.mark.parametrize(
    ("drawn", "by", "against", "west", "east"),
    [(LINE, S, T, 50.04, 50.045), (LINE, T, S, None, None), (GROUND, S, T, 50.04, 50.05), (GROUND, T, S, 50.03, 50.04)],
)
def test_a_claim_makes_the_ground_between_the_boundary_and_its_line(office, drawn, by, against, west, east):
    if west is None:
        with pytest.raises(InvalidGeometry, match="ground_line_cuts_nothing"):
            open_claim(office, drawn, by, against)
        return
    found = open_claim(office, drawn, by, against)
    (face,) = found.summary.faces
    assert face.ground.bounds[0] == pytest.approx(west, abs=1e-9)
    assert face.ground.bounds[2] == pytest.approx(east, abs=1e-9)
    assert (found.summary.type, found.summary.origin, face.claim) == ("locational", "claim", found.claims[0].id)


def test_claims_of_both_sides_are_two_faces(office):
    key = open_claim(office).id
    found = office.step(add_claim, key, ClaimText(T, S, shapely.box(50.03, 29.0, 50.04, 31.0)))
    assert [round(face.ground.bounds[0], 6) for face in found.summary.faces] == [50.04, 50.03]


def test_a_further_claim_adds_only_what_is_new(office):
    key = open_claim(office).id
    wider = shapely.LineString([(50.05, 29.0), (50.05, 31.0)])
    found = office.step(add_claim, key, ClaimText(S, T, wider))
    assert [round(face.ground.bounds[0], 6) for face in found.summary.faces] == [50.04, 50.045]
    assert len(office.step(add_claim, key, ClaimText(S, T, LINE)).summary.faces) == 2


def test_a_claimed_face_can_be_settled(office):
    key = open_claim(office).id
    options = office.prepare(key).options
    assert {one.kind for one in options if one.refused is None} >= {"adopt", "undetermined", "void"}


def test_a_claim_overtakes_the_options(office):
    key = open_claim(office).id
    office.prepare(key)
    found = office.step(add_claim, key, ClaimText(T, S, shapely.box(50.03, 29.0, 50.04, 31.0)))
    assert (found.state, found.options) == ("under_review", ())


@pytest.mark.parametrize(
    ("by", "against", "drawn", "error"),
    [
        (S, S, LINE, InvalidValue),
        (Q, T, LINE, InvalidValue),
        ("nothing", T, LINE, DivisionNotFound),
        (S, T, shapely.Point(50, 30), InvalidGeometry),
        (S, T, shapely.box(10, 10, 11, 11), InvalidGeometry),
        (S, T, shapely.LineString([(500, 0), (0, 0)]), InvalidGeometry),
        (S, T, shapely.Polygon([(50, 30), (51, 31), (51, 30), (50, 31)]), InvalidGeometry),
    ],
)
def test_a_claim_that_cannot_be_meant_is_refused(office, by, against, drawn, error):
    key = open_claim(office).id
    with pytest.raises(error):
        office.step(add_claim, key, ClaimText(by, against, drawn))


def test_a_request_waits_for_a_claim(office):
    found = open_from_request(office.session, office.register, [S, T], PLAIN, day=office.day, caller=office.operator)
    assert (found.summary.type, found.summary.ground, found.summary.title) == ("definitional", None, "S / T")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (OpeningText(type="quarrel"), "dispute_type"),
        (OpeningText(title="a\0b"), "dispute_text"),
        (OpeningText(title="a" * 201), "dispute_text"),
        (OpeningText(text="a" * 4001), "dispute_text"),
    ],
)
def test_texts_are_checked(office, text, rule):
    with pytest.raises(InvalidValue, match=rule):
        open_claim(office, text=text)


@pytest.mark.parametrize(("scope", "may"), [("060101", False), ("060102", True), ("0601", True)])
def test_an_officer_opens_for_the_own_side(office, scope, may):
    grant = RoleGrant("province_officer", office.register.id, office.country.ids[scope])
    caller = Caller(None, "scoped", (grant,))
    named = {"day": office.day, "caller": caller}
    if not may:
        with pytest.raises(NotPermitted):
            open_from_request(office.session, office.register, [S, T], PLAIN, **named)
        return
    assert open_from_request(office.session, office.register, [S, T], PLAIN, **named).state == "open"


def test_opening_is_logged(office):
    key = open_claim(office).id
    steps = [one.detail.get("step") for one in list_entries(office.session, limit=1000) if "dispute" in one.detail]
    assert steps == ["open", "claim"]
    assert [one.step for one in office.see(key).history] == ["open", "claim"]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (DisputeFilter(), 2),
        (DisputeFilter(state="open"), 2),
        (DisputeFilter(state="applied"), 0),
        (DisputeFilter(type="overlap"), 1),
        (DisputeFilter(level="dehestan"), 2),
        (DisputeFilter(level="county"), 0),
    ],
)
def test_disputes_are_listed_and_counted(office, wanted, number):
    office.open()
    open_claim(office)
    assert len(list_disputes(office.session, office.register, wanted)) == number
    assert sum(count_disputes(office.session, office.register, wanted).values()) == number


def test_what_is_not_there_is_not_found(office):
    with pytest.raises(DisputeNotFound):
        office.see(10**12)
