"""Keep in every worker a snapshot of each register that is asked about, never older than a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from geo.errors import TaqsimatError
from services.database.engine import open_session
from services.elections.snapshot import Snapshot
from services.elections.snapshot_changes import Moment, list_changes, read_entry, read_moment
from services.elections.snapshot_loading import count_stations, load_ground, load_seats, load_sites, reload_sites
from services.queries import get_register
from services.traces import note_mistake

PAUSE_S, LONGEST_PAUSE_S = 0.25, 0.6
"""How long a worker waits before it looks again whether anything was written, and at most when looking is slow."""

MOST_REGISTERS = 8
"""So many registers are kept at most; the others are answered from the store."""


@dataclass(frozen=True)
class Kept:
    """Hold a snapshot with the moment it is of."""

    snapshot: Snapshot
    """The snapshot."""
    moment: Moment
    """What it has seen."""


def today() -> date:
    """Give the present day in UTC."""
    return datetime.now(UTC).date()


class Keeper:
    """Hand out snapshots at once or not at all, and renew them in a thread of its own."""

    def __init__(self, engine: Engine, folder: Path, *, clock: Callable[[], date] = today) -> None:
        self.engine, self.folder, self.clock = engine, folder, clock
        self._kept: dict[str, Kept] = {}
        self._wanted: dict[str, None] = {}
        self._lock, self._stop = Lock(), Event()
        self._thread: Thread | None = None

    def find(self, register: str) -> Snapshot | None:
        """Find the snapshot of a register as it is today; what is not there yet will be soon."""
        kept = self._kept.get(register)
        if kept is not None and kept.snapshot.day == self.clock():
            return kept.snapshot
        if self._thread is not None and register not in self._wanted and len(self._wanted) < MOST_REGISTERS:
            self._wanted[register] = None
        return None

    def start(self) -> None:
        """Begin to keep snapshots."""
        self._thread = Thread(target=self._watch, name="snapshots", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, after what is being loaded."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._stop.clear()

    def __enter__(self) -> Self:
        """Begin to keep snapshots."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def renew(self, *registers: str) -> None:
        """Look once whether anything was written, and renew what has changed."""
        for register in registers:
            self._wanted.setdefault(register)
        with self._lock, open_session(self.engine) as session:
            entry, day = read_entry(session), self.clock()
            for register in list(self._wanted):
                kept = self._kept.get(register)
                if kept is None or kept.moment.entry != entry or kept.snapshot.day != day:
                    self._renew_one(session, register, day)

    def _watch(self) -> None:
        took_s = 0.0
        # many writes a second must not keep a worker from its work
        while not self._stop.wait(min(max(PAUSE_S, 2 * took_s), LONGEST_PAUSE_S)):
            start = monotonic()
            try:
                self.renew()
            except (TaqsimatError, SQLAlchemyError, OSError) as error:
                # the store answers as long as there is no snapshot
                note_mistake(error, where="snapshots")
                self._kept.clear()
            took_s = monotonic() - start

    def _renew_one(self, session: Session, name: str, day: date) -> None:
        moment, kept = read_moment(session), self._kept.get(name)
        try:
            state = get_register(session, name)
        except TaqsimatError:
            self._wanted.pop(name, None)
            self._kept.pop(name, None)
            return
        if kept is None or kept.snapshot.day != day or kept.snapshot.register.id != state.id:
            self._kept.pop(name, None)
            ground, sites = load_ground(session, state, day, folder=self.folder), load_sites(session, state, day)
            snapshot = Snapshot(state, day, ground, sites, load_seats(session, state))
            snapshot.warm_up()
            self._kept[name] = Kept(snapshot, moment)
            return
        changes, old = list_changes(session, kept.moment), kept.snapshot
        if not changes and count_stations(session, state) == len(old.sites.homes):
            self._kept[name] = Kept(old, moment)
            return
        if changes.ground:
            # a boundary that was moved is not answered from what it was before
            self._kept.pop(name)
        ground = load_ground(session, state, day, folder=self.folder) if changes.ground else old.ground
        sites = reload_sites(session, state, day, known=old.sites, changed=changes.stations)
        seats = load_seats(session, state) if changes.seats else old.seats
        self._kept[name] = Kept(Snapshot(state, day, ground, sites, seats), moment)
