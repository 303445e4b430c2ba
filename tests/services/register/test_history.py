"""Check that every fact holds once at any date, and that corrections and changes are told apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.queries import get_register, select_divisions
from services.tables.register import Boundary, Code, Name, Population, Standing

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=step) for step in range(0, 60, 10)]


def read(session: Session, day: date) -> dict[str, str | None]:
    """Give the Persian name of each code on a day."""
    rows = session.execute(select_divisions(get_register(session, "test"), day))
    return {row.code: (row.names or {}).get("fa") for row in rows}


def write(**names: str) -> str:
    """Write a list of provinces: `p01` is the one of code 01."""
    return "code,level,name_fa\n" + "".join(f"{code[1:]},ostan,{name}\n" for code, name in names.items())


def test_dated_change_ends_the_old_fact_and_begins_the_new(bring, session):
    bring(write(p01="الف"))
    bring(write(p01="ب"), valid_from=date(2024, 3, 20))
    assert [read(session, date(2024, 3, day))["01"] for day in (19, 20)] == ["الف", "ب"]


def test_undated_correction_keeps_the_period(bring, session):
    bring(write(p01="الف"), valid_from=FIRST)
    bring(write(p01="ب"))
    periods = session.execute(select(Name.text, Name.valid, func.upper_inf(Name.recorded)).order_by(Name.id)).all()
    assert [(text, valid.lower, current) for text, valid, current in periods] == [
        ("الف", FIRST, False),
        ("ب", FIRST, True),
    ]


def test_what_the_register_once_said_can_be_read_again(bring, session):
    bring(write(p01="الف"))
    before = session.scalar(select(func.clock_timestamp()))
    bring(write(p01="ب"))
    assert session.scalars(select(Name.text).where(Name.recorded.contains(before))).all() == ["الف"]


def test_same_dated_file_twice_changes_nothing(bring):
    bring(write(p01="الف"))
    bring(write(p01="ب"), valid_from=FIRST)
    report = bring(write(p01="ب"), valid_from=FIRST)
    assert (report.counts["province"]["same"], report.version) == (1, 2)


def test_division_begins_on_its_date(bring, session):
    bring(write(p01="الف"))
    bring(write(p02="ب"), valid_from=FIRST)
    assert [sorted(read(session, FIRST - timedelta(days=step))) for step in (0, 1)] == [["01", "02"], ["01"]]


def test_division_of_a_later_date_is_not_doubled(bring, tell_rules):
    bring(write(p01="الف"), valid_from=FIRST)
    report = bring(write(p01="الف"), valid_from=FIRST - timedelta(days=1))
    assert tell_rules(report) == [(1, "code", "code_other_day", "refused")]


def test_code_of_another_date_is_not_taken(bring, tell_rules):
    osm = {"columns": {"codes.osm": "osm"}}
    bring("code,level,osm\n01,ostan,5\n02,ostan,\n", **osm)
    bring("code,level,osm\n01,ostan,6\n", valid_from=FIRST, **osm)
    report = bring("code,level,osm\n02,ostan,5\n", valid_from=FIRST - timedelta(days=9), **osm)
    assert tell_rules(report) == [(1, "codes.osm", "code_clash", "refused")]
    assert tell_rules(bring("code,level,osm\n02,ostan,5\n", **osm)) == [(1, "codes.osm", "code_other_day", "refused")]


def test_fact_said_for_the_first_time_lasts_until_the_next(bring, session):
    bring("code,level\n01,ostan\n")
    bring(write(p01="ب"), valid_from=DAYS[2])
    bring(write(p01="الف"), valid_from=DAYS[1])
    assert [read(session, day)["01"] for day in DAYS[:3]] == [None, "الف", "ب"]


def test_parent_changes_on_its_date(bring, session):
    given = {"country": "dz", "scheme": "osm", "parent_scheme": "osm", "columns": {}}
    bring("code,level,parent\n1,wilaya,\n2,wilaya,\n3,daira,1\n", **given)
    bring("code,level,parent\n3,daira,2\n", valid_from=FIRST, **given)
    standings = session.execute(select(Standing.valid, Standing.parent_id).where(func.upper_inf(Standing.recorded)))
    parents = {parent for valid, parent in standings if parent}
    assert len(parents) == 2


def test_population_is_corrected_by_source(bring, session):
    text = "code,level,population\n01,ostan,{}\n"
    bring(text.format(5), population_source="census")
    bring(text.format(6), population_source="census")
    bring(text.format(7), population_source="estimate")
    current = select(Population.source, Population.people).where(func.upper_inf(Population.recorded))
    assert sorted(session.execute(current).all()) == [("census", 6), ("estimate", 7)]


steps = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["p01", "p02", "p03"]), st.sampled_from("ابپت"), min_size=1),
        st.none() | st.sampled_from(DAYS),
    ),
    max_size=6,
)


class Model:
    """Do with dictionaries, day by day, what imports do with periods."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.days: dict[str, dict[date, tuple[int, str]]] = {}
        self.facts = 0

    def bring(self, names: dict[str, str], valid_from: date | None) -> None:
        """Change or correct the names that hold on the day, as far as the fact that held there reaches."""
        day = valid_from or self.today
        for code, name in names.items():
            known = self.days.get(code)
            if known is None:
                self.facts += 1
                self.days[code] = {one: (self.facts, name) for one in self.list_days() if not valid_from or one >= day}
            elif day in known and known[day][1] != name:
                self._say(known, day, name, is_dated=valid_from is not None)

    def _say(self, known: dict[date, tuple[int, str]], day: date, name: str, *, is_dated: bool) -> None:
        self.facts += 1
        old = known[day][0]
        for one, (fact, _) in list(known.items()):
            if fact == old and (one >= day or not is_dated):
                known[one] = (self.facts, name)

    def list_days(self) -> list[date]:
        """List the days that are looked at."""
        return [FIRST - timedelta(days=1), *DAYS, self.today]

    def read(self, day: date) -> dict[str, str]:
        """Give the name of each code on a day."""
        return {code[1:]: known[day][1] for code, known in self.days.items() if day in known}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_reads_as_of_any_day_equal_a_naive_model(bring, session, taken):
    model = Model(bring.today)
    place = session.begin_nested()
    for names, valid_from in taken:
        bring(write(**names), valid_from=valid_from)
        model.bring(names, valid_from)
    if taken:
        assert {day: read(session, day) for day in model.list_days()} == {
            day: model.read(day) for day in model.list_days()
        }
    place.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_at_every_date_at_most_one_fact_holds(bring, session, taken):
    place = session.begin_nested()
    for names, valid_from in taken:
        bring(write(**names), valid_from=valid_from)
    for table, keys in (
        (Name, (Name.division_id, Name.language)),
        (Code, (Code.division_id,)),
        (Standing, (Standing.division_id,)),
    ):
        for day in (*DAYS, bring.today):
            held = select(func.count()).where(table.valid.contains(day), func.upper_inf(table.recorded)).group_by(*keys)
            assert set(session.scalars(held)) <= {1}
    place.rollback()


def test_boundary_of_an_earlier_date_can_be_read(bring, session):
    text = 'code,level,wkt\n01,ostan,"POLYGON ((51 35, 52 35, 52 {0}, 51 {0}, 51 35))"\n'
    bring(text.format(36))
    bring(text.format(37), valid_from=FIRST)
    areas = [
        session.scalars(
            select(Boundary.area_m2).where(Boundary.valid.contains(day), func.upper_inf(Boundary.recorded))
        ).one()
        for day in (FIRST - timedelta(days=1), FIRST)
    ]
    assert [round(area / 1e9) for area in areas] == [10, 20]


@pytest.mark.parametrize("valid_from", [None, FIRST])
def test_imports_in_one_transaction_follow_each_other(bring, session, valid_from):
    for name in "ابپ":
        bring(write(p01=name), valid_from=valid_from)
    assert read(session, bring.today) == {"01": "پ"}
