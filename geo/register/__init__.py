"""Hold the register's values: country packs with levels and code schemes, codes, names, dates and periods."""

from geo.register.bodies import Body
from geo.register.calendars import format_date, from_jalali, parse_date, to_jalali
from geo.register.codes import (
    CodeOption,
    RestoredCode,
    check_code,
    levels_of,
    parent_code,
    restore_zeros,
    segment_of,
)
from geo.register.countries import Attribution, Bounds, Category, CountryPack, PackTolerances
from geo.register.digits import format_number, from_digits, to_digits
from geo.register.levels import GeometryKind, Level, Partition
from geo.register.names import detect_script, find_mixed_letters, pashto_key, search_key, tokens
from geo.register.packs import list_countries, load_pack, read_pack
from geo.register.periods import ALWAYS, Period
from geo.register.schemes import CodeRule, Scheme
from geo.register.translations import Names

__all__ = [
    "ALWAYS",
    "Attribution",
    "Body",
    "Bounds",
    "Category",
    "CodeOption",
    "CodeRule",
    "CountryPack",
    "GeometryKind",
    "Level",
    "Names",
    "PackTolerances",
    "Partition",
    "Period",
    "RestoredCode",
    "Scheme",
    "check_code",
    "detect_script",
    "find_mixed_letters",
    "format_date",
    "format_number",
    "from_digits",
    "from_jalali",
    "levels_of",
    "list_countries",
    "load_pack",
    "parent_code",
    "parse_date",
    "pashto_key",
    "read_pack",
    "restore_zeros",
    "search_key",
    "segment_of",
    "to_digits",
    "to_jalali",
    "tokens",
]
