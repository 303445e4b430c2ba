"""Check that packs load whole and that each broken one is refused by the key that breaks it."""

from __future__ import annotations

import re

import pytest

from geo.errors import InvalidPack, UnknownCountry
from geo.register import CountryPack, list_countries, load_pack, read_pack

SMALL = """
country = "xx"
languages = ["fa", "en"]
names = { fa = "سرزمین", en = "Land" }
calendar = "jalali"
time_zone = "Asia/Tehran"
equal_area_crs = "+proj=aea +lat_1=1 +lat_2=2 +units=m"
bounds = { west = 0, south = 0, east = 10, north = 10 }
tolerances = { report_area_m2 = 0.1, vertex_width_m = 0.002, sliver_width_m = 50, sliver_compactness = 0.3 }
suppression = { threshold = 5 }
[levels.province]
names = { fa = "استان", en = "province" }
geometry = "polygon"
parents = []
aliases = ["ostan"]
[levels.village]
names = { fa = "روستا", en = "village" }
geometry = "point"
parents = ["province"]
[partitions.provinces]
levels = ["province"]
[schemes.own.1]
names = { fa = "خودی", en = "own" }
source = "nobody"
primary_for = ["province", "village"]
[schemes.own.1.rules]
province = { width = 2, ranges = [[1, 31]] }
village = { prefix_of = "province", width = 3, ranges = [[1, 999]] }
"""


def test_small_pack_is_read() -> None:
    pack = read_pack(SMALL, "xx")
    assert pack.level_keys == ("province", "village")
    assert pack.scheme("own").length_of("village") == 5


def test_order_gives_rank() -> None:
    assert [level.rank for level in read_pack(SMALL, "xx").levels] == [0, 1]


def test_higher_level_answers_to_a_shared_name() -> None:
    text = SMALL.replace('en = "province"', 'en = "shire"').replace('en = "village"', 'en = "shire"')
    found = read_pack(text, "xx").find_level("Shire")
    assert found is not None
    assert found.key == "province"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('country = "xx"', 'country = "yy"', "country", "pack_unknown_word"),
        ('calendar = "jalali"', "", "calendar", "pack_key_missing"),
        ('calendar = "jalali"', 'calendar = "mayan"', "calendar", "pack_unknown_word"),
        ('"Asia/Tehran"', '"../../etc/localtime"', "time_zone", "pack_wants_zone"),
        ('calendar = "jalali"', 'calendar = "jalali"\ncolour = "red"', "colour", "pack_key_unknown"),
        ("+proj=aea", "+proj=merc", "equal_area_crs", "pack_wants_albers"),
        ("east = 10", "east = -1", "bounds", "pack_bounds_empty"),
        ("sliver_compactness = 0.3", "sliver_compactness = 3", "tolerances.sliver_compactness", "pack_share_over_one"),
        ("sliver_width_m = 50", "sliver_width_m = -1", "tolerances.sliver_width_m", "pack_wants_number"),
        ("sliver_width_m = 50", "sliver_width_m = nan", "tolerances.sliver_width_m", "pack_wants_number"),
        ("threshold = 5", "threshold = 0", "suppression.threshold", "pack_wants_number"),
        ("threshold = 5", "threshold = 5.5", "suppression.threshold", "pack_wants_whole"),
        (', en = "province" }', " }", "levels.province.names.en", "pack_key_missing"),
        (
            'en = "province" }',
            'en = "province", persian = "x" }',
            "levels.province.names.persian",
            "pack_wants_language",
        ),
        ('geometry = "point"', 'geometry = "line"', "levels.village.geometry", "pack_unknown_word"),
        ('parents = ["province"]', 'parents = ["county"]', "levels.village.parents", "pack_unknown_word"),
        ('parents = ["province"]', 'parents = ["village"]', "levels.village.parents", "pack_unknown_word"),
        ('parents = ["province"]', 'parents = "province"', "levels.village.parents", "pack_wants_list"),
        (
            'parents = ["province"]',
            'parents = ["province"]\naliases = ["OSTAN"]',
            "levels.village.aliases",
            "pack_word_taken",
        ),
        ('levels = ["province"]', 'levels = ["village"]', "partitions.provinces.levels", "pack_unknown_word"),
        (
            "[partitions.provinces]",
            '[partitions.provinces]\nparent = "province"',
            "partitions.provinces.levels",
            "pack_no_such_parent",
        ),
        ('primary_for = ["province", "village"]', 'primary_for = ["province"]', "schemes", "pack_wants_primary"),
        ("width = 2, ranges", "width = 0, ranges", "schemes.own.1.rules.province.width", "pack_wants_number"),
        ("[[1, 31]]", "[[31, 1]]", "schemes.own.1.rules.province.ranges.0", "pack_range_wrong"),
        ("[[1, 31]]", "[[1, 310]]", "schemes.own.1.rules.province.ranges.0", "pack_range_wrong"),
        (
            'prefix_of = "province"',
            'prefix_of = "county"',
            "schemes.own.1.rules.village.prefix_of",
            "pack_unknown_word",
        ),
        (
            'prefix_of = "province"',
            'prefix_of = "province", starts = "X"',
            "schemes.own.1.rules.village.starts",
            "pack_two_prefixes",
        ),
        (
            "width = 2, ranges",
            'pattern = "x", width = 2, ranges',
            "schemes.own.1.rules.province.width",
            "pack_pattern_alone",
        ),
        ("width = 2, ranges = [[1, 31]]", 'pattern = "("', "schemes.own.1.rules.province.pattern", "pack_not_pattern"),
        ('source = "nobody"', 'source = " "', "schemes.own.1.source", "pack_wants_text"),
    ],
)
def test_broken_pack_names_its_key(old: str, new: str, key: str, reason: str) -> None:
    assert old in SMALL
    with pytest.raises(InvalidPack) as caught:
        read_pack(SMALL.replace(old, new, 1), "xx")
    found = caught.value.params["reason"]
    assert (caught.value.params["key"], found.key) == (key, reason)


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(InvalidPack, match="pack_not_toml"):
        read_pack("levels = [", "xx")


