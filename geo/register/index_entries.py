"""Read the sets of indices of a country pack and check that their weights add up."""

from __future__ import annotations

from math import fsum, isclose

from geo.register.entries import Entry
from geo.register.indices import Direction, Grade, Index, IndexSet, Scale
from geo.register.levels import Level

Languages = tuple[str, ...]

DEEPEST = 6
"""So many indices may stand inside each other."""


def read_indices(entry: Entry | None, levels: tuple[Level, ...], *, languages: Languages) -> tuple[IndexSet, ...]:
    """Read all sets; a pack may have none."""
    pairs = entry.tables() if entry else ()
    keys = tuple(level.key for level in levels)
    return tuple(_read_set(item, keys, languages=languages) for _, item in pairs)


def _read_set(entry: Entry, levels: tuple[str, ...], *, languages: Languages) -> IndexSet:
    entry.check_keys("names", "levels", "source", "verified", "grades", "parts")
    key, verified = entry.key.rpartition(".")[2], entry.find("verified")
    mains = _read_parts(entry.get("parts"), languages, depth=1)
    found = IndexSet(
        key=entry.item("key", key).keyword(),
        names=entry.get("names").names(languages),
        levels=entry.get("levels").some_of(levels),
        mains=mains,
        grades=_read_grades(entry.get("grades"), languages),
        source=entry.get("source").text(),
        verified=verified.flag() if verified else True,
    )
    _check_keys(entry, mains)
    return found


def _read_parts(entry: Entry, languages: Languages, *, depth: int) -> tuple[Index, ...]:
    """Read what a node weighs; the weights sum to one, or the node is named."""
    parts = tuple(_read_index(item, languages, depth=depth) for _, item in entry.tables())
    total = fsum(part.weight for part in parts)
    if not isclose(total, 1, abs_tol=1e-9):
        entry.refuse("pack_weights_sum", total=round(total, 9))
    return parts


def _read_index(entry: Entry, languages: Languages, *, depth: int) -> Index:
    if depth > DEEPEST:
        entry.refuse("pack_indices_deep", most=DEEPEST)
    parts, direction, scale = (entry.find(name) for name in ("parts", "direction", "scale"))
    entry.check_keys("names", "weight", *(("parts",) if parts else ("direction", "scale")))
    key = entry.key.rpartition(".")[2]
    return Index(
        key=entry.item("key", key).keyword(),
        names=entry.get("names").names(languages),
        weight=entry.get("weight").number(),
        parts=_read_parts(parts, languages, depth=depth + 1) if parts else (),
        direction=Direction(direction.one_of(tuple(Direction))) if direction else Direction.MORE,
        scale=Scale(scale.one_of(tuple(Scale))) if scale else Scale.MIN_MAX,
    )


def _check_keys(entry: Entry, mains: tuple[Index, ...]) -> None:
    """Refuse a key that two indices have: their values could not be told apart."""
    seen: set[str] = set()
    waiting = list(mains)
    for index in waiting:
        if index.key in seen:
            entry.get("parts").refuse("pack_said_twice", value=index.key)
        seen.add(index.key)
        waiting += index.parts


def _read_grades(entry: Entry, languages: Languages) -> tuple[Grade, ...]:
    grades = []
    for key, item in entry.tables():
        item.check_keys("names", "least")
        grades.append(
            Grade(item.item("key", key).keyword(), item.get("names").names(languages), item.get("least").number())
        )
    starts = [grade.least for grade in grades]
    if starts[-1:] != [0] or starts != sorted(set(starts), reverse=True):
        entry.refuse("pack_grades_unsorted")
    return tuple(grades)
