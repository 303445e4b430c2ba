"""Say what the control against decrees can find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from geo.coverage import Severity, make_fingerprint
from geo.register.divisions import Division


class DecreeFindingKind(StrEnum):
    """Name the kinds of finding, as they are exchanged."""

    PLACE_ELSEWHERE = "place_elsewhere"
    """A place stands under another division than the decree says, or lies on another's ground."""
    LINE_OFF = "line_off"
    """A described line is farther from the boundary than its accuracy."""
    MARKER_OFF = "marker_off"
    """A boundary marker is farther from the boundary than its accuracy."""
    NO_BOUNDARY = "no_boundary"
    """A division that a decree describes has no boundary on the day."""
    UNKNOWN_SHEET = "unknown_sheet"
    """A decree refers to a map sheet that nobody has recorded."""
    UNUSED_DECREE = "unused_decree"
    """A decree is in force, and no change was applied under it."""
    EARLY_CHANGE = "early_change"
    """A change holds from a day on which its decree was not yet in force."""
    UNDECREED_CHANGE = "undecreed_change"
    """A division has another boundary or another parent than before, and no change says why."""


SEVERITIES = {
    DecreeFindingKind.UNKNOWN_SHEET: Severity.NOTICE,
    DecreeFindingKind.UNUSED_DECREE: Severity.WARNING,
    DecreeFindingKind.NO_BOUNDARY: Severity.WARNING,
}
"""How grave a kind is; the others are errors."""

Measure = str | int | float | None
"""A plain value that explains a finding."""

Detail = dict[str, Measure]


@dataclass(frozen=True)
class DecreeFinding:
    """Hold one place where the register and a decree differ."""

    kind: DecreeFindingKind
    """What differs."""
    decree: int | None
    """The decree; None for a change that has none."""
    divisions: tuple[Division, ...]
    """The divisions concerned."""
    geometry: BaseGeometry | None = None
    """Where it is: the stretch of a line, a marker, a place."""
    point: tuple[float, float] | None = None
    """Longitude and latitude of the worst spot."""
    distance_m: float | None = None
    """How far off it is at most."""
    accuracy_m: float | None = None
    """How far off it may be."""
    length_m: float | None = None
    """How long the stretch is that is off."""
    detail: Mapping[str, Measure] = field(default_factory=dict)
    """Plain values that explain it."""

    @property
    def severity(self) -> Severity:
        """Give how grave it is."""
        return SEVERITIES.get(self.kind, Severity.ERROR)

    @property
    def fingerprint(self) -> str:
        """Give its lasting name: what it is, under which decree, whose and where."""
        about = [str(self.detail.get(name, "")) for name in ("number", "change", "place", "sheet", "of")]
        owners = [f"decree:{self.decree}", *about, *(f"{one.level}:{one.code}" for one in self.divisions)]
        return make_fingerprint(str(self.kind), owners, self.point)


def sort_findings(findings: Sequence[DecreeFinding]) -> tuple[DecreeFinding, ...]:
    """Sort findings by gravity, kind, decree and name, so that the same register gives the same list."""
    return tuple(sorted(findings, key=_rank))


def _rank(one: DecreeFinding) -> tuple[int, int, int, float, str]:
    kind = list(DecreeFindingKind).index(one.kind)
    return list(Severity).index(one.severity), kind, one.decree or 0, -(one.distance_m or 0.0), one.fingerprint
