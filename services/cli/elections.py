"""Command elections: find a branch, draw a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

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
def draw(
    within: Annotated[str, typer.Argument(help=tell("help.plan_within"))],
    districts: Annotated[int, typer.Option("--districts", "-k", min=2, help=tell("help.districts"))],
    register: Register = "dz",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.unit_level"))] = None,
    tolerance: Annotated[float, typer.Option("--tolerance", min=0, max=1, help=tell("help.tolerance"))] = 0.1,
    seed: Annotated[int, typer.Option("--seed", help=tell("help.seed"))] = 1,
    name: Annotated[str | None, typer.Option("--name", help=tell("help.plan_name"))] = None,
    as_json: Json = False,
) -> None:
    """Draw a first constituency plan inside one division and keep it."""
    from services.elections.plans import draw_plan
    from services.queries import get_register

    with open_cli_session() as session:
        answer = draw_plan(
            session,
            get_register(session, register),
            districts=districts,
            tolerance=tolerance,
            seed=seed,
            name=name or f"{within}-{districts}-{seed}",
            caller=cli_caller(),
            within=within,
            unit_level=level,
        )
    show(answer, as_json, lambda: print_plan(answer))


def print_plan(answer: PlanAnswer) -> None:
    """Print the districts of a plan."""
    from services.cli.tables import print_table

    rows = [(line.district, line.units, line.people, line.deviation, line.polsby_popper) for line in answer.districts]
    headers = ("district", "units", "people", "deviation", "polsby_popper")
    print_table(answer.name, [tell(header) for header in headers], rows)
