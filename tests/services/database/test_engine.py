"""Test that the store opens only on tables of its own version."""

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import DatabaseDown, DatabaseOutdated
from services.database.cluster import Cluster
from services.database.engine import check_tables, configure_migrations, connect, create_store_engine, open_session


def test_models_and_migrations_agree(fresh_engine: Engine):
    with connect(fresh_engine) as connection:
        command.check(configure_migrations(connection))


def test_migrations_can_be_taken_back(fresh_engine: Engine):
    with connect(fresh_engine) as connection:
        command.downgrade(configure_migrations(connection), "base")
        tables = connection.execute(
            text("select tablename from pg_tables where schemaname = 'public' and tablename not like 'spatial%'")
        )
        assert [row.tablename for row in tables] == ["alembic_version"]


def test_empty_database_is_called_outdated(cluster: Cluster):
    engine = create_store_engine(cluster.create_database("nothing_yet"))
    with connect(engine) as connection, pytest.raises(DatabaseOutdated):
        check_tables(connection)
    engine.dispose()


def test_absent_server_is_named():
    engine = create_store_engine("postgresql://nobody@/nothing?host=/nonexistent")
    with pytest.raises(DatabaseDown), connect(engine):
        pass


def test_failed_work_leaves_nothing(fresh_engine: Engine):
    with pytest.raises(DBAPIError), open_session(fresh_engine) as session:
        session.execute(text("insert into register (name, country) values ('ir', 'ir')"))
        session.execute(text("select no_such_column from register"))
    with open_session(fresh_engine) as session:
        assert session.scalar(text("select count(*) from register")) == 0


@pytest.mark.parametrize(
    "statement",
    ["update audit_log set actor = 'b'", "delete from audit_log", "truncate audit_log"],
)
def test_audit_log_cannot_be_rewritten(session: Session, statement: str):
    session.execute(text("insert into audit_log (actor, action, subject, detail) values ('a', 'import', 'ir', '{}')"))
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def insert_standing(session: Session, division: int, valid: str) -> None:
    values = {"division": division, "valid": valid}
    session.execute(
        text("insert into standing (division_id, level, valid) values (:division, 'province', :valid)"), values
    )


@pytest.fixture
def division(session: Session) -> int:
    register = session.scalar(text("insert into register (name, country) values ('ir', 'ir') returning id"))
    return session.scalar(text(f"insert into division (register_id) values ({register}) returning id"))


def test_periods_may_meet(session: Session, division: int):
    insert_standing(session, division, "[2020-01-01,2021-01-01)")
    insert_standing(session, division, "[2021-01-01,)")
    assert session.scalar(text("select count(*) from standing")) == 2


@pytest.mark.parametrize("valid", ["[2020-12-31,)", "(,2020-01-02)", "[2020-05-01,2020-05-02)"])
def test_periods_never_overlap(session: Session, division: int, valid: str):
    insert_standing(session, division, "[2020-01-01,2021-01-01)")
    with pytest.raises(DBAPIError, match="ex_standing_division"):
        insert_standing(session, division, valid)
