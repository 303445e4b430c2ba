"""Give the use cases a small country to work on, drawn as letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, Point, Polygon
from sqlalchemy import func, insert, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.register.changes import DivisionState
from geo.register.changes.effects import list_held
from geo.register.names import search_key
from services.queries import RegisterState, get_register
from services.register.writing import Entry, open_writer, write_facts
from services.tables.changes import Change, Decree, Lineage
from services.tables.register import Boundary, Code, Division, Name, Population, Position, Register, Standing

ALWAYS: Range[date] = Range(None, None)
numbers = count(1)


class CountryBuilder:
    """Put divisions into a fresh register of the Algerian pack, whose codes are free of parents."""

    def __init__(self, session: Session, country: str = "dz") -> None:
        self.session = session
        name = f"drawn-{next(numbers)}"
        session.execute(insert(Register).values(name=name, country=country))
        self.register = get_register(session, name)
        self.ids: dict[str, int] = {}

    def add(
        self,
        code: str,
        level: str,
        *,
        parent: str | None = None,
        ground: Polygon | MultiPolygon | None = None,
        position: Point | None = None,
        name: str | None = None,
        people: int | None = None,
        valid: Range[date] = ALWAYS,
    ) -> int:
        """Add one division with all that is told about it."""
        key = self.session.scalar(insert(Division).values(register_id=self.register.id).returning(Division.id))
        self.ids[code] = key
        scheme = self.register.pack.primary_scheme(level)
        facts = {"division_id": key, "valid": valid}
        self._put(Standing, level=level, parent_id=self.ids.get(parent or ""), **facts)
        self._put(Code, register_id=self.register.id, scheme=scheme.key, version=scheme.version, code=code, **facts)
        self._put(Name, language="fr", text=name or code, key=search_key(name or code), **facts)
        if ground is not None:
            parts = ground if isinstance(ground, MultiPolygon) else MultiPolygon([ground])
            self._put(Boundary, geom=from_shape(parts, srid=4326), area_m2=1e8, digest=code, **facts)
        if position is not None:
            self._put(Position, geom=from_shape(position, srid=4326), **facts)
        if people is not None:
            self._put(Population, division_id=key, source="census", people=people)
        return int(key)

    def _put(self, table: type, **values: object) -> None:
        self.session.execute(insert(table).values(**values))

    def draw(self, drawing: str, level: str, *, parents: Mapping[str, str] | None = None, people: int = 10_000) -> None:
        """Add a division of one level for every letter of a drawing."""
        for letter, ground in draw(drawing).items():
            self.add(letter, level, parent=(parents or {}).get(letter), ground=ground, people=people)


@pytest.fixture
def build(session: Session) -> Callable[..., CountryBuilder]:
    """Start an empty country."""
    return lambda country="dz": CountryBuilder(session, country)


@pytest.fixture
def build_in() -> Callable[..., CountryBuilder]:
    """Start an empty country in a session of the test's own."""
    return CountryBuilder


@pytest.fixture
def country(build: Callable[..., CountryBuilder]) -> CountryBuilder:
    """Draw two wilayas of one and two dairas with four communes: X has A and B, Y has C and D."""
    drawn = build()
    drawn.draw("XXYY\nXXYY", "wilaya")
    drawn.draw("PPQR\nPPQR", "daira", parents={"P": "X", "Q": "Y", "R": "Y"})
    drawn.draw("ABCD\nABCD", "commune", parents={"A": "P", "B": "P", "C": "Q", "D": "R"})
    return drawn


@pytest.fixture
def register(country: CountryBuilder) -> RegisterState:
    """Name the drawn register."""
    return country.register


