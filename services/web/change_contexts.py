"""Say what the pages of changes need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class ChangeLine:
    """A change as the list shows it."""

    id: int
    """Its number."""
    kind: str
    """What is done."""
    state: str
    """How far it has come."""
    day: date
    """The first day on which it holds."""
    decree: str
    """Issuer and number of its decree."""
    drafted_by: str
    """Who drafted it."""
    approved_by: str
    """Who approved it; empty while nobody has."""


@dataclass(frozen=True)
class EffectLine:
    """What becomes of one division."""

    fate: str
    """Whether it begins, ends or changes."""
    level: str
    """The name of its level."""
    code: str
    """Its code afterwards."""
    name: str
    """Its name in the reader's language."""
    differences: tuple[tuple[str, str, str], ...]
    """What is otherwise: what, before, after."""


@dataclass(frozen=True)
class ChangesPage(Context):
    """The changes of a register, and the form that tries an order out."""

    template: ClassVar[str] = "changes.html"
    section: ClassVar[str] = "changes"

    register: str = ""
    """The register."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    states: tuple[Choice, ...] = ()
    """The states to choose from."""
    changes: tuple[ChangeLine, ...] = ()
    """The changes, the latest first."""


@dataclass(frozen=True)
class ChangePage(Context):
    """One change, its parties and what it does."""

    template: ClassVar[str] = "change.html"
    section: ClassVar[str] = "changes"

    register: str
    """The register."""
    change: ChangeLine
    """The change."""
    parties: tuple[tuple[str, DivisionLink], ...] = ()
    """The divisions it was done to and those that came out of it, once it is applied."""
    effect: tuple[EffectLine, ...] = ()
    """What it would do today, while it is not applied."""
    moved_m2: float | None = None
    """The ground that changes hands."""
    message: str = ""
    """Why it cannot be done as it is; empty otherwise."""
    order: str = ""
    """The order, as JSON."""


@dataclass(frozen=True)
class PreviewPage(Context):
    """The form that tries an order out, and its answer."""

    template: ClassVar[str] = "change_preview.html"
    section: ClassVar[str] = "changes"

    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    order: str = ""
    """What was typed."""
    message: str = ""
    """Why it cannot be done; empty otherwise."""
    problems: tuple[str, ...] = ()
    """Every rule it breaks."""
    effect: tuple[EffectLine, ...] = ()
    """What it would do."""
    moved_m2: float | None = None
    """The ground that would change hands."""
