"""Keep decrees and changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FACTS = ("standing", "code", "name", "boundary", "position", "population")
"""The tables whose facts a change may bring."""

JSON = postgresql.JSONB(astext_type=sa.Text())
NOW = sa.text("now()")


def upgrade() -> None:
    """Bring the tables to this version."""
    _create_decree()
    _create_change()
    _create_lineage()
    _create_reserved_code()
    _create_edition()
    for fact in FACTS:
        op.add_column(fact, sa.Column("change_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{fact}_change_id_change"), fact, "change", ["change_id"], ["id"])


def _create_decree() -> None:
    op.create_table(
        "decree",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_decree_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decree")),
        sa.UniqueConstraint("register_id", "issuer", "number", name=op.f("uq_decree_register_id_issuer_number")),
    )


def _create_change() -> None:
    states = "state in ('draft', 'checked', 'approved', 'applied', 'refused', 'withdrawn')"
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("decree_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("ledger", JSON, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_change_state")),
        sa.CheckConstraint("(state = 'applied') = (applied_at is not null)", name=op.f("ck_change_applied")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_change_register_id_register")),
        sa.ForeignKeyConstraint(["decree_id"], ["decree.id"], name=op.f("fk_change_decree_id_decree")),
        sa.ForeignKeyConstraint(["undoes"], ["change.id"], name=op.f("fk_change_undoes_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_decree_id"), "change", ["decree_id"])
    op.create_index("ix_change_register_id_state", "change", ["register_id", "state"])
    op.create_index("ix_change_register_id_applied_at", "change", ["register_id", "applied_at"])
    once = sa.text("state = 'applied'")
    op.create_index("uq_change_undoes", "change", ["undoes"], unique=True, postgresql_where=once)


def _create_lineage() -> None:
    op.create_table(
        "lineage",
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_lineage_change_id_change")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_lineage_division_id_division")),
        sa.PrimaryKeyConstraint("change_id", "role", "division_id", name=op.f("pk_lineage")),
    )
    op.create_index("ix_lineage_division_id", "lineage", ["division_id"])


def _create_reserved_code() -> None:
    own = ("register_id", "scheme", "version", "code")
    op.create_table(
        "reserved_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("state in ('reserved', 'retired')", name=op.f("ck_reserved_code_state")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_reserved_code_register_id_register")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_reserved_code_change_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_code")),
        sa.UniqueConstraint(*own, name=op.f("uq_reserved_code_register_id_scheme_version_code")),
    )


def _create_edition() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("register_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_edition_register_id_register")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("register_id", "number", name=op.f("uq_edition_register_id_number")),
    )


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for fact in FACTS:
        op.drop_column(fact, "change_id")
    for table in ("edition", "reserved_code", "lineage", "change", "decree"):
        op.drop_table(table)
