"""Keep several versions of a plan, with the seats of its districts and where it came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONE_NAME = "uq_district_plan_register_id_name"
ONE_VERSION = "uq_district_plan_register_id_name_version"


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("district_plan", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("district_plan", sa.Column("origin", sa.Text(), server_default="drawn", nullable=False))
    op.add_column(
        "district_plan",
        sa.Column("seats", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
    )
    op.drop_constraint(op.f(ONE_NAME), "district_plan")
    op.create_unique_constraint(op.f(ONE_VERSION), "district_plan", ["register_id", "name", "version"])
    op.create_check_constraint(
        op.f("ck_district_plan_origin"), "district_plan", "origin in ('drawn', 'searched', 'imported', 'edited')"
    )


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.execute("delete from district_plan where version > 1")
    op.drop_constraint(op.f("ck_district_plan_origin"), "district_plan")
    op.drop_constraint(op.f(ONE_VERSION), "district_plan")
    op.create_unique_constraint(op.f(ONE_NAME), "district_plan", ["register_id", "name"])
    for column in ("seats", "origin", "version"):
        op.drop_column("district_plan", column)
