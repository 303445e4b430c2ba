"""Check that the elections of packs are read, and broken ones refused by their key."""

import pytest

from geo.elections.ballots import read_ballots
from geo.errors import InvalidPack, InvalidValue
from geo.register import load_pack
from geo.register.entries import Entry

NAMES = {"fa": "شورا", "en": "council"}
AGE = {"test": "age", "years": 18, "article": "1", "source": "law"}


def read(**changed):
    ballot = {"names": NAMES, "rules": {"age": AGE}} | changed
    return read_ballots(Entry("xx", "ballots", {"council": ballot}), ("house",), languages=("fa", "en"))[0]


def test_rules_keep_their_figures():
    assert read().rules[0].figures == {"years": 18}


def test_rules_are_verified_unless_the_pack_says_otherwise():
    assert read().rules[0].verified and not read(rules={"age": AGE | {"verified": False}}).rules[0].verified


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"body": "senate"}, "ballots.council.body"),
        ({"names": {"fa": "شورا"}}, "ballots.council.names.en"),
        ({"rules": {"age": {"test": "age", "article": "1", "source": "law"}}}, "ballots.council.rules.age.years"),
        ({"rules": {"age": AGE | {"months": 3}}}, "ballots.council.rules.age.months"),
        ({"rules": {"age": AGE | {"test": "height"}}}, "ballots.council.rules.age.test"),
        ({"rules": {"age": AGE | {"years": 1.5}}}, "ballots.council.rules.age.years"),
        ({"rules": {"age": AGE | {"years": 10**12}}}, "ballots.council.rules.age.years"),
        ({"rules": {"Age": AGE}}, "ballots.council.rules.Age.key"),
        ({"rounds": 2}, "ballots.council.rounds"),
    ],
)
def test_broken_ballots_are_refused_by_their_key(changed, key):
    with pytest.raises(InvalidPack) as caught:
        read(**changed)
    assert caught.value.params["key"] == key


def test_unknown_ballots_are_told_with_the_known_ones():
    with pytest.raises(InvalidValue) as caught:
        load_pack("ir").ballot("senate")
    assert "majles" in dict(caught.value.params["reason"].params)["known"]
