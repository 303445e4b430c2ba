"""Write answers of the API: what they hold, with examples."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from geo.register.divisions import Division


class Model(BaseModel):
    """Stand under every model of the API."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True)


Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A short text that the store can be asked about."""


class Link(Model):
    """Point to another page of a collection, or to what belongs to an answer."""

    rel: str = Field(examples=["next"])
    """What it is to the answer: `next`, `prev`, `self`."""
    href: str = Field(examples=["/api/v1/registers/dz/divisions?level=commune&offset=100"])
    """Its address."""


class DivisionOut(Model):
    """A division as it stands on one date."""

    id: int = Field(examples=[1])
    """Its lasting key in this register."""
    code: str = Field(examples=["16"])
    """Its code in the scheme that is primary for its level; always a string."""
    scheme: str = Field(examples=["ons"])
    """That scheme."""
    level: str = Field(examples=["wilaya"])
    """The key of its level."""
    level_name: str = Field(examples=["ولایت"])
    """The name of its level in the caller's language."""
    name: str = Field(examples=["الجزائر"])
    """Its name in the caller's language, or else the official one."""
    names: dict[str, str] = Field(examples=[{"ar": "الجزائر", "fr": "Alger", "en": "Algiers"}])
    """Its official names by language."""
    parent_id: int | None = Field(examples=[None])
    """The key of the division it stands under."""
    area_m2: float | None = Field(examples=[1.19e9])
    """Geodesic area in square metres."""
    people: int | None = Field(examples=[2_988_145])
    """The people counted in it or in its parts."""


def to_division_out(division: Division, register: Any, language: str) -> DivisionOut:  # noqa: ANN401 - RegisterState
    """Write a division for the API."""
    level = register.pack.level(division.level)
    return DivisionOut(
        id=division.id,
        code=division.code,
        scheme=division.scheme,
        level=division.level,
        level_name=level.names.choose(language),
        name=division.name_in(language, *register.pack.languages),
        names=division.names,
        parent_id=division.parent_id,
        area_m2=division.area_m2,
        people=division.people,
    )


class DivisionPageOut(Model):
    """A page of divisions."""

    register_name: str = Field(alias="register", examples=["dz"])
    """The register."""
    as_of: date = Field(examples=["2026-01-01"])
    """The day on which they stand so."""
    total: int = Field(examples=[1538])
    """How many there are in all."""
    items: list[DivisionOut]
    """Those of this page, by level and code."""
    links: list[Link] = Field(default_factory=list)
    """The pages before and after."""
