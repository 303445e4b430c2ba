"""Read graphs from files, solve them and sample from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.graphs import list_rook_grid
from geo.districting import PlanRule, Sampling
from geo.errors import FileRefused, Infeasible, InvalidValue, TaqsimatError, UnreadableFile
from services.elections.graphs import GraphJob, read_graph, sample_graph, solve_graph, to_answer
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
    return GraphJob(grid, PlanRule(4, 0.0), MOST)


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
    answer = to_answer(solve_graph(job, objective="cut-edges", seed=1, seconds=1))
    assert list(answer) == ["status", "objective", "bound", "assignment", "deviation", "seed", "hash"]
    assert (answer["status"], answer["objective"], answer["bound"], answer["deviation"]) == ("optimal", 8, 8, 0.0)
    assert json.loads(json.dumps(answer)) == answer


def test_unknown_objectives_are_refused(job: GraphJob):
    with pytest.raises(InvalidValue):
        solve_graph(job, objective="beauty", seed=1, seconds=1)


@pytest.mark.parametrize(("every", "steps"), [(1, [1, 2, 3, 4, 5]), (2, [2, 4])])
def test_sample_is_written_plan_by_plan(job: GraphJob, tmp_path: Path, every: int, steps: list[int]):
    out = tmp_path / "plans.jsonl"
    assert sample_graph(job, Sampling(5), out=out, every=every) == len(steps)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in lines] == steps
    assert all(len(line["assignment"]) == 16 and line["deviation"] == 0 for line in lines)


def test_same_seed_writes_the_same_bytes(job: GraphJob, tmp_path: Path):
    files = [tmp_path / name for name in ("a.jsonl", "b.jsonl")]
    for out in files:
        sample_graph(job, Sampling(20, seed=9), out=out)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_nothing_is_written_when_there_is_no_plan(grid: Path, tmp_path: Path):
    out = tmp_path / "plans.jsonl"
    with pytest.raises(Infeasible):
        sample_graph(GraphJob(grid, PlanRule(17, 0.0), MOST), Sampling(5), out=out)
    assert not out.exists()


def test_no_plan_can_be_left_out_of_nothing(job: GraphJob, tmp_path: Path):
    with pytest.raises(InvalidValue):
        sample_graph(job, Sampling(5), out=tmp_path / "plans.jsonl", every=0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("people", "districts"),
    [([40, 2, *[1] * 4, 2, *[1] * 24, *[2] * 5], 2), ([1] * 36, 37), ([35] + [0] * 35, 2)],
)
def test_every_certificate_is_a_sentence(tmp_path: Path, people: list[int], districts: int, language: str):
    path = tmp_path / "grid.json"
    path.write_text(json.dumps(list_rook_grid(6, 6, people)), encoding="utf-8")
    with pytest.raises(TaqsimatError) as raised:
        solve_graph(GraphJob(path, PlanRule(districts, 0.0), MOST), objective="cut-edges", seed=1, seconds=0.1)
    assert len(explain(raised.value, language)) > 40
