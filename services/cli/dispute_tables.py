"""Print disputes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.cli.language import LANGUAGE, tell

if TYPE_CHECKING:
    from services.disputes.conflicts import Conflict
    from services.disputes.parts import OptionRecord
    from services.disputes.records import Dispute, DisputeSummary


def print_disputes(found: Sequence[DisputeSummary]) -> None:
    """Print disputes, one a line."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table
    from services.messages import say

    def to_row(one: DisputeSummary) -> tuple[object, ...]:
        kind, state = say(f"dispute_type.{one.type}", LANGUAGE), say(f"dispute_state.{one.state}", LANGUAGE)
        parties = "، ".join(f"{party.name_in(LANGUAGE)} ({party.code})" for party in one.parties)
        day, area = format_date(one.opened_at.date(), LANGUAGE), f"{one.area_m2:,.1f}"
        return one.id, kind, state, str(one.version), parties, area, day, one.opened_by, "●" if one.confidential else ""

    words = ("number", "type", "state", "version", "parties", "area", "opened", "opened_by", "secret")
    headers = tuple(tell(f"disputes.{word}") for word in words)
    print_table(tell("disputes.title_of_list"), headers, [to_row(one) for one in found])


def print_dispute(dispute: Dispute) -> None:
    """Print a dispute with its claims, evidence, decisions and cautions."""
    from services.cli.tables import print_table
    from services.messages import say

    print_disputes([dispute.summary])
    if dispute.evidence:
        rows = [
            (one.id, say(f"dispute_evidence.{one.kind}", LANGUAGE), str(one.rank), one.title, one.number)
            for one in dispute.evidence
        ]
        headers = tuple(tell(f"disputes.{word}") for word in ("number", "kind", "rank", "title", "document"))
        print_table(tell("disputes.title_of_evidence"), headers, rows)
    if dispute.decisions:
        print_decisions(dispute)


def print_decisions(dispute: Dispute) -> None:
    """Print the decisions of a dispute."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            one.id,
            _name_way(dispute, one.option_kind, one.taker) if one.kind == "settle" else tell("disputes.undoing"),
            say(f"decision_state.{one.state}", LANGUAGE),
            one.decree,
            format_date(one.effective_on, LANGUAGE),
            one.change_id,
            one.proposed_by,
            one.approved_by,
        )
        for one in dispute.decisions
    ]
    words = ("number", "way", "state", "decree", "effective", "change", "proposed_by", "approved_by")
    headers = tuple(tell(f"disputes.{word}") for word in words)
    print_table(tell("disputes.title_of_decisions"), headers, rows)


def _name_way(dispute: Dispute, kind: str, taker: int | None) -> str:
    from services.messages import say

    side = next((party.name_in(LANGUAGE) for party in dispute.summary.parties if party.id == taker), "")
    return say(f"dispute_option.{kind}", LANGUAGE, side=side)


def print_options(dispute: Dispute) -> None:
    """Print the ways to settle a dispute, with what each gives to whom, and what speaks against haste."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (one.number, _name_way(dispute, one.kind, one.taker), _tell_shares(dispute, one), _tell_refusal(one))
        for one in dispute.options
    ]
    headers = tuple(tell(f"disputes.{word}") for word in ("number", "way", "gives", "refused"))
    print_table(tell("disputes.title_of_options"), headers, rows)
    for caution in dispute.cautions:
        print(f"! {say('plain.reason', LANGUAGE, reason=caution)}")


def _tell_shares(dispute: Dispute, option: OptionRecord) -> str:
    names = {party.id: party.name_in(LANGUAGE) for party in dispute.summary.parties}
    areas: dict[int | None, float] = {}
    for share in option.shares:
        areas[share.taker] = areas.get(share.taker, 0.0) + share.area_m2
    nobody = tell("disputes.nobody")
    return "; ".join(f"{names.get(taker or 0, nobody)}: {area:,.1f}" for taker, area in areas.items())


def _tell_refusal(option: OptionRecord) -> str:
    from services.messages import say

    return "" if option.refused is None else say("plain.reason", LANGUAGE, reason=option.refused)


def print_history(dispute: Dispute) -> None:
    """Print the steps of a dispute."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            one.at.strftime("%Y-%m-%d %H:%M:%S"),
            say(f"dispute_step.{one.step}", LANGUAGE),
            say(f"dispute_state.{one.after}", LANGUAGE),
            one.actor,
            one.reason,
        )
        for one in dispute.history
    ]
    headers = tuple(tell(f"disputes.{word}") for word in ("at", "step", "state", "actor", "why"))
    print_table(tell("disputes.title_of_history"), headers, rows)


def print_conflicts(found: Sequence[Conflict]) -> None:
    """Print the open disputes on the same ground."""
    from services.cli.tables import print_table
    from services.messages import say

    rows = [
        (
            one.dispute or "?",
            say(f"dispute_state.{one.state}", LANGUAGE) if one.state else "?",
            tell("disputes.same_ground" if one.shares_ground else "disputes.same_line"),
        )
        for one in found
    ]
    headers = tuple(tell(f"disputes.{word}") for word in ("number", "state", "shared"))
    print_table(tell("disputes.title_of_conflicts"), headers, rows)
