"""Command matching: match a source, work through its worksheet, bring it into the register."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import cli_caller, open_cli_session, parse_day, read_settings, show

if TYPE_CHECKING:
    from services.register.match_sheets import Line, Sheet
    from services.register.match_writing import ApplyReport
    from services.register.matching import MatchReport
    from services.register.worksheets import SheetPage

app = typer.Typer(help=tell("help.match"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]
SheetKey = Annotated[int, typer.Argument(min=1, help=tell("help.match_sheet"))]
Rows = Annotated[list[int], typer.Argument(min=0, help=tell("help.match_rows"))]
Note = Annotated[str, typer.Option("--note", help=tell("help.match_note"))]


@app.command("run", help=tell("help.match_run"))
def run(
    file: Annotated[Path, typer.Argument(help=tell("help.match_file"))],
    register: Register = "dz",
    layer: Annotated[str | None, typer.Option("--layer", help=tell("help.layer"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.match_level"))] = None,
    word: Annotated[list[str] | None, typer.Option("--level-word", help=tell("help.match_word"))] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help=tell("help.match_scheme"))] = None,
    column: Annotated[list[str] | None, typer.Option("--map", help=tell("help.match_map"))] = None,
    crs: Annotated[str | None, typer.Option("--crs", help=tell("help.crs"))] = None,
    title: Annotated[str, typer.Option("--title", help=tell("help.match_title"))] = "",
    threshold: Annotated[float, typer.Option("--threshold", help=tell("help.match_threshold"))] = 0.85,
    margin: Annotated[float, typer.Option("--margin", help=tell("help.match_margin"))] = 0.05,
    candidates: Annotated[int, typer.Option("--candidates", help=tell("help.match_candidates"))] = 5,
    several: Annotated[bool, typer.Option("--several", help=tell("help.match_several"))] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Json = False,
) -> None:
    """Match a list or a layer to the register; nothing enters it."""
    from datetime import UTC, datetime

    from geo.register.matching import MatchRules
    from services.queries import get_register
    from services.register.matching import MatchSource, match_layer

    settings = read_settings()
    source = MatchSource(
        *(file, tuple(split_pair(pair) for pair in column or ()), layer, crs, level),
        levels=dict(split_pair(pair) for pair in word or ()),
        scheme=scheme,
        title=title,
        most_bytes=settings.import_max_bytes,
        most_vertices=settings.import_max_vertices,
    )
    rules = MatchRules(threshold=threshold, margin=margin, most=candidates, once=not several)
    day = parse_day(as_of) or datetime.now(UTC).date()
    with open_cli_session() as session:
        found = get_register(session, register)
        report = match_layer(session, found, source, rules=rules, caller=cli_caller(), day=day)
    show(report, as_json, lambda: print_match(report))


def split_pair(pair: str) -> tuple[str, str]:
    """Split FIELD=COLUMN."""
    from geo.errors import InvalidMapping, because

    name, mark, column = pair.partition("=")
    if not mark:
        raise InvalidMapping(key=pair, reason=because("map_pair"))
    return name, column


def print_match(report: MatchReport) -> None:
    """Print what a matching found."""
    from services.messages import say

    print(tell("match.fields", fields="، ".join(sorted(report.fields))))
    for problem in report.problems[:10]:
        reason = say(f"reason.{problem.reason.key}", LANGUAGE, **dict(problem.reason.params))
        print(tell("match.problem", row=problem.row, field=problem.field, reason=reason))
    counts = (report.rows, report.proposed, report.clear)
    told = dict(zip(("rows", "proposed", "clear"), map(_write, counts), strict=True))
    print(tell("match.made", sheet=report.sheet.id, title=report.sheet.title, **told))


def _write(count: float) -> str:
    from geo.register.digits import format_number

    return format_number(count, LANGUAGE)


@app.command("list", help=tell("help.match_list"))
def list_rows(
    sheet: Annotated[int | None, typer.Argument(min=1, help=tell("help.match_sheet"))] = None,
    register: Register = "dz",
    state: Annotated[str | None, typer.Option("--state", help=tell("help.match_state"))] = None,
    limit: Annotated[int, typer.Option("--limit", help=tell("help.match_limit"))] = 50,
    offset: Annotated[int, typer.Option("--offset", help=tell("help.match_offset"))] = 0,
    as_json: Json = False,
) -> None:
    """List worksheets, or the rows of one."""
    from services.queries import get_register
    from services.register.worksheets import list_sheets, read_sheet

    with open_cli_session() as session:
        found = get_register(session, register)
        if sheet is None:
            sheets = list_sheets(session, found)
            show(sheets, as_json, lambda: print_sheets(sheets))
            return
        page = read_sheet(session, found, sheet, state=state, limit=limit, offset=offset)
    show(page, as_json, lambda: print_rows(page))


def print_sheets(sheets: Sequence[Sheet]) -> None:
    """Print worksheets with the counts of their rows."""
    from services.cli.tables import print_table

    states = ("proposed", "clear", "confirmed", "refused", "split", "applied")
    rows = []
    for one in sheets:
        counts = (f"{tell(f'match.{state}')} {_write(one.counts[state])}" for state in states if one.counts.get(state))
        rows.append((str(one.id), one.title, one.source, "، ".join(counts)))
    headers = ("sheet", "title", "source", "state")
    print_table(tell("match.sheets"), [tell(f"match.{name}") for name in headers], rows)


def print_rows(page: SheetPage) -> None:
    """Print rows with what they are taken for."""
    from services.cli.tables import print_table

    shown, total = _write(len(page.lines)), _write(page.total)
    headers = ("row", "names", "inside", "state", "division", "score", "why")
    title = tell("match.rows", title=page.sheet.title, shown=shown, total=total)
    print_table(title, [tell(f"match.{name}") for name in headers], [_to_row(line) for line in page.lines])


def _to_row(line: Line) -> tuple[object, ...]:
    from services.messages import say

    best = next((one for one in line.candidates if one.division in line.divisions), None)
    texts = [text for _, text in line.names] or [code for _, code in line.codes]
    why = (
        [say(f"reason.{part.reason.key}", LANGUAGE, **dict(part.reason.params)) for part in best.parts] if best else []
    )
    divisions = " | ".join(f"{one.name_in(LANGUAGE)} ({one.code})" for one in line.divisions)
    state = tell("match.clear") if line.is_clear and line.state == "proposed" else tell(f"match.{line.state}")
    return line.number, " | ".join(texts), " | ".join(line.parents), state, divisions, line.score, "؛ ".join(why)


def _decide(
    register: str, sheet: int, state: str, *, rows: Sequence[int] | None, codes: Sequence[str], note: str
) -> Sheet:
    from services.queries import get_register
    from services.register.worksheets import Decision, decide_rows

    decision = Decision(state, None if rows is None else tuple(rows), tuple(codes), note)
    with open_cli_session() as session:
        return decide_rows(session, get_register(session, register), sheet, decision, caller=cli_caller())


def _print_sheet(sheet: Sheet) -> None:
    counts = {state: _write(sheet.counts.get(state, 0)) for state in ("proposed", "confirmed", "refused", "split")}
    print(tell("match.decided", sheet=sheet.id, **counts))


@app.command("confirm", help=tell("help.match_confirm"))
def confirm(
    sheet: SheetKey,
    rows: Annotated[list[int] | None, typer.Argument(min=0, help=tell("help.match_rows"))] = None,
    register: Register = "dz",
    code: Annotated[str | None, typer.Option("--code", help=tell("help.match_code"))] = None,
    every_clear: Annotated[bool, typer.Option("--all-clear", help=tell("help.match_all_clear"))] = False,
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Confirm rows: as proposed, as a division that is named, or all that are clear."""
    from geo.errors import InvalidValue, because

    if every_clear == bool(rows):
        raise InvalidValue(field="rows", value=len(rows or ()), reason=because("match_rows_or_all"))
    chosen = None if every_clear else rows
    done = _decide(register, sheet, "confirmed", rows=chosen, codes=[code] if code else [], note=note)
    show(done, as_json, lambda: _print_sheet(done))


