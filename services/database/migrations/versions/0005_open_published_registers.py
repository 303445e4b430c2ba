"""Open published registers to a role that reads nothing else."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLE = "taqsimat_public"
"""Who asks for the layers; it belongs to the whole server and sees one schema of each store."""

CREATE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
    END IF;
    -- so that an owner who is no master of the server may take the role
    EXECUTE format('GRANT {ROLE} TO %I', current_user);
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN RAISE NOTICE 'the role {ROLE} is for somebody else to create';
END $$
"""
"""An operator's server may keep roles to itself; the layers are then closed until its master has made the role."""

GRANT = f"""
CREATE FUNCTION published.open_to_public() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        RETURN false;
    END IF;
    GRANT USAGE ON SCHEMA published TO {ROLE};
    GRANT SELECT ON ALL TABLES IN SCHEMA published TO {ROLE};
    RETURN true;
END $$
"""

VIEWS = {
    "register": """
        SELECT r.id, r.name, r.country, r.version FROM register r
        WHERE EXISTS (SELECT FROM edition e WHERE e.register_id = r.id)
    """,
    "standing": """
        SELECT s.division_id, d.register_id, s.level, s.parent_id, s.valid
        FROM standing s JOIN division d ON d.id = s.division_id
        WHERE upper_inf(s.recorded) AND EXISTS (SELECT FROM edition e WHERE e.register_id = d.register_id)
    """,
    "code": """
        SELECT c.division_id, c.register_id, c.scheme, c.version, c.code, c.valid FROM code c
        WHERE upper_inf(c.recorded) AND EXISTS (SELECT FROM edition e WHERE e.register_id = c.register_id)
    """,
    "name": """
        SELECT n.division_id, n.language, n.text, n.valid FROM name n JOIN division d ON d.id = n.division_id
        WHERE n.official AND upper_inf(n.recorded)
        AND EXISTS (SELECT FROM edition e WHERE e.register_id = d.register_id)
    """,
    "boundary": """
        SELECT b.division_id, b.geom, b.area_m2, b.valid FROM boundary b JOIN division d ON d.id = b.division_id
        WHERE upper_inf(b.recorded) AND EXISTS (SELECT FROM edition e WHERE e.register_id = d.register_id)
    """,
    "position": """
        SELECT p.division_id, p.geom, p.valid FROM position p JOIN division d ON d.id = p.division_id
        WHERE upper_inf(p.recorded) AND EXISTS (SELECT FROM edition e WHERE e.register_id = d.register_id)
    """,
    "population": """
        SELECT p.division_id, p.source, p.counted_on, p.people FROM population p
        JOIN division d ON d.id = p.division_id
        WHERE upper_inf(p.recorded) AND EXISTS (SELECT FROM edition e WHERE e.register_id = d.register_id)
    """,
}
"""What the public may know of registers that have an edition: what they say now, of every day."""

CODE = """(
    SELECT c.code FROM published.code c WHERE c.division_id = {division} AND c.valid @> day
    ORDER BY c.scheme = asked_scheme DESC, c.scheme, c.version DESC LIMIT 1)"""

LAYER = """
CREATE FUNCTION published.{name}(asked_register integer, asked_level text, asked_scheme text, day date)
RETURNS TABLE (
    id bigint, code text, parent text, names jsonb, area_m2 double precision, people integer,
    valid_from date, valid_until date, geom geometry)
LANGUAGE sql STABLE ROWS 5000 AS $$
    SELECT
        s.division_id, {code}, {parent},
        (SELECT jsonb_object_agg(n.language, n.text) FROM published.name n
         WHERE n.division_id = s.division_id AND n.valid @> day),
        {area},
        (SELECT p.people FROM published.population p WHERE p.division_id = s.division_id
         ORDER BY p.counted_on DESC NULLS LAST, p.source DESC LIMIT 1),
        greatest(lower(s.valid), lower(g.valid)), least(upper(s.valid), upper(g.valid)), g.geom
    FROM published.standing s
    LEFT JOIN published.{ground} g ON g.division_id = s.division_id AND g.valid @> day
    WHERE s.register_id = asked_register AND s.level = asked_level AND s.valid @> day
$$
"""
"""The divisions of one level on a day. It is written so that the planner sees through it, down to the indexes."""


def upgrade() -> None:
    """Bring the tables to this version."""
    op.execute("CREATE SCHEMA published")
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW published.{name} AS {query}")
    code, parent = CODE.format(division="s.division_id"), CODE.format(division="s.parent_id")
    grounds = {"areas": ("boundary", "g.area_m2"), "places": ("position", "NULL::double precision")}
    for name, (ground, area) in grounds.items():
        op.execute(LAYER.format(name=name, ground=ground, area=area, code=code, parent=parent))
    op.execute(CREATE_ROLE)
    op.execute(GRANT)
    op.execute("SELECT published.open_to_public()")


def downgrade() -> None:
    """Bring the tables back to the version before; the role stays, for other stores of the server may use it."""
    op.execute("DROP SCHEMA published CASCADE")
