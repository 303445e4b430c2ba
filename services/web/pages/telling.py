"""Write what happened for people: changes with their decrees, and events before and after."""

from __future__ import annotations

from collections.abc import Mapping

from geo.register.calendars import format_date
from geo.register.digits import format_number
from geo.register.divisions import Division
from geo.register.timeline import Aspect
from maps.figures import write_area
from services.messages import say
from services.queries import RegisterState
from services.register.labels import ChangeLine, EventLine
from services.web import time_contexts as t
from services.web.pages.frame import to_link


def write_change(change: ChangeLine, register: RegisterState, language: str) -> t.ChangeRow:
    """Tell an applied change."""
    decree = change.decree
    signed = format_date(decree.signed_on, language)
    act = say("page.life.decree", language, issuer=decree.issuer, number=decree.number, day=signed)
    return t.ChangeRow(
        kind=say(f"change_kind.{change.kind}", language),
        day=change.effective_on,
        decree=f"{act} · {decree.title}" if decree.title else act,
        predecessors=tuple(to_link(one, register, language) for one in change.predecessors),
        successors=tuple(to_link(one, register, language) for one in change.successors),
    )


def write_event(event: EventLine, register: RegisterState, language: str) -> t.EventRow:
    """Tell one event with what was before and what is from then on."""
    return t.EventRow(
        day=event.day,
        division=to_link(event.division, register, language),
        what=_name_aspect(event, language),
        kind=event.kind,
        before=_write_side(event, register, language, is_after=False),
        after=_write_side(event, register, language, is_after=True),
        by=event.source,
    )


def _name_aspect(event: EventLine, language: str) -> str:
    if event.aspect == Aspect.LEVEL and event.kind != "changed":
        return say("page.life.begun" if event.kind == "begun" else "page.life.ended", language)
    return say(f"page.aspect.{event.aspect}", language, what=event.what)


def _write_side(event: EventLine, register: RegisterState, language: str, *, is_after: bool) -> str:
    """Write what was said on one side of the day."""
    text = event.after if is_after else event.before
    area_m2 = event.area_after_m2 if is_after else event.area_before_m2
    parent = event.parent_after if is_after else event.parent_before
    if event.aspect == Aspect.BOUNDARY:
        return "" if area_m2 is None else write_area(area_m2, language)
    if event.aspect == Aspect.LEVEL and text:
        return register.pack.level(text).names.choose(language)
    return _write_parent(parent, register, language) if parent else text


def _write_parent(parent: Division, register: RegisterState, language: str) -> str:
    level = register.pack.level(parent.level).names.choose(language)
    return f"{level} {parent.name_in(language, *register.pack.languages)} ({parent.code})"


def tell_counts(counts: Mapping[str, Mapping[str, int]], language: str) -> tuple[str, ...]:
    """Tell how many facts of each kind began and ended."""
    return tuple(_tell_count(fact, counts[fact], language) for fact in sorted(counts))


def _tell_count(fact: str, count: Mapping[str, int], language: str) -> str:
    begun, ended = (format_number(count[kind], language) for kind in ("begun", "ended"))
    return say("page.history.begun_ended", language, fact=say(f"page.fact.{fact}", language), begun=begun, ended=ended)
