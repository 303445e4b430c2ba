"""Work out what follows from a change: the ground, people and places that move, boundaries and codes, in a ledger."""

from geo.register.consequences.book import Book, make_party
from geo.register.consequences.keeping import make_public, read_ledger, settle_keys, turn_round
from geo.register.consequences.ledger import (
    CatchmentRow,
    CodeRow,
    ComplaintRow,
    ConstituencyRow,
    CouncilRow,
    DisputeRow,
    FindingRow,
    GroundRow,
    Ledger,
    LineRow,
    Party,
    PlaceRow,
    StationRow,
)
from geo.register.consequences.people import Headcount, People, count_shift, move_people
from geo.register.consequences.turns import Shift, Turn, find_above, find_shifts, make_turn

__all__ = [
    "Book",
    "CatchmentRow",
    "CodeRow",
    "ComplaintRow",
    "ConstituencyRow",
    "CouncilRow",
    "DisputeRow",
    "FindingRow",
    "GroundRow",
    "Headcount",
    "Ledger",
    "LineRow",
    "Party",
    "People",
    "PlaceRow",
    "Shift",
    "StationRow",
    "Turn",
    "count_shift",
    "find_above",
    "find_shifts",
    "make_party",
    "make_public",
    "make_turn",
    "move_people",
    "read_ledger",
    "settle_keys",
    "turn_round",
]
