"""Run the demonstration and invent records, from the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import cli_caller, open_cli_session, read_settings, show, to_plain

if TYPE_CHECKING:
    from services.demonstration import Demonstration
    from services.settings import Settings

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("demo", help=tell("help.demo"))(demo)
    app.command("invent", help=tell("help.invent"))(invent)


def demo(
    run_service: Annotated[bool, typer.Option("--serve/--no-serve", help=tell("help.demo_serve"))] = True,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535, help=tell("help.port"))] = None,
    as_json: Json = False,
) -> None:
    """Run the main job on real boundaries: import, audit, branch, complaints beside a council, plan, service."""
    from services.demonstration import demonstrate
    from services.web.server import serve_until_stopped

    settings = read_settings()
    settings = settings.model_copy(update={"port": settings.port if port is None else port})
    with open_cli_session() as session:
        result = demonstrate(session, caller=cli_caller(), progress=_progress)
    show(to_summary(result, settings), as_json, lambda: print_demonstration(result, settings))
    if run_service:
        serve_until_stopped(settings)


def _progress(step: str) -> None:
    print(tell(f"demo.step_{step}"), file=sys.stderr, flush=True)


def to_summary(result: Demonstration, settings: Settings) -> dict[str, object]:
    """Write the demonstration for machines."""
    gaps = next(audit for audit in result.audits if audit.levels == ("commune",))
    return {
        "register": result.register,
        "divisions": result.divisions,
        "audits": to_plain(result.audits),
        "gaps": {"count": gaps.counts.get("gap", 0), "area_km2": round(gaps.area_m2.get("gap", 0) / 1e6, 1)},
        "branch": to_plain(result.branch),
        "council": to_plain(result.council),
        "plan": to_plain(
            {"name": result.plan.name, "districts": result.plan.districts, "deviation": result.plan.deviation}
        ),
        "ledger": to_plain(result.ledger),
        "service": f"http://{settings.host}:{settings.port}/",
    }


def print_demonstration(result: Demonstration, settings: Settings) -> None:
    """Print what the demonstration has shown, for people."""
    from geo.register.digits import format_number
    from services.cli.elections import print_answer, print_plan
    from services.cli.tables import print_table
    from services.consequences.wording import list_totals

    print_table(tell("demo.divisions"), (tell("level"), tell("count")), list(result.divisions.items()))
    rows = [
        ("، ".join(audit.levels), tell(f"kind.{kind}"), count, audit.area_m2.get(kind, 0) / 1e6)
        for audit in result.audits
        for kind, count in sorted(audit.counts.items())
    ]
    print_table(tell("demo.findings"), (tell("level"), tell("kind_word"), tell("count"), tell("area_km2")), rows)
    print(tell("demo.branch"))
    print_answer(result.branch)
    council, complaints = result.council.council, result.council.complaints
    number = "-" if complaints is None else format_number(complaints, LANGUAGE)
    print(tell("demo.council", council=council.name if council else "-", complaints=number))
    by_category = [(category, count) for category, count in result.council.by_category.items() if count]
    print_table(tell("complaints"), (tell("category"), tell("count")), by_category)
    print_plan(result.plan)
    print_table(tell("demo.ledger"), (tell("demo.what"), tell("demo.how_much")), list_totals(result.ledger, LANGUAGE))
    print(tell("demo.service", url=f"http://{settings.host}:{settings.port}/"), flush=True)


def invent(
    subject: Annotated[str, typer.Argument(help=tell("help.invent_subject"))],
    level: Annotated[str, typer.Option("--level", help=tell("help.level"))],
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    seed: Annotated[int, typer.Option("--seed", min=0, help=tell("help.seed"))] = 1,
    as_json: Json = False,
) -> None:
    """Invent stations, complaints or councils over the divisions of a level, each marked synthetic."""
    from datetime import UTC, datetime

    from services.demonstration import invent as make
    from services.queries import get_register

    day = datetime.now(UTC).date()
    with open_cli_session() as session:
        asked = get_register(session, register)
        number = make(session, asked, subject, level=level, seed=seed, day=day, caller=cli_caller())
    show({"subject": subject, "count": number}, as_json, lambda: print(tell("invent.done", count=number)))
