"""Say what the pages of repairs and of the control against decrees need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class ProposalLine:
    """A proposal as the list shows it."""

    id: int
    """Its number."""
    levels: str
    """The levels it looked at."""
    state: str
    """How far it has come."""
    day: date
    """The day whose boundaries were looked at."""
    moves: int
    """How many defects it mends."""
    left: int
    """How many it leaves."""
    area_m2: float
    """The ground that changes hands."""
    displacement_m: float
    """How far a boundary moves at most."""
    proposed_by: str
    """Who proposed it."""
    decided_by: str
    """Who accepted or refused it; empty while nobody has."""


@dataclass(frozen=True)
class MoveLine:
    """One repair as the page of its proposal shows it."""

    number: int
    """Its number."""
    fingerprint: str
    """What the map calls it."""
    kind: str
    """What is wrong."""
    divisions: tuple[DivisionLink, ...]
    """The divisions concerned."""
    way: str
    """How it is mended."""
    takers: tuple[DivisionLink, ...]
    """Who gets the ground."""
    area_m2: float | None
    """The ground that changes hands."""
    displacement_m: float | None
    """How far a boundary moves."""
    accepted: bool
    """Whether it was accepted."""


@dataclass(frozen=True)
class RepairsPage(Context):
    """The proposals of a register."""

    template: ClassVar[str] = "repairs.html"
    section: ClassVar[str] = "repairs"

    register: str = ""
    """The register."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    states: tuple[Choice, ...] = ()
    """The states to choose from."""
    proposals: tuple[ProposalLine, ...] = ()
    """The proposals, the latest first."""


@dataclass(frozen=True)
class RepairPage(Context):
    """One proposal with its moves."""

    template: ClassVar[str] = "repair.html"
    section: ClassVar[str] = "repairs"

    register: str
    """The register."""
    proposal: ProposalLine
    """The proposal."""
    limits: tuple[float, float, float]
    """The most area, width and displacement."""
    certified: bool
    """Whether the audit proves that nothing was missed."""
    left: tuple[tuple[str, int], ...]
    """What is left, by reason."""
    total: int
    """How many moves there are."""
    moves: tuple[MoveLine, ...] = ()
    """The first of them."""
    change: int | None = None
    """The change that carries it out."""
    reason: str = ""
    """Why it was refused."""
    map_address: str = ""
    """The map of the moves."""


@dataclass(frozen=True)
class ControlLine:
    """One place where the register and a decree differ."""

    fingerprint: str
    """What the map calls it."""
    is_placed: bool
    """Whether the map shows it."""
    kind: str
    """What differs."""
    severity: str
    """How grave it is."""
    decree: str
    """Issuer and number of the decree."""
    divisions: tuple[DivisionLink, ...]
    """The divisions concerned."""
    distance_m: float | None
    """How far off it is."""
    accuracy_m: float | None
    """How far off it may be."""
    text: str
    """What it is about."""


@dataclass(frozen=True)
class ControlPage(Context):
    """What the control against decrees found."""

    template: ClassVar[str] = "control.html"
    section: ClassVar[str] = "control"
    dated: ClassVar[bool] = True

    register: str = ""
    """The register."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    checked: tuple[tuple[str, int], ...] = ()
    """How much was looked at."""
    counts: tuple[tuple[str, int], ...] = ()
    """The findings by kind."""
    findings: tuple[ControlLine, ...] = ()
    """The findings, the gravest first."""
    map_address: str = ""
    """The map."""
