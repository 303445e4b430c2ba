"""Draw the plans of the manual's worked example over real districts and counties, smaller than there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.elections.apportion import apportion_register
from services.elections.plan_exchange import import_plan
from services.elections.plan_studies import PlanStudy, study_plan
from services.elections.plans import draw_plan, get_plan
from services.elections.seat_orders import SeatOrder
from services.pictures import picture_plan_sheet
from services.queries import RegisterState, get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.tables.register import Code, Population

DAY = date(2026, 1, 1)
CLERK = make_operator("tests")
NEUTRAL = 500


def fill(session: Session, delivery: str, folder: Path, people: dict[str, int]) -> RegisterState:
    """Bring a delivery in and the people of the divisions that a table counts."""
    wish = ImportOptions(register=delivery[:2], commit=True, skip_refused=True)
    import_delivery(session, load_delivery(delivery, folder), wish, caller=CLERK, today=DAY)
    register = get_register(session, delivery[:2])
    owners = dict(session.execute(select(Code.code, Code.division_id).where(Code.register_id == register.id)).all())
    rows = [
        {"division_id": owners[code], "source": "census", "people": count}
        for code, count in people.items()
        if code in owners
    ]
    session.execute(insert(Population), rows)
    return register


def read_people(path: Path, code: str, count: str) -> dict[str, int]:
    with path.open(encoding="utf-8", newline="") as table:
        return {row[code]: int(float(row[count])) for row in csv.DictReader(table) if row[count]}


@pytest.fixture(scope="module")
def filled(cluster: Cluster, template: str, real_data: Path) -> Iterator[Engine]:
    engine = create_store_engine(cluster.create_database("worked_plans", template=template))
    districts = real_data / "afghanistan" / "afg_admin2_population.csv"
    counties = real_data / "iran" / "iran_2016_census_county.csv"
    with open_session(engine) as session:
        fill(session, "af-cod-ab", districts.parent, read_people(districts, "adm2_pcode", "pop_18_19_399_CSO"))
        fill(session, "ir-osm-2025", counties.parent, read_people(counties, "county_code", "total"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def drawn(filled: Engine) -> Engine:
    """Draw the plans of the example."""
    rule = {"seed": 1, "caller": CLERK, "day": DAY, "objective": "deviation,cut-edges", "seconds": 2.0}
    with open_session(filled) as session:
        iran, land = get_register(session, "ir"), get_register(session, "af")
        one = {"within": "02", "unit_level": "county", "seats": (3, 3, 2, 2, 2), "districts": 5, "tolerance": 0.2}
        other = {"within": "AF32", "unit_level": "district", "seats": (4,) * 4, "districts": 4, "tolerance": 0.1}
        draw_plan(session, iran, name="mazandaran", **one, **rule)
        draw_plan(session, land, name="herat", **other, **rule)
    return filled


def study(engine: Engine, register: str, name: str) -> PlanStudy:
    with open_session(engine) as session:
        return study_plan(session, get_register(session, register), name, neutral=NEUTRAL, every=2)


@pytest.mark.parametrize(
    ("register", "name", "units", "seats", "worst"),
    [("ir", "mazandaran", 22, [3, 3, 2, 2, 2], 0.0814), ("af", "herat", 16, [4, 4, 4, 4], 0.0508)],
)
def test_districts_are_as_even_as_the_manual_says(
    drawn: Engine, register: str, name: str, units: int, seats: list[int], worst: float
) -> None:
    found = study(drawn, register, name)
    assert [line.seats for line in found.plan.districts] == seats
    assert sum(line.units for line in found.plan.districts) == units
    assert found.broken == ()
    assert found.measures["deviation"] == pytest.approx(worst, abs=1e-4)


@pytest.mark.parametrize(("register", "name"), [("ir", "mazandaran"), ("af", "herat")])
def test_few_neutral_plans_are_as_even(drawn: Engine, register: str, name: str) -> None:
    found = study(drawn, register, name)
    placed = {one.measure: one for one in found.standings}
    assert {one.plans for one in found.standings} == {NEUTRAL}
    assert placed["deviation"].least >= found.measures["deviation"] - 1e-9
    assert placed["mean_deviation"].percentile < 0.1


def test_no_plan_parts_a_city_that_is_one_unit(drawn: Engine) -> None:
    with open_session(drawn) as session:
        answer = get_plan(session, get_register(session, "af"), "herat")
    alone = [line for line in answer.districts if line.units == 1]
    assert [(line.people, round(line.deviation, 4)) for line in alone] == [(538_673, 0.0508)]


@pytest.mark.parametrize(("register", "name", "seats"), [("ir", "mazandaran", "3 seats"), ("af", "herat", "4 seats")])
def test_a_plan_is_drawn_for_paper(drawn: Engine, register: str, name: str, seats: str) -> None:
    with open_session(drawn) as session:
        asked = get_register(session, register)
        sheet = picture_plan_sheet(session, asked, get_plan(session, asked, name), language="en")
    assert sheet.startswith("<svg")
    assert seats in sheet


def test_provinces_are_constituencies_with_the_seats_of_article_49(filled: Engine) -> None:
    with open_session(filled) as session:
        register = get_register(session, "af")
        shared = apportion_register(session, register, SeatOrder(trigger=2), day=DAY, body="wolesi_jirga")
        found = shared.found.by_code()
        codes = sorted(found)
        units = session.scalars(select(Code.code).where(Code.register_id == register.id, Code.code.like("AF____")))
        assignment = {code: codes.index(code[:4]) + 1 for code in units}
        seats = tuple(found[code] for code in codes)
        kept = import_plan(session, register, assignment, name="wj", caller=CLERK, day=DAY, tolerance=0.4, seats=seats)
        placed = study_plan(session, register, "wj", neutral=20)
    assert (len(kept.units), sum(seats), found["AF01"], found["AF16"]) == (399, 239, 38, 2)
    assert placed.measures["split_province"] == 0
    assert min(one.least for one in placed.standings if one.measure == "split_province") > 10
