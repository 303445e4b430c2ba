"""Test that the public role sees what is published and nothing else, and can change nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from geo.errors import DatabaseDown
from services.web.ogc.database import PublicPool


@pytest.fixture
def ask(published_url):
    """Ask the store one thing as the public role."""

    def run(statement: str, *, is_own: bool = True) -> Any:
        async def once() -> Any:
            pool = PublicPool(make_url(published_url), is_own=is_own)
            try:
                async with pool.acquire() as connection:
                    return await connection.fetchval(statement)
            finally:
                await pool.close()

        return asyncio.run(once())

    return run


@pytest.mark.parametrize("is_own", [True, False])
def test_role_sees_the_published_register(ask, is_own):
    assert ask("SELECT string_agg(name, ',') FROM published.register", is_own=is_own) == "ir"
    assert ask("SELECT current_user", is_own=is_own) == "taqsimat_public"


@pytest.mark.parametrize("view", ["standing", "code", "name", "boundary", "position", "population"])
def test_views_show_nothing_of_other_registers(ask, view):
    own = "SELECT FROM published.standing s WHERE s.division_id = v.division_id AND s.register_id = r.id"
    query = f"SELECT count(*) FROM published.{view} v, published.register r WHERE NOT EXISTS ({own})"
    assert ask(query) == 0


@pytest.mark.parametrize("table", ["account", "api_key", "audit_log", "division", "station", "complaint", "edition"])
def test_role_reads_no_table(ask, table):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(f"SELECT count(*) FROM public.{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.x (a int)",
        "CREATE TEMP TABLE x (a int)",
        "INSERT INTO register (name, country) VALUES ('x', 'ir')",
        "DELETE FROM published.register",
        "DROP VIEW published.register",
        "ALTER ROLE taqsimat_public SUPERUSER",
        "COPY (SELECT 1) TO PROGRAM 'id'",
    ],
)
def test_role_writes_nothing(ask, statement):
    with pytest.raises(asyncpg.PostgresError):
        ask(statement)


def test_role_of_our_own_server_cannot_be_left(ask):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask("SELECT set_config('role', 'taqsimat', false)")


def test_server_that_is_away_is_told():
    async def once() -> None:
        pool = PublicPool(make_url("postgresql://x@/x?host=/nonexistent"), is_own=True)
        async with pool.acquire():
            pass

    with pytest.raises(DatabaseDown):
        asyncio.run(once())
