"""Command decrees and the changes they order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import DEFECTS, cli_caller, open_cli_session, parse_day, show

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geo.register.changes import Effect
    from services.access.roles import Caller
    from services.queries import RegisterState
    from services.register.change_records import ChangeRecord
    from services.register.decrees import Decree

decrees = typer.Typer(help=tell("changes.decrees_help"), no_args_is_help=True)
changes = typer.Typer(help=tell("changes.help"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
Key = Annotated[str | None, typer.Option("--key", envvar="TAQSIMAT_KEY", help=tell("changes.key_help"))]
Number = Annotated[int, typer.Argument(min=1, help=tell("changes.number_help"))]
Version = Annotated[int | None, typer.Option("--version", min=1, help=tell("changes.version_help"))]
Order = Annotated[str, typer.Argument(metavar="FILE", help=tell("changes.order_help"))]

MOST_BYTES = 64 * 1024**2
"""The largest order read."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.add_typer(decrees, name="decrees")
    app.add_typer(changes, name="changes")


@contextmanager
def open_work(register: str, key: str | None) -> Iterator[tuple[Session, RegisterState, Caller]]:
    """Open a session on a register, for the account behind a key or for the operator."""
    from services.access.keys import authenticate_key
    from services.queries import get_register

    with open_cli_session() as session:
        caller = authenticate_key(session, key) if key else cli_caller()
        yield session, get_register(session, register), caller


def read_json(path: str) -> dict[str, Any]:
    """Read an order from a file, or from the standard input."""
    from geo.errors import FileTooLarge, UnreadableFile, because

    try:
        text = sys.stdin.read(MOST_BYTES + 1) if path == "-" else Path(path).read_text(encoding="utf-8")
        if len(text) > MOST_BYTES:
            raise FileTooLarge(path=path, size_bytes=len(text), limit_bytes=MOST_BYTES)
        found: dict[str, Any] = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableFile(path=path, reason=because("order_not_json", detail=str(error)[:200])) from error
    return found


