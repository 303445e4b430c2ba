"""Open disputes: from findings of audits, from a claim of one side, from a request to look at a boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.errors import DisputeInConflict, InvalidValue, because
from geo.register.divisions import Division
from services.access.roles import Action, Caller
from services.boundaries.findings import FoundDefect, get_finding
from services.disputes.claims import ClaimText, add_claim
from services.disputes.faces import NewFace, keep_faces
from services.disputes.records import Dispute, DisputeFilter, get_dispute, list_disputes
from services.disputes.steps import LONGEST_TITLE, StepText, check_text, log_step, record_step
from services.disputes.visibility import check_any_side
from services.lookups import get_coded
from services.queries import RegisterState
from services.tables.boundaries import AuditRun
from services.tables.disputes import OPEN_STATES, TYPES, DisputeFinding, DisputeParty
from services.tables.disputes import Dispute as Record

FACE_KINDS = ("overlap", "gap", "twin")
"""The kinds of finding that are ground in dispute."""

TYPE_OF_KIND = {"overlap": "overlap", "twin": "overlap", "gap": "gap", "detached_part": "allocational"}
"""The type of a dispute that begins with a finding, where nobody says another; else it is locational."""

MOST_FINDINGS, MOST_PARTIES = 500, 50
"""The most findings and divisions that one dispute is about."""


@dataclass(frozen=True)
class OpeningText:
    """Say what a dispute is called and what kind it is of."""

    title: str = ""
    """What it is called; empty for the names of its parties."""
    text: str = ""
    """What it is about, in words."""
    type: str | None = None
    """Its type; None for the one that its beginning suggests."""
    confidential: bool = False
    """Whether only the officers of its parties may know of it."""


@dataclass(frozen=True)
class Beginning:
    """Say what a dispute begins with: exactly one of these."""

    findings: Sequence[int] = ()
    """The keys of findings."""
    claim: ClaimText | None = None
    """What one side claims."""
    divisions: Sequence[str] = ()
    """The codes of the parties, where it is only asked for."""


@dataclass(frozen=True)
class _Opening:
    """Hold what a dispute begins with."""

    origin: str
    parties: tuple[Division, ...]
    type: str
    as_of: date


def open_dispute(
    session: Session, register: RegisterState, begin: Beginning, text: OpeningText, *, day: date, caller: Caller
) -> Dispute:
    """Open a dispute with whatever it begins with; raises what the way raises, and InvalidValue unless it is one."""
    if sum(map(bool, (begin.findings, begin.claim, begin.divisions))) != 1:
        raise InvalidValue(field="findings", value="", reason=because("dispute_one_beginning"))
    if begin.findings:
        return open_from_findings(session, register, begin.findings, text, caller=caller)
    if begin.claim:
        return open_from_claim(session, register, begin.claim, text, day=day, caller=caller)
    return open_from_request(session, register, begin.divisions, text, day=day, caller=caller)


def open_from_findings(
    session: Session, register: RegisterState, findings: Sequence[int], text: OpeningText, *, caller: Caller
) -> Dispute:
    """Open a dispute on cases of the same divisions that an audit found; overlaps and gaps become its faces.

    Raises FindingNotFound, InvalidValue when they are not of the same divisions, DisputeInConflict when an open
    dispute is about one of them already, NotPermitted unless the caller may open disputes for one of the sides.
    """
    found = [get_finding(session, register, key) for key in _check_keys(findings)]
    parties = _find_parties(found)
    _refuse_known(session, register, found, caller=caller)
    begin = _Opening("finding", parties, TYPE_OF_KIND.get(found[0].kind, "locational"), _find_day(session, found))
    key = _open(session, register, begin, text, caller=caller)
    cases = [{"finding": one.id, "fingerprint": one.fingerprint, "kind": one.kind} for one in found]
    session.execute(insert(DisputeFinding), [{"dispute_id": key, **case} for case in cases])
    keep_faces(session, key, [_to_face(one) for one in found if one.kind in FACE_KINDS])
    return _finish(session, register, key, caller=caller, detail={"findings": [one.id for one in found]})


def _check_keys(findings: Sequence[int]) -> list[int]:
    keys = sorted(set(findings))
    if not 1 <= len(keys) <= MOST_FINDINGS:
        raise InvalidValue(field="findings", value=len(keys), reason=because("dispute_count", most=MOST_FINDINGS))
    return keys


def _find_parties(found: Sequence[FoundDefect]) -> tuple[Division, ...]:
    """Give the divisions of findings, which must be the same for all."""
    sets = {tuple(sorted(division.id for division in one.divisions)) for one in found}
    if len(sets) != 1 or sets == {()}:
        reason = because("dispute_findings_differ", findings=tuple(one.id for one in found[:10]))
        raise InvalidValue(field="findings", value=len(found), reason=reason)
    return found[0].divisions


def _refuse_known(session: Session, register: RegisterState, found: Sequence[FoundDefect], *, caller: Caller) -> None:
    for one in found:
        same = DisputeFilter(fingerprint=one.fingerprint)
        others = list_disputes(session, register, same, reader=caller)
        still = tuple(other.id for other in others if other.state in OPEN_STATES)
        if still:
            raise DisputeInConflict(dispute=because("dispute_new"), others=still)


def _find_day(session: Session, found: Sequence[FoundDefect]) -> date:
    """Give the day whose boundaries the latest of the audits has seen."""
    runs = sorted({one.run for one in found})
    return max(session.scalars(select(AuditRun.as_of).where(AuditRun.id.in_(runs))))


def _to_face(finding: FoundDefect) -> NewFace:
    assert finding.geometry is not None
    candidates = tuple(division.id for division in finding.divisions)
    return NewFace(shapely.force_2d(finding.geometry), candidates, is_gap=finding.kind == "gap")


def open_from_claim(
    session: Session, register: RegisterState, claim: ClaimText, text: OpeningText, *, day: date, caller: Caller
) -> Dispute:
    """Open a dispute with the line or ground that one side claims from another."""
    sides = tuple(get_coded(session, register, code, day=day) for code in (claim.by, claim.against))
    key = _open(session, register, _Opening("claim", _sort(sides), "locational", day), text, caller=caller)
    opened = _finish(session, register, key, caller=caller, detail={})
    return add_claim(session, register, key, claim, based_on=opened.version, caller=caller)


def open_from_request(
    session: Session, register: RegisterState, codes: Sequence[str], text: OpeningText, *, day: date, caller: Caller
) -> Dispute:
    """Open a dispute that somebody has asked for; it has no ground until a side claims some."""
    if not 1 <= len(set(codes)) <= MOST_PARTIES:
        raise InvalidValue(field="divisions", value=len(codes), reason=because("dispute_count", most=MOST_PARTIES))
    parties = tuple(get_coded(session, register, code, day=day) for code in sorted(set(codes)))
    key = _open(session, register, _Opening("request", _sort(parties), "definitional", day), text, caller=caller)
    return _finish(session, register, key, caller=caller, detail={})


def _sort(parties: Sequence[Division]) -> tuple[Division, ...]:
    return tuple(sorted({one.id: one for one in parties}.values(), key=lambda one: (one.code, one.id)))


def _open(session: Session, register: RegisterState, begin: _Opening, text: OpeningText, *, caller: Caller) -> int:
    chosen = text.type or begin.type
    if chosen not in TYPES:
        raise InvalidValue(field="type", value=chosen[:40], reason=because("dispute_type", known=TYPES))
    check_any_side(session, caller, Action.OPEN_DISPUTE, register, {party.id for party in begin.parties})
    names = " / ".join(party.name_in(*register.pack.languages) for party in begin.parties)
    values = {
        "register_id": register.id,
        "type": chosen,
        "level": min((party.level for party in begin.parties), key=lambda level: register.pack.level(level).rank),
        "origin": begin.origin,
        "title": check_text("title", text.title, most=LONGEST_TITLE) or names[:LONGEST_TITLE],
        "text": check_text("text", text.text),
        "as_of": begin.as_of,
        "confidential": text.confidential,
        "opened_by": caller.name,
    }
    key = session.scalars(insert(Record).values(values).returning(Record.id)).one()
    session.execute(insert(DisputeParty), [{"dispute_id": key, "division_id": party.id} for party in begin.parties])
    return key


def _finish(
    session: Session, register: RegisterState, key: int, *, caller: Caller, detail: dict[str, object]
) -> Dispute:
    """Write the first step."""
    text = StepText("open", Action.OPEN_DISPUTE, after="open", detail=detail)
    record_step(session, key, text, caller=caller, states=(None, "open"))
    log_step(session, register, key, text, caller=caller)
    return get_dispute(session, register, key, reader=caller)
