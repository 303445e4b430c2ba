"""Record polling stations with their branches and catchments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.elections.stations import Branch, Station
from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.codes import map_codes
from services.queries import RegisterState
from services.tables import elections as tables


def record_stations(
    session: Session,
    register: RegisterState,
    stations: Sequence[Station],
    *,
    caller: Caller,
    catchments: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """Record stations with their branches; one that is there under its code is replaced.

    `catchments` says for station codes the codes of the divisions whose electors vote there. Gives the number written.
    """
    check_permitted(session, caller, Action.RECORD_STATION, register)
    if not stations:
        return 0
    _check_stations(stations)
    served = catchments or {}
    codes = [station.division_code for station in stations if station.division_code]
    divisions = map_codes(session, register, [*codes, *(code for held in served.values() for code in held)])
    keys = _write_stations(session, register, [_to_row(register, station, divisions) for station in stations])
    _replace_branches(session, stations, keys)
    _replace_catchments(session, [(keys[code], divisions[held]) for code in sorted(served) for held in served[code]])
    detail = {"stations": len(stations), "catchments": len(served)}
    record_write(session, caller=caller, action=Action.RECORD_STATION, subject=register.name, detail=detail)
    return len(stations)


def _check_stations(stations: Sequence[Station]) -> None:
    """Refuse what the store cannot hold, before anything is written."""
    seen: set[str] = set()
    for station in stations:
        if station.code in seen:
            raise InvalidValue(field="station.code", value=station.code, reason=because("said_twice"))
        seen.add(station.code)
        for branch in station.branches:
            if not branch.number.isdecimal():
                raise InvalidValue(field="branch.number", value=branch.number, reason=because("not_a_number"))


def _to_row(register: RegisterState, station: Station, divisions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "register_id": register.id,
        "code": station.code,
        "name": station.name,
        "geom": to_geometry(station.point),
        "division_id": divisions.get(station.division_code),
        "visibility": station.visibility.value,
        "synthetic": station.synthetic,
    }


def to_geometry(point: Point | None) -> WKBElement | None:
    """Write a point for the store; an empty one is none."""
    return None if point is None or point.is_empty else from_shape(point, srid=4326)


def _write_stations(session: Session, register: RegisterState, rows: list[dict[str, Any]]) -> dict[str, int]:
    statement = upsert(tables.Station)
    changed = {name: statement.excluded[name] for name in ("name", "geom", "division_id", "visibility", "synthetic")}
    session.execute(statement.on_conflict_do_update(index_elements=["register_id", "code"], set_=changed), rows)
    codes = [row["code"] for row in rows]
    own = (tables.Station.register_id == register.id, tables.Station.code == func.any(codes))
    return {code: key for code, key in session.execute(select(tables.Station.code, tables.Station.id).where(*own))}


def _replace_branches(session: Session, stations: Sequence[Station], keys: Mapping[str, int]) -> None:
    session.execute(delete(tables.Branch).where(tables.Branch.station_id == func.any(sorted(keys.values()))))
    rows = [_to_branch_row(keys[station.code], branch) for station in stations for branch in station.branches]
    if rows:
        session.execute(insert(tables.Branch), rows)


def _to_branch_row(station: int, branch: Branch) -> dict[str, Any]:
    return {
        "station_id": station,
        "number": int(branch.number),
        "sex": branch.sex.value,
        "mobile": branch.mobile,
        "capacity": branch.capacity,
        "opens": branch.opens,
        "closes": branch.closes,
        "accessible": branch.accessible,
    }


def _replace_catchments(session: Session, pairs: list[tuple[int, int]]) -> None:
    if not pairs:
        return
    served = sorted({station for station, _ in pairs})
    session.execute(delete(tables.Catchment).where(tables.Catchment.station_id == func.any(served)))
    rows = [{"station_id": station, "division_id": division} for station, division in sorted(set(pairs))]
    session.execute(insert(tables.Catchment), rows)
