"""Read the rows of a file as polling stations with their branches, and say what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from shapely import Point

from geo.elections.stations import Branch, Sex, Station, Visibility
from geo.errors import UnknownColumn, because
from geo.register.countries import Bounds
from geo.register.digits import from_digits
from geo.register.names import find_mixed_letters
from geo.register.problems import Problem, Weight, shorten
from geo.register.rows import Rows

FIELDS = (
    *("code", "name", "division", "lon", "lat", "male", "female", "any", "mobile"),
    *("capacity", "opens", "closes", "accessible", "visibility"),
)
"""What a column may give; several columns may be named for `name`, of which the first that says something counts."""

COUNTS = {"male": Sex.MALE, "female": Sex.FEMALE, "any": Sex.ANY}
"""The fields that count branches."""

MOST_BRANCHES = 200
"""No site has more branches."""

MOST_CAPACITY = 100_000
LONGEST_CODE, LONGEST_NAME = 100, 500
YES = ("yes", "true", "1", "بلی", "بله", "دارد")
NO = ("no", "false", "0", "نه", "خیر", "ندارد")


@dataclass(frozen=True)
class StationMapping:
    """Hold which columns give which field, and what no column says."""

    columns: Mapping[str, tuple[str, ...]]
    """Columns by field, the first that says something counts; `code` must be there."""
    opens: time = time(8)
    """When branches open, where no column says so."""
    closes: time = time(18)
    """When branches close, where no column says so."""
    capacity: int = 0
    """What a branch is prepared for, where no column says so; 0 is not known."""

    def check(self, columns: Sequence[str]) -> None:
        """Refuse columns that the file does not have."""
        for name in (column for found in self.columns.values() for column in found):
            if name not in columns:
                raise UnknownColumn(column=name, columns=tuple(columns))


@dataclass(frozen=True)
class BranchRow:
    """Hold one branch that a file of branches names."""

    number: str
    """Its number in its station."""
    sex: Sex
    """Who votes there."""


@dataclass
class StationReader:
    """Read the rows of one file under one mapping; what is wrong is collected in `problems`."""

    mapping: StationMapping
    """Which column gives what."""
    bounds: Bounds
    """The frame of the country."""
    layer: str
    """What problems call the file."""
    rows: Rows
    """The rows."""
    branches: Mapping[str, Sequence[BranchRow]] = field(default_factory=dict)
    """The branches of a file of their own, by station."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong."""
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _refused: int = 0

    def read(self) -> list[Station | None]:
        """Read every row as a station; None where it was refused."""
        found = [self._read_row(index) for index in range(len(self.rows))]
        seen: dict[str, int] = {}
        for index, station in enumerate(found):
            if station is not None and seen.setdefault(station.code, index) != index:
                # nothing says which of two rows with one code is right
                self._tell(index, "code", "station_twice", first=self.rows.numbers[seen[station.code]])
                found[index] = None
        return found

    def _read_row(self, index: int) -> Station | None:
        before = self._refused
        code, name, point = self._read_code(index), self._read_name(index), self._read_point(index)
        branches = tuple(self._read_branches(index, code))
        visibility = self._read_visibility(index)
        if code is None or self._refused > before:
            return None
        return Station(
            code=code,
            name=name or code,
            point=point or Point(),
            division_code=self._cell(index, "division"),
            visibility=visibility,
            synthetic=False,
            branches=branches,
        )

    def _cell(self, index: int, name: str) -> str:
        """Give what the first column of a field that says something holds."""
        for column in self.mapping.columns.get(name, ()):
            if column not in self._texts:
                self._texts[column] = self.rows.read_texts(column)
            if self._texts[column][index]:
                return self._texts[column][index]
        return ""

    def _tell(self, index: int, name: str, rule: str, weight: Weight = Weight.REFUSED, **params: object) -> None:
        value = shorten(self._cell(index, name))
        row = self.rows.numbers[index]
        self._refused += weight is Weight.REFUSED
        self.problems.append(Problem(self.layer, row, name, rule, weight, because(rule, **params), value))

    def _read_code(self, index: int) -> str | None:
        code = from_digits(self._cell(index, "code"))
        if not code:
            self._tell(index, "code", "station_no_code")
        elif len(code) > LONGEST_CODE or not code.isprintable() or any(letter.isspace() for letter in code):
            self._tell(index, "code", "station_bad_code", longest=LONGEST_CODE)
        else:
            return code
        return None

    def _read_name(self, index: int) -> str:
        name = self._cell(index, "name")
        first = self.mapping.columns.get("name", ())[:1]
        if first and not self._texts[first[0]][index]:
            self._tell(index, "name", "station_no_name", Weight.NOTED)
        if len(name) > LONGEST_NAME or "\0" in name:
            self._tell(index, "name", "station_bad_name", longest=LONGEST_NAME)
        elif find_mixed_letters(name):
            self._tell(index, "name", "station_foreign_letters", Weight.NOTED)
        return name

    def _read_point(self, index: int) -> Point | None:
        texts = self._cell(index, "lon"), self._cell(index, "lat")
        if texts == ("", ""):
            self._tell(index, "lon", "station_no_point", Weight.NOTED)
            return None
        try:
            lon, lat = (float(from_digits(text)) for text in texts)
        except ValueError:
            self._tell(index, "lon", "station_bad_point")
            return None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            self._tell(index, "lon", "station_bad_point")
        elif self.bounds.looks_swapped(lon, lat):
            self._tell(index, "lon", "station_swapped")
        else:
            if not self.bounds.has_point(lon, lat):
                # citizens abroad vote too, at embassies
                self._tell(index, "lon", "station_abroad", Weight.NOTED)
            return Point(lon, lat)
        return None

    def _read_branches(self, index: int, code: str | None) -> Iterator[Branch]:
        known = self.branches.get(code or "", ())
        own = [(row.number, row.sex) for row in known] if known else list(self._count_branches(index))
        opens, closes = (self._read_time(index, name) for name in ("opens", "closes"))
        capacity = self._read_number(index, "capacity", MOST_CAPACITY)
        for number, sex in own:
            yield Branch(
                number=number,
                sex=sex,
                mobile=self._read_flag(index, "mobile") is True,
                capacity=self.mapping.capacity if capacity is None else capacity,
                opens=opens,
                closes=closes,
                accessible=self._read_flag(index, "accessible"),
            )

    def _count_branches(self, index: int) -> Iterator[tuple[str, Sex]]:
        """Number the branches that are only counted: those of men, of women, then those for all."""
        number = 0
        for name, sex in COUNTS.items():
            for _ in range(self._read_number(index, name, MOST_BRANCHES) or 0):
                number += 1
                yield str(number), sex

    def _read_number(self, index: int, name: str, most: int) -> int | None:
        text = from_digits(self._cell(index, name)).removesuffix(".0")
        if not text:
            return None
        if not text.isdecimal() or len(text) > 9 or int(text) > most:
            self._tell(index, name, "station_bad_number", most=most)
            return None
        return int(text)

    def _read_time(self, index: int, name: str) -> time:
        text = from_digits(self._cell(index, name))
        default = self.mapping.opens if name == "opens" else self.mapping.closes
        try:
            return time.fromisoformat(text.zfill(5)) if text else default
        except ValueError:
            self._tell(index, name, "station_bad_time")
            return default

    def _read_flag(self, index: int, name: str) -> bool | None:
        text = from_digits(self._cell(index, name)).lower()
        if text in ("", *YES, *NO):
            return text in YES if text else None
        self._tell(index, name, "station_bad_flag", Weight.NOTED)
        return None

    def _read_visibility(self, index: int) -> Visibility:
        text = self._cell(index, "visibility").lower()
        if not text:
            return Visibility.PUBLIC
        if text not in tuple(Visibility):
            self._tell(index, "visibility", "station_bad_visibility", known=tuple(Visibility))
            return Visibility.WITHHELD
        return Visibility(text)


def read_sex(text: str) -> Sex | None:
    """Read whose branch it is, as lists write it; None where nobody can tell."""
    words = {
        Sex.MALE: ("m", "male", "men", "مرد", "مردانه", "ذکور"),
        Sex.FEMALE: ("f", "female", "women", "زن", "زنانه", "اناث"),
    }
    plain = text.strip().lower()
    found = next((sex for sex, known in words.items() if plain in known), None)
    return Sex.ANY if plain in ("", "any", "b", "both", "mixed", "مختلط") else found
