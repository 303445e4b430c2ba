"""Keep worksheets of matching."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())
NOW = sa.text("now()")


def upgrade() -> None:
    """Bring the tables to this version."""
    _create_sheet()
    _create_row()


def _create_sheet() -> None:
    op.create_table(
        "match_sheet",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_match_sheet_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_sheet")),
    )
    op.create_index(op.f("ix_match_sheet_register_id"), "match_sheet", ["register_id"])


def _create_row() -> None:
    states = "state in ('proposed', 'confirmed', 'refused', 'split')"
    sheet = op.f("fk_match_row_sheet_id_match_sheet")
    op.create_table(
        "match_row",
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("codes", JSON, nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("parents", JSON, nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("options", JSON, nullable=False),
        sa.Column("divisions", JSON, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=False),
        sa.Column("clear", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_match_row_state")),
        sa.ForeignKeyConstraint(["sheet_id"], ["match_sheet.id"], name=sheet, ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_match_row_import_id_import_run")),
        sa.PrimaryKeyConstraint("sheet_id", "number", name=op.f("pk_match_row")),
    )
    op.create_index("ix_match_row_sheet_id_state", "match_row", ["sheet_id", "state"])


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for table in ("match_row", "match_sheet"):
        op.drop_table(table)
