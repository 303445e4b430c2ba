"""Share seats among the divisions of a register, the rows of a table, or units that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import and_
from sqlalchemy.orm import Session

from geo.apportionment import SeatRule, SeatUnit, apportion, seat_by_bands
from geo.errors import Infeasible, InvalidValue, because
from geo.register import Body
from geo.register.divisions import Division
from services.elections.seat_answers import SeatsAnswer
from services.elections.seat_files import read_units
from services.elections.seat_orders import SeatOrder
from services.elections.units import select_below
from services.lookups import get_coded, list_matching
from services.queries import RegisterState, count_people
from services.tables.register import Standing


def apportion_units(
    units: Sequence[SeatUnit], order: SeatOrder, *, names: Mapping[str, str], body: Body | None = None
) -> SeatsAnswer:
    """Share seats among units that are given; raises InvalidValue or Infeasible."""
    settled = order.settle(body)
    found = apportion(units, settled) if isinstance(settled, SeatRule) else seat_by_bands(units, settled)
    return SeatsAnswer(found, names, body)


def apportion_file(
    path: Path | str, order: SeatOrder, *, columns: Mapping[str, str], body: Body | None = None
) -> SeatsAnswer:
    """Share seats among the rows of a table with `code` and `population`; raises FileRefused too."""
    table = read_units(path, columns)
    return apportion_units(table.units, order, names=table.names, body=body)


def apportion_register(
    session: Session,
    register: RegisterState,
    order: SeatOrder,
    *,
    day: date,
    level: str | None = None,
    within: str | None = None,
    body: str | None = None,
    language: str = "fa",
) -> SeatsAnswer:
    """Share seats among the divisions of a level by their people, as both are known on `day`.

    A body of the country pack gives the level and the rule, as far as neither is asked for. Raises Infeasible when
    there are no such divisions, and InvalidValue with the codes of those without a population.
    """
    asked = register.pack.body(body) if body is not None else None
    key = level or (asked.level if asked else None)
    if key is None:
        raise InvalidValue(field="level", value="-", reason=because("level_or_body"))
    divisions = _list_divisions(session, register, register.pack.level(key).key, day=day, within=within)
    people = count_people(session, register, day)
    uncounted = [one.code for one in divisions if not people.get(one.id)]
    if uncounted:
        reason = because("units_uncounted", units=uncounted[:10], count=len(uncounted))
        raise InvalidValue(field="population", value=0, reason=reason)
    units = [SeatUnit(one.code, people[one.id]) for one in divisions]
    names = {one.code: one.name_in(language, *register.pack.languages) for one in divisions}
    return apportion_units(units, order, names=names, body=asked)


def _list_divisions(
    session: Session, register: RegisterState, level: str, *, day: date, within: str | None
) -> list[Division]:
    condition = Standing.level == level
    if within is not None:
        around = get_coded(session, register, within, day=day)
        condition = and_(condition, Standing.division_id.in_(select_below(around.id, day)))
    found = list_matching(session, register, day, condition)
    if not found:
        raise Infeasible(reason=because("no_seat_divisions", level=level))
    return found
