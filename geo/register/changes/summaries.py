"""Say division by division what a change does, in plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from geo.coverage import measure_area
from geo.register.changes.effects import Effect
from geo.register.changes.states import DivisionState
from geo.register.countries import CountryPack


class Fate(StrEnum):
    """Tell what becomes of a division."""

    FOUNDED = "founded"
    """It begins."""
    ENDED = "ended"
    """It ends."""
    CHANGED = "changed"
    """It goes on otherwise."""


@dataclass(frozen=True)
class Difference:
    """Say what one thing was and what it becomes."""

    what: str
    """`level`, `parent`, `boundary`, `position`, `name.fa`, `code.sci/1399`."""
    before: str
    """What it was; empty when there was nothing. For boundaries the area in square metres."""
    after: str
    """What it becomes; empty when nothing does."""


@dataclass(frozen=True)
class DivisionSummary:
    """Say what becomes of one division."""

    id: int
    """Its key; below zero when it is new."""
    fate: Fate
    """Whether it begins, ends or goes on otherwise."""
    level: str
    """Its level afterwards, or the last one."""
    code: str
    """Its code in the primary scheme afterwards, or the last one."""
    names: Mapping[str, str]
    """Its official names."""
    differences: tuple[Difference, ...]
    """What is otherwise than it was."""


def summarise_effect(effect: Effect, pack: CountryPack) -> tuple[DivisionSummary, ...]:
    """List what becomes of each division: the founded, the ended, then the others, by level and code."""
    keys = sorted(effect.before.keys() | effect.after.keys())
    found = [_summarise(key, effect, pack) for key in keys]
    order = list(Fate)
    ranks = {level.key: level.rank for level in pack.levels}
    return tuple(sorted(found, key=lambda one: (order.index(one.fate), ranks[one.level], one.code, one.id)))


def _summarise(key: int, effect: Effect, pack: CountryPack) -> DivisionSummary:
    before, after = effect.before.get(key), effect.after.get(key)
    state = after or before
    assert state is not None
    fate = Fate.FOUNDED if before is None else Fate.ENDED if after is None else Fate.CHANGED
    code = state.codes.get(pack.primary_scheme(state.level).word, "")
    told = tuple(_list_differences(before, after, effect, pack=pack))
    return DivisionSummary(key, fate, state.level, code, dict(state.names), told)


def _list_differences(
    before: DivisionState | None, after: DivisionState | None, effect: Effect, *, pack: CountryPack
) -> Iterator[Difference]:
    was, now = _describe(before, effect, pack), _describe(after, effect, pack)
    for what in sorted(was.keys() | now.keys()):
        if was.get(what) != now.get(what):
            yield Difference(what, was.get(what, ""), now.get(what, ""))


def _describe(state: DivisionState | None, effect: Effect, pack: CountryPack) -> dict[str, str]:
    """Write all that is said of a division as texts."""
    if state is None:
        return {}
    told = {"level": state.level, "parent": _tell_parent(state, effect, pack)}
    told |= {f"name.{language}": text for language, text in state.names.items()}
    told |= {f"code.{word}": code for word, code in state.codes.items()}
    if state.boundary is not None:
        told["boundary"] = _tell_area(state.boundary)
    if state.position is not None:
        told["position"] = f"{state.position.x:.7f}, {state.position.y:.7f}"
    return {what: text for what, text in told.items() if text}


def _tell_parent(state: DivisionState, effect: Effect, pack: CountryPack) -> str:
    parent = effect.after.get(state.parent or 0) or effect.before.get(state.parent or 0)
    if parent is None:
        return "" if state.parent is None else f"#{state.parent}"
    return parent.codes.get(pack.primary_scheme(parent.level).word) or f"#{parent.id}"


def _tell_area(shape: BaseGeometry) -> str:
    return f"{measure_area(shape):.1f}"
