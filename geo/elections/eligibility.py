"""Say whether somebody may vote in a contest and where, rule by rule, each with the article that says so.

What is not known is never taken as met or as missed: the ruling names what would decide. Nothing of an elector is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from geo.elections.stations import Sex
from geo.errors import Reason


class Outcome(StrEnum):
    """Say how somebody stands to a rule, or to all of them."""

    YES = "yes"
    """He or she may vote."""
    NO = "no"
    """He or she may not."""
    UNKNOWN = "unknown"
    """Something has not been said that would decide."""


NOWHERE = ""
"""The constituency of those who did not vote in the first round."""


@dataclass(frozen=True)
class Elector:
    """Hold what somebody says of himself or herself; None means not said."""

    born_on: date | None = None
    """The day of birth."""
    citizen: bool | None = None
    """Whether a citizen of the country."""
    resident_since: date | None = None
    """Since when a resident of the city or village whose council is elected."""
    voted_in: str | None = None
    """The constituency of the vote in the first round; `NOWHERE` for who did not vote."""
    station: str | None = None
    """The station to which the elector is registered, by code."""
    sex: Sex = Sex.ANY
    """The sex, where branches are kept apart."""


@dataclass(frozen=True)
class Contest:
    """Hold what is voted on at one spot; None means not known."""

    held_on: date
    """The day of the vote."""
    constituency: str | None = None
    """The constituency of the spot, by code."""
    place_people: int | None = None
    """The people of the city or village whose council is elected."""
    station: str | None = None
    """The station asked about, by code."""
    branch_sex: Sex = Sex.ANY
    """Who votes at the branch asked about."""
    calendar: str = "gregorian"
    """The civil calendar in which years and months are full."""


@dataclass(frozen=True)
class Rule:
    """Hold one rule of eligibility, as a country pack states it."""

    key: str
    """Its lasting key in the pack."""
    test: str
    """The name of the test, one of `geo.elections.elector_tests.TESTS`."""
    article: str
    """The article that says so."""
    source: str
    """The law it stands in."""
    verified: bool = True
    """Whether it was read in the text of the law itself."""
    figures: Mapping[str, int] = field(default_factory=dict)
    """The figures of the test, such as the least age."""


@dataclass(frozen=True)
class Answer:
    """Hold what a test says."""

    outcome: Outcome
    """How the elector stands."""
    reason: Reason
    """Why."""
    only: str | None = None
    """The one constituency, or station, where the elector may vote; None where the rule binds to none."""


@dataclass(frozen=True)
class Ruling:
    """Hold the answer of one rule."""

    rule: Rule
    """The rule."""
    answer: Answer
    """What it says."""


@dataclass(frozen=True)
class Verdict:
    """Hold the answer of all rules together."""

    outcome: Outcome
    """No when one rule says no; unknown when one cannot tell; else yes."""
    rulings: tuple[Ruling, ...]
    """Every rule with its answer, in the order of the pack."""

    @property
    def only(self) -> tuple[str, ...]:
        """List the constituencies and stations the elector is bound to."""
        return tuple(one.answer.only for one in self.rulings if one.answer.only is not None)


Test = Callable[[Elector, Contest, Mapping[str, int]], Answer]
"""Says how an elector stands to one rule in a contest, given the figures of the rule."""


def judge_elector(rules: Sequence[Rule], elector: Elector, contest: Contest, *, tests: Mapping[str, Test]) -> Verdict:
    """Put an elector to every rule of an election."""
    rulings = tuple(Ruling(rule, tests[rule.test](elector, contest, rule.figures)) for rule in rules)
    found = {one.answer.outcome for one in rulings}
    outcome = next((worst for worst in (Outcome.NO, Outcome.UNKNOWN) if worst in found), Outcome.YES)
    return Verdict(outcome, rulings)
