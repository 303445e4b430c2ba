"""Hold what belongs to a dispute: its faces, claims, evidence, options, decisions and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geo.errors import Reason


@dataclass(frozen=True)
class Face:
    """Hold a piece of ground that is in dispute."""

    id: int
    """Its key."""
    ground: BaseGeometry
    """The ground, EPSG:4326."""
    area_m2: float
    """Its geodesic area."""
    digest: str
    """The hash of its ground."""
    is_gap: bool
    """Whether no division has it."""
    candidates: tuple[int, ...]
    """The divisions it may go to."""
    claim: int | None = None
    """The claim that made it; None for one that an audit found."""


@dataclass(frozen=True)
class Claim:
    """Hold the line or ground that one side claims."""

    id: int
    """Its key."""
    division_id: int
    """The side that claims."""
    against_id: int
    """The side that loses by it."""
    drawn: BaseGeometry
    """The line or ground as it was given, EPSG:4326."""
    text: str
    """Why it is claimed."""
    made_by: str
    """Who entered it."""
    made_at: datetime
    """When."""


@dataclass(frozen=True)
class KeptFile:
    """Describe a file of evidence, which is read apart."""

    name: str
    """Its name, made harmless."""
    media_type: str
    """What it is, as its content says."""
    size_bytes: int
    """Its size after cleaning."""
    sha256: str
    """The hash of the cleaned file."""


@dataclass(frozen=True)
class Evidence:
    """Hold what speaks for one side or for none."""

    id: int
    """Its key."""
    kind: str
    """What it is: decree, map_sheet, survey, letter, photograph, other."""
    rank: int
    """Its weight, from 1, the strongest, to 5."""
    title: str
    """What it is called."""
    division_id: int | None
    """The side it speaks for; None for neither."""
    number: str
    """Its number."""
    issued_on: date | None
    """Its date."""
    article: str
    """The article that is meant."""
    sheet: str
    """The map sheet."""
    text: str
    """What it says."""
    line: LineString | None
    """The line it describes, EPSG:4326."""
    accuracy_m: float | None
    """How far that line may be off."""
    file: KeptFile | None
    """Its file."""
    added_by: str
    """Who entered it."""
    added_at: datetime
    """When."""


@dataclass(frozen=True)
class PartShare:
    """Say which ground of a face goes to whom."""

    face: int
    """The key of the face."""
    taker: int | None
    """The division that gets it; None leaves it in nobody's totals."""
    ground: BaseGeometry
    """The ground, EPSG:4326."""
    area_m2: float
    """Its geodesic area."""


@dataclass(frozen=True)
class OptionRecord:
    """Hold one way to settle a dispute, as it was computed last."""

    id: int
    """Its key."""
    number: int
    """Its place in the list, from 1."""
    kind: str
    """The way, as `geo.coverage.OptionKind` names it."""
    taker: int | None
    """The division that is favoured, where the way favours one."""
    evidence: int | None
    """The piece of evidence whose line it follows."""
    refused: Reason | None
    """Why it is not to be had; None when it is."""
    shares: tuple[PartShare, ...]
    """Who gets what."""
    ledger: Mapping[str, Any] | None = field(repr=False)
    """What follows from it in every subject, as JSON; None when it is refused."""
    effective_on: date
    """The day it was computed for."""
    based_on: int
    """The version of the register it was computed on."""
    computed_by: str
    """Who asked for it."""
    computed_at: datetime
    """When."""
    is_stale: bool = False
    """Whether the register has moved on since."""


@dataclass(frozen=True)
class Decision:
    """Hold a decision from its proposal to its application."""

    id: int
    """Its key."""
    kind: str
    """`settle`, or `undo` for one that takes the last back."""
    state: str
    """proposed, approved, applied or withdrawn."""
    option_kind: str
    """The way that was chosen; empty for an undoing."""
    taker: int | None
    """The division that is favoured, where the way favours one."""
    decree_id: int
    """The key of its decree."""
    decree: str
    """Issuer and number of its decree."""
    decreed_on: date
    """The day the decree was signed."""
    change_id: int
    """The change of the register that carries it out."""
    effective_on: date
    """The first day on which it is in force."""
    text: str
    """Its reasons."""
    proposed_by: str
    """Who proposed it."""
    proposed_at: datetime
    """When."""
    approved_by: str | None
    """Who approved it."""
    approved_at: datetime | None
    """When."""
    applied_at: datetime | None
    """When it was written into the register."""


@dataclass(frozen=True)
class Step:
    """Hold one step of a dispute."""

    step: str
    """What was done: open, claim, evidence, options, propose and so on."""
    before: str | None
    """The state before."""
    after: str
    """The state afterwards."""
    actor: str
    """Who took it."""
    at: datetime
    """When."""
    reason: str
    """Why."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What else is worth knowing."""


@dataclass(frozen=True)
class Insider:
    """Name a place or division part that lies in a face, and the side that claims it."""

    division_id: int
    """The place."""
    code: str
    """Its code."""
    names: Mapping[str, str]
    """Its official names by language."""
    people: int | None
    """The people counted in it."""
    face: int
    """The key of the face."""
    side: int | None
    """The candidate it stands under; None when it stands under neither."""
    point: tuple[float, float]
    """Its longitude and latitude."""
