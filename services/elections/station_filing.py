"""Find the divisions that polling stations are filed under by the codes their file gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.elections.stations import Station
from geo.errors import because
from geo.register.codes import restore_zeros
from geo.register.problems import Problem, Weight, shorten
from geo.register.resolving import get_scheme
from geo.register.schemes import Scheme
from services.queries import RegisterState, holds_on, is_current, select_divisions
from services.tables.register import Code, Standing


@dataclass(frozen=True)
class FilingRule:
    """Say by which codes stations name their divisions."""

    day: date
    """The day whose divisions and boundaries count."""
    level: str | None = None
    """The level of the divisions; None means the stations name none."""
    scheme: str | None = None
    """The scheme of the codes; None is the primary one of the level."""


@dataclass(frozen=True)
class Filing:
    """Hold which station is filed under which division."""

    day: date
    """The day whose divisions count."""
    divisions: Mapping[str, int]
    """The division of each station whose code the register knows, by the code of the station."""
    standing: Mapping[int, tuple[str, int | None]]
    """The level and parent of every division of the register."""
    problems: tuple[Problem, ...]
    """The codes that no division has, or more than one."""

    def list_at(self, level: str) -> dict[str, int]:
        """Give for each station its division of a level, where it stands in one."""
        climbed = {code: self._climb(key, level) for code, key in self.divisions.items()}
        return {code: key for code, key in climbed.items() if key is not None}

    def _climb(self, division: int | None, level: str) -> int | None:
        seen: set[int] = set()
        # a circle of parents, which audits report, is walked once
        while division is not None and division in self.standing and division not in seen:
            if self.standing[division][0] == level:
                return division
            seen.add(division)
            division = self.standing[division][1]
        return None


def file_stations(session: Session, register: RegisterState, stations: Sequence[Station], rule: FilingRule) -> Filing:
    """Find the division of each station by its code; a code that means none or several is told, nothing is guessed."""
    written = sorted({station.division_code for station in stations if station.division_code})
    known = _find_codes(session, register, written, rule) if rule.level else {}
    unknown = tuple(_tell_unknown(text) for text in written if rule.level and text not in known)
    filed = {one.code: known[one.division_code] for one in stations if one.division_code in known}
    standing = select_divisions(register, rule.day).with_only_columns(
        Standing.division_id, Standing.level, Standing.parent_id
    )
    levels = {key: (level, parent) for key, level, parent in session.execute(standing)}
    return Filing(rule.day, filed, levels, unknown)


def _tell_unknown(text: str) -> Problem:
    rule = "station_division_unknown"
    return Problem("", 0, "division", rule, Weight.NOTED, because(rule), shorten(text))


def _find_codes(session: Session, register: RegisterState, written: Sequence[str], rule: FilingRule) -> dict[str, int]:
    level = register.pack.level(rule.level or "").key
    scheme = get_scheme(register.pack, rule.scheme) if rule.scheme else register.pack.primary_scheme(level)
    held = _load_codes(session, register, scheme, level=level, day=rule.day)
    known: dict[str, int] = {}
    for text in written:
        readings = (text, *(option.code for option in restore_zeros(scheme, level, text).options))
        fitting = {key for reading in readings for key in held.get(reading, ())}
        if len(fitting) == 1:
            known[text] = fitting.pop()
    return known


def _load_codes(
    session: Session, register: RegisterState, scheme: Scheme, *, level: str, day: date
) -> dict[str, set[int]]:
    """Load the codes of a scheme, whenever they held: a plan of one year names divisions by the codes of that year."""
    rows = session.execute(
        select(Code.code, Code.division_id)
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.scheme == scheme.key, Code.version == scheme.version)
        .where(is_current(Code), Standing.level == level, holds_on(Standing, day))
    )
    held: dict[str, set[int]] = {}
    for code, division in rows:
        held.setdefault(code, set()).add(division)
    return held
