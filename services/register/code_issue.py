"""Say which code is next, keep codes from being given, and give back what was only reserved.

A code that was ever held in a scheme's version, or is reserved or retired, is never free again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from geo.errors import CodeTaken, DivisionNotFound, InvalidCode, InvalidValue, Reason, ReservationNotFound, because
from geo.register.codes import check_code, levels_of, parent_code
from geo.register.issuing import IssuedCode, issue_code
from geo.register.problems import shorten
from geo.register.resolving import get_scheme
from geo.register.schemes import Scheme
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.lookups import NUL, list_taken
from services.queries import RegisterState, is_current
from services.tables.changes import ReservedCode
from services.tables.register import Code, Register

ACTION = Action.DRAFT_CHANGE
"""What the caller must be allowed to do: codes are reserved for changes that are being drafted."""

LONGEST_REASON = 500
"""So many characters a reason has at most."""


@dataclass(frozen=True)
class CodeWish:
    """Say which code is wanted."""

    level: str
    """The level of the division that is to have it."""
    parent: str | None = None
    """The code of the division it will stand under, in the same scheme."""
    scheme: str | None = None
    """The scheme, with its version if need be; None is the primary scheme of the level."""
    code: str | None = None
    """The very code; None is the next free one."""


@dataclass(frozen=True)
class KeptRecord:
    """Hold a code that is kept from being given."""

    scheme: str
    """The scheme with its version."""
    code: str
    """The code."""
    state: str
    """Whether it is reserved or retired."""
    reason: str
    """Why, in the words of who kept it."""
    actor: str
    """Who kept it."""
    at: datetime
    """When."""


@dataclass(frozen=True)
class ReservedAnswer:
    """Hold a code that was reserved, with why it is this one."""

    scheme: str
    """The scheme with its version."""
    code: str
    """The code."""
    reasons: tuple[Reason, ...]
    """Why it is this one; empty when the caller chose it."""


def find_next_code(session: Session, register: RegisterState, wish: CodeWish) -> ReservedAnswer:
    """Find the next free code for a division of a level under a parent, without reserving it.

    Raises CodesExhausted, UnknownLevel, UnknownScheme, InvalidCode for a parent's code outside its scheme, and
    DivisionNotFound for one that nobody has had.
    """
    scheme = choose_scheme(register, wish)
    issued = _issue(scheme, wish, list_taken(session, register, scheme))
    return ReservedAnswer(scheme.word, issued.code, issued.reasons)


def choose_scheme(register: RegisterState, wish: CodeWish) -> Scheme:
    """Choose the scheme a wish means."""
    level = register.pack.level(wish.level).key
    return get_scheme(register.pack, wish.scheme) if wish.scheme else register.pack.primary_scheme(level)


def _issue(scheme: Scheme, wish: CodeWish, taken: frozenset[str]) -> IssuedCode:
    issued = issue_code(scheme, wish.level, parent_code=wish.parent, taken=taken)
    if wish.parent and scheme.rule_of(wish.level).prefix_of and wish.parent not in taken:
        raise DivisionNotFound(asked=f"{scheme.word}:{wish.parent}")
    return issued


def reserve_code(
    session: Session, register: RegisterState, wish: CodeWish, *, reason: str, caller: Caller
) -> ReservedAnswer:
    """Reserve the next free code, or the one that is wished, so that nobody else is given it.

    Raises what `find_next_code` raises, and CodeTaken for a code that is not free.
    """
    _check_reason(reason)
    desk = _Desk(session, register, choose_scheme(register, wish), caller)
    desk.open(wish.code or wish.parent)
    if wish.code is None:
        issued = _issue(desk.scheme, wish, list_taken(session, register, desk.scheme))
    else:
        issued = IssuedCode(_check_wished(desk, wish.level, wish.code), ())
    desk.keep(issued.code, "reserved", reason)
    return ReservedAnswer(desk.scheme.word, issued.code, issued.reasons)


def release_code(session: Session, register: RegisterState, scheme: str, code: str, *, caller: Caller) -> None:
    """Give a reserved code back, so that it can be given again; raises ReservationNotFound, or CodeTaken if retired."""
    desk = _Desk(session, register, get_scheme(register.pack, scheme), caller)
    desk.open(code)
    state = desk.find_state(code)
    if state == "retired":
        raise CodeTaken(code=code, scheme=desk.scheme.word, reason=because("code_retired"))
    if state != "reserved":
        raise ReservationNotFound(code=shorten(code), scheme=desk.scheme.word)
    desk.drop(code)
    desk.record(code, "released")


def retire_code(
    session: Session, register: RegisterState, scheme: str, code: str, *, reason: str, caller: Caller
) -> ReservedAnswer:
    """Retire a code for good; raises InvalidCode outside the scheme, and CodeTaken while a division holds it."""
    _check_reason(reason)
    desk = _Desk(session, register, get_scheme(register.pack, scheme), caller)
    if not levels_of(desk.scheme, code):
        problem = because("code_no_level", scheme=desk.scheme.word)
        raise InvalidCode(code=shorten(code), scheme=desk.scheme.word, reason=problem)
    desk.open(code)
    held = select(Code.id).where(desk.same(Code, code), is_current(Code), func.upper_inf(Code.valid))
    if session.scalar(held.limit(1)):
        raise CodeTaken(code=code, scheme=desk.scheme.word, reason=because("code_held_now"))
    desk.drop(code)
    desk.keep(code, "retired", reason)
    return ReservedAnswer(desk.scheme.word, code, ())


@dataclass(frozen=True)
class _Desk:
    """Stand where codes of one scheme are kept and given back, one officer at a time."""

    session: Session
    register: RegisterState
    scheme: Scheme
    caller: Caller

    def open(self, code: str | None) -> None:
        """Check that the caller may keep a code, and let others wait, so that no code is given twice."""
        scope = find_scope(self.session, self.register, self.scheme, code)
        check_permitted(self.session, self.caller, ACTION, self.register, scope)
        own = select(Register.id).where(Register.id == self.register.id)
        self.session.execute(own.with_for_update(key_share=True))

    def same(self, table: type[Code | ReservedCode], code: str) -> ColumnElement[bool]:
        """Say that a row is of a code."""
        return _is_same(table, self.register, self.scheme, code)

    def find_state(self, code: str) -> str | None:
        """Find why a code is not free: held, reserved or retired."""
        if NUL in code:
            return None
        kept = self.session.scalar(select(ReservedCode.state).where(self.same(ReservedCode, code)))
        held = self.session.scalar(select(Code.id).where(self.same(Code, code)).limit(1))
        return kept or ("held" if held else None)

    def keep(self, code: str, state: str, reason: str) -> None:
        """Keep a code from being given."""
        own = {"register_id": self.register.id, "scheme": self.scheme.key, "version": self.scheme.version, "code": code}
        values = {**own, "state": state, "reason": reason, "actor": self.caller.name}
        self.session.execute(insert(ReservedCode).values(**values))
        self.record(code, state)

    def drop(self, code: str) -> None:
        """Forget that a code was kept."""
        self.session.execute(delete(ReservedCode).where(self.same(ReservedCode, code)))

    def record(self, code: str, state: str) -> None:
        """Write what became of a code into the log."""
        detail = {"scheme": self.scheme.word, "code": code, "state": state}
        record_write(self.session, caller=self.caller, action=ACTION, subject=self.register.name, detail=detail)


def _check_reason(reason: str) -> None:
    if NUL in reason or len(reason) > LONGEST_REASON:
        raise InvalidValue(field="reason", value=shorten(reason), reason=because("code_reason", most=LONGEST_REASON))


def _check_wished(desk: _Desk, level: str, code: str) -> str:
    if problem := check_code(desk.scheme, level, code):
        raise InvalidCode(code=shorten(code), scheme=desk.scheme.word, reason=problem)
    if state := desk.find_state(code):
        raise CodeTaken(code=code, scheme=desk.scheme.word, reason=because(f"code_{state}"))
    return code


def _is_same(
    table: type[Code | ReservedCode], register: RegisterState, scheme: Scheme, code: str
) -> ColumnElement[bool]:
    issue = (table.scheme == scheme.key, table.version == scheme.version)
    return and_(table.register_id == register.id, *issue, table.code == code)


def find_scope(session: Session, register: RegisterState, scheme: Scheme, code: str | None) -> int | None:
    """Find the division whose officers may keep a code: who holds it, or the nearest whose code stands in it."""
    for shorter in _list_fronts(scheme, code or ""):
        own = select(Code.division_id).where(_is_same(Code, register, scheme, shorter), is_current(Code))
        found = session.scalar(own.order_by(func.upper(Code.valid).desc().nulls_first()).limit(1))
        if found is not None:
            return int(found)
    return None


def _list_fronts(scheme: Scheme, code: str) -> list[str]:
    """List a code and the codes inside it, the longest first."""
    fronts = []
    for level in levels_of(scheme, code)[:1]:
        step: str | None = level
        while step is not None:
            fronts.append(code)
            code, step = parent_code(scheme, step, code) or "", scheme.rule_of(step).prefix_of
    return fronts


def list_kept_codes(session: Session, register: RegisterState, scheme: str | None = None) -> tuple[KeptRecord, ...]:
    """List what is reserved and retired, by scheme and code."""
    query = select(ReservedCode).where(ReservedCode.register_id == register.id)
    if scheme is not None:
        own = get_scheme(register.pack, scheme)
        query = query.where(ReservedCode.scheme == own.key, ReservedCode.version == own.version)
    rows = session.scalars(query.order_by(ReservedCode.scheme, ReservedCode.version, ReservedCode.code))
    return tuple(
        KeptRecord(f"{row.scheme}/{row.version}", row.code, row.state, row.reason, row.actor, row.at) for row in rows
    )
