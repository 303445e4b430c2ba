"""Keep the certificate and the scope of audit runs, who lives in findings, and lawful exceptions."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())
EMPTY = sa.text("'{}'::jsonb")


def upgrade() -> None:
    """Bring the tables to this version."""
    _widen_runs()
    _widen_findings()
    _create_exception()


def _widen_runs() -> None:
    for name in ("divisions", "vertices"):
        op.add_column("audit_run", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name in ("certificate", "excepted"):
        op.add_column("audit_run", sa.Column(name, JSON, server_default=EMPTY, nullable=False))
    targets = {"within_id": "division", "previous_id": "audit_run", "group_id": "audit_run"}
    for name, target in targets.items():
        op.add_column("audit_run", sa.Column(name, sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_audit_run_{name}_{target}"), "audit_run", target, [name], ["id"])
    op.create_index("ix_audit_run_register_id_id", "audit_run", ["register_id", "id"])
    op.create_index("ix_audit_run_group_id", "audit_run", ["group_id"])


def _widen_findings() -> None:
    op.add_column("finding", sa.Column("places", sa.Integer(), nullable=True))
    op.add_column("finding", sa.Column("people", sa.BigInteger(), nullable=True))
    op.add_column("finding", sa.Column("first_run_id", sa.BigInteger(), nullable=True))
    key = op.f("fk_finding_first_run_id_audit_run")
    op.create_foreign_key(key, "finding", "audit_run", ["first_run_id"], ["id"], ondelete="SET NULL")
    op.execute("update finding set first_run_id = run_id")


def _create_exception() -> None:
    op.create_table(
        "exception",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="lawful", nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decree_id", sa.BigInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('lawful', 'void', 'undetermined')", name=op.f("ck_exception_status")),
        sa.CheckConstraint("(fingerprint is null) <> (geom is null)", name=op.f("ck_exception_case")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_exception_register_id_register")),
        sa.ForeignKeyConstraint(["decree_id"], ["decree.id"], name=op.f("fk_exception_decree_id_decree")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception")),
    )
    op.create_index("ix_exception_register_id", "exception", ["register_id"])


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table("exception")
    for column in ("first_run_id", "people", "places"):
        op.drop_column("finding", column)
    op.drop_index("ix_audit_run_group_id", "audit_run")
    op.drop_index("ix_audit_run_register_id_id", "audit_run")
    for column in ("group_id", "previous_id", "within_id", "excepted", "certificate", "vertices", "divisions"):
        op.drop_column("audit_run", column)
