"""Keep described boundaries of decrees and boundary markers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    """Bring the tables to this version."""
    _create_described_line()
    _create_boundary_marker()
    _create_decreed_place()
    _create_map_sheet()


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _recorded() -> list[sa.Column[Any]]:
    return [
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
    ]


def _refer(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _create_described_line() -> None:
    table = "described_line"
    op.create_table(
        table,
        _key(),
        sa.Column("decree_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("geom", Geometry("MULTILINESTRING", 4326, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("edition", sa.Text(), nullable=True),
        *_recorded(),
        sa.CheckConstraint("geom is not null or series is not null", name=op.f("ck_described_line_says_something")),
        _refer(table, "decree_id", "decree"),
        _refer(table, "first_id", "division"),
        _refer(table, "second_id", "division"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_described_line")),
    )
    op.create_index(op.f("ix_described_line_decree_id"), table, ["decree_id"])


def _create_boundary_marker() -> None:
    table = "boundary_marker"
    op.create_table(
        table,
        _key(),
        sa.Column("decree_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("monument", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
        *_recorded(),
        _refer(table, "decree_id", "decree"),
        _refer(table, "first_id", "division"),
        _refer(table, "second_id", "division"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_marker")),
        sa.UniqueConstraint("decree_id", "number", name=op.f("uq_boundary_marker_decree_id_number")),
    )


def _create_decreed_place() -> None:
    table = "decreed_place"
    op.create_table(
        table,
        _key(),
        sa.Column("decree_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        *_recorded(),
        _refer(table, "decree_id", "decree"),
        _refer(table, "place_id", "division"),
        _refer(table, "division_id", "division"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decreed_place")),
        sa.UniqueConstraint("decree_id", "place_id", name=op.f("uq_decreed_place_decree_id_place_id")),
    )


def _create_map_sheet() -> None:
    table = "map_sheet"
    own = ("register_id", "series", "sheet", "edition")
    op.create_table(
        table,
        _key(),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("scale", sa.Integer(), nullable=False),
        *_recorded(),
        _refer(table, "register_id", "register"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_sheet")),
        sa.UniqueConstraint(*own, name=op.f("uq_map_sheet_register_id_series_sheet_edition")),
    )


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for table in ("map_sheet", "decreed_place", "boundary_marker", "described_line"):
        op.drop_table(table)
