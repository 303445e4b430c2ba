"""Load what look-ups from memory need, whole or only what has changed since."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.elections.stations import Sex
from geo.locate import Locator, Stack, build_locator
from services.elections.answers import Basis, ConstituencyLine
from services.elections.choices import Choice
from services.elections.lines import Wish, list_lines
from services.elections.locator_file import open_locator, write_locator
from services.elections.snapshot import Ground, Ids, Lines, Seats, Sites
from services.lookups import list_matching
from services.queries import RegisterState, holds_on, load_boundaries
from services.tables.elections import Branch, Catchment, Constituency, ConstituencyDivision, Station
from services.tables.register import Boundary, Standing
from services.tables.register import Division as Record

ALL = 10**9
"""As many lines as there are."""


def load_ground(session: Session, register: RegisterState, day: date, *, folder: Path) -> Ground:
    """Load the divisions of a day, with an index for each level that workers share as a file of `folder`."""
    bounded = select(Boundary.division_id).where(holds_on(Boundary, day))
    divisions = {one.id: one for one in list_matching(session, register, day, Standing.division_id.in_(bounded))}
    locators: dict[str, Locator] = {}
    for level in register.pack.level_keys:
        ids = sorted(one.id for one in divisions.values() if one.level == level)
        if ids:
            locators[level] = _find_locator(session, register, day, ids, folder / f"{register.id}-{level}")
    return Ground(Stack(locators), divisions, _load_parents(session, register, day))


def _load_parents(session: Session, register: RegisterState, day: date) -> dict[int, int | None]:
    rows = session.execute(
        select(Standing.division_id, Standing.parent_id)
        .join(Record, Record.id == Standing.division_id)
        .where(Record.register_id == register.id, holds_on(Standing, day))
    )
    return {division: parent for division, parent in rows}


def _find_locator(session: Session, register: RegisterState, day: date, ids: list[int], stem: Path) -> Locator:
    """Map the index of these very boundaries, or build it; its name tells the version of the coverage."""
    path = stem.with_name(f"{stem.name}-{_digest_boundaries(session, day, ids)}.index")
    if not path.exists():
        shapes = load_boundaries(session, register, day, Standing.division_id.in_(ids))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_locator(build_locator(list(shapes.values()), [str(one) for one in shapes]), path)
        _forget_others(stem, path)
    return open_locator(path)


def _digest_boundaries(session: Session, day: date, ids: list[int]) -> str:
    rows = session.execute(
        select(Boundary.id, Boundary.digest)
        .where(Boundary.division_id == func.any(ids), holds_on(Boundary, day))
        .order_by(Boundary.division_id)
    )
    total = hashlib.sha256()
    for fact, digest in rows:
        total.update(f"{fact} {digest}\n".encode())
    return total.hexdigest()[:32]


def _forget_others(stem: Path, path: Path) -> None:
    """Remove the indexes of earlier coverages; who has mapped one keeps it until it lets go."""
    for other in stem.parent.glob(f"{stem.name}-*.index"):
        if other != path:
            other.unlink(missing_ok=True)


def load_sites(session: Session, register: RegisterState, day: date) -> Sites:
    """Load all stations of a register."""
    homes = _load_homes(session, register)
    lines = {sex: _load_lines(session, register, Wish(day, ALL, sex), None) for sex in Sex}
    return _gather_sites(session, register, homes, lines)


def reload_sites(session: Session, register: RegisterState, day: date, *, known: Sites, changed: Ids) -> Sites:
    """Load the stations that are new or changed, and take the others as they are known."""
    homes = _load_homes(session, register)
    fresh = set(changed) | (homes.keys() - known.homes.keys())
    lines = {}
    for sex in Sex:
        kept = {one: line for one, line in known.lines[sex].items() if one in homes and one not in fresh}
        lines[sex] = {**kept, **_load_lines(session, register, Wish(day, ALL, sex), sorted(fresh))}
    return _gather_sites(session, register, homes, lines)


def count_stations(session: Session, register: RegisterState) -> int:
    """Count the stations of a register."""
    return session.scalar(select(func.count()).select_from(Station).where(Station.register_id == register.id)) or 0


def _gather_sites(
    session: Session, register: RegisterState, homes: Mapping[int, int | None], lines: Mapping[Sex, Lines]
) -> Sites:
    fitting = {sex: _list_fitting(session, register, sex) for sex in Sex}
    hidden = {sex: frozenset(fitting[sex] - lines[sex].keys()) for sex in Sex}
    return Sites(homes, lines, hidden, _load_catchments(session, register))


def _load_homes(session: Session, register: RegisterState) -> dict[int, int | None]:
    rows = session.execute(select(Station.id, Station.division_id).where(Station.register_id == register.id))
    return {station: division for station, division in rows}


def _load_lines(session: Session, register: RegisterState, wish: Wish, wanted: list[int] | None) -> Lines:
    """Load what the public may see of some stations, by the rules of every other look-up."""
    own = select(Station.id).where(Station.register_id == register.id)
    if wanted is not None:
        own = own.where(Station.id == func.any(wanted))
    lines, _ = list_lines(session, Choice(Basis.DIVISION, own), place=None, wish=wish)
    rows = session.execute(select(Station.code, Station.id).where(Station.register_id == register.id))
    ids = {code: station for code, station in rows}
    return {ids[line.code]: line for line in lines if line.code in ids}


def _list_fitting(session: Session, register: RegisterState, sex: Sex) -> frozenset[int]:
    fitting = select(Station.id).where(Station.register_id == register.id)
    if sex is not Sex.ANY:
        fitting = fitting.join(Branch, Branch.station_id == Station.id).where(Branch.sex.in_((str(Sex.ANY), str(sex))))
    return frozenset(session.scalars(fitting.distinct()))


def _load_catchments(session: Session, register: RegisterState) -> dict[int, Ids]:
    rows = session.execute(
        select(Catchment.division_id, Catchment.station_id)
        .join(Station, Station.id == Catchment.station_id)
        .where(Station.register_id == register.id)
        .order_by(Catchment.division_id, Catchment.station_id)
    )
    return _gather(rows)


def load_seats(session: Session, register: RegisterState) -> Seats:
    """Load the constituencies with their divisions."""
    rows = session.execute(
        select(Constituency.id, Constituency.body, Constituency.code, Constituency.name, Constituency.seats).where(
            Constituency.register_id == register.id
        )
    )
    lines = {row.id: ConstituencyLine(row.body, row.code, row.name, row.seats) for row in rows}
    members = session.execute(
        select(ConstituencyDivision.constituency_id, ConstituencyDivision.division_id)
        .join(Constituency, Constituency.id == ConstituencyDivision.constituency_id)
        .where(Constituency.register_id == register.id)
    )
    return Seats(lines, _gather(members))


def _gather(pairs: Iterable[Sequence[int]]) -> dict[int, Ids]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, member in pairs:
        found[key].append(member)
    return {key: tuple(members) for key, members in found.items()}
