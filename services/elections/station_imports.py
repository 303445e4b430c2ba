"""Bring polling stations from a file into a register, and report where they stand; without `commit` nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from geo.elections.station_checks import LevelCheck, check_level, count_rules, list_crowded, list_shared_sites
from geo.elections.stations import Station
from geo.errors import RowsRefused
from geo.register.divisions import Division
from geo.register.problems import Problem, Weight
from services.access.roles import Action, Caller, check_permitted
from services.elections.station_filing import Filing, FilingRule, file_stations
from services.elections.station_sources import StationSource, read_stations
from services.elections.stations import record_stations
from services.queries import RegisterState, load_boundaries, select_divisions, to_division
from services.tables.register import Standing


@dataclass(frozen=True)
class StationOptions:
    """Hold what the caller decided."""

    filing: FilingRule
    """By which codes the stations name their divisions, and on which day these are looked at."""
    most_branches: int | None = None
    """From how many branches on a site is told as crowded."""
    commit: bool = False
    """Whether to keep the stations; otherwise only show what would be kept."""
    skip_refused: bool = False
    """Whether to go on without the rows that were refused."""
    most_bytes: int = 512 * 1024**2
    """The largest file read, unpacked."""


@dataclass(frozen=True)
class StationReport:
    """Say what an import of stations did or would do."""

    register: str
    """The register."""
    source: str
    """The file."""
    committed: bool
    """Whether the stations were kept."""
    total: int
    """How many rows the file has."""
    stations: int
    """How many stations were read."""
    branches: int
    """How many branches they have."""
    known_codes: int
    """How many stations are filed under a division that the register knows."""
    counts: Mapping[str, int]
    """What was wrong, by rule."""
    levels: tuple[LevelCheck, ...]
    """Where the stations stand, level by level, the highest first."""
    shared_sites: tuple[tuple[str, ...], ...]
    """Stations that share one point."""
    crowded: tuple[str, ...]
    """Stations with too many branches."""
    problems: tuple[Problem, ...]
    """Every problem by row and field."""
    divisions: Mapping[int, Division]
    """The divisions that the checks name."""

    @property
    def refused(self) -> int:
        """Count the rows that were not taken."""
        return self.total - self.stations


def import_stations(
    session: Session, register: RegisterState, source: StationSource, options: StationOptions, *, caller: Caller
) -> StationReport:
    """Read stations, check where they stand, and keep them all or none.

    Raises RowsRefused when rows were refused and shall not be skipped, with the report; nothing is kept then.
    """
    check_permitted(session, caller, Action.RECORD_STATION, register)
    sheet = read_stations(source, register.pack, most_bytes=options.most_bytes)
    filing = file_stations(session, register, sheet.stations, options.filing)
    levels = _check_levels(session, register, sheet.stations, filing)
    problems = (*sheet.problems, *filing.problems)
    report = StationReport(
        register=register.name,
        source=sheet.name,
        committed=options.commit,
        total=sheet.total,
        stations=len(sheet.stations),
        branches=sum(len(station.branches) for station in sheet.stations),
        known_codes=len(filing.divisions),
        counts=count_rules(problems),
        levels=levels,
        shared_sites=list_shared_sites(sheet.stations),
        crowded=list_crowded(sheet.stations, options.most_branches) if options.most_branches else (),
        problems=problems,
        divisions=_load_named(session, register, levels, filing.day),
    )
    if options.commit:
        if not options.skip_refused and any(problem.weight is Weight.REFUSED for problem in problems):
            raise RowsRefused(refused=report.refused, total=report.total, report=replace(report, committed=False))
        record_stations(session, register, _file_stations(session, register, sheet.stations, filing), caller=caller)
    return report


def _check_levels(
    session: Session, register: RegisterState, stations: Sequence[Station], filing: Filing
) -> tuple[LevelCheck, ...]:
    """Check the stations against the level of their codes and every level above it that has boundaries."""
    found: list[LevelCheck] = []
    for level in [level.key for level in register.pack.levels if not level.is_place]:
        mine = filing.list_at(level)
        # boundaries are dear, and no level but those of the codes is compared
        shapes = load_boundaries(session, register, filing.day, Standing.level == level) if mine else {}
        if shapes:
            found.append(check_level(level, stations, mine, shapes))
    return tuple(found)


def _load_named(
    session: Session, register: RegisterState, levels: Sequence[LevelCheck], day: date
) -> dict[int, Division]:
    named = {key for check in levels for stray in check.strays for key in (stray.coded, *stray.found)}
    named |= {key for check in levels for key in check.without}
    rows = session.execute(select_divisions(register, day).where(Standing.division_id.in_(named)))
    return {row.division_id: to_division(row) for row in rows}


def _file_stations(
    session: Session, register: RegisterState, stations: Sequence[Station], filing: Filing
) -> list[Station]:
    """File each station under the primary code of its division."""
    chosen = Standing.division_id.in_(set(filing.divisions.values()))
    codes = {row.division_id: row.code for row in session.execute(select_divisions(register, filing.day).where(chosen))}
    return [replace(one, division_code=codes.get(filing.divisions.get(one.code, 0), "")) for one in stations]
