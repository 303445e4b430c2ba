"""Hold all that follows from a change, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Party:
    """Name a division in a ledger, as it will be or as it was when it ends."""

    id: int
    """Its lasting key; below zero while it is only planned."""
    level: str
    """Its level."""
    code: str
    """Its code in the scheme of its level; empty without one."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Its official names by language."""


@dataclass(frozen=True)
class GroundRow:
    """Say what one division loses to another."""

    source: Party | None
    """Who loses; None where nobody held the ground."""
    target: Party | None
    """Who gains; None where nobody holds it afterwards."""
    area_m2: float | None
    """The geodesic area; None where the register draws none."""
    people: int | None
    """The people; None where nobody was counted."""
    is_estimated: bool
    """Whether some people were shared out by area."""
    places: int
    """The places that go with it."""
    held_m2: float = 0.0
    """Of the area, what the one who gains had already, as where grounds overlapped: its own does not grow by it."""


@dataclass(frozen=True)
class PlaceRow:
    """Say under which division a place comes."""

    place: Party
    """The place."""
    source: Party | None
    """The division it stood in."""
    target: Party | None
    """The one it will stand in; None where the change leaves that open."""
    is_left_behind: bool = False
    """Whether it stays under the division that loses the ground it lies on."""


@dataclass(frozen=True)
class LineRow:
    """Say how the boundary between two divisions changes."""

    first: Party
    """One of them."""
    second: Party
    """The other."""
    before_m: float
    """Its length before, 0 where there was none."""
    after_m: float
    """Its length afterwards, 0 where there is none."""
    kept_m: float
    """The length of what stays as it was."""


@dataclass(frozen=True)
class FindingRow:
    """Name a finding of the latest audits that concerns the ground or divisions of the change."""

    finding: int
    """Its key."""
    kind: str
    """Its kind."""
    severity: str
    """How grave it is."""
    divisions: tuple[str, ...]
    """The codes of the divisions it concerns."""
    is_on_ground: bool
    """Whether it lies on ground that changes hands."""


@dataclass(frozen=True)
class DisputeRow:
    """Name an open dispute on whose ground the change moves something, or leaves something."""

    dispute: int
    """Its key."""
    type: str
    """Its type."""
    state: str
    """How far it has come."""
    divisions: tuple[str, ...]
    """The codes of its parties."""


@dataclass(frozen=True)
class CodeRow:
    """Say that a code is given or given back."""

    division: Party
    """Whose code."""
    scheme: str
    """Its scheme and version."""
    code: str
    """The code."""
    is_issued: bool
    """True when it is given; False when it is retired, and never given again."""


@dataclass(frozen=True)
class StationRow:
    """Say that a polling station comes under another division."""

    code: str
    """Its code."""
    name: str
    """Its name."""
    source: Party | None
    """The division it stood in."""
    target: Party | None
    """The one it will stand in."""
    branches: int
    """Its ballot boxes."""
    visibility: str = "public"
    """Who may know of it: `public`, `name_only` or `withheld`."""
    is_synthetic: bool = False
    """True for an invented record."""


@dataclass(frozen=True)
class CatchmentRow:
    """Say that the catchment of a station must be looked at again."""

    station: str
    """The code of the station."""
    division: Party
    """The division whose electors vote there."""
    is_ended: bool
    """Whether the division ends; otherwise its extent or standing changes."""


@dataclass(frozen=True)
class ConstituencyRow:
    """Say how a constituency weighs among those of its body, if it followed the divisions."""

    body: str
    """The body."""
    code: str
    """Its code."""
    name: str
    """Its name."""
    seats: int
    """Its seats."""
    touched: tuple[Party, ...]
    """Its divisions that change or end."""
    people_before: int | None
    """Its people."""
    people_after: int | None
    """Its people after the change."""
    deviation_before: float | None
    """How far its people by seat lie from the mean of the body, as a share of it."""
    deviation_after: float | None
    """The same afterwards."""
    is_synthetic: bool = False
    """True for an invented record."""


