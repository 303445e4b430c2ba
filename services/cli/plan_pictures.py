"""Command pictures of plans: the map as a page or for paper, and where a plan stands among neutral ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import open_cli_session

if TYPE_CHECKING:
    from services.elections.plan_studies import PlanStudy

ENDINGS = (".html", ".svg")
"""How a map is written: as a page with everything in it, or as a picture for paper."""


def add_to(plans: typer.Typer) -> None:
    """Add the commands of this subject to those of plans."""
    plans.command("map", help=tell("help.plan_map"))(draw_map)


def draw_map(
    plan: Annotated[str, typer.Argument(help=tell("help.plan_name"))],
    out: Annotated[Path, typer.Option("--out", help=tell("help.plan_map_out"))],
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
) -> None:
    """Write the map of a plan to a file; its ending says how."""
    from geo.errors import InvalidValue, because
    from services.elections.plans import get_plan
    from services.pictures import picture_plan, picture_plan_sheet
    from services.queries import get_register

    if out.suffix not in ENDINGS:
        raise InvalidValue(field="out", value=out.suffix or out.name, reason=because("one_of", known=ENDINGS))
    with open_cli_session() as session:
        asked = get_register(session, register)
        answer = get_plan(session, asked, plan)
        if out.suffix == ".html":
            text = picture_plan(session, asked, answer, language=LANGUAGE).html()
        else:
            text = picture_plan_sheet(session, asked, answer, language=LANGUAGE)
    write_picture(text, out)
    print(tell("export_plan.done", plan=plan, path=out))


def write_plot(found: PlanStudy, plot: Path) -> None:
    """Write where a studied plan stands among neutral plans; without any there is nothing to draw."""
    from geo.errors import InvalidValue, because
    from maps.ensembles import draw_ensemble

    if not found.standings:
        raise InvalidValue(field="plot", value=plot.name, reason=because("plot_without_ensemble"))
    title = tell("evaluate.plot", plan=found.standings[0].plans)
    write_picture(draw_ensemble(found.standings, language=LANGUAGE, title=title), plot)


def write_picture(text: str, path: Path) -> None:
    """Write a picture, whole or not at all."""
    from services.atomic import replace_when_whole

    with replace_when_whole(path) as draft:
        draft.write_text(text, encoding="utf-8")
