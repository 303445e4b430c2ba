"""Check how candidates are compared with what is known."""

from __future__ import annotations

import pytest
from shapely import Point, box

from geo.register import load_pack
from geo.register.candidates import Candidate, CodeKey
from geo.register.plan import Fact, ImportPlan, KnownDivision, Outcome, count_absent, plan_layer


def code(text: str, scheme: str = "sci", version: str = "1399") -> CodeKey:
    return CodeKey(scheme, version, text)


def make(text: str, level: str = "province", *, row: int = 1, parent: str | None = None, **told: object) -> Candidate:
    return Candidate(row, level, code(text), code(parent) if parent else None, **told)


@pytest.fixture
def plan() -> ImportPlan:
    """Know one province with one county."""
    known = {
        1: KnownDivision(1, "province", None, {("sci", "1399"): "01"}, {"fa": "تهران"}, {Fact.BOUNDARY: "d"}, {"-": 5}),
        2: KnownDivision(2, "county", 1, {("sci", "1399"): "0101"}),
    }
    return ImportPlan(load_pack("ir"), known, {code("01"): 1, code("0101"): 2})


def take(plan: ImportPlan, *candidates: Candidate, source: str = "-") -> ImportPlan:
    plan_layer(plan, "layer", candidates, population_source=source)
    return plan


@pytest.mark.parametrize(
    ("candidate", "outcome", "facts"),
    [
        (make("01"), "same", []),
        (make("01", names={"fa": "تهران"}, people=5, ground=box(0, 0, 1, 1), digest="d"), "same", []),
        (make("01", names={"fa": "طهران"}), "changed", [Fact.NAME]),
        (make("01", names={"en": "Tehran"}), "changed", [Fact.NAME]),
        (make("01", people=6), "changed", [Fact.POPULATION]),
        (make("01", ground=box(0, 0, 1, 1), digest="e"), "changed", [Fact.BOUNDARY]),
        (make("01", ground=Point(0, 0), digest="e"), "changed", [Fact.POSITION]),
        (make("01", codes=(code("5", "osm"),)), "changed", [Fact.CODE]),
        (make("02"), "new", [Fact.STANDING, Fact.CODE]),
        (make("02", names={"fa": "مرکزی"}, people=1), "new", [Fact.STANDING, Fact.CODE, Fact.NAME, Fact.POPULATION]),
        (make("0102", "county", parent="01"), "new", [Fact.STANDING, Fact.CODE]),
    ],
)
def test_only_differences_are_written(plan, candidate, outcome, facts):
    take(plan, candidate)
    assert plan.counts[candidate.level] == {outcome: 1}
    assert [write.fact for write in plan.writes.values()] == facts


@pytest.mark.parametrize(
    ("candidates", "rules"),
    [
        ([make("09"), make("09", row=2)], ["code_duplicate"] * 2),
        ([make("0901", "county", parent="09")], ["orphan"]),
        ([make("0901", "county")], ["orphan"]),
        ([make("01", "county", parent="01")], ["level_changed"]),
        ([make("010101", "bakhsh", parent="01")], ["parent_level"]),
        ([make("02", codes=(code("01"),))], ["code_clash"]),
        ([make("02", codes=(code("7", "osm"),))], ["code_other_day"]),
        ([make("77")], ["code_other_day"]),
    ],
)
def test_what_cannot_stand_is_refused(plan, candidates, rules):
    plan.other_days = {code("7", "osm"): {1}, code("77"): {9}}
    take(plan, *candidates)
    assert [problem.rule for problem in plan.problems] == rules
    assert plan.counts[candidates[0].level] == {Outcome.REFUSED: len(rules)}
    assert plan.writes == {}


def test_rows_with_one_code_name_each_other(plan):
    take(plan, make("09", row=3), make("09", row=8))
    assert [(problem.row, dict(problem.reason.params)["rows"]) for problem in plan.problems] == [(3, (8,)), (8, (3,))]


def test_own_code_of_another_day_is_no_clash(plan):
    plan.other_days = {code("7", "osm"): {1}}
    assert take(plan, make("01", codes=(code("7", "osm"),))).problems == []


def test_parents_may_follow_their_children(plan):
    take(plan, make("0901", "county", parent="09", row=1), make("09", row=2))
    assert plan.problems == []
    assert plan.known[-4].parent == -3


def test_second_layer_meets_what_the_first_planned(plan):
    take(plan, make("09", names={"fa": "الف"}))
    take(plan, make("09", names={"fa": "ب"}))
    assert plan.counts["province"] == {"new": 1, "changed": 1}
    assert [write.value for write in plan.writes.values() if write.fact is Fact.NAME] == ["ب"]


def test_code_that_is_given_up_is_free(plan):
    plan.known[1].codes["osm", "1399"], plan.by_code[code("5", "osm")] = "5", 1
    take(plan, make("01", codes=(code("6", "osm"),)), make("02", row=2, codes=(code("5", "osm"),)))
    assert plan.problems == []


def test_divisions_no_row_spoke_of_are_absent(plan):
    take(plan, make("01"))
    assert count_absent(plan, ("province", "county")) == {"province": 0, "county": 1}


def test_refused_row_still_spoke_of_its_division(plan):
    plan.refuse("county", code("0101"))
    assert count_absent(plan, ("county",)) == {"county": 0}


def test_population_is_compared_within_its_source(plan):
    assert len(take(plan, make("01", people=5), source="estimate").writes) == 1
