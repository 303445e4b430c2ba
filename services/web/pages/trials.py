"""Show a form to try plans, and what a search finds turn after turn, until it is over or somebody stops it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.districting import AIMS, PlanRule
from geo.errors import Infeasible, InputError, InvalidValue, NotFoundError, because
from geo.register import from_digits
from maps.ensembles import name_measure, write_figure
from maps.figures import write_digits, write_number
from services.elections.plan_answers import DistrictLine
from services.elections.plan_trials import Trial, TrialOrder, Turn, try_plan
from services.messages import explain, say
from services.queries import RegisterState
from services.register.divisions import count_levels
from services.web import contexts as c
from services.web.pages.frame import answer_page, choose_register, list_choices, list_level_choices
from services.web.pages.plans import MeasureRow
from services.web.scope import Day, Language, today
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

TURNS = (1, 10, 60)
"""How many turns a reader may ask for; each searches half a second."""

Short = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class TrialPage(c.Context):
    """The form of a trial and what came of it."""

    template: ClassVar[str] = "trial.html"
    section: ClassVar[str] = "plans"

    asked: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form as they were typed."""
    message: str = ""
    """What stands in the way; empty when nothing does."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[c.Choice, ...] = ()
    """The levels of units."""
    objectives: tuple[c.Choice, ...] = ()
    """What can be kept small."""
    districts: tuple[DistrictLine, ...] = ()
    """The districts that were found."""
    rows: tuple[MeasureRow, ...] = ()
    """Their measures."""
    assignment: tuple[tuple[str, str, str], ...] = ()
    """The code, the name and the district of each unit."""
    turns: tuple[c.Choice, ...] = ()
    """How long the search may last."""
    turn: Turn = Turn()  # noqa: RUF009 - a value that does not change
    """Which turn was taken."""
    best: int = 0
    """The turn that found the plan."""
    next_address: str = ""
    """Where the search goes on; empty when it is over."""
    stop: tuple[tuple[str, str], ...] = ()
    """The fields that end the search with the plan found so far."""


@router.get("/plans/try")
def show_trial(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: Short = "",
    within: Short = "",
    level: Short = "",
    districts: Short = "",
    seats: Short = "",
    tolerance: Short = "10",
    objective: Short = "cut-edges",
    seed: Short = "1",
    turns: Short = "1",
    turn: Short = "1",
    best: Short = "0",
) -> HTMLResponse:
    """Show the form, and under it the best plan that a search has found so far; it is kept nowhere."""
    chosen = choose_register(session, register or None)
    asked = {"within": within, "level": level, "districts": districts, "seats": seats}
    asked |= {"tolerance": tolerance, "objective": objective, "seed": seed, "turns": turns}
    page = _offer_trial(session, chosen, asked, language)
    if chosen is None or not (districts.strip() or seats.strip()):
        return answer_page(request, page)
    try:
        order = _read_order(asked, turn, best)
        found = try_plan(session, chosen, order, day=day)
    except (InputError, Infeasible, NotFoundError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    page = _go_on(replace(page, turn=order.turn, best=found.best), found, dict(request.query_params))
    return answer_page(request, _show_found(page, found, chosen, language))


def _go_on(page: TrialPage, found: Trial, query: dict[str, str]) -> TrialPage:
    """Say where the search goes on and how it is ended; an ended one has no turn left."""
    if found.is_over:
        return page
    number, best = page.turn.number, str(found.best)
    next_address = urlencode(query | {"turn": str(number + 1), "best": best})
    stop = query | {"turns": str(number), "turn": str(number), "best": best if found.best < number else "0"}
    return replace(page, next_address=f"/plans/try?{next_address}", stop=tuple(stop.items()))


def _show_found(page: TrialPage, found: Trial, register: RegisterState, language: str) -> TrialPage:
    if found.plan is None:
        return page
    rows = [
        MeasureRow(name_measure(measure, language), write_figure(measure, value, language))
        for measure, value in found.measures.items()
    ]
    units = [
        (unit.code, unit.name_in(language, *register.pack.languages), write_digits(str(district), language))
        for unit, district in zip(found.ground.units, found.plan.districts.tolist(), strict=True)
    ]
    return replace(page, districts=found.districts, rows=tuple(rows), assignment=tuple(units))


def _offer_trial(
    session: Session, register: RegisterState | None, asked: Mapping[str, str], language: str
) -> TrialPage:
    levels = list(count_levels(session, register, day=today())) if register else []
    known = [aim for aim in AIMS if aim not in ("splits", "distance")]
    lowest = c.Choice("", say("page.plans.lowest", language), not asked["level"])
    return TrialPage(
        asked=asked,
        registers=list_choices(session, register, language),
        levels=(lowest, *list_level_choices(register, levels, asked["level"], language)) if register else (),
        turns=tuple(
            c.Choice(
                str(count),
                say("page.plans.turns_choice", language, count=write_number(count, language)),
                str(count) == asked["turns"],
            )
            for count in TURNS
        ),
        objectives=tuple(
            c.Choice(aim, say(f"page.plans.aim_{aim.replace('-', '_')}", language), aim == asked["objective"])
            for aim in known
        ),
    )


def _read_order(asked: Mapping[str, str], turn: str, best: str) -> TrialOrder:
    seats = tuple(_read_whole("seats", part) for part in re.split(r"[,،\s]+", asked["seats"].strip()) if part)
    count = _read_whole("districts", asked["districts"]) if asked["districts"].strip() else len(seats)
    return TrialOrder(
        PlanRule(count, _read_share(asked["tolerance"]), seats),
        within=from_digits(asked["within"]).strip() or None,
        unit_level=asked["level"] or None,
        objective=asked["objective"],
        seed=_read_whole("seed", asked["seed"] or "1"),
        turn=Turn(_read_whole("turn", turn), _read_whole("turns", asked["turns"]), _read_whole("best", best)),
    )


def _read_whole(name: str, text: str) -> int:
    plain = from_digits(text).strip()
    if not re.fullmatch(r"[0-9]{1,9}", plain):
        raise InvalidValue(field=name, value=text[:40], reason=because("not_a_number"))
    return int(plain)


def _read_share(text: str) -> float:
    """Read a share written in percent."""
    plain = from_digits(text).replace("٫", ".").replace("٪", "").replace("%", "").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain):
        raise InvalidValue(field="tolerance", value=text[:40], reason=because("not_a_number"))
    return float(plain) / 100