def test_unknown_country_names_the_known() -> None:
    with pytest.raises(UnknownCountry) as caught:
        load_pack("xx")
    assert caught.value.params["known"] == ("af", "dz", "ir")


@pytest.fixture(params=list_countries())
def pack(request: pytest.FixtureRequest) -> CountryPack:
    """Load each pack in turn."""
    return load_pack(request.param)


def test_pack_is_loaded_once(pack: CountryPack) -> None:
    assert load_pack(pack.country) is pack


def test_levels_have_names_in_all_languages(pack: CountryPack) -> None:
    for level in pack.levels:
        assert {"fa", "fa-AF", "ps", "ar", "en"} <= set(level.names), level.key


def test_categories_have_names_in_the_interface_languages(pack: CountryPack) -> None:
    assert pack.categories
    assert all({"fa", "en"} <= set(category.names) for category in pack.categories)


def test_top_levels_tile_the_country(pack: CountryPack) -> None:
    tops = {key for partition in pack.partitions_of(None) for key in partition.levels}
    assert tops == {level.key for level in pack.children_of(None)}


def test_keys_are_plain_words(pack: CountryPack) -> None:
    words = (*pack.level_keys, *(scheme.key for scheme in pack.schemes), *(item.code for item in pack.categories))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in words)


@pytest.mark.parametrize(
    ("country", "levels"),
    [
        ("ir", "province county bakhsh dehestan city urban_zone village block farm locality"),
        ("af", "province district municipality nahia gozar village"),
        ("dz", "wilaya daira commune"),
    ],
)
def test_pack_has_its_levels(country: str, levels: str) -> None:
    assert load_pack(country).level_keys == tuple(levels.split())


def test_dehestan_and_city_tile_a_bakhsh() -> None:
    (partition,) = load_pack("ir").partitions_of("bakhsh")
    assert partition.levels == ("dehestan", "city")


def test_algerian_communes_do_not_begin_with_their_wilaya() -> None:
    assert load_pack("dz").scheme("ons").rule_of("commune").prefix_of is None
