"""Read and write plans as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import FileRefused, InvalidValue, MissingColumn, TaqsimatError, UnreadableFile
from services.elections.plan_files import read_plan_file, write_csv, write_jsonl
from services.messages import LANGUAGES, explain

PLAN = {"0101": 1, "0102": 2}
FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "geometry": None, "properties": {"code": code, "district": district}}
        for code, district in PLAN.items()
    ],
}


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "code,district\n0101,1\n0102,2\n"),
        ("a.csv", "\ufeffکد;حوزه\r\n0101;۱\r\n0102;۲\r\n"),
        ("a.tsv", "GEOID\tname\tDistrict\n0101\tx\t1\n0102\ty\t2\n\n"),
        ("a.csv", write_csv(PLAN)),
        ("a.json", json.dumps(PLAN)),
        ("a.json", json.dumps({"status": "optimal", "assignment": PLAN})),
        ("a.jsonl", json.dumps({"assignment": {"0101": 2, "0102": 1}}) + "\n" + write_jsonl(PLAN)),
        ("a.geojson", json.dumps(FEATURES)),
    ],
)
def test_plans_are_read(tmp_path: Path, name: str, text: str):
    assert read_plan_file(write(tmp_path, name, text)) == PLAN


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("a.csv", "code,district\n0101,1\n0101,2\n", "row 3: code"),
        ("a.csv", "code,district\n0101,x\n", "row 2: district"),
        ("a.csv", "code,district\n0101\n", "row 2: district"),
        ("a.csv", "code,district\n,1\n", "row 2: code"),
        ("a.csv", "code,district\n01\x0001,1\n", "row 2: code"),
        ("a.csv", "code,district\n0101,-1\n", "row 2: district"),
        ("a.csv", "code,district\n0101,99999999999999\n", "row 2: district"),
        ("a.csv", "code,district\n", "code"),
        ("a.json", '{"0101": 1.5}', "assignment.0101"),
        ("a.json", '{"0101": true}', "assignment.0101"),
        ("a.json", '{"assignment": []}', "assignment"),
        ("a.geojson", json.dumps({**FEATURES, "features": [3]}), "features[0]"),
        (
            "a.geojson",
            json.dumps({**FEATURES, "features": [{"properties": {"code": 101, "district": 1}}]}),
            "features[0]: code",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, text: str, field: str):
    with pytest.raises(InvalidValue) as raised:
        read_plan_file(write(tmp_path, name, text))
    assert raised.value.params["field"] == field
    assert all(len(explain(raised.value, language)) > 10 for language in LANGUAGES)


def test_columns_that_are_missing_are_named(tmp_path: Path):
    with pytest.raises(MissingColumn):
        read_plan_file(write(tmp_path, "a.csv", "a,b\n1,2\n"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", "{"),
        ("a.jsonl", '{"a": 1}\n{'),
        ("a.json", "[" * 100_000),
        ("a.csv", b"code,district\n\xff,1"),
        ("a.xlsx", "x"),
    ],
)
def test_files_that_are_no_plans_are_refused(tmp_path: Path, name: str, text: str | bytes):
    with pytest.raises(FileRefused):
        read_plan_file(write(tmp_path, name, text))


def test_files_of_other_kinds_are_refused(tmp_path: Path):
    with pytest.raises((UnreadableFile, TaqsimatError)):
        read_plan_file(write(tmp_path, "a.kml", "<kml></kml>"))