@dataclass(frozen=True)
class CouncilRow:
    """Say what becomes of a council."""

    fate: str
    """`begins`, `ends`, `resized` or `moves`."""
    division: Party
    """The division it is elected for."""
    code: str | None
    """Its code; None for one that begins."""
    name: str | None
    """Its name."""
    seats: int | None
    """Its seats; None where they are not known."""
    members: int
    """Who sits in it on the day."""
    due_before: int | None
    """The seats the pack's bands give to its people; None where the pack has none."""
    due_after: int | None
    """The same afterwards."""
    is_synthetic: bool = False
    """True for an invented record."""


@dataclass(frozen=True)
class ComplaintRow:
    """Say how many complaints come under another division."""

    source: Party | None
    """Who is in charge of them now."""
    target: Party | None
    """Who will be."""
    count: int | None
    """How many; None where the number is hidden."""
    is_synthetic: bool = False
    """True where they are invented."""


@dataclass(frozen=True)
class Ledger:
    """Hold all that follows from one change."""

    register: str
    """The register."""
    kind: str
    """The kind of change."""
    day: date
    """The first day on which it holds."""
    ground: tuple[GroundRow, ...] = ()
    """What divisions lose and gain, the highest levels first."""
    places: tuple[PlaceRow, ...] = ()
    """The places that change hands."""
    lines: tuple[LineRow, ...] = ()
    """The boundaries that are not as they were."""
    findings: tuple[FindingRow, ...] = ()
    """The findings it touches."""
    disputes: tuple[DisputeRow, ...] = ()
    """The open disputes on its ground, but for confidential ones."""
    codes: tuple[CodeRow, ...] = ()
    """The codes to retire and to issue."""
    stations: tuple[StationRow, ...] = ()
    """The polling stations that change hands."""
    catchments: tuple[CatchmentRow, ...] = ()
    """The catchments to look at again."""
    constituencies: tuple[ConstituencyRow, ...] = ()
    """The constituencies it touches."""
    plans: tuple[str, ...] = ()
    """The district plans that have units among its divisions."""
    councils: tuple[CouncilRow, ...] = ()
    """The councils it touches."""
    complaints: tuple[ComplaintRow, ...] = ()
    """The complaints that change hands."""

    @property
    def has_invented(self) -> bool:
        """Tell whether invented records are among those it names."""
        rows: list[StationRow | ConstituencyRow | CouncilRow | ComplaintRow] = list(self.stations)
        rows += self.constituencies
        rows += self.councils
        rows += self.complaints
        return any(row.is_synthetic for row in rows)

    @property
    def totals(self) -> dict[str, float | int | None]:
        """Sum it up: moved at the lowest level that moves, rows by kind."""
        lowest = self.ground[-1] if self.ground else None
        level = {one.level for one in (lowest.source, lowest.target) if one} if lowest else set()
        rows = [row for row in self.ground if level & {one.level for one in (row.source, row.target) if one}]
        return {
            "area_m2": _add([row.area_m2 for row in rows]),
            "people": _add([row.people for row in rows]),
            "places": sum(not row.is_left_behind for row in self.places),
            "lines": len(self.lines),
            "findings": len(self.findings),
            "disputes": len(self.disputes),
            "codes_issued": sum(row.is_issued for row in self.codes),
            "codes_retired": sum(not row.is_issued for row in self.codes),
            "stations": len(self.stations),
            "branches": sum(row.branches for row in self.stations),
            "catchments": len(self.catchments),
            "constituencies": len(self.constituencies),
            "plans": len(self.plans),
            "councils": len(self.councils),
            "complaints": _add([row.count for row in self.complaints]),
        }

    def to_json(self) -> dict[str, Any]:
        """Write it for machines, and for keeping with the change."""
        plain: dict[str, Any] = asdict(self)
        return {**plain, "day": self.day.isoformat(), "totals": self.totals, "has_invented": self.has_invented}


def _add(numbers: list[float | None] | list[int | None]) -> float | int | None:
    """Sum numbers that are all known; one unknown among them makes the sum unknown."""
    known = [number for number in numbers if number is not None]
    return round(sum(known), 6) if len(known) == len(numbers) else None
