"""Check that the thresholds of a pack are read whole and that broken ones are refused by their key."""

from __future__ import annotations

from typing import Any

import pytest

from geo.errors import InvalidPack
from geo.register.entries import Entry
from geo.register.packs import load_pack
from geo.register.threshold_entries import read_thresholds

LEVELS = load_pack("ir").levels
NAMES = {"fa": "ضابطه", "en": "threshold"}
WAY = {"measure": "people", "least": 100}
RULE = {
    "names": NAMES,
    "level": "bakhsh",
    "kinds": ["create"],
    "article": "6",
    "source": "law",
    "ways": [WAY, {"any_of": ["dense", "border"], "approval": "cabinet", "note": "2", "verified": False}],
}
WHOLE: dict[str, Any] = {
    "approvals": {"cabinet": NAMES},
    "circumstances": {"border": NAMES},
    "densities": {"classes": {"dense": NAMES}, "source": "law", "bands": [[0, "dense"]]},
    "villages": ["village"],
    "rules": {"bakhsh": RULE},
}


def read(table: dict[str, Any]) -> Any:
    return read_thresholds(Entry("xx", "thresholds", table), LEVELS, languages=("fa", "en"))


def test_whole_table_is_read() -> None:
    (rule,) = read(WHOLE).rules
    assert (rule.key, rule.ways[0].least, rule.ways[1].approval, rule.ways[1].verified) == (
        *("bakhsh", 100.0, "cabinet"),
        False,
    )


def test_what_came_from_secondary_texts_is_flagged() -> None:
    flagged = {rule.key for rule in load_pack("ir").thresholds.rules if not all(way.verified for way in rule.ways)}
    assert flagged == {"dehestan", "city", "county", "province"}


@pytest.mark.parametrize(
    ("part", "value", "key"),
    [
        ("level", "ostan", "thresholds.rules.bakhsh.level"),
        ("kinds", ["rename"], "thresholds.rules.bakhsh.kinds"),
        ("ways", [], "thresholds.rules.bakhsh.ways"),
        ("ways", [{}], "thresholds.rules.bakhsh.ways.0"),
        ("ways", [{"measure": "people"}], "thresholds.rules.bakhsh.ways.0.least"),
        ("ways", [{"least": 5}], "thresholds.rules.bakhsh.ways.0.measure"),
        ("ways", [{"measure": "wealth", "least": 5}], "thresholds.rules.bakhsh.ways.0.measure"),
        ("ways", [{"measure": "people", "least": -1}], "thresholds.rules.bakhsh.ways.0.least"),
        ("ways", [{"measure": "people", "least": float("nan")}], "thresholds.rules.bakhsh.ways.0.least"),
        ("ways", [{"all_of": ["island"]}], "thresholds.rules.bakhsh.ways.0.all_of"),
        ("ways", [WAY | {"approval": "king"}], "thresholds.rules.bakhsh.ways.0.approval"),
        ("ways", [WAY | {"colour": "red"}], "thresholds.rules.bakhsh.ways.0.colour"),
    ],
)
def test_broken_rule_is_refused_by_its_key(part: str, value: object, key: str) -> None:
    with pytest.raises(InvalidPack) as caught:
        read(WHOLE | {"rules": {"bakhsh": RULE | {part: value}}})
    assert caught.value.params["key"] == key


@pytest.mark.parametrize(
    ("densities", "key"),
    [
        ({"by_code": {"23": "dense"}}, "thresholds.densities.level"),
        ({"level": "province", "by_code": {"23": "full"}}, "thresholds.densities.by_code.23"),
        ({"bands": [[0]]}, "thresholds.densities.bands.0"),
        ({"bands": [[5, "dense"], [0, "dense"]]}, "thresholds.densities.bands"),
    ],
)
def test_broken_densities_are_refused_by_their_key(densities: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidPack) as caught:
        read(WHOLE | {"densities": {"classes": {"dense": NAMES}, "source": "law"} | densities})
    assert caught.value.params["key"] == key


def test_word_of_a_class_is_no_circumstance() -> None:
    with pytest.raises(InvalidPack) as caught:
        read(WHOLE | {"circumstances": {"border": NAMES, "dense": NAMES}})
    assert caught.value.params["key"] == "thresholds.circumstances.dense"
