"""Command codes: resolve, issue, keep, attach, and write tables of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import choose_day, cli_caller, open_cli_session, parse_day, read_settings, show

if TYPE_CHECKING:
    from geo.errors import Reason
    from services.queries import RegisterState
    from services.register.code_attach import AttachReport
    from services.register.code_issue import ReservedAnswer
    from services.register.codes import CodeAnswer

app = typer.Typer(help=tell("help.codes"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
AsOf = Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))]
Level = Annotated[str, typer.Argument(help=tell("help.codes_level"))]
Parent = Annotated[str | None, typer.Option("--parent", help=tell("help.codes_parent"))]
Scheme = Annotated[str | None, typer.Option("--scheme", help=tell("help.codes_scheme"))]
SchemeWord = Annotated[str, typer.Argument(help=tell("help.codes_scheme"))]
Code = Annotated[str, typer.Argument(help=tell("help.codes_code"))]
Why = Annotated[str, typer.Option("--reason", help=tell("help.codes_reason"))]

MOST_PROBLEMS = 20
"""So many problems are printed; with `--json` they are all there."""


@app.command("resolve", help=tell("help.codes_resolve"))
def resolve(
    code: Annotated[str, typer.Argument(help=tell("help.codes_asked"))],
    register: Register = "ir",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Say what a code means on a day and on other days."""
    from services.queries import get_register
    from services.register.codes import resolve_code

    day = choose_day(as_of)
    with open_cli_session() as session:
        asked = get_register(session, register)
        answer = resolve_code(session, asked, code, day=day, with_chain=True)
    show(answer, as_json, lambda: print_answer(answer, asked))


