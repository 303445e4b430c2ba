"""Keep polling stations with their branches and catchments, district plans and constituencies."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class Station(Table):
    """Mark the site of one or more branches."""

    __tablename__ = "station"
    __table_args__ = (
        UniqueConstraint("register_id", "code"),
        CheckConstraint("visibility in ('public', 'name_only', 'withheld')", name="visibility"),
        # the stations nearest to a point
        Index("ix_station_geom", "geom", postgresql_using="gist"),
        Index("ix_station_division_id", "division_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    code: Mapped[str]
    name: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    division_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    visibility: Mapped[str] = mapped_column(server_default="public")
    synthetic: Mapped[bool] = mapped_column(server_default="false")


class Branch(Table):
    """Stand for one ballot box of a station."""

    __tablename__ = "branch"
    __table_args__ = (CheckConstraint("sex in ('any', 'male', 'female')", name="sex"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sex: Mapped[str] = mapped_column(server_default="any")
    mobile: Mapped[bool] = mapped_column(server_default="false")
    capacity: Mapped[int | None]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    accessible: Mapped[bool | None]


class Catchment(Table):
    """Say that the electors of a division vote at a station."""

    __tablename__ = "catchment"
    __table_args__ = (Index("ix_catchment_division_id", "division_id"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)


class DistrictPlan(Table):
    """Keep how units were gathered into districts, with the seed that drew them and their measures.

    A plan that is edited gets a version of its own; those before stay as they are.
    """

    __tablename__ = "district_plan"
    __table_args__ = (
        UniqueConstraint("register_id", "name", "version"),
        CheckConstraint("origin in ('drawn', 'searched', 'imported', 'edited')", name="origin"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    name: Mapped[str]
    within_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    unit_level: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    origin: Mapped[str] = mapped_column(server_default="drawn")
    districts: Mapped[int]
    seats: Mapped[list[int]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    tolerance: Mapped[float]
    seed: Mapped[int]
    measures: Mapped[dict[str, Any]]
    actor: Mapped[str]
    drawn_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PlanUnit(Table):
    """Put one unit into one district of a plan."""

    __tablename__ = "plan_unit"

    plan_id: Mapped[int] = mapped_column(ForeignKey("district_plan.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)
    district: Mapped[int]
    people: Mapped[int]


class Constituency(Table):
    """Return members to a body; its ground is a list of divisions or the district of a plan."""

    __tablename__ = "constituency"
    __table_args__ = (UniqueConstraint("register_id", "body", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    body: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    seats: Mapped[int]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("district_plan.id"))
    synthetic: Mapped[bool] = mapped_column(server_default="false")


class ConstituencyDivision(Table):
    """Put a division into a constituency."""

    __tablename__ = "constituency_division"
    __table_args__ = (Index("ix_constituency_division_division_id", "division_id"),)

    constituency_id: Mapped[int] = mapped_column(ForeignKey("constituency.id", ondelete="CASCADE"), primary_key=True)
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), primary_key=True)
