"""Search divisions by name, however it is spelt; several answers are shown in order and none is decided on.

Nothing of the question is logged, stored or repeated in an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geo.errors import InvalidValue, Reason, because
from geo.register.divisions import Division
from geo.register.gazetteer import Gazetteer
from geo.register.questions import list_readings
from geo.register.search import Match, find_matches
from services.lookups import NUL
from services.queries import RegisterState
from services.register.gazetteers import SHELF

MOST_HITS = 100
"""So many divisions are listed at most."""

MOST_TEXT = 200
"""So many characters a question has at most."""


@dataclass(frozen=True)
class SearchHit:
    """Hold one division that may be meant."""

    division: Division
    """The division, with its own latest count of people."""
    chain: tuple[Division, ...]
    """The divisions above it, from the top."""
    name: str
    """The name of it that answers."""
    language: str
    """The language of that name."""
    official: bool
    """Whether it is the official name in that language, or a variant."""
    score: float
    """From 0 to 1; 1 is the very name."""
    reasons: tuple[Reason, ...]
    """Why it is listed."""


@dataclass(frozen=True)
class SearchAnswer:
    """Hold what a question may mean."""

    register: str
    """The register asked."""
    day: date
    """The day it holds for."""
    total: int
    """How many divisions may be meant, with those not listed."""
    equal: int
    """How many of them answer as well as the first: with more than one, nothing typed tells which is meant."""
    hits: tuple[SearchHit, ...]
    """The first of them: those that answer best, then by step of the score, level, score, people and code."""


def search_names(
    session: Session, register: RegisterState, text: str, *, day: date, level: str | None = None, limit: int = 20
) -> SearchAnswer:
    """Search the divisions that `text` may name on `day`, official names and variants alike.

    The very name goes before all others; else names with one slip of the keyboard, names that begin so and names with
    those words are listed together; only when there is none, names that are more or less alike.
    """
    if len(text) > MOST_TEXT or NUL in text:
        raise InvalidValue(field="text", value=because("not_repeated"), reason=because("search_text", most=MOST_TEXT))
    if not 1 <= limit <= MOST_HITS:
        raise InvalidValue(field="limit", value=limit, reason=because("outside_range", least=1, most=MOST_HITS))
    key = register.pack.level(level).key if level else None
    gazetteer = SHELF.fetch(session, register, day)
    found = find_matches(gazetteer, list_readings(text, register.pack), level=key, limit=limit)
    known: dict[int, Division] = {}
    hits = tuple(_to_hit(gazetteer, match, known) for match in found.matches)
    return SearchAnswer(register.name, day, found.total, found.equal, hits)


def _to_hit(gazetteer: Gazetteer, match: Match, known: dict[int, Division]) -> SearchHit:
    """Describe a match; those above it are often above the next one too, and are described once."""
    names, above = gazetteer.names, gazetteer.climb(match.place)
    for place in above:
        if place not in known:
            known[place] = gazetteer.describe(place)
    return SearchHit(
        division=gazetteer.describe(match.place),
        chain=tuple(known[place] for place in above),
        name=names.texts[match.name],
        language=names.languages[match.name],
        official=bool(names.official[match.name]),
        score=match.score,
        reasons=match.reasons,
    )
