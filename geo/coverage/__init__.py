"""Find where the polygons of one level overlap, leave gaps, miss each other's vertices or leave their parents.

`audit_coverage` is the whole of it; `guess_parents` helps where a file names no parents. `move_ground`, `cut_ground`
and `join_ground` change boundaries edge by edge, so that whatever was tiled stays tiled.
"""

from geo.coverage.audit import audit_coverage
from geo.coverage.cuts import Cut, Side, cut_ground
from geo.coverage.findings import Audit, Balance, Finding, FindingKind, Severity, Tolerances, rank_kind
from geo.coverage.fingerprints import make_fingerprint
from geo.coverage.ground_moves import GroundMove, MovedGround, MovedPiece, move_ground
from geo.coverage.joins import join_ground
from geo.coverage.measures import ToLonLat, measure_area, measure_many
from geo.coverage.nesting import Parents, guess_parents
from geo.coverage.sheets import Sheet

__all__ = [
    "Audit",
    "Balance",
    "Cut",
    "Finding",
    "FindingKind",
    "GroundMove",
    "MovedGround",
    "MovedPiece",
    "Parents",
    "Severity",
    "Sheet",
    "Side",
    "ToLonLat",
    "Tolerances",
    "audit_coverage",
    "cut_ground",
    "guess_parents",
    "join_ground",
    "make_fingerprint",
    "measure_area",
    "measure_many",
    "move_ground",
    "rank_kind",
]
