"""Find the polling branches where somebody may vote, from a point, a code or a name.

Nothing of the question is logged, stored or repeated in an error: where a voter lives is nobody's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import isfinite

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Sex
from geo.errors import DivisionNotFound, InvalidValue, Reason, because
from geo.register.divisions import Division
from services.elections.answers import Basis, BranchAnswer, Origin
from services.elections.chains import climb_chain, locate_chain
from services.elections.choices import Choice, choose_stations, list_constituencies
from services.elections.lines import Wish, list_lines
from services.lookups import list_coded, list_named
from services.queries import RegisterState, get_register, holds_on
from services.tables.register import Boundary, Position

MOST_STATIONS = 50
"""So many stations are listed at most."""

MOST_CANDIDATES = 50
"""So many divisions of one name are listed at most."""


def find_branch(
    session: Session,
    register_name: str,
    *,
    day: date,
    point: Point | None = None,
    code: str | None = None,
    name: str | None = None,
    level: str | None = None,
    count: int = 3,
    sex: Sex | None = None,
) -> BranchAnswer:
    """Find the divisions and the nearest branches of exactly one of a point, a code or a name on `day`.

    A code or name that several divisions have is answered with all of them as candidates, never with a guess; `level`
    narrows it. Outside all divisions, or for an unknown code or name, raises DivisionNotFound.
    """
    register = get_register(session, register_name)
    # errors below name no point, code or name: whoever reads a log must not learn who asked from where
    wish = Wish(day, _check_count(count), sex or Sex.ANY)
    match (point, code, name):
        case (Point() as place, None, None):
            _check_point(register, place)
            chain = locate_chain(session, register, place, day=day)
            answer = BranchAnswer(register.name, day, chain, origin=Origin.POINT)
            return _add_stations(session, register, answer, place=place, wish=wish)
        case (None, str() as asked, None):
            return _find_known(session, register, _keep_level(register, list_coded, level), asked, wish)
        case (None, None, str() as asked):
            return _find_known(session, register, _keep_level(register, list_named, level), asked, wish)
    raise InvalidValue(field="point, code, name", value=because("not_repeated"), reason=because("ask_one_thing"))


Lister = Callable[..., list[Division]]
"""Lists the divisions that a code or a name could mean."""


def _keep_level(register: RegisterState, lister: Lister, level: str | None) -> Lister:
    if level is None:
        return lister
    wanted = register.pack.level(level).key
    return lambda session, register, asked, *, day: [
        one for one in lister(session, register, asked, day=day) if one.level == wanted
    ]


def _check_count(count: int) -> int:
    if not 1 <= count <= MOST_STATIONS:
        raise InvalidValue(field="count", value=count, reason=because("outside_range", least=1, most=MOST_STATIONS))
    return count


def _check_point(register: RegisterState, point: Point) -> None:
    reason = _find_fault(register, point)
    if reason is not None:
        raise InvalidValue(field="point", value=because("not_repeated"), reason=reason)


def _find_fault(register: RegisterState, point: Point) -> Reason | None:
    """Say what is wrong with a point; far away from the country it is not wrong, only outside."""
    if point.is_empty or not (isfinite(point.x) and isfinite(point.y)):
        return because("point_not_finite")
    if register.pack.bounds.looks_swapped(point.x, point.y):
        return because("point_swapped")
    if not (-180 <= point.x <= 180 and -90 <= point.y <= 90):
        return because("point_off_earth")
    return None


def _find_known(session: Session, register: RegisterState, lister: Lister, asked: str, wish: Wish) -> BranchAnswer:
    found = lister(session, register, asked, day=wish.day)
    if not found:
        raise DivisionNotFound(asked=because("asked_unknown"))
    if len(found) > 1:
        return BranchAnswer(
            register.name, wish.day, candidates=tuple(found[:MOST_CANDIDATES]), candidate_count=len(found)
        )
    chain = climb_chain(session, register, found[0], day=wish.day)
    place, origin = _choose_origin(session, found[0], wish.day)
    return _add_stations(
        session, register, BranchAnswer(register.name, wish.day, chain, origin=origin), place=place, wish=wish
    )


def _choose_origin(session: Session, division: Division, day: date) -> tuple[Point | None, Origin | None]:
    """Measure from the place or centre, else from inside the boundary, else from nowhere."""
    position = session.scalar(select(Position.geom).where(Position.division_id == division.id, holds_on(Position, day)))
    if position is not None:
        return _to_point(position), Origin.POSITION
    inside = session.scalar(
        select(func.ST_PointOnSurface(Boundary.geom)).where(
            Boundary.division_id == division.id, holds_on(Boundary, day)
        )
    )
    return (_to_point(inside), Origin.INSIDE) if inside is not None else (None, None)


def _to_point(value: WKBElement) -> Point:
    return Point(to_shape(value).coords[0])


def _add_stations(
    session: Session, register: RegisterState, answer: BranchAnswer, *, place: Point | None, wish: Wish
) -> BranchAnswer:
    choice = choose_stations(session, register, answer.chain, day=wish.day)
    lines, withheld = list_lines(session, choice, place=place, wish=wish) if choice else ((), 0)
    return replace(
        answer,
        constituencies=list_constituencies(session, answer.chain),
        basis=choice.basis if choice else None,
        basis_division=_name_basis(answer, choice),
        origin=answer.origin if any(line.distance_m is not None for line in lines) else None,
        stations=lines,
        withheld=withheld,
    )


def _name_basis(answer: BranchAnswer, choice: Choice | None) -> Division | None:
    if choice is None or choice.basis is Basis.CONSTITUENCY:
        return None
    return next(link.division for link in answer.chain if link.division.id == choice.division_id)
