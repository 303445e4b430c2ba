"""Command elections: find a branch, draw a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import plan_options as options
from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from services.elections.answers import BranchAnswer
    from services.elections.plan_answers import PlanAnswer

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
plans = typer.Typer(help=tell("help.plan"), no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("find", help=tell("help.find"))(find)
    app.add_typer(plans, name="plan")


def find(
    register: Register = "dz",
    lon: Annotated[float | None, typer.Option("--lon", help=tell("help.lon"))] = None,
    lat: Annotated[float | None, typer.Option("--lat", help=tell("help.lat"))] = None,
    code: Annotated[str | None, typer.Option("--code", help=tell("help.code"))] = None,
    name: Annotated[str | None, typer.Option("--name", help=tell("help.name"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=50, help=tell("help.count"))] = 3,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Json = False,
) -> None:
    """Find the divisions and nearest branches of a point, a code or a name."""
    import shapely

    from services.elections.find import find_branch

    point = shapely.Point(lon, lat) if lon is not None and lat is not None else None
    day = choose_day(as_of)
    with open_cli_session() as session:
        answer = find_branch(session, register, day=day, point=point, code=code, name=name, level=level, count=count)
    show(answer, as_json, lambda: print_answer(answer))


def print_answer(answer: BranchAnswer) -> None:
    """Print where somebody is and may vote."""
    from services.cli.tables import print_table

    if answer.is_ambiguous:
        rows = [(d.level, d.code, d.name_in(LANGUAGE, "ar")) for d in answer.candidates]
        print_table(tell("find.ambiguous"), (tell("level"), tell("code"), tell("name")), rows)
        return
    print(tell("find.chain", chain=" › ".join(link.division.name_in(LANGUAGE, "ar") for link in answer.chain)))
    if answer.is_on_boundary:
        print(tell("find.on_boundary"))
    lines = [(line.code, line.name, line.distance_m, len(line.branches)) for line in answer.stations]
    print_table(tell("find.stations"), (tell("code"), tell("name"), tell("distance_m"), tell("branches")), lines)


@plans.command("draw", help=tell("help.plan_draw"))
@options.take_apart
def draw(
    within: Annotated[str, typer.Argument(help=tell("help.plan_within"))],
    asked: options.AskedOfUnits,
    register: Register = "dz",
    name: Annotated[str | None, typer.Option("--name", help=tell("help.plan_name"))] = None,
    objective: Annotated[str | None, typer.Option("--objective", help=tell("help.objective"))] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", help=tell("help.seconds"))] = None,
    current: Annotated[Path | None, typer.Option("--current", help=tell("help.current_plan"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_job: Annotated[bool, typer.Option("--job", help=tell("help.as_job"))] = False,
    as_json: Json = False,
) -> None:
    """Draw or search a constituency plan inside one division and keep it, or order that as a job."""
    from services.elections.plan_drawing import FIRST_S, PlanWish
    from services.elections.plan_jobs import submit_search
    from services.elections.plans import draw_asked
    from services.queries import get_register

    order = asked.make_order(objective=objective or "cut-edges", current=current)
    budget = seconds if seconds is not None or not (as_job or objective) else FIRST_S
    called = name or f"{within}-{asked.districts}-{asked.seed}"
    wish = PlanWish(called, order, asked.choose_units(within), asked.seed, budget)
    with open_cli_session() as session:
        state, day = get_register(session, register), choose_day(as_of)
        if as_job:
            job = submit_search(session, state, wish, caller=cli_caller(), day=day)
        else:
            answer = draw_asked(session, state, wish, caller=cli_caller(), day=day)
    if as_job:
        show({"job": job.id, "state": job.state}, as_json, lambda: print(tell("draw.queued", job=job.id)))
    else:
        show(answer, as_json, lambda: print_plan(answer))


def print_plan(answer: PlanAnswer) -> None:
    """Print the districts of a plan."""
    from services.cli.tables import print_table

    rows = [(line.district, line.units, line.people, line.deviation, line.polsby_popper) for line in answer.districts]
    headers = ("district", "units", "people", "deviation", "polsby_popper")
    print_table(answer.name, [tell(header) for header in headers], rows)
