"""Record polling stations with their branches and catchments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Double, Integer, Text, Time, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.elections.stations import Branch, Station
from geo.errors import InvalidValue, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.database.batches import Columns, join_point, split_point, unnest_rows
from services.lookups import map_codes
from services.queries import RegisterState, analyse_tables
from services.tables import elections as tables

STATION_COLUMNS: Columns = {
    "code": Text(),
    "name": Text(),
    "lon": Double(),
    "lat": Double(),
    "division_id": BigInteger(),
    "visibility": Text(),
    "synthetic": Boolean(),
}
"""The columns in which stations travel to the store."""

BRANCH_COLUMNS: Columns = {
    "station_id": BigInteger(),
    "number": Integer(),
    "sex": Text(),
    "mobile": Boolean(),
    "capacity": Integer(),
    "opens": Time(),
    "closes": Time(),
    "accessible": Boolean(),
}
"""The columns in which branches travel to the store."""


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
    keys = _write_stations(session, register, [_to_values(station, divisions) for station in stations])
    _replace_branches(session, stations, keys)
    _replace_catchments(session, [(keys[code], divisions[held]) for code in sorted(served) for held in served[code]])
    analyse_tables(session, tables.Station, tables.Branch, tables.Catchment)
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


def _to_values(station: Station, divisions: Mapping[str, int]) -> tuple[Any, ...]:
    return (
        station.code,
        station.name,
        *split_point(station.point),
        divisions.get(station.division_code),
        station.visibility.value,
        station.synthetic,
    )


def _write_stations(session: Session, register: RegisterState, values: list[tuple[Any, ...]]) -> dict[str, int]:
    """Write stations and give their keys by code."""
    rows = unnest_rows(STATION_COLUMNS, values)
    kept = [name for name in STATION_COLUMNS if name not in ("lon", "lat")]
    statement = upsert(tables.Station).from_select(
        ["register_id", "geom", *kept],
        select(literal(register.id), join_point(rows.c.lon, rows.c.lat), *(rows.c[name] for name in kept)),
    )
    changed = {name: statement.excluded[name] for name in ("geom", *kept) if name != "code"}
    written = statement.on_conflict_do_update(index_elements=["register_id", "code"], set_=changed)
    keys = session.execute(written.returning(tables.Station.code, tables.Station.id))
    return {code: key for code, key in keys}


def _replace_branches(session: Session, stations: Sequence[Station], keys: Mapping[str, int]) -> None:
    session.execute(delete(tables.Branch).where(tables.Branch.station_id == func.any(sorted(keys.values()))))
    values = [_to_branch(keys[station.code], branch) for station in stations for branch in station.branches]
    if values:
        rows = unnest_rows(BRANCH_COLUMNS, values)
        session.execute(
            insert(tables.Branch).from_select(list(BRANCH_COLUMNS), select(*(rows.c[name] for name in BRANCH_COLUMNS)))
        )


def _to_branch(station: int, branch: Branch) -> tuple[Any, ...]:
    return (
        station,
        int(branch.number),
        branch.sex.value,
        branch.mobile,
        branch.capacity,
        branch.opens,
        branch.closes,
        branch.accessible,
    )


def _replace_catchments(session: Session, pairs: list[tuple[int, int]]) -> None:
    if not pairs:
        return
    served = sorted({station for station, _ in pairs})
    session.execute(delete(tables.Catchment).where(tables.Catchment.station_id == func.any(served)))
    rows = [{"station_id": station, "division_id": division} for station, division in sorted(set(pairs))]
    session.execute(insert(tables.Catchment), rows)
