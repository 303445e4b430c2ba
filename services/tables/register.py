"""Keep registers, imports and divisions with all that is dated about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Dated, Recorded, Table, one_at_a_time


class Register(Table):
    """Name a set of divisions of one country; scratch registers stand beside the country's own."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ImportRun(Table):
    """Say which file brought what, when, by whom and on which version of the register."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    source: Mapped[str]
    digest: Mapped[str]
    valid_from: Mapped[date | None]
    based_on: Mapped[int]
    counts: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
    actor: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Division(Table):
    """Hold the lasting identity of a division or place; all that may change is told elsewhere by period."""

    __tablename__ = "division"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), index=True)
    synthetic: Mapped[bool] = mapped_column(server_default="false")


class Standing(Dated, Table):
    """Say of which level a division is and under which parent it stands."""

    __tablename__ = "standing"
    __table_args__ = (
        one_at_a_time("standing_division", "division_id"),
        # many divisions at once, for which the index of the rule above cannot be used
        Index("ix_standing_division_id", "division_id"),
        # the children of a division, and the divisions of a level
        Index("ix_standing_parent_id", "parent_id"),
        Index("ix_standing_level", "level"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    level: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))


class Code(Dated, Table):
    """Give a division its code in one version of one scheme."""

    __tablename__ = "code"
    __table_args__ = (
        # hashed, since GiST compares texts three times slower; 64 bits keep different codes apart
        one_at_a_time("code_division", "hashtextextended(scheme || '/' || version, division_id)"),
        one_at_a_time("code_code", "hashtextextended(scheme || '/' || version || '/' || code, register_id)"),
        # the codes of a division
        Index("ix_code_division_id", "division_id"),
        # a bare code, whatever its scheme
        Index("ix_code_code", "code"),
        # a page of a level's divisions by code, in the same order on every server
        Index(
            "ix_code_order",
            "register_id",
            "scheme",
            "code",
            postgresql_ops={"code": 'COLLATE "C"'},
            postgresql_where=text("upper_inf(recorded)"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    scheme: Mapped[str]
    version: Mapped[str]
    code: Mapped[str]


class Name(Dated, Table):
    """Call a division by a name in one language; one a language is official."""

    __tablename__ = "name"
    __table_args__ = (
        one_at_a_time("name_official", "division_id", "language", where="official"),
        Index("ix_name_division_id", "division_id"),
        # names by search key, exact and by shared letter triples
        Index("ix_name_key", "key"),
        Index("ix_name_key_trgm", "key", postgresql_using="gin", postgresql_ops={"key": "gin_trgm_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    language: Mapped[str]
    text: Mapped[str]
    key: Mapped[str]
    official: Mapped[bool] = mapped_column(server_default="true")


class Boundary(Dated, Table):
    """Draw the ground of a division, EPSG:4326."""

    __tablename__ = "boundary"
    __table_args__ = (
        one_at_a_time("boundary_division", "division_id"),
        # the divisions that cover a point
        Index("ix_boundary_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4326, spatial_index=False))
    area_m2: Mapped[float]
    digest: Mapped[str]


class Position(Dated, Table):
    """Mark the point of a place, or the centre of a division, EPSG:4326."""

    __tablename__ = "position"
    __table_args__ = (
        one_at_a_time("position_division", "division_id"),
        # the places in a polygon
        Index("ix_position_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326, spatial_index=False))


class Population(Recorded, Table):
    """Count the people of a division according to one source, which names its date."""

    __tablename__ = "population"
    __table_args__ = (
        ExcludeConstraint(
            ("division_id", "="), ("source", "="), ("recorded", "&&"), name="ex_population_source", using="gist"
        ),
        # the figures of many divisions at once
        Index("ix_population_division_id", "division_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    source: Mapped[str]
    counted_on: Mapped[date | None]
    people: Mapped[int]
