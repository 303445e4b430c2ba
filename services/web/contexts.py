"""Say what each page needs, so that routes and templates agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True)
class Context:
    """What a page is rendered from; every kind of page is one subclass."""

    template: ClassVar[str]
    """The file in `services/web/templates`."""
    section: ClassVar[str] = ""
    """The entry of the navigation that is marked as current."""
    dated: ClassVar[bool] = False
    """Whether the page shows the register on a day that the reader may choose."""


@dataclass(frozen=True)
class DivisionLink:
    """A division as it is mentioned on a page."""

    code: str
    """Its code, which is also its address."""
    name: str
    """Its name in the reader's language, or the official one."""
    level: str = ""
    """The name of its level."""
    register: str = ""
    """The register it belongs to, where a page mentions several."""


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    """What the form sends."""
    label: str
    """What the reader sees."""
    chosen: bool = False
    """Whether it is the present choice."""


@dataclass(frozen=True)
class RegisterCard:
    """A register as the home page shows it."""

    name: str
    """What addresses call it."""
    title: str
    """The country or set it holds."""
    levels: tuple[tuple[str, int], ...]
    """The name of each level and how many divisions it has, from the top."""
    attribution: str = ""
    """Where the data come from and under which licence."""


@dataclass(frozen=True)
class HomePage(Context):
    """The first page: what this is, what is loaded and where to go."""

    template: ClassVar[str] = "home.html"
    section: ClassVar[str] = "home"
    dated: ClassVar[bool] = True

    registers: tuple[RegisterCard, ...] = ()
    """What is loaded."""
    plans: tuple[Choice, ...] = ()
    """The district plans, by id and title."""


@dataclass(frozen=True)
class HitLine:
    """One division that a name may mean."""

    division: DivisionLink
    """The division."""
    chain: tuple[DivisionLink, ...]
    """The divisions above it, from the top."""
    people: int | None
    """Its own latest count."""
    why: tuple[str, ...]
    """Why it is listed."""
    matched: str = ""
    """The name that answers, where it is not the one shown."""


@dataclass(frozen=True)
class SearchPage(Context):
    """The search by name and its answer."""

    template: ClassVar[str] = "search.html"
    section: ClassVar[str] = "search"
    dated: ClassVar[bool] = True

    asked: str = ""
    """What was typed."""
    message: str = ""
    """What was wrong with it, or that there is nothing like it; empty otherwise."""
    hits: tuple[HitLine, ...] = ()
    """What may be meant, the likeliest first."""
    total: int = 0
    """How many may be meant, with those not listed."""
    equal: int = 0
    """How many of them answer as well as the first."""
    registers: tuple[Choice, ...] = ()
    """The registers to ask."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from."""


@dataclass(frozen=True)
class FindingLine:
    """One finding of an audit."""

    fingerprint: str
    """Its lasting name."""
    kind: str
    """The key of its kind."""
    divisions: tuple[DivisionLink, ...]
    """The divisions it concerns."""
    area_m2: float = 0.0
    """How large it is; zero where it has no area."""
    severity: str = ""
    """The key of its severity."""
    id: int = 0
    """Its key, by which a dispute is opened."""
    dispute: int | None = None
    """The dispute that was opened from it and that everybody may know of."""
    status: str = "new"
    """How the case stands beside the audit before, in words."""
    people: int | None = None
    """Who lives on its ground; None where that is not known."""
    since: date | None = None
    """The day on which it was found first."""


@dataclass(frozen=True)
class RunLine:
    """The audit run whose findings a page shows."""

    id: int
    """Its key."""
    certified: bool
    """Whether it is proven that nothing was missed."""
    as_of: date
    """The day whose boundaries were audited."""
    files: tuple[tuple[str, str], ...]
    """The formats it may be had in, each with its address."""


@dataclass(frozen=True)
class FindingsPage(Context):
    """What the last audit has found."""

    template: ClassVar[str] = "findings.html"
    section: ClassVar[str] = "findings"

    findings: tuple[FindingLine, ...] = ()
    """The findings shown, the largest first."""
    total: int = 0
    """How many there are."""
    counts: tuple[tuple[str, int], ...] = ()
    """The key of each kind and how many there are."""
    audited: bool = True
    """Whether an audit has run at all."""
    register: str = ""
    """The register they are of."""
    map_address: str = ""
    """Where the map of the findings is served; empty where there is none."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from."""
    statuses: tuple[Choice, ...] = ()
    """How cases may stand, to choose from."""
    run: RunLine | None = None
    """The run whose findings are shown."""
    lawful: int = 0
    """How many findings lawful exceptions cover; they are shown apart."""


