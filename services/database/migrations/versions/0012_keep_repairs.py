"""Keep batch proposals of repairs."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    """Bring the tables to this version."""
    _create_repair_proposal()
    _create_repair_move()


def _create_repair_proposal() -> None:
    states = "state in ('proposed', 'accepted', 'applied', 'refused')"
    op.create_table(
        "repair_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("levels", JSON, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("limits", JSON, nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_repair_proposal_state")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_repair_proposal_register_id_register")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_repair_proposal_change_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_proposal")),
    )
    op.create_index(op.f("ix_repair_proposal_register_id"), "repair_proposal", ["register_id"])


def _create_repair_move() -> None:
    op.create_table(
        "repair_move",
        sa.Column("proposal_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("divisions", JSON, nullable=False),
        sa.Column("option", sa.Text(), nullable=True),
        sa.Column("shares", JSON, nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=True),
        sa.Column("displacement_m", sa.Float(), nullable=True),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=True),
        sa.Column("reason", JSON, nullable=True),
        sa.Column("accepted", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("(option is null) <> (reason is null)", name=op.f("ck_repair_move_mended_or_left")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["repair_proposal.id"],
            name=op.f("fk_repair_move_proposal_id_repair_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_repair_move")),
    )


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for table in ("repair_move", "repair_proposal"):
        op.drop_table(table)
