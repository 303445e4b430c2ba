"""Check what can be asked of a country pack."""

from __future__ import annotations

import pytest

from geo.errors import UnknownLevel, UnknownScheme
from geo.register import Bounds, load_pack

IRAN = Bounds(west=44.0, south=24.0, east=64.0, north=40.0)


@pytest.mark.parametrize(
    ("country", "word", "level"),
    [
        ("ir", "ostan", "province"),
        ("ir", "Mantaghe_Shahri", "urban_zone"),
        ("ir", "شهرستان", "county"),
        ("ir", "روستا", "village"),
        ("ir", "abadi_type:1", "block"),
        ("ir", "village", "village"),
        ("af", "ولسوالۍ", "district"),
        ("af", "ADM1", "province"),
        ("dz", "Daïra", "daira"),
        ("dz", "دائرة", "daira"),
        ("ir", "canton", None),
        ("ir", "", None),
    ],
)
def test_level_is_found_by_any_word(country: str, word: str, level: str | None) -> None:
    found = load_pack(country).find_level(word)
    assert (found and found.key) == level


def test_unknown_level_names_the_known() -> None:
    with pytest.raises(UnknownLevel) as caught:
        load_pack("dz").level("canton")
    assert caught.value.params["known"] == ("wilaya", "daira", "commune")


def test_zone_may_stand_under_city_or_bakhsh() -> None:
    pack = load_pack("ir")
    assert pack.level("urban_zone").parents == ("city", "bakhsh")
    assert [level.key for level in pack.children_of("bakhsh")] == ["dehestan", "city", "urban_zone"]


def test_scheme_in_use_comes_first() -> None:
    pack = load_pack("ir")
    assert pack.scheme("iso").version == "2020"
    assert pack.scheme("iso", "1998").rule_of("province").ranges == ((1, 32),)


@pytest.mark.parametrize(("key", "version"), [("zip", None), ("iso", "1066")])
def test_unknown_scheme_is_refused(key: str, version: str | None) -> None:
    with pytest.raises(UnknownScheme):
        load_pack("ir").scheme(key, version)


@pytest.mark.parametrize(
    ("country", "level", "scheme"),
    [
        ("ir", "county", "sci"),
        ("af", "district", "pcode"),
        ("af", "village", "local"),
        ("dz", "wilaya", "ons"),
        ("dz", "commune", "osm"),
    ],
)
def test_primary_scheme_is_told_by_level(country: str, level: str, scheme: str) -> None:
    assert load_pack(country).primary_scheme(level).key == scheme


@pytest.mark.parametrize(
    ("lon", "lat", "inside", "swapped"),
    [(51.4, 35.7, True, False), (35.7, 51.4, False, True), (44.0, 24.0, True, False), (0.0, 0.0, False, False)],
)
def test_bounds_tell_swapped_positions(lon: float, lat: float, inside: bool, swapped: bool) -> None:
    assert IRAN.has_point(lon, lat) is inside
    assert IRAN.looks_swapped(lon, lat) is swapped


def test_position_that_fits_both_ways_is_not_swapped() -> None:
    assert not Bounds(west=0.0, south=0.0, east=10.0, north=10.0).looks_swapped(3.0, 5.0)


def test_pack_is_hashable() -> None:
    assert len({load_pack("ir"), load_pack("ir"), load_pack("af")}) == 2
