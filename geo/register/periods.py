"""Hold stretches of days, half-open: the first day belongs, the last does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.errors import InvalidPeriod


@dataclass(frozen=True)
class Period:
    """Hold the days from `start` up to but without `end`."""

    start: date | None = None
    """The first day; None when it began before anything known."""
    end: date | None = None
    """The first day after it; None when it goes on."""

    def __post_init__(self) -> None:
        """Refuse a period without a day in it."""
        if self.end is not None and self.end <= self._first:
            raise InvalidPeriod(start=self.start, end=self.end)

    @property
    def is_open(self) -> bool:
        """Tell whether it goes on."""
        return self.end is None

    def contains(self, day: date) -> bool:
        """Tell whether a day belongs to it."""
        return self._first <= day and (self.end is None or day < self.end)

    def covers(self, other: Period) -> bool:
        """Tell whether every day of the other belongs to it."""
        return self._first <= other._first and self._reaches(other)

    def overlaps(self, other: Period) -> bool:
        """Tell whether some day belongs to both."""
        return self._begins_before_end(other) and other._begins_before_end(self)

    def intersect(self, other: Period) -> Period | None:
        """Give the days that belong to both, if any."""
        if not self.overlaps(other):
            return None
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(starts, default=None), min(ends, default=None))

    def meets(self, other: Period) -> bool:
        """Tell whether the other begins on the very day this one ends."""
        return self.end is not None and self.end == other.start

    def split(self, day: date) -> tuple[Period, Period]:
        """Cut it in two at a day inside it, which becomes the first of the second."""
        return Period(self.start, day), Period(day, self.end)

    # An unbounded start sorts before every day, so date.min stands for it in comparisons.
    @property
    def _first(self) -> date:
        return self.start or date.min

    def _reaches(self, other: Period) -> bool:
        return self.end is None or (other.end is not None and other.end <= self.end)

    def _begins_before_end(self, other: Period) -> bool:
        return other.end is None or self._first < other.end


ALWAYS = Period()
"""The period of everything."""
