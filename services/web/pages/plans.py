"""Show where a plan stands, what a hand's edit does, and how two plans differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from geo.districting import Broken
from geo.errors import Infeasible, InputError, InvalidValue, NotFoundError, because
from geo.register import from_digits
from maps.ensembles import draw_ensemble, name_measure, write_figure
from maps.figures import write_digits, write_distance, write_number, write_share
from services.elections.plan_edits import EditPreview, preview_edit
from services.elections.plan_standings import MOST_WAITED
from services.elections.plan_studies import PlanDifference, PlanPoint, PlanStudy, compare_kept, study_plan
from services.elections.plans import list_plans
from services.messages import explain, say
from services.queries import RegisterState
from services.web import contexts as c
from services.web.pages.frame import answer_page, choose_register, list_choices
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

NEUTRAL = (0, 100, 500)
"""How many neutral plans a reader may ask for; the API and the command line take more."""

MOVE = re.compile(r"\s*(.+?)\s*[=,،\t]\s*([0-9]{1,6})\s*")
"""One move: the code of a unit, then its new district."""

Short = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class MeasureRow:
    """One measure of a plan."""

    name: str
    """What is measured."""
    value: str
    """What the plan has."""
    other: str = ""
    """What the plan beside it has."""
    percentile: str = ""
    """Where it stands among neutral plans."""


@dataclass(frozen=True)
class DistrictRow:
    """One district of a plan."""

    district: str
    """Its number."""
    seats: str
    """The members it returns."""
    people_per_seat: str
    """Its people for each of them."""
    deviation: str
    """How far it lies from what its seats call for."""
    polsby_popper: str
    """How compact it is."""
    centre: str
    """How far its people are from their centre."""
    station: str
    """How far they are from the nearest polling station."""


@dataclass(frozen=True)
class PlansPage(c.Context):
    """The form of a study and its answer."""

    template: ClassVar[str] = "plans.html"
    section: ClassVar[str] = "plans"

    asked: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form as they were typed."""
    message: str = ""
    """What stands in the way; empty when nothing does."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    plans: tuple[c.Choice, ...] = ()
    """The plans to choose from."""
    others: tuple[c.Choice, ...] = ()
    """The plans to compare with, none first."""
    neutral: tuple[c.Choice, ...] = ()
    """How many neutral plans."""
    plan_address: str = ""
    """Where the plan is shown with its map."""
    rows: tuple[MeasureRow, ...] = ()
    """The measures."""
    districts: tuple[DistrictRow, ...] = ()
    """The districts one by one."""
    other_head: str = ""
    """What stands above the values beside."""
    sentences: tuple[str, ...] = ()
    """What is broken, and who moves."""
    picture: Markup = Markup("")  # noqa: RUF009 - a text that does not change
    """Where the plan stands among neutral ones."""


@router.get("/plans")
def show_plans(
    request: Request,
    session: RequestSession,
    language: Language,
    register: Short = "",
    plan: Short = "",
    other: Annotated[str, Query(alias="with", max_length=200)] = "",
    neutral: Short = "0",
    moves: Annotated[str, Query(max_length=10_000)] = "",
) -> HTMLResponse:
    """Show the plans of a register, and one of them studied."""
    chosen = choose_register(session, register or None)
    page = _offer(session, chosen, {"plan": plan, "with": other, "neutral": neutral, "moves": moves}, language)
    if chosen is None or not plan:
        return answer_page(request, page)
    try:
        return answer_page(request, _study(session, chosen, page, language))
    except (InputError, Infeasible, NotFoundError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))


def _offer(session: Session, register: RegisterState | None, asked: Mapping[str, str], language: str) -> PlansPage:
    names = [plan.name for plan in list_plans(session, register)] if register else []
    none = c.Choice("", say("page.plans.none", language), not asked["with"])
    return PlansPage(
        asked=asked,
        registers=list_choices(session, register, language),
        plans=tuple(c.Choice(name, name, name == asked["plan"]) for name in names),
        others=(none, *(c.Choice(name, name, name == asked["with"]) for name in names)),
        neutral=tuple(
            c.Choice(str(count), write_number(count, language), str(count) == asked["neutral"]) for count in NEUTRAL
        ),
    )


def _study(session: Session, register: RegisterState, page: PlansPage, language: str) -> PlansPage:
    """Fill the page: the plan by itself, beside another, or beside itself after some moves."""
    name, other = page.asked["plan"], page.asked["with"]
    neutral = int(page.asked["neutral"]) if page.asked["neutral"] in {str(count) for count in NEUTRAL} else 0
    study = study_plan(session, register, name, neutral=neutral, most_work=MOST_WAITED)
    page = replace(
        page,
        plan_address=f"/plans/{register.name}/{name}",
        rows=_list_rows(study, register, language),
        districts=_list_districts(study, language),
        sentences=_list_broken(study.broken, language),
        picture=_draw(study, register, language),
    )
    if page.asked["moves"].strip():
        preview = preview_edit(session, register, name, _read_moves(page.asked["moves"]))
        return _add_preview(page, preview, language)
    if other:
        return _add_other(page, compare_kept(session, register, PlanPoint(name), PlanPoint(other)), language)
    return page


def _list_rows(study: PlanStudy, register: RegisterState, language: str) -> tuple[MeasureRow, ...]:
    placed = {one.measure: write_share(one.percentile, language) for one in study.standings}
    return tuple(
        MeasureRow(
            name_measure(_name_level(measure, register, language), language),
            write_figure(measure, value, language),
            percentile=placed.get(measure, ""),
        )
        for measure, value in study.measures.items()
    )


def _list_districts(study: PlanStudy, language: str) -> tuple[DistrictRow, ...]:
    return tuple(
        DistrictRow(
            write_digits(str(line.district), language),
            write_number(line.seats, language),
            write_number(round(reach.people_per_seat), language),
            write_share(line.deviation, language, signed=True),
            write_share(shape.polsby_popper, language),
            write_distance(shape.distance_m, language),
            write_distance(reach.station_m, language) if reach.station_m is not None else "—",
        )
        for line, shape, reach in zip(study.plan.districts, study.shapes, study.reach, strict=True)
    )


def _name_level(measure: str, register: RegisterState, language: str) -> str:
    """Put the name of a level where a measure has its key."""
    kind, _, level = measure.partition("_")
    if kind in ("split", "pieces") and level in register.pack.level_keys:
        return f"{kind}_{register.pack.level(level).names.choose(language)}"
    return measure


def _draw(study: PlanStudy, register: RegisterState, language: str) -> Markup:
    if not study.standings:
        return Markup("")
    title = say("page.plans.among", language, count=write_number(study.standings[0].plans, language))
    named = [replace(one, measure=_name_level(one.measure, register, language)) for one in study.standings]
    # the picture escapes every text it holds
    return Markup(draw_ensemble(named, language=language, title=title))


def _list_broken(broken: Sequence[Broken], language: str) -> tuple[str, ...]:
    return tuple(_tell_broken(one, language) for one in broken)


def _tell_broken(broken: Broken, language: str) -> str:
    is_share = broken.kind == "deviation"
    value = write_share(broken.value, language, signed=True) if is_share else write_number(broken.value, language)
    district = write_digits(str(broken.district), language)
    return say(f"page.plans.broken_{broken.kind}", language, district=district, value=value)


def _read_moves(text: str) -> dict[str, int]:
    """Read one move a line: a code, a mark, a district."""
    moves = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found = MOVE.fullmatch(from_digits(line))
            if found is None:
                raise InvalidValue(field="moves", value=line[:40], reason=because("line_unread", line=number))
            moves[found[1]] = int(found[2])
    return moves


def _set_beside(page: PlansPage, values: Mapping[str, float], head: str, language: str) -> PlansPage:
    rows = (
        replace(row, other=write_figure(measure, value, language))
        for row, (measure, value) in zip(page.rows, values.items(), strict=False)
    )
    return replace(page, rows=tuple(rows), other_head=head)


def _add_preview(page: PlansPage, preview: EditPreview, language: str) -> PlansPage:
    told = {
        "units": write_number(preview.units_moved, language),
        "people": write_number(preview.people_moved, language),
    }
    verdict = "page.plans.can_be_kept" if preview.can_be_kept else "page.plans.cannot_be_kept"
    sentences = (say("page.plans.moved", language, **told), *_list_broken(preview.broken, language))
    head = say("page.plans.after_moves", language)
    page = replace(page, sentences=(*sentences, say(verdict, language)))
    return _set_beside(page, preview.after, head, language)


def _add_other(page: PlansPage, found: PlanDifference, language: str) -> PlansPage:
    told = {
        "units": write_number(found.comparison.units_moved, language),
        "people": write_number(found.comparison.people_moved, language),
    }
    flows = tuple(
        say(
            "page.plans.flow",
            language,
            before=write_digits(str(flow.before), language),
            after=write_digits(str(flow.after), language),
            people=write_number(flow.people, language),
            units=write_number(len(flow.units), language),
        )
        for flow in found.comparison.flows
    )
    page = replace(page, sentences=(*page.sentences, say("page.plans.moved", language, **told), *flows))
    return _set_beside(page, {key: pair[1] for key, pair in found.measures.items()}, found.after.name, language)
