"""Tell audits of ground that a dispute leaves to nobody, or accepts as it is; take it back when the dispute goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.errors import ExceptionNotFound
from geo.register.periods import ALWAYS, Period
from services.access.roles import Caller
from services.boundaries.exceptions import ExceptionText, declare_exception, withdraw_exception
from services.disputes.parts import Decision
from services.disputes.records import Dispute
from services.queries import RegisterState
from services.register.change_records import get_change

MARGIN = 1e-7
"""Degrees, about a centimetre, that an exception reaches beyond its ground, for new vertices bend edges a little."""

SECRET = "—"
"""The reason that is told of a confidential dispute."""


def declare_nobodys(
    session: Session, register: RegisterState, dispute: Dispute, decision: Decision, *, caller: Caller
) -> list[int]:
    """Declare the ground that an applied decision leaves to nobody; give the keys of the exceptions."""
    order = get_change(session, register, decision.change_id).order
    left = [share.ground for face in order.faces for share in face.shares if share.to is None]
    status = "void" if decision.option_kind == "void" else "undetermined"
    period = Period(decision.effective_on, None)
    head: Any = {
        "reason": _tell(dispute, decision.text),
        "decree": decision.decree_id,
        "status": status,
        "period": period,
    }
    # where all levels lose the ground it is a gap; where the one above keeps it, its children tile it no longer
    cases = [ExceptionText(kind, ground=_widen(ground), **head) for ground in left for kind in ("gap", "misfit")]
    return [_declare(session, register, case, caller) for case in cases]


def declare_lawful(
    session: Session,
    register: RegisterState,
    dispute: Dispute,
    *,
    reason: str,
    decree: int | None,
    until: date | None,
    caller: Caller,
) -> list[int]:
    """Declare what a dispute is about as lawful: its cases by their lasting names, other ground as such."""
    period = ALWAYS if until is None else Period(None, until)
    head: Any = {"reason": _tell(dispute, reason), "decree": decree, "period": period}
    cases = [ExceptionText(kind, fingerprint=fingerprint, **head) for _, fingerprint, kind in dispute.findings]
    if not cases:
        kinds = {True: "gap", False: "overlap"}
        cases = [ExceptionText(kinds[one.is_gap], ground=_widen(one.ground), **head) for one in dispute.summary.faces]
    return [_declare(session, register, case, caller) for case in cases]


def _declare(session: Session, register: RegisterState, text: ExceptionText, caller: Caller) -> int:
    return declare_exception(session, register, text, caller=caller).id


def _tell(dispute: Dispute, reason: str) -> str:
    return SECRET if dispute.summary.confidential else reason[:1000]


def _widen(ground: BaseGeometry) -> BaseGeometry:
    return shapely.buffer(ground, MARGIN, join_style="mitre")


def end_exceptions(session: Session, register: RegisterState, dispute: Dispute, *, step: str, caller: Caller) -> None:
    """Withdraw the exceptions that the last step of a kind has declared, those that somebody has withdrawn aside."""
    declared = [one for one in dispute.history if one.step == step]
    for key in declared[-1].detail.get("exceptions", ()) if declared else ():
        try:
            withdraw_exception(session, register, key, caller=caller)
        except ExceptionNotFound:
            continue
