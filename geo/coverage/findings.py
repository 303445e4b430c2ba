"""Say what the audit of a coverage can find, how it is measured and when it is certain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum
from types import MappingProxyType

from shapely.geometry.base import BaseGeometry

Detail = bool | int | float | str | None
"""A plain value that explains a finding."""

NO_DETAIL: Mapping[str, Detail] = MappingProxyType({})
"""The detail of a finding that needs no explanation."""


class FindingKind(StrEnum):
    """Name the kinds of finding, as they are stored and exchanged."""

    OVERLAP = "overlap"
    GAP = "gap"
    UNMATCHED_VERTEX = "unmatched_vertex"
    MISFIT = "misfit"
    DETACHED_PART = "detached_part"
    TWIN = "twin"
    INVALID = "invalid"
    MISSING_BOUNDARY = "missing_boundary"
    STRAY_PLACE = "stray_place"
    CODE_CLASH = "code_clash"
    BROKEN_NESTING = "broken_nesting"
    ORPHAN = "orphan"
    NAME_CLASH = "name_clash"
    MISSING_NAME = "missing_name"
    MISSING_CENTRE = "missing_centre"
    STRAY_CENTRE = "stray_centre"
    STRAY_MARKER = "stray_marker"


class Severity(StrEnum):
    """Rank findings: an error changes whose ground it is, a warning may, a notice is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


_MILD = {
    FindingKind.UNMATCHED_VERTEX: Severity.WARNING,
    FindingKind.NAME_CLASH: Severity.WARNING,
    FindingKind.MISSING_NAME: Severity.WARNING,
    FindingKind.MISSING_CENTRE: Severity.WARNING,
    FindingKind.DETACHED_PART: Severity.NOTICE,
}


def rank_kind(kind: FindingKind) -> Severity:
    """Give the severity of a kind of finding."""
    return _MILD.get(kind, Severity.ERROR)


@dataclass(frozen=True)
class Tolerances:
    """Say from what size on a defect is reported, in metres on the ground."""

    report_area_m2: float = 0.1
    """Faces below this area are not reported."""
    vertex_width_m: float = 0.002
    """A vertex closer than this to a neighbour's edge lies on it."""
    sliver_width_m: float = 50.0
    """Faces whose largest inscribed circle is no wider are slivers."""
    sliver_compactness: float = 0.3
    """Faces whose Polsby-Popper compactness is no higher are slivers."""


@dataclass(frozen=True)
class Finding:
    """Hold one defect the audit found."""

    kind: FindingKind
    """What is wrong."""
    severity: Severity
    """How grave the kind is."""
    divisions: tuple[str, ...]
    """The keys of the divisions concerned, sorted; a key stands twice when two of its rows clash."""
    geometry: BaseGeometry | None
    """Where it is, in EPSG:4326; None when the defect has no place."""
    area_m2: float | None = None
    """Geodesic area of the geometry."""
    length_m: float | None = None
    """Geodesic length of the geometry's border."""
    width_m: float | None = None
    """Diameter of the largest inscribed circle."""
    point: tuple[float, float] | None = None
    """Longitude and latitude of a point inside."""
    fingerprint: str = ""
    """The lasting name of the defect: the same when the audit runs again."""
    detail: Mapping[str, Detail] = field(default_factory=dict)
    """Plain values that explain the finding."""


@dataclass(frozen=True)
class Balance:
    """Hold the certificate: the ground of the faces against the ground of the polygons, in the file's own units."""

    polygons: float = 0.0
    """Sum of the areas of the polygons."""
    difference: float = 0.0
    """Largest difference between a sum over faces of cover times area and the sum over polygons."""
    allowed: float = 0.0
    """The difference up to which the balance counts as closed."""
    is_closed: bool = True
    """Whether the residual edges form closed chains, so that no two unlike edges cancelled."""
    residual_edges: int = 0
    """How many ring edges have no counterpart."""
    faces: int = 0
    """How many faces the residual edges enclose."""
    undecided: int = 0
    """How many faces or polygons could not be decided."""
    is_plain: bool = True
    """Whether the borders were taken as drawn, not moved onto a grid far below a millimetre."""

    @property
    def is_certain(self) -> bool:
        """Tell whether nothing can have been missed."""
        return self.is_closed and self.undecided == 0 and self.difference <= self.allowed


@dataclass(frozen=True)
class Audit:
    """Hold the result of one audit; without its certificate it is never clean."""

    certified: bool
    """Whether the balance proves that no face was missed."""
    findings: tuple[Finding, ...]
    """What was found, by kind, divisions and position."""
    polygons: int
    """How many rows were audited."""
    vertices: int
    """How many vertices their rings have."""
    balance: Balance = Balance()
    """The figures behind the certificate."""

    @property
    def counts(self) -> dict[str, int]:
        """Count the findings of each kind."""
        return dict(sorted(Counter(finding.kind.value for finding in self.findings).items()))

    @property
    def area_m2(self) -> dict[str, float]:
        """Sum the area of the findings of each kind that has one."""
        kinds = sorted({f.kind.value for f in self.findings if f.area_m2 is not None})
        return {kind: fsum(f.area_m2 or 0.0 for f in self.findings if f.kind.value == kind) for kind in kinds}

    @property
    def is_clean(self) -> bool:
        """Tell whether the audit is certified and found nothing graver than a notice."""
        return self.certified and all(finding.severity is Severity.NOTICE for finding in self.findings)
