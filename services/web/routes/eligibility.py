"""Say who may vote in an election and where; nothing of the question is kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import Field

from geo.elections.eligibility import NOWHERE, Contest, Elector, Ruling
from geo.elections.stations import Sex
from geo.errors import InvalidDate, because
from geo.register.calendars import parse_date
from services.elections.eligibility import ElectorCheck, check_elector_at, say_ruling
from services.web.models import Model, Text
from services.web.scope import AskedRegister, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["elections"])


class RuleOut(Model):
    """A rule of voting."""

    key: str = Field(examples=["residence"])
    test: str = Field(examples=["residence"])
    """What is tested; docs/eligibility.md describes every test."""
    article: str = Field(examples=["25"])
    source: str
    verified: bool
    """Whether it was read in the text of the law itself."""
    figures: dict[str, int] = Field(examples=[{"months": 12, "except_over": 100000}])


class BallotOut(Model):
    """A kind of election, or one round of it."""

    key: str = Field(examples=["local_council"])
    name: str
    body: str | None
    rules: list[RuleOut]


class ElectorIn(Model):
    """Ask whether somebody may vote; what is not said is told as missing where it would decide."""

    ballot: Text = Field(examples=["local_council"])
    """The kind of election, by its key in the country pack."""
    held_on: Text = Field(examples=["1403-12-10"])
    """The day of the vote, Jalali or Gregorian."""
    born_on: Text | None = None
    """The day of birth, Jalali or Gregorian."""
    citizen: bool | None = None
    """Whether a citizen of the country."""
    resident_since: Text | None = None
    """Since when a resident of the place, Jalali or Gregorian."""
    place: Text | None = None
    """The code of the city or village whose council is elected."""
    voted: bool | None = None
    """Whether he or she voted in the first round."""
    voted_in: Text | None = None
    """The constituency of that vote."""
    constituency: Text | None = None
    """The constituency asked about."""
    registered_at: Text | None = None
    """The centre at which the elector is registered."""
    station: Text | None = None
    """The station asked about."""
    sex: Sex = Sex.ANY
    """Male or female, where branches are kept apart."""
    branch_sex: Sex = Sex.ANY
    """Who votes at the branch asked about."""

    def to_elector(self) -> Elector:
        """Give what is said of the elector."""
        return Elector(
            born_on=_read_day(self.born_on),
            citizen=self.citizen,
            resident_since=_read_day(self.resident_since),
            voted_in=NOWHERE if self.voted is False else self.voted_in,
            station=self.registered_at,
            sex=self.sex,
        )

    def to_contest(self) -> Contest:
        """Give what is said of the contest."""
        day = parse_date(self.held_on)
        return Contest(day, self.constituency, station=self.station, branch_sex=self.branch_sex)


class RulingOut(Model):
    """What one rule says."""

    rule: RuleOut
    outcome: str = Field(examples=["no"])
    why: str
    """The reason in the caller's language."""
    only: str | None
    """The one constituency or station where the elector may vote."""


class EligibilityOut(Model):
    """Whether somebody may vote, and why."""

    ballot: str
    held_on: date
    outcome: str = Field(examples=["no"])
    """`yes`, `no`, or `unknown` when something was not said that would decide."""
    only: list[str]
    rulings: list[RulingOut]


def _read_day(text: str | None) -> date | None:
    try:
        return None if text is None else parse_date(text)
    except InvalidDate as error:
        # a day of birth must not stand in an error that might be logged
        raise InvalidDate(value=because("not_repeated"), reason=error.params["reason"]) from None


@router.get("/ballots")
def list_ballots(register: RegisterName, asked: AskedRegister, language: Language) -> list[BallotOut]:
    """List the kinds of election of the country with their rules and articles."""
    return [
        BallotOut(
            key=ballot.key,
            name=ballot.names.choose(language),
            body=ballot.body,
            rules=[RuleOut.model_validate(rule) for rule in ballot.rules],
        )
        for ballot in asked.pack.ballots
    ]


@router.post("/eligibility")
def check_eligibility(
    register: RegisterName,
    session: RequestSession,
    response: Response,
    question: Annotated[ElectorIn, Body()],
    language: Language,
) -> EligibilityOut:
    """Say whether somebody may vote in an election, rule by rule; the question is kept nowhere."""
    response.headers["Cache-Control"] = "private, no-store"
    elector, contest = question.to_elector(), question.to_contest()
    found = check_elector_at(session, register, question.ballot, elector, contest, place=question.place)
    return _to_out(found, language)


def _to_out(found: ElectorCheck, language: str) -> EligibilityOut:
    return EligibilityOut(
        ballot=found.ballot.key,
        held_on=found.held_on,
        outcome=str(found.verdict.outcome),
        only=list(found.verdict.only),
        rulings=[_to_ruling(one, language) for one in found.verdict.rulings],
    )


def _to_ruling(ruling: Ruling, language: str) -> RulingOut:
    return RulingOut(
        rule=RuleOut.model_validate(ruling.rule),
        outcome=str(ruling.answer.outcome),
        why=say_ruling(ruling, language),
        only=ruling.answer.only,
    )
