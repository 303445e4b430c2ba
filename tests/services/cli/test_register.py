"""Test that imports and exports are commanded from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import Result

from geo.errors import InvalidMapping, RowsRefused, UnknownCountry, UnreadableFile


@pytest.fixture
def wilayas(tmp_path: Path) -> Path:
    """Write two wilayas side by side to a file whose columns have usual names."""
    rows = [("01", "Adrar", "أدرار", 0.0), ("02", "Chlef", "الشلف", 1.0)]
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name_fr": name, "name_ar": arabic, "label": f"w{code}"},
            "geometry": json.loads(shapely.to_geojson(shapely.box(lon, 33, lon + 1, 34))),
        }
        for code, name, arabic, lon in rows
    ]
    path = tmp_path / "wilayas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def bring(read_json: Callable[..., Any], wilayas: Path) -> Callable[..., Any]:
    """Import the file into a register of its own."""
    return lambda *more: read_json(
        "import", str(wilayas), "--country", "dz", "--register", "trial", "--level", "wilaya", *more
    )


def test_import_writes_nothing_unless_told(bring: Callable[..., Any]):
    assert (bring()["committed"], bring()["counts"]["wilaya"]["new"]) == (False, 2)


def test_import_is_committed_and_changes_nothing_twice(bring: Callable[..., Any]):
    first, second = bring("--commit"), bring("--commit")
    assert first["counts"]["wilaya"]["new"] == 2
    assert (second["counts"]["wilaya"]["new"], second["counts"]["wilaya"]["same"]) == (0, 2)


def test_columns_are_guessed_and_said(bring: Callable[..., Any]):
    assert bring()["guessed"]["wilayas.geojson"]["name.ar"] == "name_ar"


def test_columns_are_declared(bring: Callable[..., Any]):
    report = bring("--map", "name.en=label")
    assert report["guessed"]["wilayas.geojson"].keys() == {"code", "name.ar", "name.fr"}


def test_report_is_a_table_for_people(run_in_store: Callable[..., Result], wilayas: Path):
    result = run_in_store("import", wilayas, "--country", "dz", "--level", "wilaya", "--register", "trial")
    assert result.exit_code == 0
    assert "wilaya" in result.stdout and "--commit" in result.stdout


def test_refused_rows_are_shown_before_the_refusal(run_in_store: Callable[..., Result], wilayas: Path, capsys):
    wilayas.write_text(wilayas.read_text(encoding="utf-8").replace('"02"', '"01"'), encoding="utf-8")
    with pytest.raises(RowsRefused):
        run_in_store(
            "import", wilayas, "--country", "dz", "--level", "wilaya", "--register", "trial", "--commit", "--json"
        )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ((), InvalidMapping),
        (("--country", "dz", "--map", "code"), InvalidMapping),
        (("--country", "xx"), UnknownCountry),
    ],
)
def test_import_without_what_it_needs_is_refused(run_in_store: Callable[..., Result], wilayas: Path, more, error):
    with pytest.raises(error):
        run_in_store("import", wilayas, "--level", "wilaya", *more)


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".csv"])
def test_export_writes_what_was_imported(read_json, bring, tmp_path: Path, ending):
    bring("--commit")
    out = tmp_path / f"out{ending}"
    assert read_json("export", str(out), "--register", "trial")["rows"] == 2
    assert out.stat().st_size > 0


def test_export_of_an_unknown_kind_leaves_nothing(run_in_store, bring, tmp_path: Path):
    bring("--commit")
    with pytest.raises(UnreadableFile):
        run_in_store("export", tmp_path / "out.dwg", "--register", "trial")
    assert list(tmp_path.glob("out*")) == []
