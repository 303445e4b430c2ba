"""Read graphs from files, solve them and sample from them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.graphs import list_rook_grid
from geo.districting import PlanRule, Sampling, diagnose
from geo.errors import FileRefused, Infeasible, InvalidValue, TaqsimatError, UnknownLevel, UnreadableFile
from services.elections.graph_files import read_graph
from services.elections.graphs import GraphJob, SampleWish, sample_graph, solve_graph, to_answer
from services.elections.plan_orders import PlanOrder
from services.elections.sample_files import read_samples
from services.messages import LANGUAGES, explain

MOST = 10**6


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """Write a grid of four by four."""
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(list_rook_grid(4, 4)), encoding="utf-8")
    return path


@pytest.fixture
def job(grid: Path) -> GraphJob:
    """Divide the grid into four equal districts."""
    return GraphJob(grid, PlanOrder(PlanRule(4, 0.0)), MOST)


def test_graph_is_read(grid: Path):
    assert len(read_graph(grid, most_bytes=MOST).keys) == 16


@pytest.mark.parametrize(
    ("text", "key"),
    [(b"{", "not_json"), (b'{"units": [}', "not_json"), (b'{"a": "\xff"}', "json_encoding"), (b"[" * 10**5, None)],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: bytes, key: str | None):
    path = tmp_path / "broken.json"
    path.write_bytes(text)
    with pytest.raises(UnreadableFile) as raised:
        read_graph(path, most_bytes=MOST)
    assert key in (None, raised.value.params["reason"].key)


def test_files_that_are_not_there_or_too_large_are_refused(grid: Path):
    for path, most in ((grid.with_name("none.json"), MOST), (grid, 10)):
        with pytest.raises(FileRefused):
            read_graph(path, most_bytes=most)


def test_answer_says_what_machines_need(job: GraphJob):
    answer = to_answer(solve_graph(job, seed=1, seconds=1))
    assert list(answer) == ["status", "objective", "bound", "assignment", "deviation", "seed", "hash"]
    assert (answer["status"], answer["objective"], answer["bound"], answer["deviation"]) == ("optimal", 8, 8, 0.0)
    assert json.loads(json.dumps(answer)) == answer


def test_unknown_objectives_are_refused(job: GraphJob):
    with pytest.raises(InvalidValue):
        solve_graph(replace(job, order=replace(job.order, objective="beauty")), seed=1, seconds=1)


@pytest.mark.parametrize(("every", "steps"), [(1, [1, 2, 3, 4, 5]), (2, [2, 4])])
def test_sample_is_written_plan_by_plan(job: GraphJob, tmp_path: Path, every: int, steps: list[int]):
    out = tmp_path / "plans.jsonl"
    assert sample_graph(job, Sampling(5), SampleWish(out, every)).written == len(steps)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in lines] == steps
    assert all(len(line["assignment"]) == 16 and line["deviation"] == 0 for line in lines)


def test_same_seed_writes_the_same_bytes(job: GraphJob, tmp_path: Path):
    files = [tmp_path / name for name in ("a.jsonl", "b.jsonl")]
    for out in files:
        sample_graph(job, Sampling(20, seed=9), SampleWish(out))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_nothing_is_written_when_there_is_no_plan(grid: Path, tmp_path: Path):
    out = tmp_path / "plans.jsonl"
    with pytest.raises(Infeasible):
        sample_graph(GraphJob(grid, PlanOrder(PlanRule(17, 0.0)), MOST), Sampling(5), SampleWish(out))
    assert not out.exists()


@pytest.mark.parametrize("wrong", [{"every": 0}, {"chains": 0}, {"chains": 101}])
def test_wishes_without_meaning_are_refused(tmp_path: Path, wrong: dict[str, int]):
    with pytest.raises(InvalidValue):
        SampleWish(tmp_path / "plans.jsonl", **wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("people", "districts"),
    [([40, 2, *[1] * 4, 2, *[1] * 24, *[2] * 5], 2), ([1] * 36, 37), ([35] + [0] * 35, 2)],
)
def test_every_certificate_is_a_sentence(tmp_path: Path, people: list[int], districts: int, language: str):
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(list_rook_grid(6, 6, people)), encoding="utf-8")
    with pytest.raises(TaqsimatError) as raised:
        solve_graph(GraphJob(path, PlanOrder(PlanRule(districts, 0.0)), MOST), seed=1, seconds=0.1)
    assert len(explain(raised.value, language)) > 40


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    """Write a grid of six by six in quarters, with shapes and votes."""
    plain = list_rook_grid(6, 6)
    for unit in plain["units"]:
        row, column = int(unit["code"][:3]), int(unit["code"][3:])
        unit |= {"area_m2": 1e6, "perimeter_m": 4e3, "divisions": {"quarter": f"0{row // 3}{column // 3}"}}
        unit["votes"] = {"red": 10 * column, "blue": 20}
    plain["edges"] = [[*edge, 1000.0] for edge in plain["edges"]]
    path = tmp_path / "mapped.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("order", "aims"),
    [
        (PlanOrder(PlanRule(4, 0.0), level="quarter", objective="splits,cut-edges"), {"splits": 0, "cut-edges": 12}),
        (PlanOrder(PlanRule(2, 0.0), keep_whole="quarter", objective="perimeter"), {"perimeter": 6000}),
        (PlanOrder(PlanRule(3, 0.0, (1, 2, 1)), keep_whole="quarter", objective="deviation"), {"deviation": 0}),
    ],
)
def test_divisions_are_kept(mapped: Path, order: PlanOrder, aims: dict[str, float]):
    answer = to_answer(solve_graph(GraphJob(mapped, order, MOST), seed=1, seconds=0.5))
    assert (answer["aims"], len(answer["assignment"])) == (aims, 36)


def test_units_of_whole_divisions_are_not_fixed_apart(mapped: Path):
    order = PlanOrder(PlanRule(2, 0.0), keep_whole="quarter", pinned={"000000": 1, "001001": 2})
    with pytest.raises(InvalidValue):
        solve_graph(GraphJob(mapped, order, MOST), seed=1, seconds=0.1)


def test_unknown_levels_are_refused(job: GraphJob):
    with pytest.raises(UnknownLevel):
        solve_graph(replace(job, order=replace(job.order, level="county")), seed=1, seconds=0.1)


@pytest.mark.parametrize("name", ["plans.jsonl", "plans.parquet"])
def test_samples_are_read_as_they_were_written(job: GraphJob, tmp_path: Path, name: str):
    out = tmp_path / name
    loose = replace(job, order=PlanOrder(PlanRule(4, 0.3)))
    report = sample_graph(loose, Sampling(300, seed=2), SampleWish(out, chains=2))
    codes, plans = read_samples(out)
    assert (report.written, plans.shape, len(codes)) == (600, (600, 16), 16)
    assert {tuple(sorted(set(plan))) for plan in plans.tolist()} == {(1, 2, 3, 4)}


def test_both_kinds_of_file_hold_the_same_plans(job: GraphJob, tmp_path: Path):
    found = []
    for name in ("a.jsonl", "a.parquet"):
        sample_graph(job, Sampling(40, seed=3), SampleWish(tmp_path / name))
        found.append(read_samples(tmp_path / name)[1].tolist())
    assert found[0] == found[1]


def test_other_endings_are_refused(job: GraphJob, tmp_path: Path):
    with pytest.raises(InvalidValue):
        sample_graph(job, Sampling(5), SampleWish(tmp_path / "plans.xlsx"))


def test_report_diagnoses_the_chains(job: GraphJob, tmp_path: Path):
    out = tmp_path / "plans.jsonl"
    loose = replace(job, order=PlanOrder(PlanRule(4, 0.3)))
    report = sample_graph(loose, Sampling(200), SampleWish(out, chains=2))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    chains = [[line["cut_edges"] for line in lines if line["chain"] == number] for number in (1, 2)]
    assert report.diagnoses["cut_edges"] == diagnose(chains)
    assert len(report.acceptance) == 2 and all(0 < share <= 1 for share in report.acceptance)


@pytest.mark.parametrize("name", ["plans.jsonl", "plans.parquet"])
def test_who_ends_a_sample_keeps_what_was_drawn(job: GraphJob, tmp_path: Path, name: str):
    def stop(done: int, _total: int) -> None:
        if done >= 2048:
            raise KeyboardInterrupt

    report = sample_graph(job, Sampling(100_000), SampleWish(tmp_path / name), progress=stop)
    assert report.is_cut_short and report.written == 2048
    assert len(read_samples(tmp_path / name)[1]) == 2048


def test_progress_counts_all_chains(job: GraphJob, tmp_path: Path):
    told: list[tuple[int, int]] = []
    wish = SampleWish(tmp_path / "plans.jsonl", every=1000, chains=2)
    sample_graph(job, Sampling(1024), wish, progress=lambda done, total: told.append((done, total)))
    assert told == [(1024, 2048), (2048, 2048)]
