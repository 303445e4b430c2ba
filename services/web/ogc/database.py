"""Reach the store for the layers: as a role that sees only what is published, and only when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
from sqlalchemy import URL

from geo.errors import DatabaseDown, because

ROLE = "taqsimat_public"
"""Who asks; the migrations make it and open the schema `published` to it."""

MOST_CONNECTIONS = 4
PATIENCE_MS = 20_000
"""How long one statement may take."""

ADDRESS_PARTS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")
"""What of an address asyncpg understands as psycopg does."""

SESSION = {
    "search_path": "published, public",
    "default_transaction_read_only": "on",
    "statement_timeout": str(PATIENCE_MS),
    "jit": "off",
    "timezone": "UTC",
}


@dataclass
class PublicPool:
    """Lend connections; the pool opens with the first, and anew in every event loop."""

    url: URL
    """The address of the store, as its owner uses it."""
    is_own: bool
    """Whether the server is the program's own, which lets the role in by itself."""
    _pool: asyncpg.Pool | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection; a store that cannot be reached raises DatabaseDown."""
        try:
            pool = await self._open()
            connection = await pool.acquire()
        except (OSError, asyncpg.PostgresError) as error:
            raise DatabaseDown(reason=because("server_says", detail=str(error))) from error
        try:
            yield connection
        finally:
            await pool.release(connection)

    async def close(self) -> None:
        """Give all connections back to the server."""
        if self._pool is not None and self._loop is asyncio.get_running_loop():
            await self._pool.close()
        self._pool = None

    async def _open(self) -> asyncpg.Pool:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._pool, self._loop, self._turn = None, loop, asyncio.Lock()
        async with self._turn:
            if self._pool is None:
                given = self._say_how()
                self._pool = await asyncpg.create_pool(min_size=0, max_size=MOST_CONNECTIONS, init=_prepare, **given)
            return self._pool

    def _say_how(self) -> dict[str, Any]:
        """Say how to connect: as the role itself where the server is ours, else as the owner, who takes the role."""
        known = {name: value for name, value in self.url.query.items() if name in ADDRESS_PARTS}
        plain = self.url.set(drivername="postgresql", query=known)
        if self.is_own:
            return {"dsn": plain.set(username=ROLE).render_as_string(), "server_settings": SESSION}
        whole = plain.render_as_string(hide_password=False)
        return {"dsn": whole, "server_settings": {**SESSION, "role": ROLE}}


async def _prepare(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog")
