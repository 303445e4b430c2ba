"""Say what the page of names that break rules needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.web.contexts import Choice, Context, DivisionLink


@dataclass(frozen=True)
class NamingLine:
    """One name that breaks a naming rule."""

    division: DivisionLink
    """The division."""
    rule: str
    """What the rule is called."""
    text: str
    """The name; empty where it is missing."""
    why: tuple[str, ...]
    """What is wrong with it."""
    proposal: str = ""
    """What it might be instead."""


@dataclass(frozen=True)
class NamesPage(Context):
    """The names that break rules, and a name in Latin letters."""

    template: ClassVar[str] = "names.html"
    section: ClassVar[str] = "search"
    dated: ClassVar[bool] = True

    lines: tuple[NamingLine, ...] = ()
    """The findings shown."""
    total: int = 0
    """How many there are."""
    counts: tuple[tuple[str, int], ...] = ()
    """What each rule is called and how many findings it has."""
    sources: tuple[tuple[str, str], ...] = ()
    """What each rule is called and where it stands."""
    asked: str = ""
    """The name to be written in Latin letters."""
    latin: str = ""
    """A Latin form of it."""
    proposal: str = ""
    """Its Latin form by the table; a dot stands for what may be a short vowel."""
    source: str = ""
    """Where the table was published."""
    message: str = ""
    """What is open or contradicts; empty otherwise."""
    can_romanize: bool = False
    """Whether the country has a table."""
    registers: tuple[Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[Choice, ...] = ()
    """The levels to choose from."""
    rules: tuple[Choice, ...] = ()
    """The rules to choose from."""
