"""Take plans into a register from plain codes, and give them out as CSV, JSON lines or GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.districting import DistrictPlan, PlanRule, build_graph
from geo.errors import AlreadyExists, InvalidValue, Reason, because
from geo.register.divisions import Division
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.elections.plan_answers import PlanAnswer
from services.elections.plan_files import write_csv, write_jsonl
from services.elections.plan_grounds import KeptPlan, list_chains, load_kept
from services.elections.plan_store import PlanEntry, read_kept, select_plan, write_plan
from services.elections.units import gather_ground
from services.lookups import list_matching
from services.queries import RegisterState, holds_on
from services.tables.register import Code, Standing

FORMATS = ("csv", "jsonl", "geojson")
"""How a plan is given out."""

MOST_UNITS = 200_000
"""So many units at most a plan is taken in with."""

DECIMALS = 7
"""The decimals of degrees that are given out: about a centimetre."""


def import_plan(
    session: Session,
    register: RegisterState,
    assignment: Mapping[str, int],
    *,
    name: str,
    caller: Caller,
    day: date,
    tolerance: float = 0.1,
    seats: tuple[int, ...] = (),
) -> PlanAnswer:
    """Keep a plan given as districts by code, over the divisions as they stand on `day`; a known name gets a version.

    Units may be of several levels. Where one stands in another, it is an exception: the outer one gives way to what
    stands right below it, which goes where the outer one was to go. Raises InvalidValue with the first code that is
    unknown, of another day, or has lost its zeros.
    """
    check_permitted(session, caller, Action.DRAW_PLAN, register)
    rule = check_districts(assignment, tolerance, seats)
    units = find_units(session, register, sorted(assignment), day)
    chosen = {unit.id: assignment[unit.code] for unit in units}
    units = make_exceptions(session, register, units, chosen, day=day)
    check_filled({chosen[unit.id] for unit in units}, rule.districts)
    ground = gather_ground(session, register, day, around=None, units=units)
    graph = build_graph([unit.code for unit in ground.units], ground.grounds, [one.people or 0 for one in ground.units])
    plan = DistrictPlan(graph, np.array([chosen[unit.id] for unit in ground.units], dtype=np.int64))
    before = session.scalar(select_plan(register, name))
    if before is not None and before.origin != "imported":
        raise AlreadyExists(name=name)
    version = before.version + 1 if before else 1
    write_plan(session, register, PlanEntry(name, rule, 0, caller.name, version, "imported"), ground, plan)
    detail = {"name": name, "version": version, "units": len(units), "districts": rule.districts}
    record_write(session, caller=caller, action=Action.DRAW_PLAN, subject=register.name, detail=detail)
    return read_kept(session, register, name)


def check_districts(assignment: Mapping[str, int], tolerance: float, seats: tuple[int, ...]) -> PlanRule:
    """Check that districts are numbered from 1 without a gap."""
    if not 1 <= len(assignment) <= MOST_UNITS:
        reason = because("outside_range", least=1, most=MOST_UNITS)
        raise InvalidValue(field="assignment", value=len(assignment), reason=reason)
    count = len(seats) or len(set(assignment.values()))
    for code, district in sorted(assignment.items()):
        if not 1 <= district <= count:
            reason = because("outside_range", least=1, most=count)
            raise InvalidValue(field=f"assignment.{code}", value=district, reason=reason)
    check_filled(set(assignment.values()), count)
    return PlanRule(count, tolerance, seats)


def check_filled(met: set[int], count: int) -> None:
    """Refuse a plan that leaves one of so many districts without units."""
    missing = sorted(set(range(1, count + 1)) - met)
    if missing:
        raise InvalidValue(field="district", value=missing[0], reason=because("district_without_units"))


def find_units(session: Session, register: RegisterState, codes: Sequence[str], day: date) -> list[Division]:
    """Find the division of each code in the primary scheme of its level on `day`."""
    for code in codes:
        if "\0" in code:
            raise InvalidValue(field="code", value=code.replace("\0", "\ufffd"), reason=because("graph_code"))
    named = select(Code.division_id).where(
        Code.register_id == register.id, Code.code == func.any(list(codes)), holds_on(Code, day)
    )
    found: dict[str, Division] = {}
    for division in list_matching(session, register, day, Standing.division_id.in_(named)):
        # where levels share a code, the highest level is meant
        found.setdefault(division.code, division)
    for code in codes:
        if code not in found:
            raise InvalidValue(field="code", value=code, reason=_explain_missing(session, register, code, day))
    return [found[code] for code in codes]


def _explain_missing(session: Session, register: RegisterState, code: str, day: date) -> Reason:
    """Say whether a code is of another day or has lost its zeros."""
    own = select(Code.code).where(Code.register_id == register.id)
    if session.scalar(own.where(Code.code == code).limit(1)) is not None:
        return because("plan_code_other_day", day=day)
    alike = func.ltrim(Code.code, "0") == code.lstrip("0")
    meant = session.scalar(own.where(alike, holds_on(Code, day)).order_by(Code.code).limit(1)) if code else None
    return because("plan_code_lost_zeros", meant=meant) if meant else because("plan_code_unknown")


def make_exceptions(
    session: Session, register: RegisterState, units: Sequence[Division], chosen: dict[int, int], *, day: date
) -> list[Division]:
    """Let each unit with another unit inside it give way to the divisions right below it; `chosen` says which go where.

    Raises InvalidValue where an outer unit has nothing with a boundary to give way to.
    """
    kept = list(units)
    for _ in range(len(register.pack.level_keys)):
        outer = _list_outer(session, register, kept, day)
        if not outer:
            break
        below = list_matching(session, register, day, Standing.parent_id.in_([unit.id for unit in outer]))
        own = {unit.id for unit in kept}
        for unit in outer:
            parts = [one for one in below if one.parent_id == unit.id]
            if not parts:
                raise InvalidValue(field="code", value=unit.code, reason=because("split_nothing_below"))
            kept += [one for one in parts if one.id not in own]
            chosen.update({one.id: chosen[unit.id] for one in parts if one.id not in own})
        kept = [one for one in kept if one not in outer]
    return kept


def _list_outer(session: Session, register: RegisterState, units: Sequence[Division], day: date) -> list[Division]:
    """List the units in which other units stand."""
    own = {(unit.level, unit.code): unit for unit in units}
    found = {
        own[held].id
        for unit, chain in zip(units, list_chains(session, register, day, units), strict=True)
        for held in chain.items()
        if own.get(held, unit).id != unit.id
    }
    return [unit for unit in units if unit.id in found]


def export_plan(session: Session, register: RegisterState, name: str, kind: str, *, version: int | None = None) -> str:
    """Write a plan as text: `csv`, `jsonl` or `geojson`."""
    if kind not in FORMATS:
        raise InvalidValue(field="format", value=kind, reason=because("one_of", known=FORMATS))
    if kind == "geojson":
        return write_geojson(load_kept(session, register, name, version), register)
    answer = read_kept(session, register, name, version)
    plan = {line.division.code: line.district for line in answer.units}
    return write_csv(plan) if kind == "csv" else write_jsonl(plan)


def write_geojson(kept: KeptPlan, register: RegisterState) -> str:
    """Write the units of a plan with their ground."""
    features = []
    for line, ground in zip(kept.answer.units, kept.ground.grounds, strict=True):
        rounded = shapely.transform(shapely.orient_polygons(ground), lambda xy: np.round(xy, DECIMALS))
        marks = {
            "code": line.division.code,
            "name": line.division.name_in(*register.pack.languages),
            "people": line.division.people,
            "district": line.district,
        }
        features.append({"type": "Feature", "properties": marks, "geometry": json.loads(shapely.to_geojson(rounded))})
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"
