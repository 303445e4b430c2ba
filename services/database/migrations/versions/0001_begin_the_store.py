"""Begin the store."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")

CHAIN = (
    """
    CREATE FUNCTION audit_log_hash(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT encode(sha256(convert_to(jsonb_build_array(
            entry.id, extract(epoch FROM entry.at), entry.actor, entry.action, entry.subject, entry.detail,
            entry.previous
        )::text, 'UTF8')), 'hex')
    $$
    """,
    """
    CREATE FUNCTION chain_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last audit_log;
    BEGIN
        -- one writer at a time, so that the chain has no forks
        PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
        SELECT * INTO last FROM audit_log ORDER BY id DESC LIMIT 1;
        NEW.id := coalesce(last.id, 0) + 1;
        NEW.at := clock_timestamp();
        NEW.previous := coalesce(last.hash, '');
        NEW.hash := audit_log_hash(NEW);
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    "CREATE TRIGGER chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_log()",
    "CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log()",
    "CREATE TRIGGER keep_all BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log()",
)
"""Hash each entry of the audit log over the one before, and let none be changed or dropped."""


def upgrade() -> None:
    """Bring the tables to this version."""
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("name", name=op.f("uq_register_name")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_key_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"], unique=False)
    op.create_table(
        "audit_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("tolerances", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("certified", sa.Boolean(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_audit_run_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_run")),
    )
    op.create_index(op.f("ix_audit_run_register_id"), "audit_run", ["register_id"], unique=False)
    op.create_table(
        "division",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_division_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
    )
    op.create_index(op.f("ix_division_register_id"), "division", ["register_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_import_run_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_register_id"), "import_run", ["register_id"], unique=False)
    op.create_table(
        "boundary",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", 4326, spatial_index=False), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("division_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_boundary_division",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_boundary_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_boundary_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary")),
    )
    op.create_index("ix_boundary_geom", "boundary", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("hashtextextended(scheme || '/' || version || '/' || code, register_id)"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_code_code",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("hashtextextended(scheme || '/' || version, division_id)"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_code_division",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_code_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_code_import_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_code_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
    )
    op.create_index("ix_code_division_id", "code", ["division_id"], unique=False)
    op.create_index("ix_code_code", "code", ["code"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=True),
        sa.Column("division_id", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(
            "status in ('received', 'referred', 'answered', 'closed', 'rejected')", name=op.f("ck_complaint_status")
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_complaint_division_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_complaint_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("register_id", "code", name=op.f("uq_complaint_register_id_code")),
    )
    op.create_index("ix_complaint_division_id", "complaint", ["division_id"], unique=False)
    op.create_index("ix_complaint_geom", "complaint", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "council",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_council_division_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_council_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
        sa.UniqueConstraint("register_id", "code", name=op.f("uq_council_register_id_code")),
    )
    op.create_index("ix_council_division_id", "council", ["division_id"], unique=False)
    op.create_table(
        "district_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("within_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_level", sa.Text(), nullable=False),
        sa.Column("districts", sa.Integer(), nullable=False),
        sa.Column("tolerance", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("measures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_district_plan_register_id")),
        sa.ForeignKeyConstraint(["within_id"], ["division.id"], name=op.f("fk_district_plan_within_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_plan")),
        sa.UniqueConstraint("register_id", "name", name=op.f("uq_district_plan_register_id_name")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("GEOMETRY", 4326, spatial_index=False), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("length_m", sa.Double(), nullable=True),
        sa.Column("width_m", sa.Double(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["audit_run.id"], name=op.f("fk_finding_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_fingerprint", "finding", ["fingerprint"], unique=False)
    op.create_index("ix_finding_run_id_kind", "finding", ["run_id", "kind"], unique=False)
    op.create_table(
        "name",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("official", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("division_id"), "="),
            (sa.text("language"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            where=sa.text("official"),
            using="gist",
            name="ex_name_official",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_name_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_name_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name")),
    )
    op.create_index("ix_name_division_id", "name", ["division_id"], unique=False)
    op.create_index("ix_name_key", "name", ["key"], unique=False)
    op.create_index(
        "ix_name_key_trgm",
        "name",
        ["key"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )
    op.create_table(
        "population",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("division_id"), "="),
            (sa.column("source"), "="),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_population_source",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_population_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_population_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population")),
    )
    op.create_table(
        "position",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("division_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_position_division",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_position_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_position_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
    )
    op.create_index("ix_position_geom", "position", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("division_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role in ('public', 'clerk', 'province_officer', 'national_officer', 'election_officer', 'planner', 'admin')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.CheckConstraint("division_id is null or register_id is not null", name=op.f("ck_role_grant_scope")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_role_grant_division_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_role_grant_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(
        "uq_role_grant",
        "role_grant",
        [
            "account_id",
            "role",
            sa.literal_column("coalesce(register_id, 0)"),
            sa.literal_column("coalesce(division_id, 0)"),
        ],
        unique=True,
    )
    op.create_table(
        "standing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), server_default=sa.text("tstzrange(now(), NULL)"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("division_id"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("recorded"), "&&"),
            using="gist",
            name="ex_standing_division",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_standing_division_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_standing_import_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["division.id"], name=op.f("fk_standing_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_level", "standing", ["level"], unique=False)
    op.create_index("ix_standing_parent_id", "standing", ["parent_id"], unique=False)
    op.create_table(
        "station",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=True),
        sa.Column("division_id", sa.BigInteger(), nullable=True),
        sa.Column("visibility", sa.Text(), server_default="public", nullable=False),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("visibility in ('public', 'name_only', 'withheld')", name=op.f("ck_station_visibility")),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_station_division_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_station_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("register_id", "code", name=op.f("uq_station_register_id_code")),
    )
    op.create_index("ix_station_division_id", "station", ["division_id"], unique=False)
    op.create_index("ix_station_geom", "station", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "branch",
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sex", sa.Text(), server_default="any", nullable=False),
        sa.Column("mobile", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("accessible", sa.Boolean(), nullable=True),
        sa.CheckConstraint("sex in ('any', 'male', 'female')", name=op.f("ck_branch_sex")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_branch_station_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("station_id", "number", name=op.f("pk_branch")),
    )
    op.create_table(
        "catchment",
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_catchment_division_id")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_catchment_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "division_id", name=op.f("pk_catchment")),
    )
    op.create_index("ix_catchment_division_id", "catchment", ["division_id"], unique=False)
    op.create_table(
        "constituency",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["district_plan.id"], name=op.f("fk_constituency_plan_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_constituency_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_constituency")),
        sa.UniqueConstraint("register_id", "body", "code", name=op.f("uq_constituency_register_id_body_code")),
    )
    op.create_table(
        "finding_division",
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_finding_division_division_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_division_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", "division_id", name=op.f("pk_finding_division")),
    )
    op.create_index("ix_finding_division_division_id", "finding_division", ["division_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("council_id", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("term", postgresql.DATERANGE(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_membership_council_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_council_id", "membership", ["council_id"], unique=False)
    op.create_table(
        "plan_unit",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_plan_unit_division_id")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["district_plan.id"], name=op.f("fk_plan_unit_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "division_id", name=op.f("pk_plan_unit")),
    )
    op.create_table(
        "constituency_division",
        sa.Column("constituency_id", sa.BigInteger(), nullable=False),
        sa.Column("division_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["constituency_id"],
            ["constituency.id"],
            name=op.f("fk_constituency_division_constituency_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_constituency_division_division_id")),
        sa.PrimaryKeyConstraint("constituency_id", "division_id", name=op.f("pk_constituency_division")),
    )
    op.create_index("ix_constituency_division_division_id", "constituency_division", ["division_id"], unique=False)
    for statement in CHAIN:
        op.execute(statement)


def downgrade() -> None:
    """Take the tables back to the version before."""
    op.execute("DROP FUNCTION audit_log_hash(audit_log), chain_audit_log(), keep_audit_log() CASCADE")
    op.drop_index("ix_constituency_division_division_id", table_name="constituency_division")
    op.drop_table("constituency_division")
    op.drop_table("plan_unit")
    op.drop_index("ix_membership_council_id", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_finding_division_division_id", table_name="finding_division")
    op.drop_table("finding_division")
    op.drop_table("constituency")
    op.drop_index("ix_catchment_division_id", table_name="catchment")
    op.drop_table("catchment")
    op.drop_table("branch")
    op.drop_index("ix_station_geom", table_name="station", postgresql_using="gist")
    op.drop_index("ix_station_division_id", table_name="station")
    op.drop_table("station")
    op.drop_index("ix_standing_parent_id", table_name="standing")
    op.drop_index("ix_standing_level", table_name="standing")
    op.drop_table("standing")
    op.drop_index("uq_role_grant", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index("ix_position_geom", table_name="position", postgresql_using="gist")
    op.drop_table("position")
    op.drop_table("population")
    op.drop_index("ix_name_key_trgm", table_name="name", postgresql_using="gin", postgresql_ops={"key": "gin_trgm_ops"})
    op.drop_index("ix_name_key", table_name="name")
    op.drop_index("ix_name_division_id", table_name="name")
    op.drop_table("name")
    op.drop_index("ix_finding_run_id_kind", table_name="finding")
    op.drop_index("ix_finding_fingerprint", table_name="finding")
    op.drop_table("finding")
    op.drop_table("district_plan")
    op.drop_index("ix_council_division_id", table_name="council")
    op.drop_table("council")
    op.drop_index("ix_complaint_geom", table_name="complaint", postgresql_using="gist")
    op.drop_index("ix_complaint_division_id", table_name="complaint")
    op.drop_table("complaint")
    op.drop_index("ix_code_division_id", table_name="code")
    op.drop_index("ix_code_code", table_name="code")
    op.drop_table("code")
    op.drop_index("ix_boundary_geom", table_name="boundary", postgresql_using="gist")
    op.drop_table("boundary")
    op.drop_index(op.f("ix_import_run_register_id"), table_name="import_run")
    op.drop_table("import_run")
    op.drop_index(op.f("ix_division_register_id"), table_name="division")
    op.drop_table("division")
    op.drop_index(op.f("ix_audit_run_register_id"), table_name="audit_run")
    op.drop_table("audit_run")
    op.drop_index(op.f("ix_api_key_account_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_table("register")
    op.drop_table("audit_log")
    op.drop_table("account")
