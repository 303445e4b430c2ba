"""Check the ids of feeds before they are given out."""

import pytest

from geo.elections.vip import Feed, Item, Node, check_feed, list_references, make_id
from geo.errors import FeedBroken

SOURCE = Item("Source", "so", (Node("VipId", "ir"),))
ELECTION = Item("Election", "el", (Node("StateId", "st"),))
STATE = Item("State", "st", (Node("Name", "Iran"),))


def list_faults(*items):
    with pytest.raises(FeedBroken) as caught:
        check_feed(Feed(items))
    return [reason.key for reason in caught.value.params["reasons"]]


def test_sound_feed_passes():
    check_feed(Feed((SOURCE, ELECTION, STATE)))


@pytest.mark.parametrize("bad", ["0101001", "", "a b", "-a", "é!"])
def test_ids_that_no_document_may_hold_are_refused(bad):
    assert list_faults(SOURCE, ELECTION, STATE, Item("State", bad, ())) == ["vip_bad_id"]


def test_dangling_ids_are_refused_wherever_they_stand():
    deep = Item("Precinct", "pr", (Node("Outer", children=(Node("PollingLocationIds", "st gone"),)),))
    assert list_faults(SOURCE, ELECTION, STATE, deep) == ["vip_dangling"]


def test_doubled_ids_are_refused():
    assert list_faults(SOURCE, ELECTION, STATE, STATE) == ["vip_id_twice"]


@pytest.mark.parametrize("items", [(SOURCE, STATE), (SOURCE, SOURCE, ELECTION, STATE)])
def test_source_and_election_stand_once(items):
    assert "vip_single" in list_faults(*items)


def test_the_id_of_the_publisher_is_no_reference():
    assert list(list_references(SOURCE.fields)) == []


@pytest.mark.parametrize(
    ("code", "made"), [("0101", "pl0101"), ("16/2", "pl16_2f_2"), ("۱", "pl_6f1_"), ("a_b", "pla_5f_b")]
)
def test_ids_are_made_of_any_code_and_stay_apart(code, made):
    assert make_id("pl", code) == made