def print_answer(answer: CodeAnswer, register: RegisterState) -> None:
    """Print all that a code means."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table

    for note in answer.notes:
        print(_say(note))
    languages = (LANGUAGE, *register.pack.languages)
    rows = [
        (
            f"{one.scheme}/{one.version}",
            one.code,
            one.division.name_in(*languages),
            f"{one.division.level} {one.division.code}",
            " › ".join(above.name_in(*languages) for above in one.chain),
            _say(one.told),
        )
        for one in answer.holdings
    ]
    headers = ("scheme", "code", "name", "division", "inside", "when")
    title = tell("codes.title", asked=answer.asked, day=format_date(answer.day, LANGUAGE), count=len(answer.meanings))
    if rows:
        print_table(title, tuple(tell(f"codes.{name}") for name in headers), rows)
    for kept in answer.kept:
        state = tell(f"codes.{kept.state}")
        print(tell("codes.kept", scheme=f"{kept.scheme}/{kept.version}", code=kept.code, state=state, why=kept.reason))


def _say(reason: Reason) -> str:
    from services.messages import say

    return say(f"reason.{reason.key}", LANGUAGE, **dict(reason.params))


@app.command("next", help=tell("help.codes_next"))
def find_next(
    level: Level, register: Register = "ir", parent: Parent = None, scheme: Scheme = None, as_json: Json = False
) -> None:
    """Say which code is free next, without reserving it."""
    from services.queries import get_register
    from services.register.code_issue import CodeWish, find_next_code

    with open_cli_session() as session:
        answer = find_next_code(session, get_register(session, register), CodeWish(level, parent, scheme))
    show(answer, as_json, lambda: print_code(answer))


def print_code(answer: ReservedAnswer) -> None:
    """Print a code with why it is this one."""
    print(f"{answer.scheme}:{answer.code}")
    for reason in answer.reasons:
        print("-", _say(reason))


@app.command("reserve", help=tell("help.codes_reserve"))
def reserve(
    level: Level,
    register: Register = "ir",
    parent: Parent = None,
    scheme: Scheme = None,
    code: Annotated[str | None, typer.Option("--code", help=tell("help.codes_wished"))] = None,
    reason: Why = "",
    as_json: Json = False,
) -> None:
    """Reserve the next free code, or the one that is named."""
    from services.queries import get_register
    from services.register.code_issue import CodeWish, reserve_code

    wish = CodeWish(level, parent, scheme, code)
    with open_cli_session() as session:
        asked = get_register(session, register)
        answer = reserve_code(session, asked, wish, reason=reason, caller=cli_caller())
    show(answer, as_json, lambda: print_code(answer))


@app.command("release", help=tell("help.codes_release"))
def release(scheme: SchemeWord, code: Code, register: Register = "ir") -> None:
    """Give a reserved code back."""
    from services.queries import get_register
    from services.register.code_issue import release_code

    with open_cli_session() as session:
        release_code(session, get_register(session, register), scheme, code, caller=cli_caller())
    print(tell("codes.released", scheme=scheme, code=code))


@app.command("retire", help=tell("help.codes_retire"))
def retire(scheme: SchemeWord, code: Code, register: Register = "ir", reason: Why = "") -> None:
    """Retire a code for good."""
    from services.queries import get_register
    from services.register.code_issue import retire_code

    with open_cli_session() as session:
        asked = get_register(session, register)
        kept = retire_code(session, asked, scheme, code, reason=reason, caller=cli_caller())
    print(tell("codes.retired_now", scheme=kept.scheme, code=kept.code))


@app.command("kept", help=tell("help.codes_kept"))
def list_kept(register: Register = "ir", scheme: Scheme = None, as_json: Json = False) -> None:
    """List what is reserved and retired."""
    from services.cli.tables import print_table
    from services.queries import get_register
    from services.register.code_issue import list_kept_codes

    with open_cli_session() as session:
        kept = list_kept_codes(session, get_register(session, register), scheme)
    rows = [(one.scheme, one.code, tell(f"codes.{one.state}"), one.reason, one.actor, f"{one.at:%F}") for one in kept]
    headers = tuple(tell(f"codes.{name}") for name in ("scheme", "code", "state", "why", "who", "since"))
    show(kept, as_json, lambda: print_table(tell("codes.kept_title", count=len(kept)), headers, rows))


@app.command("attach", help=tell("help.codes_attach"))
def attach(
    source: Annotated[str, typer.Argument(help=tell("help.codes_source"))],
    register: Register = "ir",
    key: Annotated[str | None, typer.Option("--key", help=tell("help.codes_key"))] = None,
    column: Annotated[list[str] | None, typer.Option("--map", help=tell("help.codes_map"))] = None,
    layer: Annotated[str | None, typer.Option("--layer", help=tell("help.layer"))] = None,
    valid_from: Annotated[str | None, typer.Option("--valid-from", help=tell("help.valid_from"))] = None,
    valid_until: Annotated[str | None, typer.Option("--valid-until", help=tell("help.codes_until"))] = None,
    commit: Annotated[bool, typer.Option("--commit", help=tell("help.commit"))] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help=tell("help.skip_refused"))] = False,
    as_json: Json = False,
) -> None:
    """Attach codes of other schemes; without `--commit` only show what would happen."""
    from datetime import UTC, datetime

    from geo.errors import RowsRefused
    from geo.register.periods import Period
    from services.queries import get_register
    from services.register.code_attach import AttachOptions, attach_codes, split_columns
    from services.register.code_sources import CodeSource

    # a table of the pack is called by its scheme, a file by its path
    path = Path(source) if Path(source).suffix else None
    asked = CodeSource(path, layer, None if path else source, key, split_columns(column or ()))
    within = Period(parse_day(valid_from), parse_day(valid_until))
    options = AttachOptions(within, commit, skip_refused, None, read_settings().import_max_bytes)
    try:
        with open_cli_session() as session:
            state, today = get_register(session, register), datetime.now(UTC).date()
            report = attach_codes(session, state, asked, options, caller=cli_caller(), today=today)
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_report(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_report(report))


def print_report(report: AttachReport) -> None:
    """Print what attaching did or would do."""
    from services.cli.tables import print_table

    outcomes = ("new", "changed", "same", "refused")
    rows = [(scheme, *(counts[outcome] for outcome in outcomes)) for scheme, counts in report.counts.items()]
    title = tell("codes.attached" if report.committed else "codes.would_attach", source=report.source)
    print_table(title, (tell("codes.scheme"), *(tell(f"import.{outcome}") for outcome in outcomes)), rows)
    for one in report.problems[:MOST_PROBLEMS]:
        print(tell("import.problem", row=one.row, field=one.field, value=one.value, reason=_say(one.reason)))
    if len(report.problems) > MOST_PROBLEMS:
        print(tell("import.more", count=len(report.problems) - MOST_PROBLEMS))
    if not report.committed:
        print(tell("import.how_to_commit"))


@app.command("table", help=tell("help.codes_table"))
def write_table(
    out: Annotated[Path, typer.Argument(help=tell("help.codes_out"))],
    register: Register = "ir",
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    schemes: Annotated[list[str] | None, typer.Option("--scheme", help=tell("help.codes_column"))] = None,
    as_of: AsOf = None,
    through_changes: Annotated[bool, typer.Option("--through-changes", help=tell("help.codes_through"))] = False,
    as_json: Json = False,
) -> None:
    """Write a table across schemes to a file, whole or not at all."""
    from services.queries import get_register
    from services.register.code_tables import TableWish, export_code_table

    wish = TableWish(choose_day(as_of), level, tuple(schemes or ()), through_changes)
    with open_cli_session() as session:
        report = export_code_table(session, get_register(session, register), out, wish)
    show(report, as_json, lambda: print(tell("export.done", path=report.path, rows=report.rows)))


@app.command("ocd", help=tell("help.codes_ocd"))
def write_ocd(
    out: Annotated[Path, typer.Argument(help=tell("help.codes_ocd_out"))],
    register: Register = "ir",
    as_of: AsOf = None,
    former: Annotated[bool, typer.Option("--former", help=tell("help.codes_former"))] = False,
    as_json: Json = False,
) -> None:
    """Write the open civic data ids of a register to a file, whole or not at all."""
    from services.queries import get_register
    from services.register.ocd import export_ocd

    day = choose_day(as_of)
    with open_cli_session() as session:
        report = export_ocd(session, get_register(session, register), out, day=day, with_former=former)
    show(report, as_json, lambda: print(tell("export.done", path=report.path, rows=report.rows)))


@app.command("schemes", help=tell("help.codes_schemes"))
def list_schemes(register: Register = "ir", as_json: Json = False) -> None:
    """List the code schemes of a register's country."""
    from services.cli.tables import print_table
    from services.queries import get_register

    with open_cli_session() as session:
        pack = get_register(session, register).pack
    plain = [(one.word, one.names.choose(LANGUAGE), one.period, len(one.table), one.levels) for one in pack.schemes]
    keys = ("scheme", "name", "period", "rows", "levels")
    rows = [
        (word, name, str(period.start or ""), str(period.end or ""), str(count or ""), " ".join(levels))
        for word, name, period, count, levels in plain
    ]
    headers = tuple(tell(f"codes.{each}") for each in ("scheme", "name", "since", "until", "rows", "levels"))
    title = tell("codes.schemes", register=register)
    show([dict(zip(keys, one, strict=True)) for one in plain], as_json, lambda: print_table(title, headers, rows))
