"""Say whether somebody may vote in an election of a country and where; nothing of the question is kept anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from geo.elections.ballots import Ballot
from geo.elections.eligibility import Contest, Elector, Outcome, Ruling, Verdict
from geo.errors import DivisionNotFound, InvalidValue, because
from geo.register.countries import CountryPack
from services.lookups import get_coded
from services.messages import say
from services.queries import count_people_in, get_register

MOST_PEOPLE = 10**8
"""More people than this has no city."""


@dataclass(frozen=True)
class ElectorCheck:
    """Hold the answer for one elector in one contest."""

    ballot: Ballot
    """The kind of election."""
    held_on: date
    """The day of the vote."""
    verdict: Verdict
    """What the rules say."""


def check_elector(pack: CountryPack, ballot: str, elector: Elector, contest: Contest) -> ElectorCheck:
    """Put an elector to the rules of one kind of election of a country.

    Raises InvalidValue for an election the pack does not know, a birth or a residence after the day of the vote, and a
    count of people that no place has.
    """
    known = pack.ballot(ballot)
    _check_days(elector, contest)
    if contest.place_people is not None and not 0 <= contest.place_people <= MOST_PEOPLE:
        reason = because("outside_range", least=0, most=MOST_PEOPLE)
        raise InvalidValue(field="people", value=contest.place_people, reason=reason)
    contest = replace(contest, calendar=pack.calendar)
    return ElectorCheck(known, contest.held_on, known.judge(elector, contest))


def _check_days(elector: Elector, contest: Contest) -> None:
    for field, day in (("born_on", elector.born_on), ("resident_since", elector.resident_since)):
        if day is not None and day > contest.held_on:
            raise InvalidValue(field=field, value=because("not_repeated"), reason=because("elector_day_later"))


def check_elector_at(
    session: Session, register: str, ballot: str, elector: Elector, contest: Contest, *, place: str | None = None
) -> ElectorCheck:
    """Put an elector to the rules, with the people of the place of a code as the register counts them.

    Raises what `check_elector` does, and DivisionNotFound or AmbiguousDivision for the place.
    """
    asked = get_register(session, register)
    if place is not None:
        try:
            division = get_coded(session, asked, place, day=contest.held_on)
        except DivisionNotFound as error:
            # whoever reads a log must not learn where somebody lives
            raise DivisionNotFound(asked=because("asked_unknown")) from error
        people = count_people_in(session, [division.id], contest.held_on).get(division.id)
        contest = replace(contest, place_people=people)
    return check_elector(asked.pack, ballot, elector, contest)


def say_ruling(ruling: Ruling, language: str) -> str:
    """Write why a rule says what it says."""
    reason = ruling.answer.reason
    return say(f"reason.{reason.key}", language, **dict(reason.params))


def say_outcome(outcome: Outcome, language: str) -> str:
    """Write an outcome."""
    return say(f"eligible.{outcome}", language)