@app.command("refuse", help=tell("help.match_refuse"))
def refuse(sheet: SheetKey, rows: Rows, register: Register = "dz", note: Note = "", as_json: Json = False) -> None:
    """Refuse rows: they are no division of the register."""
    done = _decide(register, sheet, "refused", rows=rows, codes=(), note=note)
    show(done, as_json, lambda: _print_sheet(done))


@app.command("reopen", help=tell("help.match_reopen"))
def reopen(sheet: SheetKey, rows: Rows, register: Register = "dz", note: Note = "", as_json: Json = False) -> None:
    """Take back what was decided about rows."""
    done = _decide(register, sheet, "proposed", rows=rows, codes=(), note=note)
    show(done, as_json, lambda: _print_sheet(done))


@app.command("split", help=tell("help.match_split"))
def split(
    sheet: SheetKey,
    row: Annotated[int, typer.Argument(min=0, help=tell("help.match_row"))],
    code: Annotated[list[str], typer.Option("--code", help=tell("help.match_split_code"))],
    register: Register = "dz",
    note: Note = "",
    as_json: Json = False,
) -> None:
    """Say that a row is several divisions."""
    done = _decide(register, sheet, "split", rows=[row], codes=code, note=note)
    show(done, as_json, lambda: _print_sheet(done))


