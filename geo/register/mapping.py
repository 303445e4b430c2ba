"""Say which column of a file gives which field of the register, as declared or as guessed from its header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.errors import InvalidMapping, UnknownColumn, because
from geo.register.countries import CountryPack
from geo.register.names import search_key

WORDS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "kod", "کد", "admcode", "divisioncode"),
    "level": ("level", "sath", "سطح", "نوع"),
    "parent": ("parentcode", "parent", "کدوالد", "والد"),
    "population": ("population", "pop", "people", "جمعیت"),
    "lon": ("lon", "long", "longitude", "lng", "x", "طول", "طولجغرافیایی"),
    "lat": ("lat", "latitude", "y", "عرض", "عرضجغرافیایی"),
    "wkt": ("wkt", "geomwkt", "geometrywkt"),
}
"""Words by which files call the fields, as search keys."""

GROUND_FIELDS = ("lon", "lat", "wkt")
"""The fields that together are a row's geometry."""

FIELDS = (*WORDS, "name", "codes")
"""The fields a mapping may name; `name.LANGUAGE` and `codes.SCHEME` have several."""


@dataclass(frozen=True)
class ColumnMapping:
    """Hold which column gives which field, and what no column says."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Column by field: `code`, `level`, `parent`, `name.fa`, `codes.osm`, `population`, `lon`, `lat`, `wkt`."""
    level: str | None = None
    """The level of every row, when no column says it."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """What the level column writes for which level, beyond the words of the pack."""
    scheme: str | None = None
    """The scheme of the code column; None is the level's primary scheme."""
    parent_scheme: str | None = None
    """The scheme of the parent column; None is the primary scheme of the parent's level."""
    parent_by_position: bool = False
    """Whether a row without a parent code goes under the division that holds most of its ground."""
    population_source: str = "-"
    """Who counted the people and when."""

    @property
    def languages(self) -> tuple[str, ...]:
        """List the languages with a name column."""
        return tuple(key.partition(".")[2] for key in self.columns if key.startswith("name."))

    @property
    def other_schemes(self) -> tuple[str, ...]:
        """List the schemes with a code column beside the one that rows are matched by."""
        return tuple(key.partition(".")[2] for key in self.columns if key.startswith("codes."))


def check_mapping(mapping: ColumnMapping, pack: CountryPack, columns: Sequence[str]) -> None:
    """Refuse a mapping that names a field, level, scheme, language or column that does not exist."""
    for name, column in mapping.columns.items():
        _check_field(name, pack)
        if column not in columns:
            raise UnknownColumn(column=column, columns=tuple(columns))
    for level in filter(None, (mapping.level, *mapping.levels.values())):
        pack.level(level)
    for scheme in filter(None, (mapping.scheme, mapping.parent_scheme, *mapping.other_schemes)):
        pack.scheme(scheme)
    own = mapping.scheme or (pack.primary_scheme(mapping.level).key if mapping.level else None)
    if own in mapping.other_schemes:
        raise InvalidMapping(key=f"codes.{own}", reason=because("mapping_own_scheme", scheme=own))


def _check_field(name: str, pack: CountryPack) -> None:
    head, _, tail = name.partition(".")
    if head not in FIELDS or bool(tail) != (head in ("name", "codes")):
        raise InvalidMapping(key=name, reason=because("mapping_field", known=FIELDS))
    if head == "name" and not tail.replace("-", "").isalpha():
        raise InvalidMapping(key=name, reason=because("mapping_language", known=pack.languages))


def guess_mapping(columns: Iterable[str], pack: CountryPack, given: ColumnMapping) -> ColumnMapping:
    """Add to a declared mapping the fields that column names tell beyond doubt.

    A column is taken for a field only when it alone fits the field, it fits no other field as well, and nothing was
    declared for it.
    """
    free = [column for column in columns if column not in given.columns.values()]
    guessed = {name: found for name in _list_fields(pack, given) if (found := _find_column(name, free, pack=pack))}
    once = {name: column for name, column in guessed.items() if [*guessed.values()].count(column) == 1}
    return replace(given, columns={**once, **given.columns})


def _list_fields(pack: CountryPack, given: ColumnMapping) -> list[str]:
    names = [f"name.{language}" for language in pack.languages]
    wanted = [name for name in (*WORDS, *names) if name not in given.columns]
    return [name for name in wanted if not (name == "level" and given.level)]


def _find_column(name: str, columns: Sequence[str], *, pack: CountryPack) -> str | None:
    """Find the one column that the first telling kind of word fits."""
    for words in _list_words(name, pack):
        fitting = [column for column in columns if search_key(column) in words]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _list_words(name: str, pack: CountryPack) -> list[set[str]]:
    """List the words for a field, the surest kinds first."""
    if name == "code":
        aliases = (alias for scheme in pack.schemes if scheme.primary_for for alias in scheme.aliases)
        return [{search_key(word) for word in words} for words in (WORDS[name], aliases)]
    if name in WORDS:
        return [{search_key(word) for word in WORDS[name]}]
    language = name.partition(".")[2]
    main = language.partition("-")[0]
    exact = {search_key(f"{word}{language}") for word in ("name", "nam")}
    # a main language speaks for its variant only where the pack does not have both
    loose = set() if main in pack.languages else {search_key(f"name{main}")}
    official = {search_key(word) for word in ("name", "nam", "نام")} if language == pack.languages[0] else set()
    return [exact, loose, official]
