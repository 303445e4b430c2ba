"""Check that records are held against each other: kinship, codes and names."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from geo.coverage import Finding
from geo.register.candidates import CodeKey
from geo.register.names import search_key
from geo.register.packs import load_pack
from geo.register.record_checks import Record, RecordBook, check_records

SCHEME = ("sci", "1399")
LEVELS = {
    "ostan": "province",
    "shahrestan": "county",
    "bakhsh": "bakhsh",
    "dehestan": "dehestan",
    "shahr": "city",
    "mantaghe_shahri": "urban_zone",
}


def make(key: str, level: str, code: str, parent: str | None, name: str = "") -> Record:
    return Record(key, level, parent, (CodeKey(*SCHEME, code),), {"fa": name or key})


SOUND = {
    "p": make("p", "province", "01", None),
    "c": make("c", "county", "0101", "p"),
    "b": make("b", "bakhsh", "010101", "c"),
    "d": make("d", "dehestan", "0101010001", "b"),
    "e": make("e", "dehestan", "0101010002", "b"),
}


def check(**changed: Record) -> list[Finding]:
    records = SOUND | changed
    return check_records(RecordBook(load_pack("ir"), records), list(records))


def test_sound_records_give_no_finding() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("changed", "kind", "divisions", "detail"),
    [
        (make("c", "county", "0101", None), "orphan", ("c",), {"reason": "none"}),
        (make("c", "county", "0101", "x"), "orphan", ("c",), {"reason": "unknown", "parent": "x"}),
        (make("e", "dehestan", "0101010002", "c"), "orphan", ("e",), {"reason": "level"}),
        (make("e", "dehestan", "0101010001", "b"), "code_clash", ("d", "e"), {"code": "0101010001"}),
        (make("e", "dehestan", "0201010002", "b"), "broken_nesting", ("b", "e"), {"front": "010101"}),
        (make("e", "dehestan", "01010100x2", "b"), "broken_nesting", ("e",), {"reason": "rule"}),
        (make("e", "dehestan", "0101010002", "b", "د"), "name_clash", ("e", "f"), {"level": "dehestan"}),
        (make("e", "dehestan", "0101010002", "b", "  "), "missing_name", ("e",), {"language": "fa"}),
    ],
)
def test_each_fault_is_told(changed: Record, kind: str, divisions: tuple[str, ...], detail: dict[str, str]) -> None:
    others = {"f": make("f", "dehestan", "0101010003", "b", "د")} if kind == "name_clash" else {}
    found = [one for one in check(**{changed.key: changed}, **others) if one.kind == kind]
    assert [one.divisions for one in found] == [divisions]
    assert detail.items() <= found[0].detail.items()


@pytest.mark.parametrize(("first", "second", "clash"), [("0101", "0102", True), ("0101", "0101", True)])
def test_city_numbers_are_unique_in_the_country(first: str, second: str, clash: bool) -> None:
    records = SOUND | {
        "b2": make("b2", "bakhsh", "010102", "c"),
        "s": make("s", "city", f"{first}011001", "b"),
        "t": make("t", "city", f"{second}021001", "b2"),
    }
    found = check_records(RecordBook(load_pack("ir"), records), ["s", "t"])
    assert (("s", "t") in [one.divisions for one in found if one.kind == "code_clash"]) == clash


@pytest.mark.parametrize(("one", "other"), [("علي آباد", "علی‌آباد"), ("كوه", "کوه")])
def test_names_clash_however_they_are_spelt(one: str, other: str) -> None:
    found = check(d=make("d", "dehestan", "0101010001", "b", one), e=make("e", "dehestan", "0101010002", "b", other))
    assert [finding.kind for finding in found] == ["name_clash"]


def test_only_those_asked_about_are_told() -> None:
    records = SOUND | {"c": make("c", "county", "0101", "x")}
    assert check_records(RecordBook(load_pack("ir"), records), ["d", "e"]) == []


def test_a_circle_of_parents_ends() -> None:
    circle = {"d": make("d", "dehestan", "0101010001", "e"), "e": make("e", "dehestan", "0101010002", "d")}
    assert {one.kind.value for one in check(**circle)} == {"orphan"}


def load_iran(folder: Path) -> pd.DataFrame:
    with (folder / "iran" / "iran_divisions_1399.csv").open(encoding="utf-8") as file:
        rows = [(LEVELS[row["level"]], row["code"], row["parent_code"], row["name_fa"]) for row in csv.DictReader(file)]
    places = pd.read_parquet(folder / "iran" / "iran_abadi_1399.parquet")
    rows += zip(
        places["abadi_type"].map({0: "village", 1: "block"}),
        places["code"],
        places["dehestan_code"],
        places["name_fa"],
        strict=True,
    )
    return pd.DataFrame(rows, columns=["level", "code", "parent", "name"])


def test_official_list_of_iran_has_only_namesakes(real_data: Path) -> None:
    table = load_iran(real_data)
    above = {"county": "province", "bakhsh": "county", "dehestan": "bakhsh", "city": "bakhsh", "urban_zone": "bakhsh"}
    records = {}
    for level, code, parent, name in table.itertuples(index=False):
        home = None if level == "province" else f"{above.get(level, 'dehestan')} {parent}"
        records[f"{level} {code}"] = make(f"{level} {code}", level, code, home, name)
    found = check_records(RecordBook(load_pack("ir"), records), list(records))
    alike = table.assign(name=table["name"].map(search_key)).groupby(["parent", "level", "name"]).size()
    assert Counter(one.kind.value for one in found) == {"name_clash": 434}
    assert (alike > 1).sum() == 434
