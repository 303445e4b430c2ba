"""Share the seats of a body among units, by exact arithmetic that can be shown step by step."""

from geo.apportionment.bands import SeatBand, seat_by_bands
from geo.apportionment.decimals import write_fraction, write_root
from geo.apportionment.methods import CHOICES, Method, find_method, is_squared
from geo.apportionment.rules import Reserve, SeatRule
from geo.apportionment.seats import apportion
from geo.apportionment.trace import Apportionment, Award, BandLine, QuotaLine, QuotaRound, Tie, UnitSeats
from geo.apportionment.units import MOST_PEOPLE, MOST_SEATS, SeatUnit, check_unit

__all__ = [
    "CHOICES",
    "MOST_PEOPLE",
    "MOST_SEATS",
    "Apportionment",
    "Award",
    "BandLine",
    "Method",
    "QuotaLine",
    "QuotaRound",
    "Reserve",
    "SeatBand",
    "SeatRule",
    "SeatUnit",
    "Tie",
    "UnitSeats",
    "apportion",
    "check_unit",
    "find_method",
    "is_squared",
    "seat_by_bands",
    "write_fraction",
    "write_root",
]
