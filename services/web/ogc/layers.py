"""Build the application of the layers from the library that speaks OGC API, with our own doors, pages and errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from morecantile import tms
from morecantile.defaults import TileMatrixSets
from morecantile.errors import MorecantileError
from tipg import dependencies
from tipg.errors import NotFound, TiPgError
from tipg.factory import Endpoints
from tipg.openapi import _update_openapi

from geo.errors import DatabaseDown, InvalidValue, because
from services.messages import say
from services.traces import note_mistake
from services.web.docs_page import DOCS_POLICY, write_docs
from services.web.errors import add_error_handlers, answer_error, answer_problem
from services.web.language import language_of
from services.web.ogc import asking
from services.web.ogc.collections import find_collection, page_collections
from services.web.ogc.database import PublicPool
from services.web.ogc.listing import add_listing
from services.web.ogc.pages import OgcTemplates

SCHEMES = ("WebMercatorQuad", "WorldCRS84Quad")
"""The tiling schemes that are served."""

TITLE = "Taqsimat · تقسیمات"

DOORS: dict[Callable[..., Any], Callable[..., Any]] = {
    dependencies.bbox_query: asking.read_box,
    dependencies.datetime_query: asking.read_days,
    dependencies.filter_query: asking.read_filter,
    dependencies.ItemsOutputType: asking.read_form,
    dependencies.TileParams: asking.read_tile,
}
"""What reads a request in place of the library's own."""


def create_layers(parent: FastAPI) -> FastAPI:
    """Create the application; `parent` lends its pages, language and the address of the store."""
    layers = FastAPI(title=TITLE, openapi_url="/api", docs_url=None, redoc_url=None)
    _update_openapi(layers)
    settings = parent.state.settings
    layers.state.settings, layers.state.language = settings, parent.state.language
    layers.state.pages, layers.state.assets = parent.state.pages, parent.state.assets
    layers.state.pool = PublicPool(parent.state.engine.url, is_own=settings.database_url is None)
    endpoints = Endpoints(
        title=TITLE,
        templates=OgcTemplates(),  # type: ignore[arg-type]
        collection_dependency=_as_door(find_collection),
        collections_dependency=_as_door(page_collections),
        supported_tms=TileMatrixSets({name: tms.get(name) for name in SCHEMES}),
        with_tiles_viewer=False,
    )
    add_listing(layers, endpoints)
    layers.include_router(endpoints.router)
    layers.dependency_overrides.update(DOORS)
    layers.add_api_route("/api.html", _show_docs, name="swagger_ui_html", include_in_schema=False)
    add_error_handlers(layers)
    for kind in (TiPgError, MorecantileError, asyncpg.PostgresError):
        layers.add_exception_handler(kind, _answer_library)
    layers.add_exception_handler(Exception, _answer_mistake)
    return layers


def _as_door(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hand over what the framework awaits, though the library's types say that it does not wait."""
    return function


def _show_docs(request: Request) -> HTMLResponse:
    address = str(request.url_for("openapi"))
    html = write_docs(request.app.state.assets, openapi_address=address, title=TITLE)
    return HTMLResponse(html, headers={"Content-Security-Policy": DOCS_POLICY})


def _answer_library(request: Request, error: Exception) -> Response:
    """Answer what the library or the database has against a request; what is our fault goes to the log."""
    language = language_of(request)
    if isinstance(error, NotFound):
        return answer_problem(request, 404, "no_such_address", say("problem.no_such_address", language))
    if isinstance(error, (asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError)):
        return answer_error(request, DatabaseDown(reason=because("server_says", detail=str(error))))
    asked_badly: tuple[Any, ...] = (TiPgError, MorecantileError, asyncpg.DataError, asyncpg.SyntaxOrAccessError)
    if isinstance(error, asked_badly) and not isinstance(error, asyncpg.InsufficientPrivilegeError):
        reason = because("ogc_says", detail=str(error)[:200])
        return answer_error(request, InvalidValue(field="query", value="…", reason=reason))
    note_mistake(error, where=request.url.path)
    return answer_problem(request, 500, "unforeseen", say("problem.unforeseen", language))


def _answer_mistake(request: Request, error: Exception) -> Response:
    """Answer a mistake of ours; the application around has its trace."""
    return answer_problem(request, 500, "unforeseen", say("problem.unforeseen", language_of(request)))
