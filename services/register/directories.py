"""Load the divisions of a register as a directory that rows of other sources are matched to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.register.candidates import CodeKey
from geo.register.match_directory import Directory
from geo.register.match_names import FoldedName, fold_name
from geo.register.matching_scores import Listed
from services.queries import RegisterState, holds_on, load_boundaries
from services.register.crosswalk_sides import Tree, load_tree
from services.tables.register import Code, Name, Position, Standing
from services.tables.register import Division as Record


def load_directory(
    session: Session, register: RegisterState, day: date, *, levels: Collection[str], drawn: bool
) -> Directory:
    """Load the divisions of some levels on a day, with all they lie in; with `drawn`, their ground as well."""
    tree = load_tree(session, register, day)
    chosen = [division for division, level in sorted(tree.levels.items()) if level in levels]
    above = {division: _list_above(tree, division) for division in chosen}
    wanted = {*chosen, *(one for chain in above.values() for one in chain)}
    codes, names = _load_codes(session, register, day), _load_names(session, register, day)
    grounds = _load_grounds(session, register, day, levels=levels) if drawn else {}
    primary = {level.key: register.pack.primary_scheme(level.key).key for level in register.pack.levels}
    listed = {}
    for division in sorted(wanted):
        own, level = codes.get(division, ()), tree.levels[division]
        main = next((key.code for key in own if key.scheme == primary[level]), own[0].code if own else "")
        listed[division] = Listed(
            *(division, main, level, own, names.get(division, ())),
            above=above.get(division, ()),
            ground=grounds.get(division),
        )
    kept = set(chosen)
    return Directory({key: one for key, one in listed.items() if key in kept}, listed)


def _list_above(tree: Tree, division: int) -> tuple[int, ...]:
    chain: list[int] = []
    parent = tree.parents.get(division)
    while parent is not None and parent in tree.levels and parent not in chain:
        chain.append(parent)
        parent = tree.parents.get(parent)
    return tuple(chain)


def _load_codes(session: Session, register: RegisterState, day: date) -> dict[int, tuple[CodeKey, ...]]:
    rows = session.execute(
        select(Code.division_id, Code.scheme, Code.version, Code.code)
        .where(Code.register_id == register.id, holds_on(Code, day))
        .order_by(Code.division_id, Code.scheme, Code.version)
    )
    found: dict[int, list[CodeKey]] = defaultdict(list)
    for division, *key in rows:
        found[division].append(CodeKey(*key))
    return {division: tuple(keys) for division, keys in found.items()}


def _load_names(session: Session, register: RegisterState, day: date) -> dict[int, tuple[FoldedName, ...]]:
    rows = session.execute(
        select(Name.division_id, Name.text)
        .join(Record, Record.id == Name.division_id)
        .where(Record.register_id == register.id, holds_on(Name, day))
        .order_by(Name.division_id, Name.language, Name.text)
    )
    found: dict[int, list[FoldedName]] = defaultdict(list)
    for division, text in rows:
        found[division].append(fold_name(text))
    return {division: tuple(dict.fromkeys(names)) for division, names in found.items()}


def _load_grounds(
    session: Session, register: RegisterState, day: date, *, levels: Collection[str]
) -> dict[int, BaseGeometry]:
    """Load boundaries, and positions of what has none."""
    chosen = Standing.level.in_(sorted(levels))
    rows = session.execute(
        select(Position.division_id, func.ST_AsBinary(Position.geom))
        .join(Record, Record.id == Position.division_id)
        .join(Standing, Standing.division_id == Position.division_id)
        .where(Record.register_id == register.id, holds_on(Position, day), holds_on(Standing, day), chosen)
    )
    points = {division: shapely.from_wkb(bytes(wkb)) for division, wkb in rows}
    return {**points, **load_boundaries(session, register, day, chosen)}
