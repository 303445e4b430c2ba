"""Check that values of a pack are taken only as what they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geo.errors import InvalidPack
from geo.register.entries import Entry


@pytest.mark.parametrize(
    ("value", "take", "reason"),
    [
        ([1], Entry.table, "pack_wants_table"),
        ({}, Entry.list_items, "pack_wants_list"),
        (3, Entry.text, "pack_wants_text"),
        ("Ostan", Entry.keyword, "pack_wants_keyword"),
        (True, Entry.number, "pack_wants_number"),
        ("1", Entry.number, "pack_wants_number"),
        (1.5, Entry.whole, "pack_wants_whole"),
        ("yes", Entry.flag, "pack_wants_flag"),
        (["a", ""], Entry.texts, "pack_wants_text"),
    ],
)
def test_wrong_kind_of_value_is_refused(value: object, take: Callable[[Entry], object], reason: str) -> None:
    with pytest.raises(InvalidPack) as caught:
        take(Entry("xx", "some.key", value))
    assert (caught.value.params["key"], caught.value.params["reason"].key) == ("some.key", reason)


def test_words_said_twice_are_refused() -> None:
    with pytest.raises(InvalidPack, match="pack_said_twice"):
        Entry("xx", "levels", ["a", "a"]).some_of(("a", "b"))


def test_missing_value_is_named_by_its_whole_key() -> None:
    with pytest.raises(InvalidPack, match=r"key='levels\.county\.names'"):
        Entry("xx", "levels.county", {}).get("names")
