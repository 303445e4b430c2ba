"""Keep what speaks for one side of a dispute or the other, and give its files back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import LineString
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.coverage.drawings import check_place
from geo.errors import EvidenceNotFound, InvalidGeometry, InvalidValue, because
from services.access.roles import ANONYMOUS, Action, Caller
from services.disputes.claims import MOST_VERTICES
from services.disputes.evidence_files import CleanFile, clean_file
from services.disputes.parts import KeptFile
from services.disputes.records import Dispute, get_dispute
from services.disputes.steps import LONGEST_TITLE, StepText, check_state, check_text, take_dispute, write_step
from services.disputes.visibility import check_any_side
from services.queries import RegisterState
from services.tables.disputes import EVIDENCE_KINDS, DisputeEvidence, DisputeFile, DisputeOption

RANKS = {"decree": 1, "survey": 2, "map_sheet": 3, "letter": 4, "photograph": 4, "other": 5}
"""The weight of each kind of evidence, where nobody says another."""

MOST_EVIDENCE = 500
"""The most pieces of evidence of one dispute."""


@dataclass(frozen=True)
class EvidenceText:
    """Describe a piece of evidence."""

    kind: str
    """What it is: decree, map_sheet, survey, letter, photograph, other."""
    title: str
    """What it is called."""
    rank: int | None = None
    """Its weight from 1, the strongest, to 5; None for that of its kind."""
    side: str | None = None
    """The code of the party it speaks for; None for neither."""
    number: str = ""
    """Its number."""
    issued_on: date | None = None
    """Its date."""
    article: str = ""
    """The article that is meant."""
    sheet: str = ""
    """The map sheet."""
    text: str = ""
    """What it says."""
    line: LineString | None = None
    """The line it describes, EPSG:4326."""
    accuracy_m: float | None = None
    """How far that line may be off."""


@dataclass(frozen=True)
class SentFile:
    """Hold a file as somebody sent it."""

    name: str
    """The name it was sent under."""
    content: bytes
    """What it holds."""


def add_evidence(
    session: Session,
    register: RegisterState,
    key: int,
    text: EvidenceText,
    *,
    based_on: int,
    caller: Caller,
    file: SentFile | None = None,
) -> Dispute:
    """Keep a piece of evidence, its file cleaned; one with a line gives an option to follow that line.

    Raises what `clean_file` raises, InvalidValue with the field that cannot be used, DisputeNotReady when the dispute
    is decided or over, NotPermitted unless the caller may open disputes for one of its sides.
    """
    dispute = take_dispute(session, register, key, based_on=based_on, caller=caller)
    check_state(dispute, "open", "under_review", "options_prepared")
    check_any_side(session, caller, Action.OPEN_DISPUTE, register, dispute.sides)
    if len(dispute.evidence) >= MOST_EVIDENCE:
        raise InvalidValue(field="evidence", value=MOST_EVIDENCE, reason=because("dispute_count", most=MOST_EVIDENCE))
    values = _check_text(text) | {"division_id": _find_side(dispute, text.side), **_check_line(text)}
    cleaned = clean_file(file.name, file.content) if file else None
    kept = _keep(session, key, values | {"added_by": caller.name}, cleaned)
    if text.line is not None:
        # there is one way more to settle it
        session.execute(delete(DisputeOption).where(DisputeOption.dispute_id == key))
    overtaken = text.line is not None and dispute.state == "options_prepared"
    detail = {"evidence": kept, "kind": text.kind, **({"sha256": cleaned.about.sha256} if cleaned else {})}
    after = "under_review" if overtaken else None
    step = StepText("evidence", Action.OPEN_DISPUTE, after=after, detail=detail)
    write_step(session, register, dispute, step, caller=caller)
    return get_dispute(session, register, key, reader=caller)


def _check_text(text: EvidenceText) -> dict[str, object]:
    if text.kind not in EVIDENCE_KINDS:
        reason = because("evidence_kinds", known=EVIDENCE_KINDS)
        raise InvalidValue(field="kind", value=text.kind[:40].replace("\0", "␀"), reason=reason)
    rank = RANKS[text.kind] if text.rank is None else text.rank
    if not 1 <= rank <= 5:
        raise InvalidValue(field="rank", value=rank, reason=because("evidence_rank"))
    short = {name: check_text(name, getattr(text, name), most=LONGEST_TITLE) for name in ("number", "article", "sheet")}
    return {
        "kind": text.kind,
        "rank": rank,
        "title": check_text("title", text.title, most=LONGEST_TITLE, needed=True),
        "text": check_text("text", text.text),
        "issued_on": text.issued_on,
        **short,
    }


def _find_side(dispute: Dispute, code: str | None) -> int | None:
    if code is None:
        return None
    found = [party.id for party in dispute.summary.parties if party.code == code]
    if not found:
        raise InvalidValue(field="side", value=code[:40].replace("\0", "␀"), reason=because("dispute_no_party"))
    return min(found)


def _check_line(text: EvidenceText) -> dict[str, object]:
    if text.accuracy_m is not None and not (math.isfinite(text.accuracy_m) and 0 <= text.accuracy_m <= 100_000):
        raise InvalidValue(field="accuracy_m", value=text.accuracy_m, reason=because("evidence_accuracy"))
    if text.line is None:
        return {"line": None, "accuracy_m": text.accuracy_m}
    if shapely.get_type_id(text.line) != shapely.GeometryType.LINESTRING or text.line.is_empty:
        raise InvalidGeometry(reason=because("ground_no_line"))
    check_place(text.line)
    if shapely.get_num_coordinates(text.line) > MOST_VERTICES:
        raise InvalidValue(field="line", value="", reason=because("claim_too_fine", most=MOST_VERTICES))
    wkt = shapely.to_wkt(shapely.force_2d(text.line), rounding_precision=-1)
    return {"line": f"SRID=4326;{wkt}", "accuracy_m": text.accuracy_m or 0.0}


def _keep(session: Session, dispute: int, values: dict[str, object], cleaned: CleanFile | None) -> int:
    about: dict[str, object] = {}
    if cleaned is not None:
        about = {name: value for name, value in vars(cleaned.about).items() if name != "name"}
        about["file_name"] = cleaned.about.name
    statement = insert(DisputeEvidence).values(dispute_id=dispute, **values, **about)
    kept = session.scalars(statement.returning(DisputeEvidence.id)).one()
    if cleaned is not None:
        session.execute(insert(DisputeFile).values(evidence_id=kept, content=cleaned.content))
    return kept


def get_evidence_file(
    session: Session, register: RegisterState, key: int, evidence: int, *, reader: Caller = ANONYMOUS
) -> tuple[KeptFile, bytes]:
    """Give the cleaned file of a piece of evidence of a dispute that the reader may know of."""
    dispute = get_dispute(session, register, key, reader=reader)
    about = next((one.file for one in dispute.evidence if one.id == evidence), None)
    content = session.scalar(select(DisputeFile.content).where(DisputeFile.evidence_id == evidence))
    if about is None or content is None:
        raise EvidenceNotFound(evidence=evidence)
    return about, content