@decrees.command("add", help=tell("changes.decree_add_help"))
def add_decree(
    number: Annotated[str, typer.Argument(help=tell("changes.decree_number_help"))],
    issuer: Annotated[str, typer.Option("--issuer", help=tell("changes.issuer_help"))],
    signed: Annotated[str, typer.Option("--signed", help=tell("changes.signed_help"))],
    in_force: Annotated[str | None, typer.Option("--in-force", help=tell("changes.in_force_help"))] = None,
    title: Annotated[str, typer.Option("--title", help=tell("changes.title_help"))] = "",
    register: Register = "dz",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Record a decree."""
    from geo.register.calendars import parse_date
    from services.register.decrees import DecreeText, record_decree

    signed_on = parse_date(signed)
    text = DecreeText(number, issuer, signed_on, parse_day(in_force) or signed_on, title)
    with open_work(register, key) as (session, state, caller):
        decree = record_decree(session, state, text, caller=caller)
    show(decree, as_json, lambda: print_decrees([decree]))


@decrees.command("list", help=tell("changes.decree_list_help"))
def list_all_decrees(register: Register = "dz", as_json: Json = False) -> None:
    """List the decrees of a register."""
    from services.register.decrees import list_decrees

    with open_work(register, None) as (session, state, _):
        found = list_decrees(session, state, limit=1000)
    show(found, as_json, lambda: print_decrees(found))


@changes.command("preview", help=tell("changes.preview_help"))
def preview(order: Order, register: Register = "dz", as_json: Json = False) -> None:
    """Show what an order would do; nothing is written."""
    from services.register.changes import preview_change

    with open_work(register, None) as (session, state, _):
        effect = preview_change(session, state, read_json(order))
    show_effect(effect, state, as_json)


@changes.command("draft", help=tell("changes.draft_help"))
def draft(
    order: Order,
    decree: Annotated[int, typer.Option("--decree", min=1, help=tell("changes.decree_help"))],
    register: Register = "dz",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Keep an order as a draft."""
    from services.register.changes import draft_change

    with open_work(register, key) as (session, state, caller):
        record = draft_change(session, state, read_json(order), decree_id=decree, caller=caller)
    show(record, as_json, lambda: print_changes([record]))


@changes.command("undo", help=tell("changes.undo_help"))
def undo(
    number: Number,
    decree: Annotated[int, typer.Option("--decree", min=1, help=tell("changes.decree_help"))],
    register: Register = "dz",
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Draft the withdrawal of an applied change."""
    from services.register.change_records import get_change
    from services.register.changes import draft_change

    with open_work(register, key) as (session, state, caller):
        day = get_change(session, state, number).effective_on
        body = {"kind": "undo", "effective_on": day.isoformat(), "change": number}
        record = draft_change(session, state, body, decree_id=decree, caller=caller)
    show(record, as_json, lambda: print_changes([record]))


@changes.command("revise", help=tell("changes.revise_help"))
def revise(number: Number, order: Order, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Replace the order of a change that is not yet approved."""
    from services.register.changes import revise_change

    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        record = revise_change(session, state, number, read_json(order), based_on=based_on, caller=caller)
    print_changes([record])


def _read_version(session: Session, state: RegisterState, number: int) -> int:
    from services.register.change_records import get_change

    return get_change(session, state, number).version


@changes.command("check", help=tell("changes.check_help"))
def check(
    number: Number, register: Register = "dz", version: Version = None, key: Key = None, as_json: Json = False
) -> None:
    """Work a draft out and set aside the codes it needs."""
    from services.register.changes import check_change

    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        checked = check_change(session, state, number, based_on=based_on, caller=caller)
    show_effect(checked.effect, state, as_json)


@changes.command("approve", help=tell("changes.approve_help"))
def approve(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Approve a checked change."""
    from services.register.changes import approve_change

    _take_step(approve_change, number, register, version=version, key=key)


@changes.command("apply", help=tell("changes.apply_help"))
def apply(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Write an approved change into the register."""
    from services.consequences.ledgers import apply_with_ledger

    _take_step(apply_with_ledger, number, register, version=version, key=key)


def _take_step(
    use_case: Callable[..., ChangeRecord], number: int, register: str, *, version: int | None, key: str | None
) -> None:
    with open_work(register, key) as (session, state, caller):
        based_on = version or _read_version(session, state, number)
        record = use_case(session, state, number, based_on=based_on, caller=caller)
    print_changes([record])


@changes.command("close", help=tell("changes.close_help"))
def close(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help=tell("changes.reason_help"))] = "",
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Withdraw one's own change, or refuse that of another."""
    from services.register.changes import close_change

    _take_step(partial(close_change, reason=reason), number, register, version=version, key=key)


@changes.command("list", help=tell("changes.list_help"))
def list_all_changes(
    register: Register = "dz",
    state: Annotated[str | None, typer.Option("--state", help=tell("changes.state_help"))] = None,
    as_json: Json = False,
) -> None:
    """List the changes of a register."""
    from services.register.change_records import list_changes

    with open_work(register, None) as (session, found, _):
        records = list_changes(session, found, state=state, limit=1000)
    show(records, as_json, lambda: print_changes(records))


@changes.command("show", help=tell("changes.show_help"))
def show_change(number: Number, register: Register = "dz", as_json: Json = False) -> None:
    """Show a change and, while it is not applied, what it would do."""
    from services.register.change_records import get_change
    from services.register.changes import find_effect

    with open_work(register, None) as (session, state, _):
        record = get_change(session, state, number)
        effect = find_effect(session, state, record) if record.applied_at is None else None
    if as_json:
        show(record, True, lambda: None)
        return
    print_changes([record])
    show_effect(effect, state, False)


@changes.command("replay", help=tell("changes.replay_help"))
def replay(register: Register = "dz", as_json: Json = False) -> None:
    """Play all changes back, and compare the outcome with the register."""
    from services.register.replays import replay_changes

    with open_work(register, None) as (session, state, _):
        report = replay_changes(session, state)
    count = len(report.differences)
    show(report, as_json, lambda: print(tell("changes.replayed", changes=report.changes, differences=count)))
    if report.differences:
        raise SystemExit(DEFECTS)


def show_effect(effect: Effect | None, state: RegisterState, as_json: bool) -> None:
    """Print what a change does, division by division."""
    from geo.register.changes.summaries import summarise_effect
    from services.cli.tables import print_table
    from services.messages import say

    divisions = summarise_effect(effect, state.pack) if effect else ()
    rows = [
        (
            say(f"change_fate.{one.fate}", LANGUAGE),
            state.pack.level(one.level).names.choose(LANGUAGE),
            one.code,
            one.names.get(LANGUAGE) or next(iter(one.names.values()), ""),
            "; ".join(f"{told.what}: {told.before or '-'} → {told.after or '-'}" for told in one.differences),
        )
        for one in divisions
    ]
    headers = tuple(tell(word) for word in ("changes.fate", "level", "code", "name", "changes.differences"))
    show(divisions, as_json, lambda: print_table(tell("changes.effect_title"), headers, rows))


def print_decrees(found: Any) -> None:  # noqa: ANN401 - a sequence of decrees
    """Print decrees."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table

    def to_row(decree: Decree) -> tuple[object, ...]:
        days = (format_date(day, LANGUAGE) for day in (decree.text.signed_on, decree.text.in_force_from))
        return decree.id, decree.text.issuer, decree.text.number, *days, decree.text.title, decree.changes

    words = ("changes.number", "changes.issuer", "changes.decree_number", "changes.signed", "changes.in_force")
    headers = (*(tell(word) for word in words), tell("changes.title"), tell("changes.count"))
    print_table(tell("changes.decrees_title"), headers, [to_row(decree) for decree in found])


def print_changes(found: Any) -> None:  # noqa: ANN401 - a sequence of changes
    """Print changes."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table
    from services.messages import say

    def to_row(record: ChangeRecord) -> tuple[object, ...]:
        kind, state = say(f"change_kind.{record.kind}", LANGUAGE), say(f"change_state.{record.state}", LANGUAGE)
        day = format_date(record.effective_on, LANGUAGE)
        return record.id, kind, state, str(record.version), day, record.decree, record.drafted_by, record.approved_by

    words = ("number", "kind", "state", "version", "effective", "decree", "drafted_by", "approved_by")
    headers = tuple(tell(f"changes.{word}") for word in words)
    print_table(tell("changes.changes_title"), headers, [to_row(record) for record in found])
