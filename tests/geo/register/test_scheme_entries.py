"""Check what packs say of the days of schemes and of their tables."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InvalidPack
from geo.register import check_code, load_pack, read_pack
from geo.register.periods import ALWAYS, Period

PACK = """
country = "xx"
languages = ["fa"]
names = { fa = "سرزمین" }
calendar = "jalali"
time_zone = "Asia/Tehran"
equal_area_crs = "+proj=aea +lat_1=1 +lat_2=2 +units=m"
bounds = { west = 0, south = 0, east = 10, north = 10 }
tolerances = { report_area_m2 = 0.1, vertex_width_m = 0.002, sliver_width_m = 50, sliver_compactness = 0.3 }
suppression = { threshold = 5 }
[levels.province]
names = { fa = "استان" }
geometry = "polygon"
parents = []
[partitions.provinces]
levels = ["province"]
[schemes.own.1]
names = { fa = "خودی" }
source = "nobody"
primary_for = ["province"]
[schemes.own.1.rules]
province = { width = 2, ranges = [[1, 31]], ocd_word = "state" }
[schemes.other.2]
names = { fa = "دیگری" }
source = "somebody"
aliases = ["the_other"]
valid_from = 2020-11-24
valid_until = 2030-01-01
[schemes.other.2.rules]
province = { starts = "X-", width = 2, ranges = [[1, 31]] }
[schemes.other.2.codes]
province = [["01", "X-02"], ["02", "X-01"]]
"""


def test_days_and_table_are_read() -> None:
    scheme = read_pack(PACK, "xx").scheme("other")
    assert scheme.period == Period(date(2020, 11, 24), date(2030, 1, 1))
    assert [(row.level, row.primary, row.code) for row in scheme.table] == [
        ("province", "01", "X-02"),
        ("province", "02", "X-01"),
    ]


def test_scheme_without_days_always_holds() -> None:
    scheme = read_pack(PACK, "xx").scheme("own")
    assert (scheme.period, scheme.table, scheme.word) == (ALWAYS, (), "own/1")


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("2020-11-24", '"2020-11-24"', "schemes.other.2.valid_from", "pack_wants_day"),
        ("2020-11-24", "2020", "schemes.other.2.valid_from", "pack_wants_day"),
        ("2020-11-24", "2020-11-24T00:00:00", "schemes.other.2.valid_from", "pack_wants_day"),
        ("2030-01-01", "2020-11-24", "schemes.other.2", "pack_period_empty"),
        ('["01", "X-02"]', '["01"]', "schemes.other.2.codes.province.0", "pack_table_pair"),
        ('["01", "X-02"]', '["01", "X-99"]', "schemes.other.2.codes", "pack_table_code"),
        ('["01", "X-02"]', '["99", "X-02"]', "schemes.other.2.codes", "pack_table_code"),
        ('["01", "X-02"]', '["01", "X-01"]', "schemes.other.2.codes", "pack_said_twice"),
        ('["01", "X-02"]', '["02", "X-02"]', "schemes.other.2.codes", "pack_said_twice"),
        ('province = [["01"', 'county = [["01"', "schemes.other.2.codes.county.level", "pack_unknown_word"),
        ('"state"', '"st4te"', "schemes.own.1.rules.province.ocd_word", "pack_wants_keyword"),
    ],
)
def test_broken_entry_is_refused_by_its_key(old: str, new: str, key: str, reason: str) -> None:
    with pytest.raises(InvalidPack) as raised:
        read_pack(PACK.replace(old, new, 1), "xx")
    assert (raised.value.params["key"], raised.value.params["reason"].key) == (key, reason)


@pytest.mark.parametrize(
    ("country", "scheme", "version", "rows", "pair"),
    [
        ("ir", "iso", "2020", 31, ("01", "IR-01")),
        ("ir", "iso", "1998", 31, ("03", "IR-01")),
        ("ir", "iso", "1998", 31, ("23", "IR-07")),
        ("af", "iso", "2016", 34, ("AF01", "AF-KAB")),
    ],
)
def test_published_tables_are_whole(country: str, scheme: str, version: str, rows: int, pair: tuple[str, str]) -> None:
    found = load_pack(country).scheme(scheme, version)
    assert (len(found.table), pair in [(row.primary, row.code) for row in found.table]) == (rows, True)
    assert {check_code(found, row.level, row.code) for row in found.table} == {None}


@pytest.mark.parametrize(("country", "scheme"), [("ir", "iso"), ("af", "iec")])
def test_versions_follow_each_other_day_by_day(country: str, scheme: str) -> None:
    periods = sorted(one.period.start for one in load_pack(country).schemes if one.key == scheme and one.period.start)
    ends = sorted(one.period.end for one in load_pack(country).schemes if one.key == scheme and one.period.end)
    assert periods[1:] == ends
