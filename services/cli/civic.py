"""Command civic matters: complaint density, maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, open_cli_session, parse_day, show

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from maps import Page

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("complaints", help=tell("help.complaints"))(complaints)
    app.command("map", help=tell("help.map"))(draw_map)


def complaints(
    level: Annotated[str, typer.Argument(help=tell("help.level"))],
    register: Register = "dz",
    category: Annotated[str | None, typer.Option("--category", help=tell("help.category"))] = None,
    since: Annotated[str | None, typer.Option("--since", help=tell("help.since"))] = None,
    until: Annotated[str | None, typer.Option("--until", help=tell("help.until"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of_span"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help=tell("help.limit"))] = 20,
    as_json: Json = False,
) -> None:
    """Show complaints by division beside the councils in charge, small counts hidden."""
    from geo.register.periods import Period
    from services.civic.density import complaint_density
    from services.cli.tables import print_table
    from services.queries import get_register

    period = Period(parse_day(since), parse_day(until))
    day = choose_day(as_of)
    with open_cli_session() as session:
        answer = complaint_density(
            session, get_register(session, register), level=level, period=period, day=day, category=category
        )
    ranked = sorted(answer.rows, key=lambda row: (-(row.density.per_1000 or 0), row.division.code))[:limit]
    rows = [
        (
            row.division.code,
            row.division.name_in(LANGUAGE, "ar"),
            row.density.count,
            row.density.per_1000,
            row.council.name if row.council else None,
        )
        for row in ranked
    ]
    headers = (tell("code"), tell("name"), tell("complaints"), tell("per_1000"), tell("council"))
    show(answer, as_json, lambda: print_table(tell("complaints"), headers, rows))


def draw_map(
    subject: Annotated[str, typer.Argument(help=tell("help.map_subject"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.map_out"))],
    register: Register = "dz",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    plan: Annotated[str | None, typer.Option("--plan", help=tell("help.plan_name"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of_span"))] = None,
    as_json: Json = False,
) -> None:
    """Write a map page that needs no network: findings, complaints or a plan."""
    from services.atomic import replace_when_whole

    with open_cli_session() as session:
        page = _draw(session, subject, register, level=level, plan=plan, day=choose_day(as_of))
    with replace_when_whole(out) as path:
        path.write_text(page.html(), encoding="utf-8")
    show({"path": str(out)}, as_json, lambda: print(tell("map.done", path=out)))


def _draw(session: Session, subject: str, register: str, *, level: str | None, plan: str | None, day: date) -> Page:
    """Draw the map of a subject; findings and plans stand as of their own day."""
    from geo.errors import InvalidValue, because
    from geo.register.periods import ALWAYS
    from services import pictures
    from services.boundaries.findings import FindingFilter
    from services.civic.density import complaint_density
    from services.elections.plans import get_plan
    from services.queries import get_register

    asked = get_register(session, register)
    if subject == "findings":
        return pictures.picture_findings(session, asked, FindingFilter(level=level), language=LANGUAGE)
    if subject == "complaints":
        chosen = level or asked.pack.children_of(None)[0].key
        answer = complaint_density(session, asked, level=chosen, period=ALWAYS, day=day)
        return pictures.picture_density(session, asked, answer, language=LANGUAGE)
    if subject == "plan":
        return pictures.picture_plan(session, asked, get_plan(session, asked, plan or ""), language=LANGUAGE)
    reason = because("map_subject", known=("findings", "complaints", "plan"))
    raise InvalidValue(field="SUBJECT", value=subject, reason=reason)
