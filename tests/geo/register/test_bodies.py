"""Check that the bodies of packs can be followed and that broken ones are refused by their key."""

from __future__ import annotations

import pytest

from geo.apportionment import Method, SeatUnit, apportion
from geo.errors import InvalidPack, InvalidValue
from geo.register import list_countries, load_pack
from geo.register.body_entries import read_bodies
from geo.register.entries import Entry

LEVELS = load_pack("af").levels
NAMES = {"fa": "شورا", "en": "council"}
SHARED = {"names": NAMES, "level": "province", "source": "law", "seats": 9, "method": "article-49"}
SIZED = {"names": NAMES, "level": "province", "source": "law", "bands": [[0, 9], [500, 15]]}


def read(body: dict[str, object]):
    return read_bodies(Entry("xx", "bodies", {"council": body}), LEVELS, languages=("fa", "en"))[0]


@pytest.mark.parametrize("country", list_countries())
def test_rules_of_every_pack_can_be_followed(country):
    for body in load_pack(country).bodies:
        if body.rule is not None:
            found = apportion([SeatUnit("a", 600), SeatUnit("b", 400)], body.rule)
            assert found.seats == body.rule.seats


@pytest.mark.parametrize(
    ("country", "key", "method", "shared"),
    [("af", "wolesi_jirga", Method.ARTICLE_49, 239), ("ir", "majles", Method.HAMILTON, 285)],
)
def test_parliaments_set_their_reserved_seats_aside(country, key, method, shared):
    rule = load_pack(country).body(key).rule
    assert (rule.method, rule.seats - sum(one.seats for one in rule.reserved)) == (method, shared)


def test_reserved_seats_have_names():
    assert dict(load_pack("af").body("wolesi_jirga").reserved_names)["kuchi"].choose("en") == "Kuchi (nationwide)"


def test_unknown_body_is_refused():
    with pytest.raises(InvalidValue):
        load_pack("dz").body("wolesi_jirga")


def test_body_with_bands_has_no_rule():
    assert (read(SIZED).rule, len(read(SIZED).bands)) == (None, 2)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (SHARED | {"method": "bands"}, "bodies.council.method"),
        (SHARED | {"seats": 0}, "bodies.council.seats"),
        (SHARED | {"seats": 99_999}, "bodies.council.seats"),
        (SHARED | {"level": "county"}, "bodies.council.level"),
        (SHARED | {"trigger": 3}, "bodies.council.trigger"),
        (SHARED | {"method": "adams", "trigger": 1}, "bodies.council.trigger"),
        (SHARED | {"floor": 3, "cap": 2}, "bodies.council.cap"),
        (SHARED | {"reserved": {"kuchi": {"names": NAMES, "seats": 10}}}, "bodies.council.reserved"),
        (SHARED | {"reserved": {"kuchi": {"names": NAMES}}}, "bodies.council.reserved.kuchi.seats"),
        (SHARED | {"bands": [[0, 9]]}, "bodies.council.seats"),
        (SIZED | {"bands": [[5, 9]]}, "bodies.council.bands"),
        (SIZED | {"bands": [[0, 9], [0, 15]]}, "bodies.council.bands"),
        (SIZED | {"bands": [[0, 9, 1]]}, "bodies.council.bands.0"),
        (SIZED | {"bands": []}, "bodies.council.bands"),
    ],
)
def test_broken_body_is_refused_by_its_key(body, key):
    with pytest.raises(InvalidPack) as caught:
        read(body)
    assert caught.value.params["key"] == key
