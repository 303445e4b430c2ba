"""Keep disputes with their parties, claims, evidence, options and decisions."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "dispute",
    "dispute_party",
    "dispute_finding",
    "dispute_claim",
    "dispute_face",
    "dispute_evidence",
    "dispute_file",
    "dispute_option",
    "dispute_decision",
    "dispute_event",
)
"""The tables of this version, each after those it refers to."""

JSON = postgresql.JSONB(astext_type=sa.Text())
NOW = sa.text("now()")


def upgrade() -> None:
    """Bring the tables to this version."""
    _create_dispute()
    _create_dispute_party()
    _create_dispute_finding()
    _create_dispute_claim()
    _create_dispute_face()
    _create_dispute_evidence()
    _create_dispute_file()
    _create_dispute_option()
    _create_dispute_decision()
    _create_dispute_event()


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("confidential", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("origin in ('finding', 'claim', 'request')", name=op.f("ck_dispute_origin")),
        sa.CheckConstraint(
            "state in ('open', 'under_review', 'options_prepared', 'decided', 'applied', 'dismissed', 'accepted_lawful')",
            name=op.f("ck_dispute_state"),
        ),
        sa.CheckConstraint(
            "type in ('overlap', 'gap', 'definitional', 'locational', 'operational', 'allocational')",
            name=op.f("ck_dispute_type"),
        ),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_dispute_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index("ix_dispute_register_id_state", "dispute", ["register_id", "state"])


def _create_dispute_party() -> None:
    op.create_table(
        "dispute_party",
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_party_dispute_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_dispute_party_division_id")),
        sa.PrimaryKeyConstraint("dispute_id", "division_id", name=op.f("pk_dispute_party")),
    )
    op.create_index("ix_dispute_party_division_id", "dispute_party", ["division_id"])


def _create_dispute_finding() -> None:
    op.create_table(
        "dispute_finding",
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("finding", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_finding_dispute_id")),
        sa.PrimaryKeyConstraint("dispute_id", "fingerprint", name=op.f("pk_dispute_finding")),
    )
    op.create_index("ix_dispute_finding_fingerprint", "dispute_finding", ["fingerprint"])


def _create_dispute_claim() -> None:
    op.create_table(
        "dispute_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("against_id", sa.BigInteger(), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["against_id"], ["division.id"], name=op.f("fk_dispute_claim_against_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_claim_dispute_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_dispute_claim_division_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_claim")),
    )
    op.create_index(op.f("ix_dispute_claim_dispute_id"), "dispute_claim", ["dispute_id"])


def _create_dispute_face() -> None:
    op.create_table(
        "dispute_face",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_gap", sa.Boolean(), nullable=False),
        sa.Column("candidates", JSON, nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["dispute_claim.id"], name=op.f("fk_dispute_face_claim_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_face_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_face")),
        sa.UniqueConstraint("dispute_id", "digest", name=op.f("uq_dispute_face_dispute_id_digest")),
    )
    op.create_index("ix_dispute_face_geom", "dispute_face", ["geom"], postgresql_using="gist")


def _create_dispute_evidence() -> None:
    op.create_table(
        "dispute_evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("article", sa.Text(), server_default="", nullable=False),
        sa.Column("sheet", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("line", Geometry("LINESTRING", 4326, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "kind in ('decree', 'map_sheet', 'survey', 'letter', 'photograph', 'other')",
            name=op.f("ck_dispute_evidence_kind"),
        ),
        sa.CheckConstraint("rank between 1 and 5", name=op.f("ck_dispute_evidence_rank")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_evidence_dispute_id")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_dispute_evidence_division_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_evidence")),
    )
    op.create_index(op.f("ix_dispute_evidence_dispute_id"), "dispute_evidence", ["dispute_id"])


def _create_dispute_file() -> None:
    op.create_table(
        "dispute_file",
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["dispute_evidence.id"], name=op.f("fk_dispute_file_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_dispute_file")),
    )


def _create_dispute_option() -> None:
    op.create_table(
        "dispute_option",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("taker", sa.BigInteger(), nullable=True),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("refused", JSON, nullable=True),
        sa.Column("shares", JSON, nullable=False),
        sa.Column("ledger", JSON, nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("drawn", JSON, nullable=True),
        sa.Column("computed_by", sa.Text(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_option_dispute_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["dispute_evidence.id"], name=op.f("fk_dispute_option_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_option")),
        sa.UniqueConstraint("dispute_id", "number", name=op.f("uq_dispute_option_dispute_id_number")),
    )


def _create_dispute_decision() -> None:
    op.create_table(
        "dispute_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("option", JSON, nullable=False),
        sa.Column("decree_id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('settle', 'undo')", name=op.f("ck_dispute_decision_kind")),
        sa.CheckConstraint(
            "state in ('proposed', 'approved', 'applied', 'withdrawn')", name=op.f("ck_dispute_decision_state")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_dispute_decision_change_id")),
        sa.ForeignKeyConstraint(["decree_id"], ["decree.id"], name=op.f("fk_dispute_decision_decree_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_decision_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_decision")),
    )
    op.create_index("ix_dispute_decision_change_id", "dispute_decision", ["change_id"])
    op.create_index(op.f("ix_dispute_decision_dispute_id"), "dispute_decision", ["dispute_id"])
    op.create_index(
        "uq_dispute_decision_live",
        "dispute_decision",
        ["dispute_id"],
        unique=True,
        postgresql_where=sa.text("state in ('proposed', 'approved')"),
    )


def _create_dispute_event() -> None:
    op.create_table(
        "dispute_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_event_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_event")),
    )
    op.create_index(op.f("ix_dispute_event_dispute_id"), "dispute_event", ["dispute_id"])
