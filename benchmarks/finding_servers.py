"""Run one of the servers that `finding` compares, in a process of its own.

python -m benchmarks.finding_servers NAME DATABASE-URL FOLDER PORT
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, Field
from tipg.collections import register_collection_catalog
from tipg.database import connection_factory
from tipg.factory import OGCFeaturesFactory
from tipg.settings import DatabaseSettings

from services.database.engine import create_store_engine
from services.settings import Settings
from services.web.app import create_app
from services.web.quick_find import QuickFind

PEERS = ("asyncpg", "tipg")
PORT = 8790


class PointIn(BaseModel):
    """Ask by a point."""

    lon: float = Field(ge=-180, le=180)
    """Longitude."""
    lat: float = Field(ge=-90, le=90)
    """Latitude."""


async def open_pool(url: str, *, init: connection_factory | None = None) -> asyncpg.Pool:
    """Open a pool over the socket of the cluster."""
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    return await asyncpg.create_pool(
        host=host,
        user=parts.username,
        database=unquote(parts.path.removeprefix("/")),
        min_size=4,
        max_size=4,
        init=init,
    )


def make_asyncpg(url: str) -> FastAPI:
    """Make the plainest service that asks the store which division covers a point."""

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await open_pool(url)
        yield

    app = FastAPI(lifespan=live)

    @app.post("/find")
    async def find(point: PointIn, request: Request) -> dict[str, str]:
        query = "select code from peer.leaf where st_covers(geom, st_setsrid(st_makepoint($1, $2), 4326)) order by code"
        row = await request.app.state.pool.fetchrow(query, point.lon, point.lat)
        if row is None:
            raise HTTPException(404)
        return {"code": row["code"]}

    return app


def make_tipg(url: str) -> FastAPI:
    """Make a plain service of tipg over the same table."""

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await open_pool(url, init=connection_factory(["peer"], "pg_temp"))
        await register_collection_catalog(app, db_settings=DatabaseSettings(schemas=["peer"], tables=["peer.leaf"]))
        yield

    app = FastAPI(lifespan=live)
    app.include_router(OGCFeaturesFactory(with_common=False).router)
    return app


def make_ours(url: str, folder: Path) -> FastAPI:
    """Make the service of this project, with its register in memory."""
    app = create_app(Settings(data_folder=folder), create_store_engine(url))
    app.state.keeper.renew("nation")
    app.state.keeper.start()
    return app


def main() -> None:
    """Run until told to stop."""
    name, url, folder, port = sys.argv[1:]
    app = {"asyncpg": make_asyncpg, "tipg": make_tipg}[name](url) if name in PEERS else make_ours(url, Path(folder))
    app.add_api_route("/ready", lambda: {"ready": True})
    uvicorn.run(app if name in PEERS else QuickFind(app), port=int(port), access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
