"""Resolve a code on a day: who holds it, who held it or will, and in which version of which scheme.

A code that means several things is answered with all of them; none is chosen for the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound, InvalidCode, Reason, because
from geo.register.countries import CountryPack
from geo.register.divisions import Division
from geo.register.packs import load_pack
from geo.register.periods import Period
from geo.register.resolving import CodeQuestion, CodeReading, read_question
from services.lookups import list_ancestors
from services.queries import RegisterState, is_current, to_period
from services.tables import Table
from services.tables.changes import ReservedCode
from services.tables.register import Code, Name, Standing


class Tense(StrEnum):
    """Tell how a holding lies to the day asked about."""

    HOLDS = "holds"
    """It holds on the day."""
    HELD = "held"
    """It ended on the day or before."""
    WILL_HOLD = "will_hold"
    """It begins after the day."""


@dataclass(frozen=True)
class CodeHolding:
    """Say that a division has, had or will have the code."""

    scheme: str
    """The scheme."""
    version: str
    """Its version."""
    code: str
    """The code in full."""
    tense: Tense
    """Whether it holds on the day asked about."""
    period: Period
    """When it holds, inside the days on which the version is in force."""
    division: Division
    """The division, as it stands on the day, or on the day of the period that is nearest to it."""
    chain: tuple[Division, ...] = ()
    """The divisions above it, from the top, when they were asked for."""

    @property
    def told(self) -> Reason:
        """Tell when it holds: what it means now, or the last day it meant so, or the first day it will."""
        start, end = self.period.start, self.period.end
        last = end - timedelta(days=1) if end else None
        if self.tense is Tense.HELD:
            return because("code_held_until", day=last)
        if self.tense is Tense.WILL_HOLD:
            return because("code_held_from", day=start)
        if start and last:
            return because("code_holds_between", start=start, last=last)
        if last:
            return because("code_holds_until", day=last)
        return because("code_holds_since", day=start) if start else because("code_holds")


@dataclass(frozen=True)
class KeptCode:
    """Say that a code is kept from being given."""

    scheme: str
    """The scheme."""
    version: str
    """Its version."""
    code: str
    """The code in full."""
    state: str
    """Whether it is reserved or retired."""
    reason: str
    """Why, in the words of the officer."""


@dataclass(frozen=True)
class CodeAnswer:
    """Hold all that a code means."""

    register: str
    """The register asked."""
    asked: str
    """The question as it was given."""
    day: date
    """The day asked about."""
    holdings: tuple[CodeHolding, ...]
    """What the code means: first what it means on the day, then what it meant last."""
    kept: tuple[KeptCode, ...] = ()
    """Where the code is reserved or retired, told when nobody holds it on the day."""
    notes: tuple[Reason, ...] = ()
    """What was changed to read the question."""

    @property
    def meanings(self) -> tuple[CodeHolding, ...]:
        """List what the code means on the day itself."""
        return tuple(one for one in self.holdings if one.tense is Tense.HOLDS)


@dataclass(frozen=True)
class _Found:
    """Hold one stored code with its reading."""

    division: Division
    reading: CodeReading
    period: Period
    tense: Tense
    on: date


def resolve_code(
    session: Session, register: RegisterState, text: str, *, day: date, with_chain: bool = False
) -> CodeAnswer:
    """Say what a code means on `day` and what it means on other days.

    Zeros are put back only when nobody ever had the code as it stands and only one code with its zeros is known.
    Raises UnknownScheme, InvalidCode when the code breaks the rule of its scheme or several codes could be meant, and
    DivisionNotFound when nobody has had it.
    """
    question = read_question(text, register.pack)
    found, used = _find_first(session, register, question, day=day)
    meant = any(one.tense is Tense.HOLDS for one in found)
    kept = () if meant else _list_kept(session, register, used)
    if not found and not kept:
        raise DivisionNotFound(asked=question.text)
    holdings = tuple(_describe(session, register, one, with_chain=with_chain) for one in found)
    notes = tuple(dict.fromkeys(note for reading in used for note in reading.notes))
    return CodeAnswer(register.name, question.text, day, holdings, kept, notes)


def _find_first(
    session: Session, register: RegisterState, question: CodeQuestion, *, day: date
) -> tuple[list[_Found], tuple[CodeReading, ...]]:
    """Find who has the code as it stands, or else with its zeros; also the readings that were meant."""
    found = _find_holdings(session, register, question.whole, day=day)
    if found or not question.restored:
        return found, question.whole
    found = _find_holdings(session, register, question.restored, day=day)
    codes = sorted({one.reading.code for one in found})
    if len(codes) > 1:
        asked = because("code_any_scheme") if question.is_bare else tuple(one.word for one in question.schemes)
        raise InvalidCode(code=question.text, scheme=asked, reason=because("code_readings", codes=codes))
    used = tuple(reading for reading in question.restored if reading.code in codes)
    return found, used or question.whole


def _find_holdings(
    session: Session, register: RegisterState, readings: Sequence[CodeReading], *, day: date
) -> list[_Found]:
    """Find all stored codes that a reading means, in the order in which they are told."""
    if not readings:
        return []
    wanted = {(one.scheme.key, one.scheme.version, one.code): one for one in readings}
    asked = {"register": register.id, "codes": sorted({one.code for one in readings}), "day": day}
    found: list[_Found] = []
    for row in session.connection().execute(make_statement(register.country), asked):
        reading = wanted.get((row.scheme, row.version, row.code))
        period = reading and to_period(row.valid).intersect(reading.scheme.period)
        if reading and period:
            found.append(_Found(_to_division(row), reading, period, tell_tense(period, day), row.at))
    order = {scheme.word: number for number, scheme in enumerate(register.pack.schemes)}
    return sorted(found, key=lambda one: (*_rank_time(one, day), order[one.reading.scheme.word], one.division.id))


@cache
def make_statement(country: str) -> Select[Any]:
    """Make the statement by which codes are looked up, once a country.

    It tells each division as it stands on the day of the code's period that is nearest to the day asked about. To make
    a statement takes longer than to run it, and one of plain tables is read in half the time of one of classes.
    """
    day = bindparam("day", type_=Date)
    code, standing, name = _columns(Code), _columns(Standing), _columns(Name)
    ended = func.upper(code.valid) <= day
    at = case((code.valid.contains(day), day), (ended, func.upper(code.valid) - 1), else_=func.lower(code.valid))
    held = (
        select(code.division_id, code.scheme, code.version, code.code, code.valid, at.label("at"))
        .where(code.code == func.any(bindparam("codes", type_=ARRAY(Text))))
        .where(code.register_id == bindparam("register"), is_current(code))
        .subquery("held")
    )
    stands = and_(standing.division_id == held.c.division_id, _is_told(standing, held.c.at))
    own = _select_own(load_pack(country), held).lateral("own")
    names = select(func.jsonb_object_agg(name.language, name.text)).where(
        name.division_id == held.c.division_id, name.official, _is_told(name, held.c.at)
    )
    told = (standing.level, standing.parent_id, own.c.code.label("own_code"), own.c.scheme.label("own_scheme"))
    joined = held.outerjoin(Standing.__table__, stands).outerjoin(own, true())
    return select(*held.c, *told, names.scalar_subquery().label("names")).select_from(joined)


def _columns(table: type[Table]) -> Any:  # noqa: ANN401 - columns by name
    return table.__table__.c


def _select_own(pack: CountryPack, held: Subquery) -> Select[str, str]:
    """Select the code by which a division is best known: the primary scheme's, else the first scheme's."""
    own, level_of = Code.__table__.alias("known").c, _columns(Standing).level
    schemes = [(level.key, pack.primary_scheme(level.key).key) for level in pack.levels]
    is_primary = or_(*(and_(level_of == level, own.scheme == scheme) for level, scheme in schemes))
    return (
        select(own.code, own.scheme)
        .where(own.division_id == held.c.division_id, _is_told(own, held.c.at))
        .order_by(is_primary.desc(), own.scheme, own.version.desc())
        .limit(1)
    )


def _is_told(table: Any, at: ColumnElement[date]) -> ColumnElement[bool]:  # noqa: ANN401 - any dated table or its alias
    return and_(table.valid.contains(at), is_current(table))


def _to_division(row: Row[Any]) -> Division:
    names = row.names or {}
    return Division(
        row.division_id, row.level or "", row.own_code or row.code, row.own_scheme or row.scheme, names, row.parent_id
    )


def tell_tense(period: Period, day: date) -> Tense:
    """Tell how a period lies to a day."""
    if period.contains(day):
        return Tense.HOLDS
    return Tense.HELD if period.end is not None and period.end <= day else Tense.WILL_HOLD


def _rank_time(found: _Found, day: date) -> tuple[bool, int]:
    return found.tense is not Tense.HOLDS, abs((found.on - day).days)


def _describe(session: Session, register: RegisterState, found: _Found, *, with_chain: bool) -> CodeHolding:
    above = list_ancestors(session, register, found.division, day=found.on) if with_chain else []
    return CodeHolding(
        scheme=found.reading.scheme.key,
        version=found.reading.scheme.version,
        code=found.reading.code,
        tense=found.tense,
        period=found.period,
        division=found.division,
        chain=tuple(each for each in above if each.id != found.division.id),
    )


def _list_kept(session: Session, register: RegisterState, readings: Sequence[CodeReading]) -> tuple[KeptCode, ...]:
    """List where a code is reserved or retired."""
    wanted = {(one.scheme.key, one.scheme.version, one.code) for one in readings}
    rows = session.execute(
        select(ReservedCode.scheme, ReservedCode.version, ReservedCode.code, ReservedCode.state, ReservedCode.reason)
        .where(
            ReservedCode.register_id == register.id, ReservedCode.code == func.any(sorted({one[2] for one in wanted}))
        )
        .order_by(ReservedCode.scheme, ReservedCode.version, ReservedCode.code)
    )
    return tuple(KeptCode(*row) for row in rows if tuple(row[:3]) in wanted)