class Chronicler:
    """Write decrees, changes and what they do straight into the store of a drawn country."""

    def __init__(self, country: CountryBuilder) -> None:
        self.country = country
        self.session = country.session

    def change(
        self, kind: str, day: date, predecessors: str, successors: str, *, undoes: int | None = None, number: str = ""
    ) -> int:
        """Record an applied change with its decree; divisions are told by their letters."""
        register = self.country.register.id
        act = {"number": number or f"{kind}-{day:%Y}", "issuer": "cabinet", "signed_on": day, "in_force_from": day}
        decree = self._put(Decree, register_id=register, recorded_by="tests", **act)
        told = {"kind": kind, "effective_on": day, "body": {}, "drafted_by": "tests", "undoes": undoes}
        change = self._put(
            Change, register_id=register, decree_id=decree, state="applied", applied_at=func.clock_timestamp(), **told
        )
        for role, letters in (("predecessor", predecessors), ("successor", successors)):
            for letter in letters:
                values = {"change_id": change, "role": role, "division_id": self.country.ids[letter]}
                self.session.execute(insert(Lineage).values(**values))
        return change

    def _put(self, table: type, **values: object) -> int:
        return int(self.session.scalar(insert(table).values(**values).returning(table.id)))

    def end(self, table: type, letter: str, day: date) -> None:
        """Let the facts of a division that hold on a day end on it."""
        own = (table.division_id == self.country.ids[letter], table.valid.contains(day))
        self.session.execute(update(table).where(*own).values(valid=func.daterange(func.lower(table.valid), day)))

    def say(self, table: type, letter: str, day: date, *, change: int | None = None, **values: object) -> None:
        """Let something else hold of a division from a day on."""
        self.end(table, letter, day)
        own = {"division_id": self.country.ids[letter], "valid": Range(day, None), "change_id": change}
        self.session.execute(insert(table).values(**own, **values))

    def draw(self, letter: str, day: date, ground: Polygon, *, change: int | None = None) -> None:
        """Give a division another ground from a day on."""
        shape = from_shape(MultiPolygon([ground]), srid=4326)
        self.say(Boundary, letter, day, change=change, geom=shape, area_m2=5e7, digest=f"{letter}{day}")


@pytest.fixture
def chronicler(country: CountryBuilder) -> Chronicler:
    """Give the way to let time pass over the drawn country."""
    return Chronicler(country)


@pytest.fixture
def story(chronicler: Chronicler) -> Chronicler:
    """Split daira P into P and N in 2019, rename commune A in 2020, and merge N into daira Q in 2021."""
    country = chronicler.country
    parts = draw("ABCD\nABCD")
    first, second, third = (date(year, 1, 1) for year in (2019, 2020, 2021))
    country.add("N", "daira", parent="X", ground=parts["B"], valid=Range(first, None))
    split = chronicler.change("split", first, "P", "PN", number="57/1")
    chronicler.say(Standing, "B", first, change=split, level="commune", parent_id=country.ids["N"])
    chronicler.draw("P", first, parts["A"], change=split)
    rename = chronicler.change("rename", second, "A", "A")
    chronicler.say(Name, "A", second, change=rename, language="fr", text="Zohra", key=search_key("Zohra"))
    merge = chronicler.change("merge", third, "NQ", "Q")
    chronicler.say(Standing, "B", third, change=merge, level="commune", parent_id=country.ids["Q"])
    for table in (Standing, Code, Name, Boundary):
        chronicler.end(table, "N", third)
    joined = parts["B"].union(parts["C"])
    chronicler.draw("Q", third, joined, change=merge)
    return chronicler


@pytest.fixture(scope="session")
def store_states() -> Callable[..., RegisterState]:
    """Store invented divisions as an import would, without a date."""

    def store(session: Session, states: Mapping[int, DivisionState], name: str = "drawn") -> RegisterState:
        session.execute(insert(Register).values(name=name, country="ir", version=1))
        register = get_register(session, name)
        planned = {key: -number for number, key in enumerate(sorted(states), start=1)}
        entry = Entry(register, None, date(2020, 1, 1), is_dated=False)
        with open_writer(session, entry, sorted(planned.values(), reverse=True)) as writer:
            for key in sorted(states):
                state = replace(states[key], id=planned[key], parent=planned.get(states[key].parent or 0))
                write_facts(writer, list_held(state))
        return register

    return store
