"""Command the service."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.language import tell
from services.cli.store import read_settings


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("serve", help=tell("help.serve"))(serve)


def serve(
    host: Annotated[str | None, typer.Option("--host", help=tell("help.host"))] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help=tell("help.port"))] = None,
) -> None:
    """Serve the API and the pages until interrupted."""
    from services.web.server import serve_until_stopped

    settings = read_settings()
    chosen = {"host": host or settings.host, "port": settings.port if port is None else port}
    serve_until_stopped(settings.model_copy(update=chosen))
