"""Check that sets of indices are read whole and that weights that do not add up are refused by their node."""

from __future__ import annotations

from typing import Any

import pytest

from geo.errors import InvalidPack, InvalidValue
from geo.register.entries import Entry
from geo.register.index_entries import read_indices
from geo.register.packs import load_pack

NAMES = {"fa": "شاخص", "en": "index"}


def leaf(weight: float, **more: object) -> dict[str, Any]:
    return {"names": NAMES, "weight": weight, **more}


WHOLE: dict[str, Any] = {
    "names": NAMES,
    "levels": ["county"],
    "source": "order",
    "grades": {"first": {"names": NAMES, "least": 0.5}, "second": {"names": NAMES, "least": 0}},
    "parts": {"people": leaf(0.7, parts={"count": leaf(0.1), "growth": leaf(0.9)}), "distance": leaf(0.3)},
}


def read(table: dict[str, Any]) -> Any:
    return read_indices(Entry("xx", "indices", {"own": table}), load_pack("ir").levels, languages=("fa", "en"))[0]


def test_whole_set_is_read() -> None:
    found = read(WHOLE)
    assert [one.key for one in found.leaves] == ["count", "growth", "distance"]
    assert found.find_leaf("شاخص").key == "count"


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"people": leaf(0.7), "distance": leaf(0.2)}, "indices.own.parts"),
        ({"people": leaf(1, parts={"count": leaf(0.5), "growth": leaf(0.6)})}, "indices.own.parts.people.parts"),
        ({"people": leaf(1, parts={})}, "indices.own.parts.people.parts"),
        ({}, "indices.own.parts"),
        ({"people": leaf(0.5, parts={"people": leaf(1)}), "b": leaf(0.5)}, "indices.own.parts"),
        ({"people": leaf(-1), "b": leaf(2)}, "indices.own.parts.people.weight"),
        ({"people": leaf(float("nan"))}, "indices.own.parts.people.weight"),
        ({"people": leaf(1, scale="log")}, "indices.own.parts.people.scale"),
        ({"people": leaf(1, parts={"count": leaf(1)}, scale="z")}, "indices.own.parts.people.scale"),
        ({"Pe": leaf(1)}, "indices.own.parts.Pe.key"),
    ],
)
def test_broken_parts_are_refused_by_their_node(parts: dict[str, Any], key: str) -> None:
    with pytest.raises(InvalidPack) as caught:
        read(WHOLE | {"parts": parts})
    assert caught.value.params["key"] == key


@pytest.mark.parametrize("starts", [(), (0.5,), (0.0, 0.5), (0.5, 0.5, 0.0)])
def test_grades_fall_to_zero(starts: tuple[float, ...]) -> None:
    grades = {f"g{number}": {"names": NAMES, "least": start} for number, start in enumerate(starts)}
    with pytest.raises(InvalidPack, match="pack_grades_unsorted"):
        read(WHOLE | {"grades": grades})


def test_hierarchies_have_a_bottom() -> None:
    inner = leaf(1)
    for depth in range(8):
        inner = leaf(1, parts={f"n{depth}": inner})
    with pytest.raises(InvalidPack, match="pack_indices_deep"):
        read(WHOLE | {"parts": {"top": inner}})


def test_unknown_set_names_the_known() -> None:
    with pytest.raises(InvalidValue, match="example"):
        load_pack("dz").index_set("other")