@app.command("apply", help=tell("help.match_apply"))
def apply(
    sheet: SheetKey,
    register: Register = "dz",
    valid_from: Annotated[str | None, typer.Option("--valid-from", help=tell("help.valid_from"))] = None,
    commit: Annotated[bool, typer.Option("--commit", help=tell("help.commit"))] = False,
    skip_refused: Annotated[bool, typer.Option("--skip-refused", help=tell("help.skip_refused"))] = False,
    as_json: Json = False,
) -> None:
    """Bring codes and names of confirmed rows into the register; without `--commit` only show what would happen."""
    from datetime import UTC, datetime

    from geo.errors import RowsRefused
    from services.queries import get_register
    from services.register.match_writing import ApplyOrder, apply_sheet

    order = ApplyOrder(commit, skip_refused, parse_day(valid_from))
    today = datetime.now(UTC).date()
    try:
        with open_cli_session() as session:
            found = get_register(session, register)
            report = apply_sheet(session, found, sheet, order, caller=cli_caller(), today=today)
    except RowsRefused as error:
        refused = error.params["report"]
        show(refused, as_json, lambda: print_applied(refused))  # type: ignore[arg-type]
        raise
    show(report, as_json, lambda: print_applied(report))


def print_applied(report: ApplyReport) -> None:
    """Print what a worksheet brought, or would bring."""
    from services.messages import say

    for problem in report.problems[:20]:
        reason = say(f"reason.{problem.reason.key}", LANGUAGE, **dict(problem.reason.params))
        print(tell("match.problem", row=problem.row, field=problem.field, reason=reason))
    counts = {name: _write(getattr(report, name)) for name in ("rows", "codes", "names", "left")}
    print(tell("match.applied_now" if report.committed else "match.would_apply", sheet=report.sheet, **counts))


@app.command("export", help=tell("help.match_export"))
def export(
    sheet: SheetKey,
    out: Annotated[Path, typer.Argument(help=tell("help.match_out"))],
    register: Register = "dz",
    as_json: Json = False,
) -> None:
    """Write a worksheet as CSV."""
    from services.queries import get_register
    from services.register.worksheets import export_sheet

    with open_cli_session() as session:
        rows = export_sheet(session, get_register(session, register), sheet, out)
    show({"path": str(out), "rows": rows}, as_json, lambda: print(tell("match.exported", path=out, rows=_write(rows))))
