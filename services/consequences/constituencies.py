"""Weigh the constituencies that a change touches, as if they followed their divisions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from geo.register.consequences import ConstituencyRow
from services.consequences.scenes import Scene, name_division
from services.queries import count_people_in
from services.tables.elections import Constituency, ConstituencyDivision


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
        touched=tuple(name_division(scene, key) for key in sorted(seat.members & set(scene.touched))),
        people_before=seat.before,
        people_after=seat.after,
        deviation_before=_deviate(seat.before, seat.row.seats, [(one.before, one.row.seats) for one in seats]),
        deviation_after=_deviate(seat.after, seat.row.seats, [(one.after, one.row.seats) for one in seats]),
        is_synthetic=seat.row.synthetic,
    )


def _deviate(people: int | None, seats: int, others: list[tuple[int | None, int]]) -> float | None:
    """Say how far the people by seat lie from those of the whole body, as a share of it."""
    total, all_seats = _add([number for number, _ in others]), sum(number for _, number in others)
    if people is None or not total or not seats or not all_seats:
        return None
    return round(people / seats / (total / all_seats) - 1, 6)
