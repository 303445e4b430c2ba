"""Measure how far people of a plan's districts are from the nearest polling station."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.districting import measure_reach
from geo.districting.graph import Floats
from services.elections.plan_grounds import KeptPlan
from services.queries import RegisterState
from services.tables.elections import Station


@dataclass(frozen=True)
class DistrictReach:
    """Say how a district lies to what its people have to reach."""

    district: int
    """Its number."""
    people_per_seat: float
    """Its people for each member it returns."""
    station_m: float | None
    """How far its people are from the nearest station in the mean; None where none has a known place."""
    farthest_m: float | None
    """How far the unit is that lies farthest from a station."""


def list_reach(session: Session, register: RegisterState, kept: KeptPlan) -> tuple[DistrictReach, ...]:
    """Measure each district of a kept plan; units count at a point inside them, with their people."""
    spots = load_stations(session, register)
    plan, seats = kept.plan, kept.rule.weights.tolist()
    far = measure_reach(plan, kept.ground.grounds, spots) if len(spots) else ((None, None),) * len(seats)
    return tuple(
        DistrictReach(at + 1, round(people / seats[at], 1), *far[at]) for at, people in enumerate(plan.people.tolist())
    )


def load_stations(session: Session, register: RegisterState) -> Floats:
    """Load the places of the stations of a register that may be told, as longitude and latitude."""
    own = select(Station.geom).where(
        Station.register_id == register.id, Station.geom.is_not(None), Station.visibility == "public"
    )
    points = [to_shape(geom) for geom in session.scalars(own.order_by(Station.code)) if geom is not None]
    found: Floats = shapely.get_coordinates(np.array(points, dtype=object)) if points else np.zeros((0, 2))
    return found
