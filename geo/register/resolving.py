"""Read which code somebody asks about: with its scheme and version, with its scheme, as an OCD id, or bare."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from geo.errors import InvalidCode, Reason, UnknownScheme, because
from geo.register.codes import levels_of, restore_zeros
from geo.register.countries import CountryPack
from geo.register.names import search_key
from geo.register.ocd import BEGINNING, read_ocd_id
from geo.register.packs import list_countries, load_pack
from geo.register.schemes import Scheme

LONGEST = 200
"""So many characters a question has at most; the longest ids of open civic data have about half of them."""


@dataclass(frozen=True)
class CodeReading:
    """Offer one way to read what was asked."""

    scheme: Scheme
    """The version of the scheme."""
    code: str
    """The code in full."""
    notes: tuple[Reason, ...] = ()
    """What was changed to read it so, to be told to people."""


@dataclass(frozen=True)
class CodeQuestion:
    """Hold what was asked and how it can be read."""

    text: str
    """The question as it was given."""
    is_bare: bool
    """Whether it names no scheme, so that every scheme is asked."""
    code: str
    """The code without its scheme."""
    schemes: tuple[Scheme, ...]
    """The versions of schemes it may be of."""
    whole: tuple[CodeReading, ...]
    """The readings that take the code as it stands."""

    @cached_property
    def restored(self) -> tuple[CodeReading, ...]:
        """List the readings that put back zeros, or take off what never belongs to a code."""
        return tuple(reading for scheme in self.schemes for reading in _list_restored(scheme, self.code))


def read_question(text: str, pack: CountryPack) -> CodeQuestion:
    """Read a question in any of its forms.

    Raises UnknownScheme when it names a scheme or version that the pack does not have, and InvalidCode when no scheme
    it may mean has such codes: then with the rule that is broken or the country whose code it looks like.
    """
    # marks of direction come along when a code is copied from a page
    asked = "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()
    if not asked or len(asked) > LONGEST or not asked.isprintable():
        raise InvalidCode(code=because("code_not_repeated"), scheme="-", reason=because("code_question", most=LONGEST))
    if asked.startswith(BEGINNING):
        level, code = read_ocd_id(pack, asked)
        return CodeQuestion(asked, False, code, (), (CodeReading(pack.primary_scheme(level), code),))
    word, colon, code = asked.rpartition(":")
    schemes = find_schemes(pack, word) if colon else pack.schemes
    return _read_in(schemes, pack, text=asked, code=code)


def find_schemes(pack: CountryPack, word: str) -> tuple[Scheme, ...]:
    """Find what `scheme`, `scheme/version` or another word for a scheme means, in the order of the pack.

    A scheme without a version means all its versions: the day tells which of them counts. Raises UnknownScheme.
    """
    name, _, version = word.strip().partition("/")
    key = search_key(name)
    found = [one for one in pack.schemes if key in one.words]
    chosen = tuple(one for one in found if version in ("", one.version))
    if not chosen or not key:
        raise UnknownScheme(scheme=word, known=tuple(one.word for one in pack.schemes))
    return chosen


def get_scheme(pack: CountryPack, word: str) -> Scheme:
    """Give the one version that `scheme/version` means; a scheme alone means the version listed first."""
    return find_schemes(pack, word)[0]


def _read_in(schemes: tuple[Scheme, ...], pack: CountryPack, *, text: str, code: str) -> CodeQuestion:
    whole = tuple(CodeReading(scheme, code) for scheme in schemes if levels_of(scheme, code))
    question = CodeQuestion(text, schemes is pack.schemes, code, schemes, whole)
    if not whole and not question.restored:
        raise InvalidCode(code=code, scheme=_name(schemes, pack), reason=_explain(schemes, pack, code))
    return question


def _list_restored(scheme: Scheme, code: str) -> Iterator[CodeReading]:
    found = restore_zeros(scheme, None, code)
    for each in found.codes:
        if each != code:
            notes = tuple(note for note in found.notes if note.key != "zeros_restored")
            is_longer = any(option.code == each and option.restored for option in found.options)
            told = (because("zeros_restored", given=code, code=(each,)),) if is_longer else ()
            yield CodeReading(scheme, each, (*notes, *told))


def _name(schemes: tuple[Scheme, ...], pack: CountryPack) -> tuple[str, ...] | Reason:
    return because("code_any_scheme") if schemes is pack.schemes else tuple(scheme.word for scheme in schemes)


def _explain(schemes: tuple[Scheme, ...], pack: CountryPack, code: str) -> Reason:
    """Say why no scheme has the code: it is of another country, or breaks the rule of the one scheme asked."""
    country = _find_country(pack, code)
    if country:
        return because("code_other_country", country=country.upper())
    problem = restore_zeros(schemes[0], None, code).problem
    return problem if problem and len(schemes) == 1 else because("code_no_scheme")


def _find_country(pack: CountryPack, code: str) -> str | None:
    """Find another country whose code begins this one, and which has such codes."""
    others = (country for country in list_countries() if country != pack.country)
    named = (country for country in others if code.upper().startswith(country.upper()))
    return next((one for one in named if any(levels_of(scheme, code) for scheme in load_pack(one).schemes)), None)
