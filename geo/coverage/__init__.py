"""Find where the polygons of one level overlap, leave gaps, miss each other's vertices or leave their parents.

`audit_coverage` is the whole of it; `guess_parents` helps where a file names no parents.
"""

from geo.coverage.audit import audit_coverage
from geo.coverage.findings import Audit, Balance, Finding, FindingKind, Severity, Tolerances, rank_kind
from geo.coverage.fingerprints import make_fingerprint
from geo.coverage.measures import ToLonLat, measure_area, measure_many
from geo.coverage.nesting import Parents, guess_parents

__all__ = [
    "Audit",
    "Balance",
    "Finding",
    "FindingKind",
    "Parents",
    "Severity",
    "ToLonLat",
    "Tolerances",
    "audit_coverage",
    "guess_parents",
    "make_fingerprint",
    "measure_area",
    "measure_many",
    "rank_kind",
]
