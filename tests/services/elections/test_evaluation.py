"""Measure, compare and explain plans over plain graphs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.graphs import list_rook_grid
from geo.districting import PlanRule, Sampling
from geo.errors import InvalidValue
from services.elections.evaluation import PlanSource, compare_plan_files, evaluate_plan, explain_plan
from services.elections.graphs import GraphJob, SampleWish, sample_graph
from services.elections.plan_orders import PlanOrder

MOST = 10**6
Writer = Callable[..., Path]


@pytest.fixture
def write_plan(tmp_path: Path) -> Writer:
    """Give a way to write a plan over the grid: the district of each row."""

    def write(*rows: int, name: str = "plan.csv") -> Path:
        lines = [f"{row:03}{column:03},{rows[row]}" for row in range(4) for column in range(4)]
        path = tmp_path / name
        path.write_text("\n".join(["code,district", *lines]), encoding="utf-8")
        return path

    return write


@pytest.fixture
def source(tmp_path: Path, write_plan: Writer) -> PlanSource:
    """Give two halves of a grid of four by four with quarters, shapes and votes."""
    plain = list_rook_grid(4, 4)
    for unit in plain["units"]:
        row, column = int(unit["code"][:3]), int(unit["code"][3:])
        unit |= {"area_m2": 1e6, "perimeter_m": 4e3, "divisions": {"column": str(column), "row": str(row)}}
        unit["votes"] = {"red": 10 + 5 * row, "blue": 20}
    plain["edges"] = [[*edge, 1000.0] for edge in plain["edges"]]
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return PlanSource(path, write_plan(1, 1, 2, 2), MOST)


def test_measures_are_those_of_the_plan(source: PlanSource):
    report = evaluate_plan(source, votes=("red", "blue"))
    assert report.measures["cut_edges"] == 4 and report.measures["cut_m"] == 4000
    assert (report.measures["split_row"], report.measures["split_column"], report.measures["pieces_column"]) == (
        0,
        4,
        8,
    )
    assert report.votes is not None and report.votes.seats == 1
    assert report.broken == () and [line.people for line in report.districts] == [8, 8]


def test_seats_weigh_the_deviation(source: PlanSource, write_plan: Writer):
    uneven = replace(source, plan=write_plan(1, 2, 2, 2), seats=(1, 3))
    report = evaluate_plan(uneven)
    assert [(line.deviation, line.people_per_seat) for line in report.districts] == [(0, 4), (0, 4)]


@pytest.mark.parametrize("name", ["sample.jsonl", "sample.parquet"])
def test_a_plan_is_placed_among_an_ensemble(source: PlanSource, tmp_path: Path, name: str):
    job = GraphJob(source.graph, PlanOrder(PlanRule(2, 0.25)), MOST)
    sample_graph(job, Sampling(200), SampleWish(tmp_path / name))
    standings = {one.measure: one for one in evaluate_plan(source, ensemble=tmp_path / name).standings}
    assert standings["cut_edges"].plans == 200 and standings["cut_edges"].percentile < 0.3
    assert set(standings) >= {"deviation", "cut_edges", "polsby_popper", "split_row"}


@pytest.mark.parametrize("votes", [("red",), ("red", "green")])
def test_votes_name_two_known_lists(source: PlanSource, votes: tuple[str, ...]):
    with pytest.raises(InvalidValue):
        evaluate_plan(source, votes=votes)


def test_plans_of_other_units_are_refused(source: PlanSource, tmp_path: Path):
    plan = tmp_path / "other.csv"
    plan.write_text("code,district\n0,1\n", encoding="utf-8")
    with pytest.raises(InvalidValue):
        evaluate_plan(replace(source, plan=plan))


def test_lost_zeros_are_told(source: PlanSource):
    text = source.plan.read_text(encoding="utf-8").replace("\n001002,", "\n1002,")
    source.plan.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue) as raised:
        evaluate_plan(source)
    assert raised.value.params["reason"].key == "plan_code_lost_zeros"


def test_units_left_out_are_named(source: PlanSource):
    text = source.plan.read_text(encoding="utf-8").replace("\n001002,1", "")
    source.plan.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue) as raised:
        evaluate_plan(source)
    assert (raised.value.params["value"], raised.value.params["reason"].key) == ("001002", "plan_code_missing")


def test_more_districts_than_units_are_refused(source: PlanSource, write_plan: Writer):
    with pytest.raises(InvalidValue):
        evaluate_plan(replace(source, plan=write_plan(1, 1, 2, 999)))


def test_ensembles_of_other_units_are_refused(source: PlanSource, tmp_path: Path):
    path = tmp_path / "sample.jsonl"
    path.write_text('{"assignment": {"a": 1}}\n', encoding="utf-8")
    with pytest.raises(InvalidValue):
        evaluate_plan(source, ensemble=path)


def test_two_plans_are_compared(source: PlanSource, write_plan: Writer):
    report = compare_plan_files(source, write_plan(2, 1, 1, 1, name="other.csv"))
    assert (report.comparison.units_moved, report.comparison.people_moved) == (4, 4)
    assert (report.before["deviation"], report.after["deviation"]) == (0, 0.5)


@pytest.mark.parametrize(
    ("rows", "broken"),
    [
        ((1, 1, 2, 2), []),
        ((1, 2, 2, 2), ["deviation", "deviation"]),
        ((1, 2, 1, 2), ["pieces", "pieces"]),
        ((1, 1, 3, 3), ["deviation", "empty", "deviation", "deviation"]),
    ],
)
def test_what_a_plan_breaks_is_explained(
    source: PlanSource, write_plan: Writer, rows: tuple[int, ...], broken: list[str]
):
    found = explain_plan(replace(source, plan=write_plan(*rows)))
    assert ([one.kind for one in found.broken], found.keeps) == (broken, not broken)


def test_split_divisions_are_explained(source: PlanSource):
    found = explain_plan(source)
    assert found.parts == tuple(("column", str(column), (1, 2)) for column in range(4))
    assert (found.total, found.seats, found.least, found.most) == (16, 2, 8, 8)
