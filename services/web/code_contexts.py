"""Say what the page on codes needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class MeaningLine:
    """One thing that a code means, meant or will mean."""

    scheme: str
    """The name of the scheme."""
    word: str
    """The scheme with its version, as it is quoted."""
    code: str
    """The code in full."""
    division: DivisionLink
    """The division."""
    on: date
    """The day on which it is told of."""
    chain: tuple[DivisionLink, ...]
    """The divisions above it, from the top."""
    tense: str
    """`holds`, `held` or `will_hold`."""
    start: date | None
    """The first day on which it holds."""
    last: date | None
    """The last day on which it holds."""


@dataclass(frozen=True)
class KeptLine:
    """A code that is kept from being given."""

    word: str
    """The scheme with its version."""
    code: str
    """The code."""
    state: str
    """`reserved` or `retired`."""


@dataclass(frozen=True)
class SchemeLine:
    """A version of a scheme."""

    name: str
    """Its name."""
    word: str
    """How it is quoted."""
    start: date | None
    """The first day on which it is in force."""
    last: date | None
    """The last day on which it is in force."""


@dataclass(frozen=True)
class NextLine:
    """A free code with why it is this one."""

    word: str
    """The scheme with its version."""
    code: str
    """The code."""
    reasons: tuple[str, ...]
    """Why it is this one."""


@dataclass(frozen=True)
class CodesPage(Context):
    """What a code means, and which is free next."""

    template: ClassVar[str] = "codes.html"
    section: ClassVar[str] = "codes"
    dated: ClassVar[bool] = True

    asked: str = ""
    """The code that was asked about."""
    message: str = ""
    """Why there is no answer; empty otherwise."""
    day: date | None = None
    """The day asked about."""
    meanings: tuple[MeaningLine, ...] = ()
    """What it means on the day."""
    others: tuple[MeaningLine, ...] = ()
    """What it meant or will mean."""
    kept: tuple[KeptLine, ...] = ()
    """Where it is reserved or retired."""
    notes: tuple[str, ...] = ()
    """What was changed to read it."""
    parent: str = ""
    """The parent whose next code was asked about."""
    free: NextLine | None = None
    """The next free code, if it was asked for."""
    refusal: str = ""
    """Why there is none; empty otherwise."""
    schemes: tuple[SchemeLine, ...] = ()
    """The schemes of the country."""
    registers: tuple[Choice, ...] = ()
    """The registers to ask."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from."""
    register: str = ""
    """The register asked."""
