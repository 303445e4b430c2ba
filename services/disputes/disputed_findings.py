"""Tell which findings are in dispute, as far as a reader may know."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.access.roles import ANONYMOUS, Caller
from services.disputes.visibility import is_visible
from services.queries import RegisterState
from services.tables.disputes import Dispute, DisputeFinding


def map_disputed(
    session: Session, register: RegisterState, fingerprints: Sequence[str], *, reader: Caller = ANONYMOUS
) -> dict[str, int]:
    """Map the lasting names of findings to the latest dispute that was opened from each and that may be shown."""
    rows = session.execute(
        select(DisputeFinding.fingerprint, func.max(Dispute.id))
        .join(Dispute, Dispute.id == DisputeFinding.dispute_id)
        .where(Dispute.register_id == register.id, DisputeFinding.fingerprint.in_(fingerprints))
        .where(is_visible(register, reader))
        .group_by(DisputeFinding.fingerprint)
        .order_by(DisputeFinding.fingerprint)
    )
    return {fingerprint: dispute for fingerprint, dispute in rows}
