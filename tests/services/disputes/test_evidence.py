"""Test bringing evidence: what it says, its line, its file, and its weight."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import insert

from geo.errors import DisputeNotReady, EvidenceNotFound, InvalidGeometry, InvalidValue, NotPermitted, UnreadableFile
from services.access.roles import Caller, RoleGrant
from services.disputes.closing import dismiss_dispute
from services.disputes.evidence import EvidenceText, SentFile, add_evidence, get_evidence_file
from services.tables.described import DescribedLine

MIDDLE = shapely.LineString([(50.0195, 29.99), (50.0195, 30.03)])


def bring(office, key: int, *, file: SentFile | None = None, **text: object):
    about = EvidenceText(**{"kind": "decree", "title": "a decree", **text})
    return office.step(add_evidence, key, about, file=file)


def test_the_strongest_comes_first(office):
    key = office.open()
    bring(office, key, kind="letter")
    bring(office, key, kind="survey")
    found = bring(office, key, kind="other", rank=1)
    assert [(one.kind, one.rank) for one in found.evidence] == [("other", 1), ("survey", 2), ("letter", 4)]


def test_a_file_is_kept_apart_with_its_hash(office):
    key = office.open()
    kept = bring(office, key, file=SentFile("../a.txt", "سلام".encode())).evidence[0]
    about, content = get_evidence_file(office.session, office.register, key, kept.id)
    assert (about.name, about.media_type, content.decode()) == ("a.txt", "text/plain", "سلام")
    assert about == kept.file and len(about.sha256) == 64


def test_evidence_without_a_file_gives_none(office):
    key = office.open()
    kept = bring(office, key).evidence[0]
    with pytest.raises(EvidenceNotFound):
        get_evidence_file(office.session, office.register, key, kept.id)


def test_the_file_of_another_dispute_is_not_found(office):
    key, other = office.open(), office.open_twin()
    kept = bring(office, key, file=SentFile("a.txt", b"x")).evidence[0]
    with pytest.raises(EvidenceNotFound):
        get_evidence_file(office.session, office.register, other, kept.id)


def test_a_line_is_a_way_to_settle(office):
    key = office.open()
    evidence = bring(office, key, line=MIDDLE, accuracy_m=5.0).evidence[0]
    (found,) = [one for one in office.prepare(key).options if one.kind == "reference_line"]
    assert (found.refused, found.evidence) == (None, evidence.id)
    areas = [share.area_m2 for share in found.shares]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)


def test_decrees_of_both_sides_tell_which_is_older(office):
    key = office.open()
    bring(office, key, side="0601010001", issued_on=date(1990, 1, 1))
    bring(office, key, side="0601020001", issued_on=date(1980, 1, 1))
    (found,) = [one for one in office.prepare(key).options if one.kind == "older_decree"]
    assert (found.refused, found.taker) == (None, office.id("S"))


@pytest.mark.parametrize(
    ("text", "error", "rule"),
    [
        ({"kind": "rumour"}, InvalidValue, "evidence_kinds"),
        ({"title": ""}, InvalidValue, "dispute_text_needed"),
        ({"title": "a\0"}, InvalidValue, "dispute_text"),
        ({"number": "9" * 201}, InvalidValue, "dispute_text"),
        ({"rank": 6}, InvalidValue, "evidence_rank"),
        ({"rank": 0}, InvalidValue, "evidence_rank"),
        ({"side": "0601020002"}, InvalidValue, "dispute_no_party"),
        ({"accuracy_m": float("nan")}, InvalidValue, "evidence_accuracy"),
        ({"accuracy_m": -1.0}, InvalidValue, "evidence_accuracy"),
        ({"line": shapely.Point(50, 30)}, InvalidGeometry, "ground_no_line"),
        ({"line": shapely.LineString([(0, 0), (500, 0)])}, InvalidGeometry, "ground_off_globe"),
    ],
)
def test_what_cannot_be_meant_is_refused(office, text, error, rule):
    key = office.open()
    with pytest.raises(error, match=rule):
        bring(office, key, **text)
    assert office.see(key).evidence == ()


def test_a_broken_file_leaves_nothing(office):
    key = office.open()
    with pytest.raises(UnreadableFile):
        bring(office, key, file=SentFile("a.png", b"\x89PNG\r\n\x1a\nxx"))
    assert (office.see(key).evidence, office.see(key).version) == ((), 1)


def test_nothing_is_brought_when_all_is_over(office):
    key = office.open()
    office.step(dismiss_dispute, key, reason="nothing to it")
    with pytest.raises(DisputeNotReady):
        bring(office, key)


def test_strangers_bring_nothing(office):
    key = office.open()
    stranger = Caller(None, "stranger", (RoleGrant("clerk"),))
    with pytest.raises(NotPermitted):
        office.step(add_evidence, key, EvidenceText("decree", "a"), caller=stranger)


def test_a_line_that_a_decree_describes_is_a_way_as_well(office):
    key = office.open()
    described = {"first_id": office.id("Q"), "second_id": office.id("S"), "source": "article 1", "recorded_by": "x"}
    geom = f"SRID=4326;{shapely.MultiLineString([MIDDLE]).wkt}"
    office.session.execute(insert(DescribedLine).values(decree_id=office.decree(), geom=geom, **described))
    (found,) = [one for one in office.prepare(key).options if one.kind == "reference_line"]
    assert (found.refused, found.evidence, len(found.shares)) == (None, None, 2)
