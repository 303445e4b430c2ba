"""Test that a locator survives as bytes, and that other bytes are refused."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.letters import draw
from geo.errors import UnreadableFile
from geo.locate import build_locator, pack_locator, unpack_locator
from geo.locate.packing import HEAD_BYTES, VERSION

NAMES = ("آبادان", "02", "3")


@pytest.fixture
def locator():
    shapes = list(draw("AAB\nACB").values())
    parents = {"استان": ["خوزستان", "", "۳"], "county": ["1", "2", "3"]}
    return build_locator(shapes, NAMES, parents=parents)


@pytest.fixture
def packed(locator):
    return pack_locator(locator)


def test_locator_comes_back_whole(locator, packed):
    back = unpack_locator(packed, name="x")
    assert (back.keys, back.parents, back.source) == (locator.keys, locator.parents, locator.source)
    assert back.index[:2] == locator.index[:2]
    assert all(np.array_equal(*pair) for pair in zip(back.index[2:], locator.index[2:], strict=True))


def test_what_comes_back_answers_alike(locator, packed):
    x, y = np.random.default_rng(1).integers(-1, 8, (2, 200)) / 2
    one, other = locator.locate(x, y), unpack_locator(packed, name="x").locate(x, y)
    assert (one.rows == other.rows).all() and (one.on_boundary == other.on_boundary).all()


def test_nothing_is_copied(packed):
    index = unpack_locator(packed, name="x").index
    assert all(np.shares_memory(array, packed) for array in index[2:])


def test_same_locator_gives_same_bytes(locator, packed):
    assert pack_locator(locator).tobytes() == packed.tobytes()


def test_arrays_begin_where_processors_like_it(packed):
    index = unpack_locator(packed, name="x").index
    begin = packed.__array_interface__["data"][0]
    assert {(array.__array_interface__["data"][0] - begin) % HEAD_BYTES for array in index[2:]} == {0}


@pytest.mark.parametrize("place", [HEAD_BYTES, HEAD_BYTES + 20, 1000, -1, 20, 40])
def test_damage_is_seen_wherever_it_is(packed, place):
    packed[place] ^= 1
    with pytest.raises(UnreadableFile) as refusal:
        unpack_locator(packed, name="x.idx")
    assert refusal.value.params["reason"].key == "locate_damaged"


@pytest.mark.parametrize("cut", [1, 64, 500])
def test_cut_bytes_are_refused(packed, cut):
    with pytest.raises(UnreadableFile) as refusal:
        unpack_locator(packed[:-cut], name="x.idx")
    assert refusal.value.params["reason"].key == "locate_damaged"


def test_other_version_is_refused_by_number(packed):
    packed[8] = 9
    with pytest.raises(UnreadableFile) as refusal:
        unpack_locator(packed, name="x.idx")
    assert dict(refusal.value.params["reason"].params) == {"found": 9, "needed": VERSION}


@pytest.mark.parametrize("other", [b"", b"TAQ", b"PAR1" * 40, b"\0" * 200])
def test_other_bytes_are_refused(other):
    with pytest.raises(UnreadableFile) as refusal:
        unpack_locator(np.frombuffer(other, dtype=np.uint8), name="x.idx")
    assert refusal.value.params["reason"].key == "locate_no_index"
