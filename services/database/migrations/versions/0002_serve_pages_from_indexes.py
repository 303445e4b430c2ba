"""Serve pages from indexes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_code_order": 'code (register_id, scheme, code COLLATE "C") WHERE upper_inf(recorded)',
    "ix_standing_division_id": "standing (division_id)",
    "ix_population_division_id": "population (division_id)",
}


def upgrade() -> None:
    """Bring the tables to this version."""
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")


def downgrade() -> None:
    """Bring the tables back to the version before."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
