"""Write tables across schemes: one row a division, one column for each version of a scheme, as of a day.

A version that is in force on the day gives the code held on it; one that is not gives the code held on the day nearest
to it. With `through_changes`, a division that never had a code in a version is given those of the divisions it came
from: several divisions then share one code, as in the tables by which offices pass from one scheme to the next.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session, aliased

from geo.errors import UnreadableFile, because
from geo.register.divisions import Division
from geo.register.periods import Period
from geo.register.resolving import find_schemes
from geo.register.schemes import Scheme
from services.atomic import replace_when_whole
from services.lookups import list_matching
from services.queries import RegisterState, is_current, to_period
from services.tables.changes import Change, Lineage
from services.tables.register import Code, Standing

ENDINGS = (".csv", ".json")
"""The kinds of file that are written."""

BETWEEN = "; "
"""What stands between several codes in one cell."""

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class CodeRow:
    """Hold one division with its codes."""

    level: str
    """Its level."""
    name: str
    """Its official name in the first language of the pack."""
    codes: Mapping[str, tuple[str, ...]]
    """Its codes by scheme and version; none where it has none."""
    through_changes: tuple[str, ...] = ()
    """The versions whose codes are those of the divisions it came from."""


@dataclass(frozen=True)
class CodeTable:
    """Hold a table across schemes."""

    register: str
    """The register."""
    day: date
    """The day it holds for."""
    schemes: tuple[str, ...]
    """The versions of schemes in the order of the columns."""
    rows: tuple[CodeRow, ...]
    """The divisions by level and code."""


@dataclass(frozen=True)
class TableReport:
    """Say what was written."""

    path: str
    """The file."""
    rows: int
    """How many divisions it holds."""


@dataclass(frozen=True)
class TableWish:
    """Say which table is wanted."""

    day: date
    """The day it holds for."""
    level: str | None = None
    """Only divisions of this level."""
    schemes: tuple[str, ...] = ()
    """The columns; none given means every version that a division of the table has a code in."""
    through_changes: bool = False
    """Whether a missing code is taken from the divisions that a division came from."""


def make_code_table(session: Session, register: RegisterState, wish: TableWish) -> CodeTable:
    """Gather the codes of divisions across schemes; raises UnknownLevel and UnknownScheme."""
    wanted = tuple(one for word in wish.schemes for one in find_schemes(register.pack, word)) or register.pack.schemes
    level = register.pack.level(wish.level).key if wish.level else None
    in_level = Standing.level == level if level else Standing.level.in_(register.pack.level_keys)
    divisions = list_matching(session, register, wish.day, in_level)
    shelf = _Shelf(wish.day, {scheme.word: scheme for scheme in wanted})
    shelf.fill(session, register)
    sources = _list_sources(session, register) if wish.through_changes else {}
    rows = tuple(_make_row(register, one, shelf, sources) for one in divisions)
    used = tuple(word for word in shelf.schemes if wish.schemes or any(row.codes.get(word) for row in rows))
    return CodeTable(register.name, wish.day, used, rows)


@dataclass
class _Shelf:
    """Keep the codes of all divisions by version, with their periods."""

    day: date
    schemes: Mapping[str, Scheme]
    codes: dict[tuple[int, str], list[tuple[Period, str]]] = field(default_factory=lambda: defaultdict(list))

    def fill(self, session: Session, register: RegisterState) -> None:
        """Read what the register says now of the schemes, whatever the day."""
        issues = [(scheme.key, scheme.version) for scheme in self.schemes.values()]
        rows = session.execute(
            select(Code.division_id, Code.scheme, Code.version, Code.code, Code.valid)
            .where(Code.register_id == register.id, tuple_(Code.scheme, Code.version).in_(issues), is_current(Code))
            .order_by(Code.id)
        )
        for division, key, version, code, valid in rows:
            scheme = self.schemes[f"{key}/{version}"]
            if period := to_period(valid).intersect(scheme.period):
                self.codes[division, scheme.word].append((period, code))

    def find(self, division: int, word: str) -> str | None:
        """Find the code on the day or, in a version not in force on it, on the day nearest to it."""
        held = self.codes.get((division, word), [])
        on_day = next((code for period, code in held if period.contains(self.day)), None)
        if on_day or not held or self.schemes[word].period.contains(self.day):
            return on_day
        return min(held, key=lambda one: (_measure_gap(one[0], self.day), one[1]))[1]


def _measure_gap(period: Period, day: date) -> int:
    """Measure the days between a period and a day outside of it."""
    if period.end is not None and period.end <= day:
        return (day - period.end).days
    return ((period.start or day) - day).days


def _list_sources(session: Session, register: RegisterState) -> dict[int, list[int]]:
    """List the divisions that each division came out of, by the changes that were applied."""
    before, after = aliased(Lineage), aliased(Lineage)
    rows = session.execute(
        select(after.division_id, before.division_id)
        .join(before, before.change_id == after.change_id)
        .join(Change, Change.id == after.change_id)
        .where(Change.register_id == register.id, Change.applied_at.is_not(None))
        .where(and_(after.role == "successor", before.role == "predecessor"), after.division_id != before.division_id)
        .order_by(after.division_id, before.division_id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for division, source in rows:
        found[division].append(source)
    return found


def _make_row(
    register: RegisterState, division: Division, shelf: _Shelf, sources: Mapping[int, Sequence[int]]
) -> CodeRow:
    codes: dict[str, tuple[str, ...]] = {}
    through: list[str] = []
    for word in shelf.schemes:
        own = shelf.find(division.id, word)
        found = (own,) if own else _inherit(division.id, word, shelf, sources)
        if found and not own:
            through.append(word)
        codes[word] = found
    return CodeRow(division.level, division.name_in(*register.pack.languages), codes, tuple(through))


def _inherit(division: int, word: str, shelf: _Shelf, sources: Mapping[int, Sequence[int]]) -> tuple[str, ...]:
    """Take the codes of the nearest divisions, back through the changes, that have any."""
    seen, step = {division}, list(sources.get(division, ()))
    while step:
        if codes := {code for one in step if (code := shelf.find(one, word))}:
            return tuple(sorted(codes))
        seen.update(step)
        step = [source for one in step for source in sources.get(one, ()) if source not in seen]
    return ()


def export_code_table(session: Session, register: RegisterState, out: Path, wish: TableWish) -> TableReport:
    """Write a table across schemes to a CSV or JSON file, whole or not at all."""
    if out.suffix.lower() not in ENDINGS:
        raise UnreadableFile(path=out.name, reason=because("file_ending", known=ENDINGS))
    table = make_code_table(session, register, wish)
    with replace_when_whole(out) as path, path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(write_csv(table) if out.suffix.lower() == ".csv" else write_json(table))
    return TableReport(str(out), len(table.rows))


def write_csv(table: CodeTable) -> Iterator[str]:
    """Write a table as the lines of a CSV file; its columns say their scheme, so that it can be attached again."""
    yield _to_line(("level", "name", *table.schemes, "through_changes"))
    for row in table.rows:
        codes = (BETWEEN.join(row.codes[word]) for word in table.schemes)
        yield _to_line((row.level, _disarm(row.name), *codes, BETWEEN.join(row.through_changes)))


def _disarm(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _to_line(cells: Iterable[str]) -> str:
    room = io.StringIO(newline="")
    csv.writer(room, lineterminator="\n").writerow(cells)
    return room.getvalue()


def write_json(table: CodeTable) -> Iterator[str]:
    """Write a table as the pieces of a JSON document."""
    head = {"register": table.register, "as_of": table.day.isoformat(), "schemes": table.schemes}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, row in enumerate(table.rows):
        codes = {word: row.codes[word] for word in table.schemes}
        line = {"level": row.level, "name": row.name, "codes": codes, "through_changes": row.through_changes}
        yield (",\n" if number else "\n") + json.dumps(line, ensure_ascii=False)
    yield "\n]}\n"
