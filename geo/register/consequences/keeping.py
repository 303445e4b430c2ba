"""Read a ledger back from how it was kept, and turn one round for a change that takes another back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar, cast

from geo.register.consequences.ledger import (
    CatchmentRow,
    CodeRow,
    ComplaintRow,
    ConstituencyRow,
    CouncilRow,
    DisputeRow,
    FindingRow,
    GroundRow,
    Ledger,
    LineRow,
    Party,
    PlaceRow,
    StationRow,
)

Row = TypeVar("Row")

ROWS: Mapping[str, type[Any]] = {
    "ground": GroundRow,
    "places": PlaceRow,
    "lines": LineRow,
    "findings": FindingRow,
    "disputes": DisputeRow,
    "codes": CodeRow,
    "stations": StationRow,
    "catchments": CatchmentRow,
    "constituencies": ConstituencyRow,
    "councils": CouncilRow,
    "complaints": ComplaintRow,
}
"""The kinds of rows by the part of the ledger that holds them."""

PARTIES = ("source", "target", "place", "first", "second", "division")
"""The fields of rows that name a division."""


def read_ledger(plain: Mapping[str, Any]) -> Ledger:
    """Read a ledger as `Ledger.to_json` wrote it."""
    rows = {part: tuple(_read_row(kind, row) for row in plain.get(part, ())) for part, kind in ROWS.items()}
    head = {"register": plain["register"], "kind": plain["kind"], "day": date.fromisoformat(plain["day"])}
    return Ledger(**head, plans=tuple(plain.get("plans", ())), **cast(dict[str, Any], rows))


def _read_row(kind: type[Row], plain: Mapping[str, Any]) -> Row:
    values = {item.name: plain[item.name] for item in fields(cast(Any, kind)) if item.name in plain}
    for name in PARTIES:
        if isinstance(values.get(name), Mapping):
            values[name] = Party(**values[name])
    if "touched" in values:
        values["touched"] = tuple(Party(**party) for party in values["touched"])
    if kind is FindingRow:
        values["divisions"] = tuple(values["divisions"])
    return kind(**values)


def settle_keys(ledger: Ledger, founded: Mapping[int, int]) -> Ledger:
    """Give divisions that were only planned the keys they have got."""
    return read_ledger(_settle(ledger.to_json(), founded))


def _settle(plain: Any, founded: Mapping[int, int]) -> Any:  # noqa: ANN401 - JSON is any of several types
    if isinstance(plain, Mapping):
        settled = {name: _settle(value, founded) for name, value in plain.items()}
        return {**settled, "id": founded.get(settled["id"], settled["id"])} if "id" in settled else settled
    return [_settle(value, founded) for value in plain] if isinstance(plain, (list, tuple)) else plain


def make_public(ledger: Ledger) -> Ledger:
    """Give what everybody may read: no stations whose place is not public, and no numbers of complaints.

    Whoever may compare ledgers of ground that is drawn a little otherwise could work out both.
    """
    return replace(
        ledger,
        stations=tuple(row for row in ledger.stations if row.visibility == "public"),
        complaints=tuple(replace(row, count=None) for row in ledger.complaints),
    )


def turn_round(ledger: Ledger) -> Ledger:
    """Give what follows when a change is taken back: what was lost is gained, and the other way round."""
    return replace(
        ledger,
        kind="undo",
        ground=tuple(_swap(row) for row in ledger.ground),
        places=tuple(_swap(row) for row in ledger.places),
        lines=tuple(replace(row, before_m=row.after_m, after_m=row.before_m) for row in ledger.lines),
        codes=tuple(replace(row, is_issued=not row.is_issued) for row in ledger.codes),
        stations=tuple(_swap(row) for row in ledger.stations),
        constituencies=tuple(_turn_constituency(row) for row in ledger.constituencies),
        councils=tuple(_turn_council(row) for row in ledger.councils),
        complaints=tuple(_swap(row) for row in ledger.complaints),
    )


def _swap(row: Row) -> Row:
    plain = cast(Any, row)
    return cast(Row, replace(plain, source=plain.target, target=plain.source))


def _turn_constituency(row: ConstituencyRow) -> ConstituencyRow:
    return replace(
        row,
        people_before=row.people_after,
        people_after=row.people_before,
        deviation_before=row.deviation_after,
        deviation_after=row.deviation_before,
    )


def _turn_council(row: CouncilRow) -> CouncilRow:
    fate = {"begins": "ends", "ends": "begins"}.get(row.fate, row.fate)
    return replace(row, fate=fate, due_before=row.due_after, due_after=row.due_before)
