"""Command the service: serve, demo."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.language import tell
from services.cli.store import read_settings, show

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("serve", help=tell("help.serve"))(serve)
    app.command("demo", help=tell("help.demo"))(demo)


def serve(
    host: Annotated[str | None, typer.Option("--host", help=tell("help.host"))] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help=tell("help.port"))] = None,
) -> None:
    """Serve the API and the pages until interrupted."""
    from services.web.server import serve_until_stopped

    settings = read_settings()
    chosen = {"host": host or settings.host, "port": settings.port if port is None else port}
    serve_until_stopped(settings.model_copy(update=chosen))


def demo(
    run_service: Annotated[bool, typer.Option("--serve/--no-serve", help=tell("help.demo_serve"))] = True,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help=tell("help.port"))] = None,
    as_json: Json = False,
) -> None:
    """Run the main job on real boundaries: import, audit, branch, complaints beside a council, plan, service."""
    from services.cli.demonstration import print_demonstration, run_demonstration
    from services.web.server import serve_until_stopped

    settings = read_settings()
    settings = settings.model_copy(update={"port": settings.port if port is None else port})
    result = run_demonstration(settings, quiet=as_json)
    show(result, as_json, lambda: print_demonstration(result))
    if run_service:
        serve_until_stopped(settings)