@dataclass(frozen=True)
class ComplaintLine:
    """The complaints of one division."""

    division: DivisionLink
    """Whose they are."""
    count: int | None
    """How many there are; None where it is withheld or unknown."""
    rate: float | None
    """How many per thousand people."""
    suppressed: bool = False
    """Whether the count is withheld because it is small."""
    council: str = ""
    """The council in charge."""


@dataclass(frozen=True)
class ComplaintsPage(Context):
    """Complaints by division, beside the councils in charge."""

    template: ClassVar[str] = "complaints.html"
    section: ClassVar[str] = "complaints"
    dated: ClassVar[bool] = True

    lines: tuple[ComplaintLine, ...] = ()
    """The divisions, the densest first."""
    threshold: int = 5
    """Counts below this are withheld."""
    map_address: str = ""
    """Where the map is served; empty where there is none."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from."""
    categories: tuple[Choice, ...] = ()
    """The categories to choose from, «all» first."""
    synthetic: bool = False
    """Whether the complaints are invented for a demonstration."""


@dataclass(frozen=True)
class DistrictLine:
    """One district of a plan."""

    label: str
    """What it is called."""
    units: int
    """How many units it has."""
    population: int
    """How many people live in it."""
    deviation: float
    """How far its population is from the mean, as a share."""
    seats: int = 1
    """How many members it returns."""


@dataclass(frozen=True)
class PlanPage(Context):
    """A district plan with the balance of its districts."""

    template: ClassVar[str] = "plan.html"
    section: ClassVar[str] = "plans"

    id: str
    """The plan's id."""
    title: str
    """What it divides, and into what."""
    districts: tuple[DistrictLine, ...] = ()
    """The districts in order."""
    facts: tuple[tuple[str, str], ...] = ()
    """More about the plan as label and text: its seed, its method, its register."""
    map_address: str = ""
    """Where the map is served; empty where there is none."""
    sheet_address: str = ""
    """Where the picture for paper is served."""


@dataclass(frozen=True)
class NameLine:
    """A name of a division."""

    text: str
    """The name."""
    language: str
    """The tag of its language."""
    official: bool = False
    """Whether it is the official one of its language."""
    period: str = ""
    """When it holds, already written for the reader; empty for always."""


@dataclass(frozen=True)
class CodeLine:
    """A code of a division."""

    code: str
    """The code, always a string."""
    scheme: str
    """The scheme in which it means something."""
    version: str = ""
    """The version of the scheme."""
    period: str = ""
    """When it holds, already written for the reader."""


@dataclass(frozen=True)
class DivisionPage(Context):
    """One division with all that the register says about it."""

    template: ClassVar[str] = "division.html"
    section: ClassVar[str] = "home"
    dated: ClassVar[bool] = True

    code: str
    """Its primary code."""
    name: str
    """Its name in the reader's language, or the official one."""
    level: str
    """The name of its level."""
    names: tuple[NameLine, ...] = ()
    """All its names."""
    codes: tuple[CodeLine, ...] = ()
    """All its codes."""
    parents: tuple[DivisionLink, ...] = ()
    """The divisions it lies in, from the top."""
    children: tuple[DivisionLink, ...] = ()
    """The divisions in it."""
    population: int | None = None
    """How many people live in it, where it is known."""
    population_source: str = ""
    """Where that figure comes from, and of when it is."""
    area_m2: float | None = None
    """Its geodesic area."""
    councils: tuple[str, ...] = ()
    """The councils in charge of it."""
    register: str = ""
    """The register it belongs to."""


@dataclass(frozen=True)
class ProblemLine:
    """One rule that an answer may say was broken."""

    rule: str
    """Its lasting name, which is also its place on the page."""
    status: int
    """The HTTP status of the answer."""
    text: str
    """What the answer says, with the names of its parameters."""


@dataclass(frozen=True)
class ProblemsPage(Context):
    """Every problem the service can answer: where the `type` of a problem leads."""

    template: ClassVar[str] = "problems.html"

    problems: tuple[ProblemLine, ...]
    """The rules by name."""


@dataclass(frozen=True)
class ErrorPage(Context):
    """What went wrong, in words."""

    template: ClassVar[str] = "error.html"

    status: int
    """The HTTP status."""
    title: str
    """What kind of error it is."""
    detail: str
    """What happened and what to do."""
