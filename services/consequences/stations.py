"""Find the polling stations, catchments and district plans that a change touches."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from geo.register.consequences import CatchmentRow, Shift, StationRow
from services.consequences.scenes import Scene, covers, name_division
from services.tables.elections import (
    Branch,
    Catchment,
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
        select(
            Station.id, Station.code, Station.name, Station.visibility, Station.synthetic, branches.label("branches")
        )
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
            row.synthetic,
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
        CatchmentRow(code, name_division(scene, division), division not in scene.book.turn.after)
        for code, division in rows
    )


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
