"""Search divisions by name, however it is spelt; several answers are shown in order and none is decided on.

Nothing of the question is logged, stored or repeated in an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, Reason, because
from geo.register.divisions import Division
from geo.register.search import Part, Reading, Width, grade_name, list_readings, list_slips
from services.lookups import NUL, list_matching
from services.queries import RegisterState, holds_on, is_current
from services.tables.register import Code, Name, Population, Standing
from services.tables.register import Division as Record

MOST_HITS = 100
"""So many divisions are listed at most."""

MOST_TEXT = 200
"""So many characters a question has at most."""

MOST_LOOSE = 300
"""So many names are graded when nothing nearer was found."""

LEAST_SHARED = 0.45
"""The share of letter triples, in one stretch of a name, that makes it worth grading."""


@dataclass(frozen=True)
class SearchHit:
    """Hold one division that may be meant."""

    division: Division
    """The division, with its own latest count of people."""
    chain: tuple[Division, ...]
    """The divisions above it, from the top."""
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
    hits: tuple[SearchHit, ...]
    """The first of them: by score, level, people and code."""


@dataclass(frozen=True)
class _Match:
    division: int
    level: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Search:
    """Hold what stays the same while one question is answered."""

    session: Session
    register: RegisterState
    day: date
    level: str | None

    @property
    def parent_levels(self) -> list[str]:
        """List the levels that others stand under."""
        return [key for key in self.register.pack.level_keys if self.register.pack.children_of(key)]


def search_names(
    session: Session, register: RegisterState, text: str, *, day: date, level: str | None = None, limit: int = 20
) -> SearchAnswer:
    """Search the divisions that `text` may name on `day`, official names and variants alike.

    The nearest kind of likeness that finds any decides which are listed: the very name, one slip of the keyboard or the
    beginning of a name, then any name that is alike.
    """
    if len(text) > MOST_TEXT or NUL in text:
        raise InvalidValue(field="text", value=because("not_repeated"), reason=because("search_text", most=MOST_TEXT))
    if not 1 <= limit <= MOST_HITS:
        raise InvalidValue(field="limit", value=limit, reason=because("outside_range", least=1, most=MOST_HITS))
    search = _Search(session, register, day, register.pack.level(level).key if level else None)
    matches = _find_nearest(search, list_readings(text, register.pack))
    return SearchAnswer(register.name, day, len(matches), _describe(search, matches, limit))


def _find_nearest(search: _Search, readings: Sequence[Reading]) -> list[_Match]:
    for width in Width:
        for reading in readings:
            if found := _answer(search, reading, width):
                return found
    return []


def _answer(search: _Search, reading: Reading, width: Width) -> list[_Match]:
    """Narrow the register down from the right: each name is sought inside those after it."""
    scope: list[int] | None = None
    for part in reversed(reading.above):
        found = _find_part(search, part, width, levels=search.parent_levels, scope=scope)
        if not found:
            return []
        scope = _list_inside(search, [match.division for match in found])
    levels = [search.level] if search.level else None
    found = _match_names(search, reading.head, width, levels=levels, scope=scope)
    return [replace(one, reasons=(*one.reasons, because("search_inside"))) for one in found] if scope else found


def _find_part(
    search: _Search, part: Part, width: Width, *, levels: list[str], scope: list[int] | None
) -> list[_Match]:
    """Find the divisions a name may mean that others are sought in; a nearer likeness goes before a farther."""
    for nearer in Width:
        found = _match_names(search, part, nearer, levels=levels, scope=scope)
        if found or nearer is width:
            return found
    return []


def _match_names(
    search: _Search, part: Part, width: Width, *, levels: list[str] | None, scope: list[int] | None
) -> list[_Match]:
    """Grade the names that may be meant, and keep the best of each division."""
    rows = [row for asked in _select_names(search, part, width) for row in search.session.execute(asked)]
    standing = _find_levels(search, sorted({row.division_id for row in rows}), levels=levels, scope=scope)
    best: dict[int, _Match] = {}
    for row in rows:
        level = standing.get(row.division_id)
        grade = grade_name(part, row.text, key=row.key, level=level, width=width) if level else None
        if level and grade and (row.division_id not in best or grade.score > best[row.division_id].score):
            reasons = grade.reasons if row.official else (*grade.reasons, because("search_variant"))
            best[row.division_id] = _Match(row.division_id, level, grade.score, reasons)
    return list(best.values())


def _select_names(search: _Search, part: Part, width: Width) -> list[Select[int, str, str, bool]]:
    """Select the names worth grading, each by one index: joined into one, they would be read from end to end."""
    asked = select(Name.division_id, Name.key, Name.text, Name.official).where(holds_on(Name, search.day))
    if width is Width.EXACT:
        return [asked.where(Name.key == func.any(list(part.keys)))]
    if width is Width.SLIP:
        slips = sorted({slip for key in part.keys for slip in list_slips(key)})
        begins = [asked.where(Name.key.startswith(key, autoescape=True)) for key in part.keys if len(key) > 2]
        return [asked.where(Name.key == func.any(slips)), *begins]
    share = func.set_config("pg_trgm.word_similarity_threshold", str(LEAST_SHARED), True)
    search.session.execute(select(share))
    return [
        asked.where(Name.key.op("%>")(key))
        .order_by(func.word_similarity(key, Name.key).desc(), Name.key, Name.division_id)
        .limit(MOST_LOOSE)
        for key in part.keys
    ]


def _find_levels(
    search: _Search, divisions: list[int], *, levels: list[str] | None, scope: list[int] | None
) -> dict[int, str]:
    """Find the levels of those divisions that stand in the register, of the levels and inside the scope asked for."""
    if not divisions:
        return {}
    asked = (
        select(Standing.division_id, Standing.level)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == search.register.id, holds_on(Standing, search.day))
        .where(Standing.division_id == func.any(divisions))
    )
    if levels is not None:
        asked = asked.where(Standing.level == func.any(levels))
    if scope is not None:
        asked = asked.where(Standing.parent_id == func.any(scope))
    return {division: level for division, level in search.session.execute(asked)}


def _list_inside(search: _Search, divisions: list[int]) -> list[int]:
    """List divisions with all below them that others may stand under."""
    first = select(Standing.division_id, Standing.level).where(
        Standing.division_id == func.any(divisions), holds_on(Standing, search.day)
    )
    steps = first.cte("inside", recursive=True)
    pack = search.register.pack
    # places are many, and nothing stands under them: levels with none but places below are not opened
    opened = [key for key in pack.level_keys if any(not below.is_place for below in pack.children_of(key))]
    below = select(Standing.division_id, Standing.level).where(
        Standing.parent_id == steps.c.division_id, steps.c.level == func.any(opened), holds_on(Standing, search.day)
    )
    return list(search.session.scalars(select(steps.union(below).c.division_id)))


def _describe(search: _Search, matches: list[_Match], limit: int) -> tuple[SearchHit, ...]:
    people = _count_own(search, matches)
    codes = _find_codes(search, matches) if len(matches) > 1 else {}
    pack = search.register.pack

    def order(one: _Match) -> tuple[float, int, int, str, int]:
        rank = pack.level(one.level).rank
        return -one.score, rank, -people.get(one.division, 0), codes.get(one.division, ""), one.division

    first = sorted(matches, key=order)[:limit]
    known = _load_chains(search, [match.division for match in first])
    return tuple(
        SearchHit(
            replace(known[match.division], people=people.get(match.division)),
            _climb(known, match.division),
            round(match.score, 4),
            match.reasons,
        )
        for match in first
    )


def _count_own(search: _Search, matches: list[_Match]) -> dict[int, int]:
    """Give the latest count of each division that was counted itself: sums would be dear for so many."""
    divisions = [match.division for match in matches]
    figures = (
        select(Population.division_id, Population.people)
        .where(Population.division_id == func.any(divisions), is_current(Population))
        .order_by(Population.division_id, Population.counted_on.nulls_first(), Population.source)
    )
    return {division: people for division, people in search.session.execute(figures)}


def _find_codes(search: _Search, matches: list[_Match]) -> dict[int, str]:
    divisions = [match.division for match in matches]
    rows = select(Code.division_id, func.min(Code.code)).where(
        Code.division_id == func.any(divisions), holds_on(Code, search.day)
    )
    return {division: code for division, code in search.session.execute(rows.group_by(Code.division_id))}


def _load_chains(search: _Search, divisions: list[int]) -> dict[int, Division]:
    """Load divisions with all that are above them."""
    if not divisions:
        return {}
    first = select(Standing.division_id, Standing.parent_id).where(
        Standing.division_id == func.any(divisions), holds_on(Standing, search.day)
    )
    steps = first.cte("above", recursive=True)
    above = select(Standing.division_id, Standing.parent_id).where(
        and_(Standing.division_id == steps.c.parent_id, holds_on(Standing, search.day))
    )
    ids = list(search.session.scalars(select(steps.union(above).c.division_id)))
    found = list_matching(search.session, search.register, search.day, Standing.division_id == func.any(ids))
    return {one.id: one for one in found}


def _climb(known: dict[int, Division], division: int) -> tuple[Division, ...]:
    chain: list[Division] = []
    parent = known[division].parent_id
    while parent is not None and parent in known and len(chain) < len(known):
        chain.insert(0, known[parent])
        parent = known[parent].parent_id
    return tuple(chain)
