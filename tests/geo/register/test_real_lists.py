"""Check the packs against the real lists, where they are at hand."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyarrow.parquet as parquet
import pyogrio
import pytest

from geo.register import check_code, find_mixed_letters, load_pack, parent_code, restore_zeros

IRAN = load_pack("ir")
AFGHANISTAN = load_pack("af")


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table of texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def divisions(real_data: Path) -> list[tuple[str, str, str]]:
    """Give level, code and parent code of the list of 1399."""
    rows = read_rows(real_data / "iran" / "iran_divisions_1399.csv")
    levels = {row["level"]: IRAN.find_level(row["level"]) for row in rows}
    return [(levels[row["level"]].key, row["code"], row["parent_code"]) for row in rows]


def test_all_divisions_obey_the_pack(divisions: list[tuple[str, str, str]]) -> None:
    scheme = IRAN.scheme("sci", "1399")
    assert [code for level, code, _ in divisions if check_code(scheme, level, code)] == []
    assert Counter(level for level, _, _ in divisions) == {
        **{"province": 31, "county": 448, "bakhsh": 1099, "dehestan": 2637, "city": 1354, "urban_zone": 200}
    }


def test_all_parents_are_inside_the_code(divisions: list[tuple[str, str, str]]) -> None:
    scheme = IRAN.scheme("sci", "1399")
    assert all(parent_code(scheme, level, code) == parent for level, code, parent in divisions if level != "province")


def test_all_lost_zeros_come_back(divisions: list[tuple[str, str, str]]) -> None:
    scheme = IRAN.scheme("sci", "1399")
    lost = [(level, code, code.lstrip("0") or "0") for level, code, _ in divisions]
    assert all(restore_zeros(scheme, level, text).code == code for level, code, text in lost)


def test_all_places_obey_the_pack(real_data: Path) -> None:
    table = parquet.read_table(real_data / "iran" / "iran_abadi_1399.parquet", columns=["code", "abadi_type"])
    levels = {kind: IRAN.find_level(f"abadi_type:{kind}").key for kind in (0, 1)}
    pairs = list(zip(*(table[name].to_pylist() for name in ("code", "abadi_type")), strict=True))
    bad = [code for code, kind in pairs if check_code(IRAN.scheme("sci"), levels[kind], code)]
    assert (len(pairs), bad) == (98_100, [])


@pytest.mark.parametrize(
    ("layer", "level", "code", "count"),
    [("admin1", "province", "adm1_pcode", 34), ("admin2", "district", "adm2_pcode", 399)],
)
def test_afghan_pcodes_obey_the_pack(real_data: Path, layer: str, level: str, code: str, count: int) -> None:
    path = real_data / "afghanistan" / "afg_cod_ab_2018.gpkg"
    codes = pyogrio.read_dataframe(path, layer=layer, read_geometry=False)[code]
    assert [check_code(AFGHANISTAN.scheme("pcode"), level, code) for code in codes] == [None] * count


@pytest.mark.parametrize(
    ("scheme", "version", "column", "count"),
    [
        ("iec", "2019", "2019_IEC_district_code", 421),
        ("iec", "2014", "2014_IEC_district_code", 408),
        ("agcho", "2012", "2012_AGCHO_district_code", 399),
        ("pcode", "2018", "2018_UNOCHA_district_code", 399),
    ],
)
def test_afghan_crosswalk_obeys_the_pack(real_data: Path, scheme: str, version: str, column: str, count: int) -> None:
    rows = read_rows(real_data / "afghanistan" / "afg_district_code_crosswalk.csv")
    codes = [row[column] for row in rows if row[column]]
    rules = AFGHANISTAN.scheme(scheme, version)
    assert [check_code(rules, "district", code) for code in codes] == [None] * count


def test_mistyped_iso_code_is_told(real_data: Path) -> None:
    path = real_data / "afghanistan" / "afg_geoboundaries.gpkg"
    codes = pyogrio.read_dataframe(path, layer="admin1_2007", read_geometry=False)["shapeISO"]
    assert [code for code in codes if check_code(AFGHANISTAN.scheme("iso"), "province", code)] == ["AF_KAN"]


def test_one_dari_name_has_arabic_kaf(real_data: Path) -> None:
    path = real_data / "afghanistan" / "afg_cod_ab_2018.gpkg"
    names = pyogrio.read_dataframe(path, layer="admin2", read_geometry=False)["adm2_da"]
    keys = [reason.key for name in names for reason in find_mixed_letters(name, "fa-AF")]
    assert keys.count("name_arabic_letters") == 1
