"""Answer the weights between two sets of divisions, and carry tables over them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field

from geo.errors import InvalidValue, because
from geo.register.calendars import parse_date
from geo.register.columns import Column
from services.register.crosswalk_sides import RegisterSide
from services.register.crosswalks import CrosswalkAnswer, carry_columns, choose_way, draw_crosswalk
from services.web.models import Model, Text
from services.web.scope import AskedRegister, Language, today
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["register"])

MOST_ROWS = 20_000
"""The most rows a table that is sent may have."""

Level = Annotated[str, Query(max_length=100, description="The level of the sources.", examples=["commune"])]
Short = Annotated[str | None, Query(max_length=100)]
By = Annotated[str | None, Query(max_length=20, description="`area`, `people`, `places` or `lineage`.")]
Name = Annotated[str, Path(description="The name of the register.", examples=["dz"])]


class CellOut(Model):
    """How much of a source lies in a target."""

    source: str = Field(examples=["1601"])
    target: str = Field(examples=["1601"])
    weight: float = Field(examples=[4_812_330.0])
    """Square metres, people or places."""
    share: float = Field(examples=[1.0])
    """Which share of its source that is."""


class CrosswalkOut(Model):
    """The weights from one set of divisions to another."""

    register_name: str = Field(alias="register", examples=["dz"])
    from_day: date
    """The day of the sources."""
    to_day: date
    """The day of the targets."""
    by: str = Field(examples=["area"])
    """What they are weighed by."""
    cells: list[CellOut]
    """The weights, by source and target."""
    unmatched: dict[str, float]
    """Which share of a source lies in no target, where some does."""


class TableIn(Model):
    """A table to carry from one set of divisions to another."""

    level: Text = Field(examples=["commune"])
    """The level of its rows."""
    to_level: Text | None = None
    """The level to carry it to; the same without it."""
    from_day: Text | None = Field(default=None, examples=["1399-05-01"])
    """The day on which its codes held; today without it."""
    to_day: Text | None = Field(default=None, examples=["1404-01-01"])
    """The day of the divisions to carry it to; today without it."""
    from_scheme: Text | None = None
    """The scheme of its codes; the primary one without it."""
    to_scheme: Text | None = None
    """The scheme of the codes to carry it to."""
    by: Text | None = Field(default=None, examples=["area"])
    """`area`, `people`, `places` or `lineage`; the best that is known without it."""
    spread: bool = False
    """Whether the targets of a source share what of it lies in none."""
    columns: dict[Text, dict[Text, float | int]] = Field(
        min_length=1, max_length=100, examples=[{"people": {"1601": 96_329}}]
    )
    """The values by column and code."""


class CarriedOut(Model):
    """What became of one column."""

    total: float | int
    """Its total, as it was."""
    values: dict[str, float | int]
    """The value of each target."""
    remainder: dict[str, float | int]
    """What of a source no target got."""


class TableOut(Model):
    """A table that was carried, with every total kept."""

    by: str
    """What it was weighed by."""
    columns: dict[str, CarriedOut]
    """The columns by name."""


def read_past(text: str | None) -> date:
    """Read a day, Jalali or Gregorian; without one it is today."""
    return parse_date(text) if text else today()


@router.get("/crosswalk")
def show_crosswalk(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    level: Level,
    to_level: Short = None,
    from_day: Short = None,
    to_day: Short = None,
    from_scheme: Short = None,
    to_scheme: Short = None,
    by: By = None,
    spread: bool = False,
) -> CrosswalkOut:
    """Give the weights from the divisions of one day, level or scheme to those of another."""
    source = RegisterSide(level, read_past(from_day), from_scheme)
    target = RegisterSide(to_level or level, read_past(to_day), to_scheme)
    answer = draw_crosswalk(session, asked, source, target, way=choose_way(by), spread=spread)
    return CrosswalkOut(
        register=asked.name,
        from_day=source.day,
        to_day=target.day,
        by=answer.way,
        cells=list_cells(answer),
        unmatched=answer.crosswalk.unmatched,
    )


def list_cells(answer: CrosswalkAnswer) -> list[CellOut]:
    """Write weights for the API."""
    share = answer.crosswalk.share
    return [CellOut(**cell._asdict(), share=share(cell)) for cell in answer.crosswalk.cells]


@router.post("/crosswalk/table")
def carry_sent_table(
    register: Name,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    table: Annotated[TableIn, Body()],
) -> TableOut:
    """Carry the columns that are sent from one set of divisions to another; nothing is kept."""
    rows = sum(len(values) for values in table.columns.values())
    if rows > MOST_ROWS:
        raise InvalidValue(field="columns", value=rows, reason=because("crosswalk_rows", most=MOST_ROWS))
    source = RegisterSide(table.level, read_past(table.from_day), table.from_scheme)
    target = RegisterSide(table.to_level or table.level, read_past(table.to_day), table.to_scheme)
    answer = draw_crosswalk(session, asked, source, target, way=choose_way(table.by), spread=table.spread)
    carried = carry_columns(answer.crosswalk, [Column(name, values) for name, values in table.columns.items()])
    found = {
        one.name: CarriedOut(total=one.aggregate.total, values=one.aggregate.values, remainder=one.aggregate.remainder)
        for one in carried
    }
    return TableOut(by=answer.way, columns=found)
