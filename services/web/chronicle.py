"""Write what happened for the API: decrees, changes and events."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from services.queries import RegisterState
from services.register.labels import ChangeLine, EventLine
from services.web.models import DivisionOut, Model, to_division_out


class DecreeLineOut(Model):
    """The legal act behind a change."""

    number: str = Field(examples=["25843/ت"])
    issuer: str = Field(examples=["هیئت وزیران"])
    title: str
    signed_on: date
    in_force_from: date


class ChangeLineOut(Model):
    """An applied change with its parties, as they stood just before and on its first day."""

    id: int = Field(examples=[12])
    kind: str = Field(examples=["split"])
    effective_on: date
    decree: DecreeLineOut
    predecessors: list[DivisionOut]
    successors: list[DivisionOut]


class EventOut(Model):
    """One thing that happened to a division on a day."""

    day: date
    division: DivisionOut
    aspect: str = Field(examples=["name"])
    """`level`, with which a division begins and ends, `parent`, `name`, `variant`, `code`, `boundary` or `position`."""
    what: str = Field(examples=["fa"])
    """The language of a name, `scheme/version` of a code."""
    kind: str = Field(examples=["changed"])
    """`begun`, `ended` or `changed`."""
    before: str
    after: str
    area_before_m2: float | None
    area_after_m2: float | None
    change: int | None
    """The change that brought it, if one did."""
    source: str
    """The file that brought it, if one did."""


def to_event_out(event: EventLine, register: RegisterState, language: str) -> EventOut:
    """Write an event for the API."""
    told = {name: getattr(event, name) for name in EventOut.model_fields if name != "division"}
    return EventOut(division=to_division_out(event.division, register, language), **told)


def to_change_out(change: ChangeLine, register: RegisterState, language: str) -> ChangeLineOut:
    """Write a change for the API."""
    return ChangeLineOut(
        id=change.id,
        kind=change.kind,
        effective_on=change.effective_on,
        decree=DecreeLineOut.model_validate(change.decree),
        predecessors=[to_division_out(one, register, language) for one in change.predecessors],
        successors=[to_division_out(one, register, language) for one in change.successors],
    )
