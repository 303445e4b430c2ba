"""Give the use cases a small country to work on, drawn as letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count

import pytest
from geoalchemy2.shape import from_shape
from shapely import MultiPolygon, Point, Polygon
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.register.names import search_key
from services.queries import RegisterState, get_register
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
