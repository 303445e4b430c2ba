"""Load the part of a register that a change concerns, as it stands on the day the change takes effect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ARRAY, BigInteger, ColumnElement, LargeBinary, Select, func, literal, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from geo.register.changes.kinds import KIND_RULES
from geo.register.changes.orders import ChangeOrder
from geo.register.changes.states import DivisionState, RegisterView
from services.lookups import list_taken
from services.queries import RegisterState, holds_on, is_current
from services.register.references import resolve_references
from services.tables.register import Boundary, Code, Division, Name, Position, Standing

Promised = Mapping[int, Mapping[str, str]]
"""Codes set aside for a change, by division and `scheme/version`."""

DATED = (Standing, Code, Name, Boundary, Position)
"""The tables of facts that hold for a period."""


def load_view(
    session: Session,
    register: RegisterState,
    order: ChangeOrder,
    *,
    promised: Promised | None = None,
    references: Mapping[str, int] | None = None,
) -> RegisterView:
    """Load what an order concerns: its divisions, all above and below them, and the boundaries near its ground.

    Whoever knows already what its words mean says so by `references`.
    """
    day = order.effective_on
    if references is None:
        references = resolve_references(session, register, order.list_references(), day)
    named = set(references.values())
    keys = _walk(session, named, day, upwards=True) | _walk(session, named, day, upwards=False)
    moving = {references[word] for word in order.list_moving()}
    shapes = _fetch_shapes(session, _is_among(keys), day)
    shapes |= _load_near(session, register, order, [shapes[key] for key in sorted(moving & shapes.keys())])
    states = _load_states(session, keys | shapes.keys(), day)
    for key, shape in shapes.items():
        if key in states:
            states[key] = replace(states[key], boundary=shape)
    return RegisterView(
        pack=register.pack,
        day=day,
        divisions=states,
        references=references,
        taken=_load_taken(session, register, order, states=states, promised=promised or {}),
        promised=promised or {},
        settled=_find_settled(session, states.keys(), day),
    )


def _walk(session: Session, seeds: set[int], day: date, *, upwards: bool) -> set[int]:
    """List divisions with all above them, or with all below them."""
    column, other = Standing.division_id, Standing.parent_id
    near, far = (column, other) if upwards else (other, column)
    first = select(func.unnest(cast_to(sorted(seeds), ARRAY(BigInteger))).label("id")).cte("walk", recursive=True)
    # UNION, not UNION ALL: a circle of parents ends where it began
    steps = first.union(select(far).join(first, near == first.c.id).where(holds_on(Standing, day)))
    return {key for key in session.scalars(select(steps.c.id)) if key is not None}


def _is_among(divisions: Collection[int]) -> ColumnElement[bool]:
    return Boundary.division_id == func.any(sorted(divisions))


def _load_near(
    session: Session, register: RegisterState, order: ChangeOrder, moving: Sequence[BaseGeometry]
) -> dict[int, BaseGeometry]:
    """Load the boundaries, of every level, that come near the ground of a change."""
    frames = [shapely.to_wkb(shapely.box(*shape.bounds)) for shape in (*moving, *order.list_drawn())]
    if not frames:
        return {}
    # box by box: what lies between grounds that are far from each other does not matter
    boxes = select(func.ST_GeomFromWKB(func.unnest(literal(frames, ARRAY(LargeBinary))), 4326).label("box")).subquery()
    meets = Boundary.id.in_(select(Boundary.id).join(boxes, Boundary.geom.intersects(boxes.c.box)))
    near = Boundary.division_id.in_(select(Division.id).where(Division.register_id == register.id))
    return _fetch_shapes(session, meets & near, order.effective_on)


def _fetch_shapes(session: Session, condition: ColumnElement[bool], day: date) -> dict[int, BaseGeometry]:
    rows = session.execute(
        select(Boundary.division_id, func.ST_AsBinary(Boundary.geom)).where(condition, holds_on(Boundary, day))
    )
    return {key: shapely.from_wkb(bytes(wkb)) for key, wkb in rows}


def _load_states(session: Session, keys: Iterable[int], day: date) -> dict[int, DivisionState]:
    """Load what stands on the day, without boundaries."""
    chosen = sorted(keys)
    codes: dict[int, dict[str, str]] = {}
    for key, scheme, version, code in session.execute(_pick(Code, chosen, day, "scheme", "version", "code")):
        codes.setdefault(key, {})[f"{scheme}/{version}"] = code
    names: dict[int, dict[str, str]] = {}
    for key, language, text in session.execute(_pick(Name, chosen, day, "language", "text").where(Name.official)):
        names.setdefault(key, {})[language] = text
    points = session.execute(
        select(Position.division_id, func.ST_AsBinary(Position.geom)).where(
            Position.division_id == func.any(chosen), holds_on(Position, day)
        )
    )
    positions = {key: cast(Point, shapely.from_wkb(bytes(wkb))) for key, wkb in points}
    return {
        key: DivisionState(key, level, parent, codes.get(key, {}), names.get(key, {}), None, positions.get(key))
        for key, level, parent in session.execute(_pick(Standing, chosen, day, "level", "parent_id"))
    }


def _pick(table: Any, keys: list[int], day: date, *columns: str) -> Select[Any]:  # noqa: ANN401 - any dated table
    chosen = (getattr(table, column) for column in columns)
    return select(table.division_id, *chosen).where(table.division_id == func.any(keys), holds_on(table, day))


def _load_taken(
    session: Session,
    register: RegisterState,
    order: ChangeOrder,
    *,
    states: Mapping[int, DivisionState],
    promised: Promised,
) -> dict[str, frozenset[str]]:
    """Load the codes that are not free, of the schemes the change may issue codes in."""
    if not KIND_RULES[order.kind].parts & {"codes", "recode"}:
        return {}  # a renaming gives no codes, and a country has a hundred thousand of them
    pack = register.pack
    founded = (*order.founded, *((order.inner,) if order.inner else ()))
    words = {pack.primary_scheme(one.level).word for one in founded if one.level in pack.level_keys}
    words |= {word for codes in order.codes.values() for word in codes}
    words |= {word for key in states for word in states[key].codes} if order.recode else set()
    mine = {code for codes in promised.values() for code in codes.values()}
    schemes = {scheme.word: scheme for scheme in pack.schemes if scheme.word in words}
    return {word: list_taken(session, register, schemes[word]) - mine for word in sorted(schemes)}


def _find_settled(session: Session, keys: Iterable[int], day: date) -> frozenset[int]:
    """Find the divisions of which facts are known that begin after the day."""
    found: set[int] = set()
    chosen = sorted(keys)
    for table in DATED:
        later = func.lower(table.valid) > literal(day)
        found.update(
            session.scalars(
                select(table.division_id).where(table.division_id == func.any(chosen), later, is_current(table))
            )
        )
    return frozenset(found)
