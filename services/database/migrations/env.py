"""Run migrations over the connection that the program hands in."""

from alembic import context

import services.tables.access
import services.tables.ballots
import services.tables.boundaries
import services.tables.changes
import services.tables.civic
import services.tables.described
import services.tables.disputes
import services.tables.elections
import services.tables.indices
import services.tables.jobs
import services.tables.matching
import services.tables.register
import services.tables.repairs  # noqa: F401
from services.tables import Table

connection = context.config.attributes["connection"]
ours = set(Table.metadata.tables)


def is_ours(subject: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Leave the tables of PostGIS alone."""
    return kind != "table" or name in ours


context.configure(
    connection=connection, target_metadata=Table.metadata, include_object=is_ours, transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
