"""Check who may vote where, on the rules of the country packs."""

from datetime import date

import pytest

from geo.elections.elector_tests import FIGURES, TESTS
from geo.elections.eligibility import NOWHERE, Contest, Elector, Outcome
from geo.elections.stations import Sex
from geo.register import list_countries, load_pack

DAY = date(2025, 3, 1)
GROWN = {"born_on": date(1980, 1, 1), "citizen": True}


def judge(country, ballot, *, contest=None, **said):
    pack = load_pack(country)
    given = Contest(**{"held_on": DAY, "calendar": pack.calendar} | (contest or {}))
    return pack.ballot(ballot).judge(Elector(**GROWN | said), given)


@pytest.mark.parametrize(
    ("people", "since", "outcome"),
    [
        (50_000, date(2024, 9, 1), Outcome.NO),
        (150_000, date(2024, 9, 1), Outcome.YES),
        (150_000, None, Outcome.YES),
        (100_000, date(2024, 9, 1), Outcome.NO),
        (100_001, date(2024, 9, 1), Outcome.YES),
        (50_000, date(2024, 3, 1), Outcome.YES),
        (50_000, None, Outcome.UNKNOWN),
        (None, date(2024, 9, 1), Outcome.UNKNOWN),
        (None, date(2023, 9, 1), Outcome.YES),
    ],
)
def test_councils_ask_for_a_year_of_residence_except_in_large_cities(people, since, outcome):
    assert judge("ir", "local_council", contest={"place_people": people}, resident_since=since).outcome is outcome


@pytest.mark.parametrize(
    ("voted_in", "asked", "outcome", "only"),
    [
        ("A", "A", Outcome.YES, ("A",)),
        ("A", "B", Outcome.NO, ("A",)),
        ("A", None, Outcome.YES, ("A",)),
        (NOWHERE, "B", Outcome.YES, ()),
        (None, "B", Outcome.UNKNOWN, ()),
    ],
)
def test_the_second_round_binds_to_the_constituency_of_the_first(voted_in, asked, outcome, only):
    verdict = judge("ir", "majles_second_round", contest={"constituency": asked}, voted_in=voted_in)
    assert (verdict.outcome, verdict.only) == (outcome, only)


@pytest.mark.parametrize("ballot", ["president", "majles"])
@pytest.mark.parametrize(
    ("said", "outcome"),
    [({}, Outcome.YES), ({"citizen": False}, Outcome.NO), ({"citizen": None}, Outcome.UNKNOWN)],
)
def test_only_citizens_vote(ballot, said, outcome):
    assert judge("ir", ballot, **said).outcome is outcome


@pytest.mark.parametrize(
    ("country", "day", "outcome"),
    [("ir", date(2024, 6, 28), Outcome.YES), ("ir", date(2024, 6, 27), Outcome.NO)],
)
def test_years_are_full_in_the_calendar_of_the_country(country, day, outcome):
    """Born on 1385-04-08: eighteen on 1403-04-08, a day before the Gregorian birthday of 29 June."""
    assert judge(country, "president", contest={"held_on": day}, born_on=date(2006, 6, 29)).outcome is outcome


@pytest.mark.parametrize(
    ("station", "asked", "outcome"),
    [("0101001", "0101001", Outcome.YES), ("0101001", "0101002", Outcome.NO), (None, "0101001", Outcome.UNKNOWN)],
)
def test_afghan_voters_are_tied_to_their_centre(station, asked, outcome):
    verdict = judge("af", "wolesi_jirga", contest={"station": asked}, station=station, sex=Sex.FEMALE)
    assert verdict.outcome is outcome


@pytest.mark.parametrize(
    ("sex", "branch", "outcome"),
    [
        (Sex.FEMALE, Sex.FEMALE, Outcome.YES),
        (Sex.FEMALE, Sex.MALE, Outcome.NO),
        (Sex.ANY, Sex.MALE, Outcome.UNKNOWN),
        (Sex.MALE, Sex.ANY, Outcome.YES),
    ],
)
def test_branches_are_kept_apart_by_sex(sex, branch, outcome):
    contest = {"station": "0101001", "branch_sex": branch}
    assert judge("af", "president", contest=contest, station="0101001", sex=sex).outcome is outcome


def test_no_outweighs_what_is_not_known():
    assert judge("ir", "president", citizen=None, born_on=date(2020, 1, 1)).outcome is Outcome.NO


@pytest.mark.parametrize("country", list_countries())
def test_every_rule_of_a_pack_cites_its_article(country):
    rules = [rule for ballot in load_pack(country).ballots for rule in ballot.rules]
    assert all(rule.article and rule.source and rule.test in TESTS for rule in rules)
    assert all(set(rule.figures) == set(FIGURES.get(rule.test, ())) for rule in rules)
