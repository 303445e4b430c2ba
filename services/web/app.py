"""Build the application: API, pages, maps and their files."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from sqlalchemy import Engine

from maps.assets import Assets
from services.elections.snapshot_keeper import Keeper
from services.settings import Settings
from services.web import pages, routes
from services.web.caching import EntityTags
from services.web.docs_page import create_docs_router
from services.web.errors import add_error_handlers, describe_problem
from services.web.headers import SecurityHeaders
from services.web.limits import RequestLimits
from services.web.ogc import create_ogc_router
from services.web.recorded import TimeHeaders
from services.web.remembering import MOST_COUNTS, Memory
from services.web.static_files import create_static_router, gather_assets
from services.web.templating import Pages

VERSION = "0.1.0"
DESCRIPTION = (
    "A register of administrative divisions: boundaries and their findings, polling branches, councils and complaints."
)


def create_app(settings: Settings, engine: Engine, *, assets: Assets | None = None) -> FastAPI:
    """Create the application over an open store."""
    app = FastAPI(
        title="Taqsimat",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        responses=describe_problem(),
    )
    found = assets or gather_assets()
    app.state.engine = engine
    app.state.settings = settings
    app.state.language = settings.language
    app.state.pages = Pages(found)
    app.state.assets = found
    app.state.keeper = Keeper(engine, settings.data_folder / "indexes")
    app.state.memory = Memory()
    app.state.counts = Memory()
    app.state.complaints = Memory(MOST_COUNTS)
    add_error_handlers(app)
    app.include_router(routes.router)
    app.include_router(pages.router)
    app.include_router(create_static_router(found))
    app.include_router(create_docs_router(found))
    app.include_router(create_ogc_router(app))
    app.add_middleware(TimeHeaders)
    app.add_middleware(EntityTags)
    app.add_middleware(GZipMiddleware, minimum_size=2048)
    app.add_middleware(RequestLimits)
    app.add_middleware(SecurityHeaders)
    return app
