"""Publish the districts of a plan as the constituencies of a body."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.errors import AlreadyExists, InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.answers import ConstituencyLine
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_store import read_kept, select_plan
from services.queries import RegisterState
from services.tables.elections import Constituency, ConstituencyDivision

LONGEST_NAME = 200
"""The longest name of a constituency."""


def publish_plan(
    session: Session,
    register: RegisterState,
    name: str,
    *,
    body: str,
    caller: Caller,
    version: int | None = None,
    names: Mapping[int, str] | None = None,
    replace: bool = False,
) -> tuple[ConstituencyLine, ...]:
    """Make each district a constituency of a body, with its seats and its units as they stood on the plan's day.

    Divisions that change later do not move it. Raises AlreadyExists where the body has constituencies and they are not
    to be replaced.
    """
    answer = read_kept(session, register, name, version)
    within = answer.within
    check_permitted(session, caller, Action.PUBLISH_PLAN, register, within.id if within else None)
    if register.pack.bodies:
        register.pack.body(body)
    called = name_districts(answer, names or {})
    _make_room(session, register, body, may_replace=replace)
    plan = session.scalar(select_plan(register, name, answer.version))
    for line in answer.districts:
        row = {"register_id": register.id, "body": body, "plan_id": plan.id if plan else None, "seats": line.seats}
        row |= {"code": f"{line.district:03}", "name": called[line.district]}
        key = session.scalar(insert(Constituency).values(**row).returning(Constituency.id))
        held = [unit.division.id for unit in answer.units if unit.district == line.district]
        session.execute(
            insert(ConstituencyDivision), [{"constituency_id": key, "division_id": division} for division in held]
        )
    detail = {"name": name, "version": answer.version, "body": body, "constituencies": len(answer.districts)}
    record_write(session, caller=caller, action=Action.PUBLISH_PLAN, subject=register.name, detail=detail)
    return list_published(session, register, body)


def name_districts(answer: PlanAnswer, names: Mapping[int, str]) -> dict[int, str]:
    """Name each district: as given, or else after the plan and its number."""
    numbers = {line.district for line in answer.districts}
    for district, text in sorted(names.items()):
        if district not in numbers:
            reason = because("outside_range", least=1, most=len(numbers))
            raise InvalidValue(field="names", value=district, reason=reason)
        if not text.strip() or "\0" in text or len(text) > LONGEST_NAME:
            raise InvalidValue(
                field=f"names.{district}", value=text[:40].replace("\0", "\ufffd"), reason=because("no_name")
            )
    return {number: names.get(number, f"{answer.name} {number}") for number in numbers}


def _make_room(session: Session, register: RegisterState, body: str, *, may_replace: bool) -> None:
    """Take away the constituencies that a body has, if they may be replaced."""
    own = select(Constituency.id).where(Constituency.register_id == register.id, Constituency.body == body)
    if session.scalar(own.limit(1)) is None:
        return
    if not may_replace:
        raise AlreadyExists(name=body)
    session.execute(delete(Constituency).where(Constituency.id.in_(own)))


def list_published(session: Session, register: RegisterState, body: str) -> tuple[ConstituencyLine, ...]:
    """List the constituencies of a body by code."""
    rows = session.execute(
        select(Constituency.body, Constituency.code, Constituency.name, Constituency.seats)
        .where(Constituency.register_id == register.id, Constituency.body == body)
        .order_by(Constituency.code)
    )
    return tuple(ConstituencyLine(*row) for row in rows)
