"""Write a ledger as titled tables in the reader's language, for terminals and pages alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from geo.register.calendars import format_date
from geo.register.consequences import Ledger, Party
from geo.register.digits import format_number
from services.messages import load_catalogue, say
from services.register.change_records import ChangeRecord

SQUARE_METRES = 1e6
"""In a square kilometre."""

ISOLATE = "\u2066{}\u2069"
"""How a code stands among words of either direction: `2621816-001` would be turned round after a Persian name."""


@dataclass(frozen=True)
class LedgerPart:
    """Hold one part of a ledger as a table."""

    key: str
    """The name of the part in the ledger."""
    title: str
    """What it is about."""
    headers: tuple[str, ...]
    """The heads of its columns."""
    rows: tuple[tuple[str, ...], ...]
    """Its rows, every cell written."""
    words: int
    """So many columns from the first hold words; the others numbers."""


class _Writer:
    """Write the cells of one ledger in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def party(self, party: Party | None) -> str:
        if party is None:
            return say("ledger.nobody", self.language)
        name = party.names.get(self.language) or next(iter(party.names.values()), "")
        return self.titled(name, party.code)

    def titled(self, name: str, code: str) -> str:
        return f"{name} ({ISOLATE.format(code)})" if name and code else name or code

    def number(self, value: float | None, decimals: int = 0) -> str:
        return "—" if value is None else format_number(value, self.language, decimals=decimals)

    def area(self, area_m2: float | None) -> str:
        return "—" if area_m2 is None else format_number(area_m2 / SQUARE_METRES, self.language, decimals=2)

    def people(self, value: int | None, is_estimated: bool) -> str:
        return f"≈ {self.number(value)}" if is_estimated else self.number(value)

    def share(self, value: float | None) -> str:
        if value is None:
            return "—"
        written = format_number(100 * value, self.language, decimals=1)
        percent = "٪" if self.language == "fa" else "%"
        return f"{written}{percent}"

    def kind(self, kind: str) -> str:
        return load_catalogue(self.language).get(f"cli.kind.{kind}", kind)

    def codes(self, codes: Sequence[str]) -> str:
        return ("، " if self.language == "fa" else ", ").join(codes)

    def yes(self, key: str, holds: bool) -> str:
        return say(f"ledger.{key}" if holds else f"ledger.not_{key}", self.language)


Cells = Callable[[_Writer, Any], Sequence[str]]

PARTS: tuple[tuple[str, str, int, Cells], ...] = (
    (
        *("ground", "source target area people places", 2),
        lambda w, r: (
            w.party(r.source),
            w.party(r.target),
            w.area(r.area_m2),
            w.people(r.people, r.is_estimated),
            w.number(r.places),
        ),
    ),
    (
        *("places", "place source target remark", 4),
        lambda w, r: (
            *(w.party(r.place), w.party(r.source), w.party(r.target)),
            w.yes("left_behind", r.is_left_behind),
        ),
    ),
    (
        *("lines", "first second before_m after_m kept_m", 2),
        lambda w, r: (w.party(r.first), w.party(r.second), *map(w.number, (r.before_m, r.after_m, r.kept_m))),
    ),
    (
        *("findings", "kind divisions remark", 3),
        lambda w, r: (w.kind(r.kind), w.codes(r.divisions), w.yes("ground", r.is_on_ground)),
    ),
    (
        *("disputes", "number kind divisions state", 4),
        lambda w, r: (
            *(w.number(r.dispute), say(f"dispute_type.{r.type}", w.language), w.codes(r.divisions)),
            say(f"dispute_state.{r.state}", w.language),
        ),
    ),
    (
        *("codes", "division scheme code remark", 4),
        lambda w, r: (w.party(r.division), r.scheme, r.code, w.yes("issued", r.is_issued)),
    ),
    (
        *("stations", "station source target branches", 3),
        lambda w, r: (w.titled(r.name, r.code), w.party(r.source), w.party(r.target), w.number(r.branches)),
    ),
    (
        *("catchments", "station division remark", 3),
        lambda w, r: (r.station, w.party(r.division), w.yes("ended", r.is_ended)),
    ),
    (
        *("constituencies", "constituency seats people_before people_after deviation_before deviation_after", 1),
        lambda w, r: (
            *(w.titled(r.name, r.code), w.number(r.seats), w.number(r.people_before), w.number(r.people_after)),
            *(w.share(r.deviation_before), w.share(r.deviation_after)),
        ),
    ),
    (
        *("councils", "council division fate seats members due_before due_after", 3),
        lambda w, r: (
            *(r.name or "—", w.party(r.division), say(f"ledger.fate.{r.fate}", w.language), w.number(r.seats)),
            *(w.number(r.members), w.number(r.due_before), w.number(r.due_after)),
        ),
    ),
    (
        *("complaints", "source target count", 2),
        lambda w, r: (
            *(w.party(r.source), w.party(r.target)),
            say("ledger.hidden", w.language) if r.count is None else w.number(r.count),
        ),
    ),
)
"""The parts of a ledger: its field, the heads of its columns, how many of them hold words, and how a row is written."""


def list_parts(ledger: Ledger, language: str) -> tuple[LedgerPart, ...]:
    """List the parts of a ledger that have rows."""
    writer, parts = _Writer(language), []
    for key, heads, words, cells in PARTS:
        rows = tuple(tuple(cells(writer, row)) for row in getattr(ledger, key))
        if rows:
            headers = tuple(say(f"ledger.head.{head}", language) for head in heads.split())
            parts.append(LedgerPart(key, say(f"ledger.part.{key}", language), headers, rows, words))
    if ledger.plans:
        rows = tuple((plan,) for plan in ledger.plans)
        parts.append(
            LedgerPart("plans", say("ledger.part.plans", language), (say("ledger.head.plan", language),), rows, words=1)
        )
    return tuple(parts)


def list_totals(ledger: Ledger, language: str) -> tuple[tuple[str, str], ...]:
    """List what a ledger sums up to, each with its label."""
    writer = _Writer(language)
    return tuple(
        (say(f"ledger.total.{key}", language), writer.area(value) if key == "area_m2" else writer.number(value))
        for key, value in ledger.totals.items()
    )


def title_change(change: ChangeRecord, language: str) -> str:
    """Name a change: its number, what it does, and when."""
    kind, day = say(f"change_kind.{change.kind}", language), format_date(change.effective_on, language)
    return say("ledger.change", language, number=format_number(change.id, language), kind=kind, day=day)
