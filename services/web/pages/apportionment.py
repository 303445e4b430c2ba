"""Show how the seats of a body are shared, step by step and printable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.apportionment import CHOICES, SeatUnit
from geo.errors import Infeasible, InputError, InvalidValue, because
from geo.register import format_number, from_digits
from services.elections.apportion import apportion_register, apportion_units
from services.elections.seat_answers import SeatsAnswer
from services.elections.seat_orders import SeatOrder
from services.elections.seat_steps import SeatStep, list_steps
from services.messages import explain, say
from services.queries import RegisterState
from services.register.divisions import count_levels
from services.web import contexts as c
from services.web.pages.frame import answer_page, choose_register, list_choices, list_level_choices
from services.web.scope import Day, Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

MOST_LETTERS = 20_000
"""The longest list of units that a page takes; the API and the command line take more."""

LINE = re.compile(r"\s*(.+?)\s*[,،;\t]\s*([^,،;\t]*?)\s*")
"""One unit: its code, then its population."""

Short = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class ApportionPage(c.Context):
    """The form of an apportionment and its steps."""

    template: ClassVar[str] = "apportion.html"
    section: ClassVar[str] = "apportion"
    dated: ClassVar[bool] = True

    asked: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form as they were typed."""
    message: str = ""
    """What stands in the way; empty when nothing does."""
    tied: str = ""
    """How many seats a tie leaves open, written for the reader; empty when none."""
    steps: tuple[SeatStep, ...] = ()
    """The steps of the answer."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    levels: tuple[c.Choice, ...] = ()
    """The levels to choose from."""
    bodies: tuple[c.Choice, ...] = ()
    """The bodies of the country pack, none first; empty where it has none."""
    methods: tuple[c.Choice, ...] = ()
    """The methods to choose from."""


@router.get("/apportion")
def show_apportionment(
    request: Request,
    session: RequestSession,
    language: Language,
    day: Day,
    register: Short = "",
    level: Short = "",
    body: Short = "",
    method: Short = "hamilton",
    seats: Short = "",
    floor: Short = "",
    cap: Short = "",
    trigger: Short = "",
    lot: Annotated[str, Query(max_length=2000)] = "",
    units: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
) -> HTMLResponse:
    """Show the form, and under it the seats with every step once enough is asked."""
    asked = {"level": level, "body": body, "method": method, "seats": seats, "floor": floor, "cap": cap}
    asked |= {"trigger": trigger, "lot": lot, "units": units}
    chosen = choose_register(session, register or None)
    page = _offer(session, chosen, asked, language, day=day)
    if not (seats.strip() or body):
        return answer_page(request, page)
    try:
        answer = _ask(session, chosen, asked, language, day=day)
    except (InputError, Infeasible) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    tied = format_number(answer.found.undecided, language) if answer.status == "tied" else ""
    return answer_page(request, replace(page, tied=tied, steps=list_steps(answer, language)))


def _offer(
    session: Session, register: RegisterState | None, asked: Mapping[str, str], language: str, *, day: date
) -> ApportionPage:
    """Fill the lists to choose from."""
    levels = list(count_levels(session, register, day=day)) if register else []
    bodies = register.pack.bodies if register else ()
    every = [("", say("page.apportion.no_body", language)), *((one.key, one.names.choose(language)) for one in bodies)]
    names = {method.value: say(f"method.{method.name.lower()}", language) for method in CHOICES}
    return ApportionPage(
        asked=asked,
        registers=list_choices(session, register, language),
        levels=list_level_choices(register, levels, asked["level"], language) if register else (),
        bodies=tuple(c.Choice(key, name, key == asked["body"]) for key, name in every) if bodies else (),
        methods=tuple(c.Choice(key, name, key == asked["method"]) for key, name in names.items()),
    )


def _ask(
    session: Session, register: RegisterState | None, asked: Mapping[str, str], language: str, *, day: date
) -> SeatsAnswer:
    """Ask among the units that were typed, else among the divisions of the register."""
    order = _read_order(asked)
    body = asked["body"] or None
    if asked["units"].strip():
        found = register.pack.body(body) if register and body else None
        return apportion_units(_read_units(asked["units"]), order, names={}, body=found)
    if register is None:
        raise InvalidValue(field="units", value="-", reason=because("no_seat_units"))
    level = asked["level"] or None
    return apportion_register(session, register, order, day=day, level=level, body=body, language=language)


def _read_order(asked: Mapping[str, str]) -> SeatOrder:
    seats, floor, cap, trigger = (_read_number(name, asked[name]) for name in ("seats", "floor", "cap", "trigger"))
    # a body brings its own method; the list always has one chosen
    method = None if asked["body"] else asked["method"]
    lot = tuple(code for code in re.split(r"[,،;\s]+", asked["lot"]) if code)
    return SeatOrder(method, seats, floor, cap, trigger, lot=lot)


def _read_number(field: str, text: str) -> int | None:
    plain = from_digits(text).replace("٬", "").replace(",", "").strip()
    if not plain:
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}", plain):
        raise InvalidValue(field=field, value=text, reason=because("not_a_number"))
    return int(plain)


def _read_units(text: str) -> list[SeatUnit]:
    """Read one unit a line."""
    units = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found = LINE.fullmatch(line)
            people = _read_number("population", found[2]) if found else None
            if found is None or people is None:
                raise InvalidValue(field="units", value=line[:40], reason=because("line_unread", line=number))
            units.append(SeatUnit(found[1], people))
    return units
