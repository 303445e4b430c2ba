"""Keep jobs with their progress."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())
STATES = "state in ('waiting', 'running', 'done', 'failed', 'cancelled')"
ENDED = "(ended_at is not null) = (state in ('done', 'failed', 'cancelled'))"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameters", JSON, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("word", sa.Text(), server_default="", nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.Column("problem", JSON, nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_job_state")),
        sa.CheckConstraint(ENDED, name=op.f("ck_job_ended")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_job_register_id_register")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_job_division_id_division")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_job_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    is_open = sa.text("state in ('waiting', 'running')")
    op.create_index("ix_job_open", "job", ["id"], postgresql_where=is_open)
    op.create_index("ix_job_register_id_id", "job", ["register_id", "id"])


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table("job")
