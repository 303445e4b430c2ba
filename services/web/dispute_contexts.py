"""Say what the pages of disputes need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class DisputeLine:
    """One dispute of a list."""

    id: int
    """Its key."""
    title: str
    """What it is called."""
    type: str
    """What it is about, in words."""
    level: str
    """The level of its parties."""
    state: str
    """The key of its state, for its look."""
    state_name: str
    """Its state in words."""
    parties: tuple[DivisionLink, ...]
    """Whose boundary it is about."""
    area_m2: float | None
    """The disputed area; None while no ground is claimed."""
    opened_at: datetime
    """When it was opened."""


@dataclass(frozen=True)
class DisputesPage(Context):
    """The disputes of a register."""

    template: ClassVar[str] = "disputes.html"
    section: ClassVar[str] = "disputes"

    register: str = ""
    """The register shown."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    states: tuple[Choice, ...] = ()
    """The states to choose from, all first."""
    types: tuple[Choice, ...] = ()
    """The types to choose from, all first."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from, all first."""
    division: str = ""
    """The code of the party asked about, as it was typed."""
    message: str = ""
    """What is wrong with the question; empty when nothing is."""
    counts: tuple[tuple[str, str, int], ...] = ()
    """The key and the words of each state, and how many disputes are in it."""
    disputes: tuple[DisputeLine, ...] = ()
    """The disputes, the latest first."""
    map_address: str = ""
    """Where the map is served; empty where there is none."""


@dataclass(frozen=True)
class ClaimLine:
    """What one side claims."""

    id: int
    """Its key, and its place on the map."""
    side: str
    """Who claims."""
    against: str
    """Who loses by it."""
    text: str
    """Why."""
    made_by: str
    """Who entered it."""
    made_at: datetime
    """When."""


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence."""

    id: int
    """Its key, and its place on the map."""
    kind: str
    """What it is, in words."""
    rank: int
    """Its weight, 1 the strongest."""
    title: str
    """What it is called."""
    side: str
    """Whom it speaks for; empty for neither."""
    about: tuple[tuple[str, str], ...]
    """Its number, date, article, sheet and accuracy, as far as they are told."""
    text: str
    """What it says."""
    has_line: bool
    """Whether it is on the map."""
    file_address: str = ""
    """Where its file is served; empty without one."""
    file_name: str = ""
    """What the file is called."""
    file_about: str = ""
    """The type and size of the file."""


@dataclass(frozen=True)
class OptionLine:
    """One way to settle a dispute, as a column of a comparison."""

    number: int
    """Its place in the list."""
    title: str
    """What it is called."""
    shares: tuple[tuple[str, float], ...]
    """Who gets how many square metres."""
    cells: tuple[str, ...]
    """What follows from it, in the order of `OptionTable.heads`."""
    refused: str
    """Why it is not to be had; empty when it is."""
    is_decided: bool
    """Whether the decision takes it."""
    is_stale: bool
    """Whether the register has moved on since it was computed."""


@dataclass(frozen=True)
class DecisionLine:
    """A decision, or a proposal."""

    title: str
    """What was decided."""
    state: str
    """How far it has come, in words."""
    decree: str
    """Its decree."""
    decreed_on: date
    """The day of the decree."""
    effective_on: date
    """The first day on which it is in force."""
    text: str
    """Its reasons."""
    proposed_by: str
    """Who proposed it."""
    approved_by: str
    """Who approved it; empty while nobody has."""
    change: int
    """The change that carries it out."""


@dataclass(frozen=True)
class StepLine:
    """One step of a dispute."""

    what: str
    """What was done, in words."""
    state: str
    """The state afterwards, in words."""
    actor: str
    """Who did it."""
    at: datetime
    """When."""
    reason: str
    """Why."""


@dataclass(frozen=True)
class DisputePage(Context):
    """One dispute with all that belongs to it."""

    template: ClassVar[str] = "dispute.html"
    section: ClassVar[str] = "disputes"

    register: str
    """Its register."""
    head: DisputeLine
    """What a list says of it."""
    origin: str
    """What it began with, in words."""
    day: date
    """The day whose divisions are meant."""
    opened_by: str
    """Who opened it."""
    text: str
    """What it is about."""
    is_gap: bool
    """Whether nobody has the ground."""
    map_address: str
    """Where its map is served."""
    faces: tuple[tuple[int, float], ...] = ()
    """The key and the area of each disputed face."""
    claims: tuple[ClaimLine, ...] = ()
    """What the sides claim."""
    evidence: tuple[EvidenceLine, ...] = ()
    """What speaks for them."""
    heads: tuple[str, ...] = ()
    """What the options are compared by."""
    options: tuple[OptionLine, ...] = ()
    """The ways to settle it."""
    decisions: tuple[DecisionLine, ...] = ()
    """What was proposed and decided, the latest first."""
    conflicts: tuple[int, ...] = ()
    """The key of each other open dispute on the same ground."""
    steps: tuple[StepLine, ...] = ()
    """What was done, the first first."""
