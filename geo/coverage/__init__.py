"""Find where the polygons of one level overlap, leave gaps, miss each other's vertices or leave their parents.

`audit_coverage` is the whole of it; `guess_parents` helps where a file names no parents. `move_ground`, `cut_ground`
and `join_ground` change boundaries edge by edge, so that whatever was tiled stays tiled;
`lay_face`, the options on it and `settle_face` do the same for ground that several divisions have, or none;
`list_ways` tells all options, `list_cautions` what speaks against any without a look, `find_conflicts` who stands in
whose way.
"""

from geo.coverage.audit import audit_coverage
from geo.coverage.cautions import list_cautions
from geo.coverage.conflicts import Conflict, ConflictKind, find_conflicts
from geo.coverage.cuts import Cut, Side, cut_ground
from geo.coverage.disputed_faces import DisputedFace, lay_face
from geo.coverage.findings import Audit, Balance, Finding, FindingKind, Severity, Tolerances, rank_kind
from geo.coverage.fingerprints import keep_names, make_fingerprint
from geo.coverage.ground_moves import GroundMove, MovedGround, MovedPiece, move_ground
from geo.coverage.joins import join_ground
from geo.coverage.measures import ToLonLat, measure_area, measure_many
from geo.coverage.nesting import Parents, guess_parents
from geo.coverage.options import (
    Option,
    OptionKind,
    Share,
    adopt_line,
    declare_void,
    draw_shares,
    follow_line,
    follow_majority,
    follow_medial,
    follow_older,
    leave_open,
)
from geo.coverage.settlements import DecidedFace, SettledFaces, settle_face, settle_faces
from geo.coverage.sheets import Sheet
from geo.coverage.ways import DrawnLine, Knowledge, ReferenceLine, Way, list_ways

__all__ = [
    "Audit",
    "Balance",
    "Conflict",
    "ConflictKind",
    "Cut",
    "DecidedFace",
    "DisputedFace",
    "DrawnLine",
    "Finding",
    "FindingKind",
    "GroundMove",
    "Knowledge",
    "MovedGround",
    "MovedPiece",
    "Option",
    "OptionKind",
    "Parents",
    "ReferenceLine",
    "SettledFaces",
    "Severity",
    "Share",
    "Sheet",
    "Side",
    "ToLonLat",
    "Tolerances",
    "Way",
    "adopt_line",
    "audit_coverage",
    "cut_ground",
    "declare_void",
    "draw_shares",
    "find_conflicts",
    "follow_line",
    "follow_majority",
    "follow_medial",
    "follow_older",
    "guess_parents",
    "join_ground",
    "keep_names",
    "lay_face",
    "leave_open",
    "list_cautions",
    "list_ways",
    "make_fingerprint",
    "measure_area",
    "measure_many",
    "move_ground",
    "rank_kind",
    "settle_face",
    "settle_faces",
]
