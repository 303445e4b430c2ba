"""Test that a run is written in every format, whole, the same each time, and safe to open."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pyogrio
import pytest
from openpyxl import load_workbook

from geo.errors import FolderUnfit, InvalidValue, RunNotFound
from services.access.roles import make_operator
from services.audit_reports import FORMATS, export_run, render_run
from services.audit_reports.content import COLUMNS
from services.boundaries.audits import audit_levels


def export(session, content, path: Path):
    return export_run(session, content.register, content.run.id, path, language="fa")


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_content_has_defects_first_then_what_is_lawful(reported):
    statuses = [one.status for one in reported.findings]
    assert statuses == sorted(statuses, key=("new", "excepted").index)
    assert {one.kind for one in reported.list_of("excepted")} == {"detached_part"}
    assert "overlap" in {one.kind for one in reported.list_of("new")}


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "xlsx"])
def test_same_run_makes_the_same_bytes(session, reported, tmp_path, ending):
    first = export(session, reported, tmp_path / f"a.{ending}")
    export(session, reported, tmp_path / f"b.{ending}")
    assert first.findings == len(reported.findings) > 0
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_csv_disarms_what_a_spreadsheet_would_run(session, reported, tmp_path):
    export(session, reported, tmp_path / "run.csv")
    overlap = next(row for row in read_csv(tmp_path / "run.csv") if row["kind"] == "overlap")
    assert overlap["names"].startswith("'=HYPERLINK")
    assert (overlap["divisions"], tuple(overlap)) == ("007, 008", COLUMNS)


def test_xlsx_holds_codes_and_formulas_as_texts(session, reported, tmp_path):
    export(session, reported, tmp_path / "run.xlsx")
    book = load_workbook(tmp_path / "run.xlsx")
    rows = list(book["findings"].iter_rows(min_row=2))
    names = {cell.data_type for row in rows for cell in row if cell.column_letter in "EF"}
    assert names == {"s"}
    assert any(str(row[5].value).startswith("=HYPERLINK") for row in rows)
    assert ("run", str(reported.run.id)) in {tuple(cell.value for cell in row) for row in book["run"].iter_rows()}


@pytest.mark.parametrize("ending", ["gpkg", "geojson"])
def test_layers_hold_ground_and_columns(session, reported, tmp_path, ending):
    export(session, reported, tmp_path / f"run.{ending}")
    meta, _, shapes, fields = pyogrio.raw.read(tmp_path / f"run.{ending}")
    assert len(shapes) == len(reported.findings)
    kinds = dict(zip(meta["fields"], fields, strict=True))["kind"]
    assert list(kinds) == [one.kind for one in reported.findings]


def test_geojson_keeps_what_is_not_known_as_null(session, reported, tmp_path):
    export(session, reported, tmp_path / "run.geojson")
    features = json.loads((tmp_path / "run.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["people"] for feature in features} == {None}


@pytest.mark.parametrize("ending", FORMATS)
def test_run_without_findings_is_written(session, country, tmp_path, ending):
    caller = make_operator("tests")
    run = audit_levels(session, country.register, ["wilaya"], day=date(2026, 1, 1), caller=caller).run
    assert len(render_run(session, country.register, run, ending=ending, language="en")) > 50


@pytest.mark.parametrize("name", ["run.exe", "run", "run.csv.zip", "nowhere/run.csv", "folder.csv"])
def test_target_that_cannot_be_written_is_refused(session, reported, tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises((InvalidValue, FolderUnfit)):
        export(session, reported, tmp_path / name)


def test_file_stays_as_it_was_when_the_run_is_not_there(session, reported, tmp_path):
    (tmp_path / "run.csv").write_text("kept", encoding="utf-8")
    with pytest.raises(RunNotFound):
        export_run(session, reported.register, 999_999, tmp_path / "run.csv", language="fa")
    assert (tmp_path / "run.csv").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("ending", ["", "exe", "../csv", "csv\0", "CSV"])
def test_unknown_format_is_refused(session, reported, ending):
    with pytest.raises(InvalidValue):
        render_run(session, reported.register, reported.run.id, ending=ending, language="fa")
