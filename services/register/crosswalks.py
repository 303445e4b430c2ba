"""Make crosswalks between dates, schemes and files, keep them as tables, and carry other tables over them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from geo.errors import Infeasible, InvalidValue, MissingColumn, Reason, because
from geo.register.aggregates import Aggregate, re_aggregate
from geo.register.columns import Column, find_number, read_columns
from geo.register.crosswalk_ways import cross_areas
from geo.register.crosswalks import Crosswalk, invert, make_crosswalk, spread_remainder
from geo.register.rows import Rows
from services.atomic import replace_when_whole
from services.files import check_file_safe
from services.layers import lay_rows, read_layer
from services.queries import RegisterState
from services.register.crosswalk_sides import (
    FileSide,
    RegisterSide,
    Side,
    load_areas,
    load_figures,
    load_ground,
    load_tree,
)
from services.register.crosswalk_units import weigh_lineage, weigh_people, weigh_places

HEADER = ("source", "target", "weight", "share")
"""The columns of a crosswalk as a file; a row without a target is a remainder, one without a source came from none."""

MOST_BYTES = 512 * 1024**2
"""The largest file read."""


class Way(StrEnum):
    """Name what a crosswalk is weighed by."""

    AREA = "area"
    """Square metres of common ground."""
    PEOPLE = "people"
    """People of the smallest divisions that were counted."""
    PLACES = "places"
    """The number of places."""
    LINEAGE = "lineage"
    """Which divisions came of which, by the changes applied."""


@dataclass(frozen=True)
class CrosswalkAnswer:
    """Hold a crosswalk and how it came about."""

    crosswalk: Crosswalk
    """The weights."""
    way: Way
    """What they were weighed by."""
    reason: Reason
    """Why by that."""


@dataclass(frozen=True)
class CarriedColumn:
    """Hold what became of one column of a table."""

    name: str
    """The column."""
    aggregate: Aggregate
    """Its values at the targets, with what was left over."""


@dataclass(frozen=True)
class CarryReport:
    """Say what was carried."""

    path: str
    """The file written; empty when nothing was."""
    totals: dict[str, float]
    """The total of each column, which is that of the table before."""
    remainders: dict[str, dict[str, float]]
    """By column, what of which source no target got."""


def draw_crosswalk(
    session: Session,
    register: RegisterState,
    source: Side,
    target: Side,
    *,
    way: Way | None = None,
    spread: bool = False,
) -> CrosswalkAnswer:
    """Make the crosswalk from one side to the other; without a way, the best that the register has data for.

    With `spread` the targets of a source share its remainder. Raises Infeasible where nothing can be weighed.
    """
    chosen, reason = (way, because("crosswalk_asked")) if way else _choose_way(session, register, source, target)
    crosswalk = _weigh(session, register, source, target, way=chosen)
    if not crosswalk.cells:
        raise Infeasible(reason=because("crosswalk_empty", way=because(f"crosswalk_way_{chosen}")))
    return CrosswalkAnswer(spread_remainder(crosswalk) if spread else crosswalk, chosen, reason)


def _choose_way(session: Session, register: RegisterState, source: Side, target: Side) -> tuple[Way, Reason]:
    """Take people where they were counted below the source, then ground, then lineage."""
    if isinstance(source, RegisterSide) and _is_counted_below(session, register, source):
        return Way.PEOPLE, because("crosswalk_people_counted")
    if _is_drawn(session, register, source, target):
        return Way.AREA, because("crosswalk_drawn")
    return Way.LINEAGE, because("crosswalk_undrawn")


def _is_counted_below(session: Session, register: RegisterState, source: RegisterSide) -> bool:
    """Tell whether every division of the source with people has parts that were counted."""
    tree, figures = load_tree(session, register, source.day), load_figures(session, register)
    below = {tree.climb(one, source.level) for one in figures if tree.levels.get(one) not in (None, source.level)}
    own = {division for division, level in tree.levels.items() if level == source.level}
    return bool(own) and own <= below


def _is_drawn(session: Session, register: RegisterState, *sides: Side) -> bool:
    return all(load_areas(session, register, side) for side in sides if isinstance(side, RegisterSide))


def _weigh(session: Session, register: RegisterState, source: Side, target: Side, *, way: Way) -> Crosswalk:
    if way is Way.AREA:
        return cross_areas(load_ground(session, register, source), load_ground(session, register, target))
    if isinstance(source, FileSide):
        if isinstance(target, FileSide) or way is Way.LINEAGE:
            raise InvalidValue(field="by", value=way, reason=because("crosswalk_by_files"))
        return invert(_weigh(session, register, target, source, way=way))
    if way is Way.LINEAGE:
        if isinstance(target, FileSide):
            raise InvalidValue(field="by", value=way, reason=because("crosswalk_by_files"))
        return _weigh_lineage(session, register, source, target)
    weigh = weigh_people if way is Way.PEOPLE else weigh_places
    return weigh(session, register, source, target)


def _weigh_lineage(session: Session, register: RegisterState, source: RegisterSide, target: RegisterSide) -> Crosswalk:
    """Follow lineage forward in time; a crosswalk to an earlier day is the inverse of one that leads forward."""
    if source.day <= target.day:
        return weigh_lineage(session, register, source, target)
    return invert(weigh_lineage(session, register, target, source))


def write_crosswalk(crosswalk: Crosswalk, out: Path) -> int:
    """Write a crosswalk as CSV, whole or not at all, and count its rows."""
    lines = list(list_lines(crosswalk))
    _write_rows(out, HEADER, lines)
    return len(lines)


def list_lines(crosswalk: Crosswalk) -> Iterator[tuple[str, str, float, float | str]]:
    """List the rows of a crosswalk: its cells, the remainder of each source, and what of each target came from none."""
    for cell in crosswalk.cells:
        yield (*cell, crosswalk.share(cell))
    for source, share in crosswalk.unmatched.items():
        yield source, "", crosswalk.remainder(source), share
    turned = invert(crosswalk)
    for target in turned.unmatched:
        yield "", target, turned.remainder(target), ""


def choose_way(text: str | None) -> Way | None:
    """Read what a crosswalk is to be weighed by; None leaves it to the data."""
    if text is None or text in list(Way):
        return Way(text) if text else None
    raise InvalidValue(field="by", value=text[:40], reason=because("crosswalk_ways", known=tuple(Way)))


def read_crosswalk(path: Path, *, back: bool = False, spread: bool = False) -> Crosswalk:
    """Read a crosswalk that `write_crosswalk` or somebody else wrote, `back` from its targets to its sources.

    Raises InvalidValue naming the row.
    """
    found = _read_cells(path)
    turned = invert(found) if back else found
    return spread_remainder(turned) if spread else turned


def _read_cells(path: Path) -> Crosswalk:
    rows = _read_rows(path)
    for name in HEADER[:3]:
        if name not in rows.columns:
            raise MissingColumn(field=name, columns=tuple(rows.columns))
    texts = (rows.read_texts(name) for name in HEADER[:3])
    cells: list[tuple[str, str, float]] = []
    sources: dict[str, list[float]] = {}
    targets: dict[str, list[float]] = {}
    for number, source, target, text in zip(rows.numbers, *texts, strict=True):
        weight = find_number(text)
        if weight is None or not (source or target):
            reason = because("columns_number") if weight is None else because("code_missing")
            raise InvalidValue(field="weight", value=text or "-", reason=because("at_row", row=number, reason=reason))
        if source and target:
            cells.append((source, target, float(weight)))
        for sizes, code in ((sources, source), (targets, target)):
            sizes.setdefault(code, []).append(float(weight))
    return make_crosswalk(cells, *({code: sum(parts) for code, parts in s.items() if code} for s in (sources, targets)))


def carry_columns(crosswalk: Crosswalk, columns: Sequence[Column]) -> tuple[CarriedColumn, ...]:
    """Carry columns over a crosswalk with their totals kept."""
    return tuple(CarriedColumn(column.name, re_aggregate(crosswalk, column.values)) for column in columns)


def carry_table(
    crosswalk: Crosswalk,
    table: Path,
    out: Path,
    *,
    code: str = "code",
    columns: Sequence[str] = (),
    flows: Path | None = None,
) -> CarryReport:
    """Carry the columns of a table over a crosswalk into another file, whole or not at all.

    What no target got stands in rows without a code that name their source, so that each column sums to what it
    was. `flows` keeps, for a table of one column, the crosswalk that leads back to the very same table.
    """
    carried = carry_columns(crosswalk, read_columns(_read_rows(table), code, columns))
    if flows is not None and len(carried) != 1:
        raise InvalidValue(field="flows", value=len(carried), reason=because("crosswalk_flows"))
    _write_rows(out, (code, "remainder_of", *(column.name for column in carried)), _list_carried(carried))
    if flows is not None:
        write_crosswalk(carried[0].aggregate.way_back(), flows)
    return report_carried(carried, str(out))


def report_carried(carried: Sequence[CarriedColumn], path: str = "") -> CarryReport:
    """Sum up what was carried."""
    totals = {column.name: column.aggregate.total for column in carried}
    return CarryReport(path, totals, {c.name: c.aggregate.remainder for c in carried if c.aggregate.remainder})


def _list_carried(carried: Sequence[CarriedColumn]) -> Iterator[tuple[object, ...]]:
    for target in carried[0].aggregate.values:
        yield (target, "", *(column.aggregate.values[target] for column in carried))
    for source in sorted({source for column in carried for source in column.aggregate.remainder}):
        yield ("", source, *(column.aggregate.remainder.get(source, 0) for column in carried))


def _read_rows(path: Path) -> Rows:
    return lay_rows(read_layer(check_file_safe(path, most_bytes=MOST_BYTES)), columns={}, crs=None)


def _write_rows(
    out: Path, header: Sequence[str], rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]
) -> None:
    with replace_when_whole(out) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
