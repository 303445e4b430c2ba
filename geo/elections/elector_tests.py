"""Test one rule of eligibility each; the packs say which of them a country's elections ask, and cite the article."""

from __future__ import annotations

from collections.abc import Mapping

from geo.elections.eligibility import NOWHERE, Answer, Contest, Elector, Outcome, Test
from geo.elections.stations import Sex
from geo.errors import because
from geo.register.calendars import add_months

Figures = Mapping[str, int]


def is_citizen(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Ask for the country's citizenship."""
    if elector.citizen is None:
        return Answer(Outcome.UNKNOWN, because("elector_citizen_unsaid"))
    if elector.citizen:
        return Answer(Outcome.YES, because("elector_citizen"))
    return Answer(Outcome.NO, because("elector_no_citizen"))


def has_age(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Ask for full years of age on the day of the vote (`years`)."""
    years = figures["years"]
    if elector.born_on is None:
        return Answer(Outcome.UNKNOWN, because("elector_birth_unsaid", years=years))
    if add_months(elector.born_on, 12 * years, calendar=contest.calendar) <= contest.held_on:
        return Answer(Outcome.YES, because("elector_of_age", years=years))
    return Answer(Outcome.NO, because("elector_under_age", years=years))


def votes_anywhere(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Let the elector vote at any station of the country."""
    return Answer(Outcome.YES, because("elector_anywhere"))


def votes_where_chosen(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Let the elector choose a constituency by voting in it: any of its branches will do."""
    return Answer(Outcome.YES, because("elector_chooses"))


def keeps_constituency(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Bind the elector to the constituency of the first round; who did not vote in it chooses."""
    first = elector.voted_in
    if first is None:
        return Answer(Outcome.UNKNOWN, because("elector_first_unsaid"))
    if first == NOWHERE:
        return Answer(Outcome.YES, because("elector_first_nowhere"))
    if contest.constituency is None:
        return Answer(Outcome.YES, because("elector_first_only", constituency=first), only=first)
    same = contest.constituency == first
    return Answer(Outcome.YES if same else Outcome.NO, because("elector_first_only", constituency=first), only=first)


def has_residence(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Ask for months of residence (`months`), except in a place of more people than `except_over`."""
    months, most = figures["months"], figures["except_over"]
    if contest.place_people is not None and contest.place_people > most:
        return Answer(Outcome.YES, because("elector_large_place", people=contest.place_people, most=most))
    if elector.resident_since is None:
        return Answer(Outcome.UNKNOWN, because("elector_residence_unsaid", months=months))
    if add_months(elector.resident_since, months, calendar=contest.calendar) <= contest.held_on:
        return Answer(Outcome.YES, because("elector_resident", months=months))
    if contest.place_people is None:
        return Answer(Outcome.UNKNOWN, because("elector_place_unknown", months=months, most=most))
    return Answer(Outcome.NO, because("elector_new", months=months, people=contest.place_people, most=most))


def keeps_station(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Bind the elector to the station he or she is registered at."""
    if elector.station is None:
        return Answer(Outcome.UNKNOWN, because("elector_station_unsaid"))
    reason = because("elector_station_only", station=elector.station)
    same = contest.station in (None, elector.station)
    return Answer(Outcome.YES if same else Outcome.NO, reason, only=elector.station)


def fits_branch(elector: Elector, contest: Contest, figures: Figures) -> Answer:
    """Keep men and women to their own branches."""
    if contest.branch_sex is Sex.ANY or elector.sex is contest.branch_sex:
        return Answer(Outcome.YES, because("elector_branch_fits"))
    if elector.sex is Sex.ANY:
        return Answer(Outcome.UNKNOWN, because("elector_sex_unsaid"))
    return Answer(Outcome.NO, because("elector_other_branch"))


TESTS: Mapping[str, Test] = {
    "citizen": is_citizen,
    "age": has_age,
    "anywhere": votes_anywhere,
    "own_choice": votes_where_chosen,
    "first_round": keeps_constituency,
    "residence": has_residence,
    "registered_station": keeps_station,
    "branch_of_sex": fits_branch,
}
"""The tests by the names under which packs ask them."""

FIGURES: Mapping[str, tuple[str, ...]] = {"age": ("years",), "residence": ("months", "except_over")}
"""The figures a test needs; a test that is not named needs none."""
