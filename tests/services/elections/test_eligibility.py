"""Check the question whether somebody may vote, with the people the register counts."""

from datetime import date

import pytest

from geo.elections.eligibility import Contest, Elector, Outcome
from geo.errors import InvalidValue
from geo.register import load_pack
from services.elections.eligibility import check_elector, say_outcome, say_ruling

DAY = date(2025, 3, 1)
GROWN = Elector(born_on=date(1980, 1, 1), citizen=True)


def check(elector=GROWN, **contest):
    return check_elector(load_pack("ir"), "local_council", elector, Contest(DAY, **contest))


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_rule_says_why(language):
    sentences = [say_ruling(one, language) for one in check(place_people=50_000).verdict.rulings]
    assert all(sentences) and len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_outcomes_have_words(outcome):
    assert say_outcome(outcome, "fa") != say_outcome(outcome, "en")


@pytest.mark.parametrize(
    ("elector", "field"),
    [(Elector(born_on=date(2026, 1, 1)), "born_on"), (Elector(resident_since=date(2026, 1, 1)), "resident_since")],
)
def test_days_after_the_vote_are_refused_without_repeating_them(elector, field):
    with pytest.raises(InvalidValue) as caught:
        check(elector)
    assert caught.value.params["field"] == field and "2026" not in str(caught.value)


@pytest.mark.parametrize("people", [-1, 10**9])
def test_impossible_places_are_refused(people):
    with pytest.raises(InvalidValue):
        check(place_people=people)
