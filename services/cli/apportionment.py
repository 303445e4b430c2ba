"""Command apportionment: share the seats of a body."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import INFEASIBLE, choose_day, open_cli_session, show

if TYPE_CHECKING:
    from geo.apportionment import Reserve
    from geo.errors import Infeasible
    from services.elections.seat_answers import SeatsAnswer
    from services.elections.seat_orders import SeatOrder


def add_to(app: typer.Typer) -> None:
    """Add the command of this subject."""
    app.command("apportion", help=tell("help.apportion"))(apportion)


def apportion(
    population: Annotated[Path | None, typer.Option("--population", help=tell("help.seat_population"))] = None,
    register: Annotated[str | None, typer.Option("--register", "-r", help=tell("help.seat_register"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    within: Annotated[str | None, typer.Option("--within", help=tell("help.seat_within"))] = None,
    body: Annotated[str | None, typer.Option("--body", help=tell("help.seat_body"))] = None,
    country: Annotated[str | None, typer.Option("--country", help=tell("help.country"))] = None,
    method: Annotated[str | None, typer.Option("--method", help=tell("help.seat_method"))] = None,
    seats: Annotated[int | None, typer.Option("--seats", help=tell("help.seats"))] = None,
    floor: Annotated[int | None, typer.Option("--floor", help=tell("help.seat_floor"))] = None,
    cap: Annotated[int | None, typer.Option("--cap", help=tell("help.seat_cap"))] = None,
    trigger: Annotated[int | None, typer.Option("--trigger", help=tell("help.seat_trigger"))] = None,
    reserve: Annotated[list[str] | None, typer.Option("--reserve", help=tell("help.seat_reserve"))] = None,
    lot: Annotated[str | None, typer.Option("--lot", help=tell("help.seat_lot"))] = None,
    columns: Annotated[list[str] | None, typer.Option("--map", help=tell("help.seat_map"))] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell("help.json"))] = False,
) -> None:
    """Share the seats of a body by population, and show every step."""
    from geo.errors import Infeasible
    from services.elections.seat_orders import SeatOrder

    reserved, lots = _read_reserved(reserve or []), tuple(code.strip() for code in (lot or "").split(",") if code)
    order = SeatOrder(method, seats, floor, cap, trigger, reserved, lots)
    _check_source(population, register)
    try:
        if population is not None:
            answer = _ask_file(population, order, columns or [], body=body, country=country)
        else:
            answer = _ask_register(register or "", order, level=level, within=within, body=body, as_of=as_of)
    except Infeasible as error:
        if as_json:
            _print_certificate(error)
        raise
    show(answer.to_json(), as_json, lambda: print_steps(answer))
    if answer.status == "tied":
        print(tell("seats.tied"), file=sys.stderr)
        raise SystemExit(INFEASIBLE)


def _check_source(population: Path | None, register: str | None) -> None:
    from geo.errors import InvalidValue, because

    if (population is None) == (register is None):
        value = "-" if population is None else str(population)
        raise InvalidValue(field="--population, --register", value=value, reason=because("one_seat_source"))


def _read_reserved(pairs: list[str]) -> tuple[Reserve, ...]:
    from geo.apportionment import Reserve
    from geo.errors import InvalidValue, because
    from geo.register import from_digits

    found = []
    for pair in pairs:
        key, _, number = pair.partition("=")
        plain = from_digits(number.strip())
        if not key.strip() or not plain.isascii() or not plain.isdigit() or len(plain) > 9:
            raise InvalidValue(field="--reserve", value=pair, reason=because("reserve_pair"))
        found.append(Reserve(key.strip(), int(plain)))
    return tuple(found)


def _ask_file(path: Path, order: SeatOrder, pairs: list[str], *, body: str | None, country: str | None) -> SeatsAnswer:
    from geo.errors import InvalidMapping, because
    from geo.register import load_pack
    from services.elections.apportion import apportion_file

    columns = {}
    for pair in pairs:
        field, mark, column = pair.partition("=")
        if not mark:
            raise InvalidMapping(key=pair, reason=because("map_pair"))
        columns[field] = column
    if body is not None and country is None:
        raise InvalidMapping(key="--body", reason=because("country_missing"))
    found = load_pack(country).body(body) if country is not None and body is not None else None
    return apportion_file(path, order, columns=columns, body=found)


def _ask_register(
    name: str, order: SeatOrder, *, level: str | None, within: str | None, body: str | None, as_of: str | None
) -> SeatsAnswer:
    from services.elections.apportion import apportion_register
    from services.queries import get_register

    day = choose_day(as_of)
    with open_cli_session() as session:
        asked = get_register(session, name)
        return apportion_register(
            session, asked, order, day=day, level=level, within=within, body=body, language=LANGUAGE
        )


def _print_certificate(error: Infeasible) -> None:
    """Print for machines why there is no answer."""
    from services.cli.store import to_plain
    from services.messages import explain

    reason: Any = error.params["reason"]
    why = {"reason": reason.key, **dict(reason.params)} if hasattr(reason, "key") else {}
    plain = {"status": "infeasible", "certificate": to_plain(why), "detail": explain(error, LANGUAGE)}
    print(json.dumps(plain, ensure_ascii=False, indent=1))


def print_steps(answer: SeatsAnswer) -> None:
    """Print every step as sentences and a table."""
    from services.cli.tables import print_table
    from services.elections.seat_steps import list_steps

    for number, step in enumerate(list_steps(answer, LANGUAGE)):
        if number:
            print()
        for sentence in (step.title, *step.sentences):
            print(sentence)
        if step.rows:
            print_table("", step.headers, step.rows)
