"""Serve the whitelisted scripts, styles and fonts under addresses that change with their content."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

from maps.assets import NODE_MODULES, SERVED_UNDER, Assets

STATIC_FOLDER = Path(__file__).parent / "static"

FOR_EVER = "public, max-age=31536000, immutable"
"""How long a browser may keep a file whose address changes with its content."""


def gather_assets(node_modules: Path = NODE_MODULES) -> Assets:
    """Gather what pages may use: the vendored files and those of the maps and of the web pages."""
    return Assets(
        node_modules, {name: STATIC_FOLDER / name for name in ("app.css", "app.js", "docs.js", "matching.js")}
    )


def create_static_router(assets: Assets) -> APIRouter:
    """Create the route that answers for the whitelist and for nothing else."""
    router = APIRouter(include_in_schema=False)

    @router.get(SERVED_UNDER + "{file_name}")
    def send_file(file_name: str) -> Response:
        """Send one file of the whitelist."""
        asset = assets.find_served(file_name)
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        return Response(assets.read(asset.name), media_type=asset.media_type, headers=headers)

    return router
