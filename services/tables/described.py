"""Keep what decrees say of boundaries: lines, boundary markers, places, and the map sheets they refer to."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class DescribedLine(Table):
    """Describe the boundary between two divisions, or the border of one, by a line or a map sheet."""

    __tablename__ = "described_line"
    __table_args__ = (CheckConstraint("geom is not null or series is not null", name="says_something"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    decree_id: Mapped[int] = mapped_column(ForeignKey("decree.id"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("MULTILINESTRING", 4326, spatial_index=False))
    accuracy_m: Mapped[float | None]
    source: Mapped[str]
    series: Mapped[str | None]
    sheet: Mapped[str | None]
    edition: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class BoundaryMarker(Table):
    """Hold a monument or surveyed point on a boundary."""

    __tablename__ = "boundary_marker"
    __table_args__ = (
        # the markers of a decree, and no number twice among them
        UniqueConstraint("decree_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    decree_id: Mapped[int] = mapped_column(ForeignKey("decree.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("division.id"))
    number: Mapped[str]
    monument: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    accuracy_m: Mapped[float]
    source: Mapped[str]
    surveyed_on: Mapped[date | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DecreedPlace(Table):
    """Say in which division a decree counts a place."""

    __tablename__ = "decreed_place"
    __table_args__ = (
        # the places of a decree, and none twice among them
        UniqueConstraint("decree_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    decree_id: Mapped[int] = mapped_column(ForeignKey("decree.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MapSheet(Table):
    """Name a sheet of a map series that decrees may refer to."""

    __tablename__ = "map_sheet"
    __table_args__ = (UniqueConstraint("register_id", "series", "sheet", "edition"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    series: Mapped[str]
    sheet: Mapped[str]
    edition: Mapped[str] = mapped_column(server_default="")
    scale: Mapped[int]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
