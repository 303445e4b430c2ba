"""Find the polling stations, catchments, plans and constituencies that a change touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from geo.register.consequences import CatchmentRow, ConstituencyRow, Party, Shift, StationRow
from services.consequences.scenes import Scene, covers
from services.queries import count_people_in
from services.tables.elections import (
    Branch,
    Catchment,
    Constituency,
    ConstituencyDivision,
    DistrictPlan,
    PlanUnit,
    Station,
)


def list_stations(scene: Scene) -> tuple[StationRow, ...]:
    """List the stations that come under another division: by their point, else by the division they are filed for."""
    found: dict[int, Shift] = {}
    for _, shift in scene.list_grounds():
        own = select(Station.id).where(Station.register_id == scene.register.id, covers(shift, Station.geom))
        for key in scene.session.scalars(own.order_by(Station.id)):
            found.setdefault(key, shift)
    filed = select(Station.id, Station.division_id).where(
        Station.register_id == scene.register.id,
        Station.geom.is_(None),
        Station.division_id == func.any(sorted(scene.book.turn.before)),
    )
    for key, division in scene.session.execute(filed):
        if other := scene.find_shift(division):
            found.setdefault(key, other)
    return _describe_stations(scene, found)


def _describe_stations(scene: Scene, found: Mapping[int, Shift]) -> tuple[StationRow, ...]:
    branches = select(func.count()).where(Branch.station_id == Station.id).scalar_subquery()
    rows = scene.session.execute(
        select(Station.id, Station.code, Station.name, Station.visibility, branches.label("branches"))
        .where(Station.id == func.any(sorted(found)))
        .order_by(Station.code)
    )
    return tuple(
        StationRow(
            row.code,
            row.name,
            scene.book.name(found[row.id].source),
            scene.book.name(found[row.id].target),
            row.branches,
            row.visibility,
        )
        for row in rows
    )


def list_catchments(scene: Scene) -> tuple[CatchmentRow, ...]:
    """List the catchments made of divisions that change or end."""
    rows = scene.session.execute(
        select(Station.code, Catchment.division_id)
        .join(Station, Station.id == Catchment.station_id)
        .where(Station.register_id == scene.register.id, Catchment.division_id == func.any(list(scene.touched)))
        .order_by(Station.code, Catchment.division_id)
    )
    return tuple(
        CatchmentRow(code, _name(scene, division), division not in scene.book.turn.after) for code, division in rows
    )


def _name(scene: Scene, division: int) -> Party:
    party = scene.book.name(division)
    assert party is not None
    return party


def list_plans(scene: Scene) -> tuple[str, ...]:
    """List the names of district plans with units among the divisions of the change."""
    return tuple(
        scene.session.scalars(
            select(DistrictPlan.name)
            .join(PlanUnit, PlanUnit.plan_id == DistrictPlan.id)
            .where(DistrictPlan.register_id == scene.register.id, PlanUnit.division_id == func.any(list(scene.touched)))
            .distinct()
            .order_by(DistrictPlan.name)
        )
    )


@dataclass(frozen=True)
class _Seat:
    """Hold a constituency with its divisions and people."""

    row: Constituency
    members: frozenset[int]
    before: int | None
    after: int | None


def list_constituencies(scene: Scene) -> tuple[ConstituencyRow, ...]:
    """List the constituencies with divisions of the change, as they would weigh if they followed the divisions."""
    members = _load_members(scene)
    touched = {key for key, divisions in members.items() if divisions & set(scene.touched)}
    rows = scene.session.scalars(
        select(Constituency).where(Constituency.register_id == scene.register.id).order_by(Constituency.code)
    ).all()
    bodies = sorted({row.body for row in rows if row.id in touched})
    found: list[ConstituencyRow] = []
    for body in bodies:
        seats = [_weigh(scene, row, members.get(row.id, frozenset())) for row in rows if row.body == body]
        found += [_to_row(scene, seat, seats) for seat in seats if seat.row.id in touched]
    return tuple(found)


def _load_members(scene: Scene) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    rows = scene.session.execute(
        select(ConstituencyDivision.constituency_id, ConstituencyDivision.division_id)
        .join(Constituency, Constituency.id == ConstituencyDivision.constituency_id)
        .where(Constituency.register_id == scene.register.id)
    )
    for key, division in rows:
        found.setdefault(key, set()).add(division)
    return {key: frozenset(divisions) for key, divisions in found.items()}


def _weigh(scene: Scene, row: Constituency, members: frozenset[int]) -> _Seat:
    book = scene.book
    people = dict(book.people) | count_people_in(scene.session, members - book.people.keys(), scene.day)
    before = [people.get(key) for key in sorted(members)]
    heirs = {key for key in scene.effect.founded if _comes_from(scene, key, members)}
    alive = sorted((members & book.turn.after.keys()) | (members - book.turn.before.keys()) | heirs)
    after = [book.people_after[key] if key in book.people_after else people.get(key) for key in alive]
    return _Seat(row, members, _add(before), _add(after))


def _comes_from(scene: Scene, founded: int, members: frozenset[int]) -> bool:
    """Tell whether a new division is made of members alone, and so is taken for one."""
    sources = {shift.source for shift in scene.book.shifts if shift.target == founded}
    return bool(sources) and sources <= members


def _add(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if numbers and len(known) == len(numbers) else None


def _to_row(scene: Scene, seat: _Seat, seats: list[_Seat]) -> ConstituencyRow:
    return ConstituencyRow(
        body=seat.row.body,
        code=seat.row.code,
        name=seat.row.name,
        seats=seat.row.seats,
        touched=tuple(_name(scene, key) for key in sorted(seat.members & set(scene.touched))),
        people_before=seat.before,
        people_after=seat.after,
        deviation_before=_deviate(seat.before, seat.row.seats, [(one.before, one.row.seats) for one in seats]),
        deviation_after=_deviate(seat.after, seat.row.seats, [(one.after, one.row.seats) for one in seats]),
    )


def _deviate(people: int | None, seats: int, others: list[tuple[int | None, int]]) -> float | None:
    """Say how far the people by seat lie from those of the whole body, as a share of it."""
    total, all_seats = _add([number for number, _ in others]), sum(number for _, number in others)
    if people is None or not total or not seats or not all_seats:
        return None
    return round(people / seats / (total / all_seats) - 1, 6)
