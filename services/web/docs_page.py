"""Show the API description with Swagger UI from our own files."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maps.assets import Assets
from services.web.templating import TEMPLATE_FOLDER

DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Swagger UI sets styles in place; everything else comes from this service."""


def write_docs(assets: Assets, *, openapi_address: str, title: str) -> str:
    """Write the page that reads the API description at `openapi_address`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("docs.html")
    return template.render(asset=assets.url, openapi_address=openapi_address, title=title)


def create_docs_router(
    assets: Assets, *, openapi_address: str = "/openapi.json", title: str = "Taqsimat API"
) -> APIRouter:
    """Create the route of `/docs`; the application itself is made with `docs_url=None, redoc_url=None`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def show_docs() -> HTMLResponse:
        """Show the API description."""
        html = write_docs(assets, openapi_address=openapi_address, title=title)
        return HTMLResponse(html, headers={"Content-Security-Policy": DOCS_POLICY})

    return router
