"""Give the tests a register with small defects, and two officers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import shapely
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from geo.coverage import GroundMove, Sheet, move_ground
from geo.register.changes import DivisionState
from services.access.roles import Caller, RoleGrant
from services.queries import RegisterState
from services.register.decrees import DecreeText, record_decree

DAY = date(2022, 3, 21)
FIRST = Caller(None, "first", (RoleGrant("national_officer"),))
SECOND = Caller(None, "second", (RoleGrant("national_officer"),))
A, B, D, E = 90101010001, 90101020001, 90101010002, 90102010001
"""Dehestans of the drawing: A and D in one bakhsh, B in another of the county, E in another county."""


def lay_sheet(states: dict[int, DivisionState]) -> Sheet:
    bounded = {key: state.boundary for key, state in states.items() if state.boundary is not None}
    return Sheet(
        bounded,
        {key: state.parent for key, state in states.items()},
        {key: state.level for key, state in states.items()},
    )


def tear(states: dict[int, DivisionState]) -> dict[int, DivisionState]:
    """Draw a sliver that nobody has between A and D, and let E have one of D as well."""
    sheet = lay_sheet(states)
    gap = shapely.Polygon([(51.002, 35.02), (51.008, 35.02), (51.007, 35.01999), (51.003, 35.01999)])
    torn = move_ground(sheet, [GroundMove(gap, D, None)])
    shapes = {**sheet.shapes, **torn.shapes}
    shared = shapely.Polygon([(51.02, 35.012), (51.02, 35.018), (51.01999, 35.017), (51.01999, 35.013)])
    overlap = move_ground(Sheet(shapes, sheet.parents, sheet.levels), [GroundMove(shared, D, E)])
    family = {E, *(key for key in states if key in sheet.list_above(E))} - set(sheet.list_above(D))
    shapes = {**shapes, **{key: shape for key, shape in overlap.shapes.items() if key in family}}
    return {key: replace(state, boundary=_to_many(shapes[key])) if key in shapes else state for key, state in states.items()}


def _to_many(shape: shapely.geometry.base.BaseGeometry) -> shapely.MultiPolygon:
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])


@pytest.fixture
def torn(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store the register that is drawn with letters, with a sliver of nobody and one of two counties."""
    return store_states(session, tear(invent_register()))


@pytest.fixture
def decree(session: Session, torn: RegisterState) -> int:
    """Record a decree that is in force."""
    text = DecreeText("1", "هیئت وزیران", date(2021, 3, 1), date(2021, 3, 21))
    return record_decree(session, torn, text, caller=FIRST).id
