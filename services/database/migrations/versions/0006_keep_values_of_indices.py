"""Keep values of indices by division."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "index_value",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("index_set", sa.Text(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_index_value_register_id_register")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_index_value_division_id_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_value")),
        postgresql.ExcludeConstraint(
            (sa.column("division_id"), "="),
            (sa.column("index_set"), "="),
            (sa.column("leaf"), "="),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_index_value_leaf",
        ),
    )
    current = sa.text("upper_inf(recorded)")
    op.create_index("ix_index_value_set", "index_value", ["register_id", "index_set"], postgresql_where=current)


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table("index_value")
