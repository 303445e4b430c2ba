"""Turn what is known of disputes into what their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from geo.register.calendars import format_date
from maps.figures import write_area, write_distance, write_number
from services.dispute_pictures import name_way, read_totals, say_word, title_dispute, title_option
from services.disputes.parts import Claim, Decision, Evidence, OptionRecord, PartShare
from services.disputes.records import Dispute, DisputeSummary
from services.messages import say
from services.queries import RegisterState
from services.web import dispute_contexts as c
from services.web.pages.frame import to_link

TOTALS = ("area_m2", "places", "people", "branches", "constituencies", "complaints", "councils")
"""What options are compared by, in this order."""

KIBIBYTE = 1024


def to_line(dispute: DisputeSummary, register: RegisterState, language: str) -> c.DisputeLine:
    """Mention a dispute."""
    return c.DisputeLine(
        id=dispute.id,
        title=title_dispute(dispute, register, language),
        type=say_word("type", dispute.type, language),
        level=register.pack.level(dispute.level).names.choose(language),
        state=dispute.state,
        state_name=say_word("state", dispute.state, language),
        parties=tuple(to_link(one, register, language) for one in dispute.parties),
        area_m2=dispute.area_m2 if dispute.faces else None,
        opened_at=dispute.opened_at,
    )


def to_page(dispute: Dispute, register: RegisterState, language: str) -> c.DisputePage:
    """Tell a dispute with all that belongs to it."""
    summary = dispute.summary
    names = {one.id: one.name_in(language, *register.pack.languages) for one in summary.parties}
    return c.DisputePage(
        register=register.name,
        head=to_line(summary, register, language),
        origin=say_word("origin", summary.origin, language),
        day=summary.as_of,
        opened_by=summary.opened_by,
        text=dispute.text,
        is_gap=any(face.is_gap for face in summary.faces),
        map_address=f"/disputes/{dispute.id}/map?register={register.name}&lang={language}",
        faces=tuple((face.id, face.area_m2) for face in summary.faces),
        claims=tuple(_to_claim(one, names) for one in dispute.claims),
        evidence=tuple(_to_evidence(one, dispute, register, language) for one in dispute.evidence),
        heads=tuple(say(f"page.disputes.total_{key}", language) for key in TOTALS),
        options=tuple(_to_option(one, dispute, language) for one in dispute.options),
        decisions=tuple(_to_decision(one, dispute, language) for one in reversed(dispute.decisions)),
        steps=tuple(
            c.StepLine(
                say_word("step", one.step, language),
                say_word("state", one.after, language),
                one.actor,
                one.at,
                one.reason,
            )
            for one in dispute.history
        ),
    )


def _to_claim(claim: Claim, names: Mapping[int, str]) -> c.ClaimLine:
    side, against = (names.get(key, str(key)) for key in (claim.division_id, claim.against_id))
    return c.ClaimLine(claim.id, side, against, claim.text, claim.made_by, claim.made_at)


def _to_evidence(evidence: Evidence, dispute: Dispute, register: RegisterState, language: str) -> c.EvidenceLine:
    names = {one.id: one.name_in(language, *register.pack.languages) for one in dispute.summary.parties}
    about = {
        "number": evidence.number,
        "issued_on": format_date(evidence.issued_on, language, long=True) if evidence.issued_on else "",
        "article": evidence.article,
        "sheet": evidence.sheet,
        "accuracy": "" if evidence.accuracy_m is None else write_distance(evidence.accuracy_m, language),
    }
    line = c.EvidenceLine(
        id=evidence.id,
        kind=say_word("evidence", evidence.kind, language),
        rank=evidence.rank,
        title=evidence.title,
        side=names.get(evidence.division_id or 0, ""),
        about=tuple((say(f"page.disputes.{key}", language), text) for key, text in about.items() if text),
        text=evidence.text,
        has_line=evidence.line is not None,
    )
    if evidence.file is None:
        return line
    address = f"/api/v1/registers/{register.name}/disputes/{dispute.id}/evidence/{evidence.id}/file"
    size = write_number(max(evidence.file.size_bytes / KIBIBYTE, 0.1), language, places=1)
    about_file = f"{evidence.file.media_type} · {size} KiB"
    return replace(line, file_address=address, file_name=evidence.file.name, file_about=about_file)


def _to_option(option: OptionRecord, dispute: Dispute, language: str) -> c.OptionLine:
    totals = read_totals(option)
    decided = dispute.find_live() or dispute.find_applied()
    return c.OptionLine(
        number=option.number,
        title=title_option(option, dispute, language),
        shares=_sum_shares(option.shares, dispute, language),
        cells=tuple(_write_total(key, totals.get(key), language) for key in TOTALS),
        refused=say("plain.reason", language, reason=option.refused) if option.refused else "",
        is_decided=decided is not None and (decided.option_kind, decided.taker) == (option.kind, option.taker),
        is_stale=option.is_stale,
    )


def _sum_shares(shares: Iterable[PartShare], dispute: Dispute, language: str) -> tuple[tuple[str, float], ...]:
    names = {one.id: one.name_in(language) for one in dispute.summary.parties}
    sums: dict[str, float] = {}
    for share in shares:
        nobody = say("page.disputes.nobody", language)
        name = nobody if share.taker is None else names.get(share.taker, str(share.taker))
        sums[name] = sums.get(name, 0.0) + share.area_m2
    return tuple(sums.items())


def _write_total(key: str, value: float | None, language: str) -> str:
    if value is None:
        return "—"
    return write_area(value, language) if key == "area_m2" else write_number(value, language)


def _to_decision(decision: Decision, dispute: Dispute, language: str) -> c.DecisionLine:
    way = name_way(decision.option_kind, decision.taker, dispute, language)
    return c.DecisionLine(
        title=say("page.disputes.undoing", language) if decision.kind == "undo" else way,
        state=say_word("decision", decision.state, language),
        decree=decision.decree,
        decreed_on=decision.decreed_on,
        effective_on=decision.effective_on,
        text=decision.text,
        proposed_by=decision.proposed_by,
        approved_by=decision.approved_by or "",
        change=decision.change_id,
    )
