"""Compare names whatever their spelling, and tell what is odd in one.

The original spelling is always kept for display; a key serves only to find and to match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from geo.errors import Reason, because

_SHARED_LETTERS = {
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةۀەہھ", "ه"),
    **dict.fromkeys("أإآٱ", "ا"),
    "ؤ": "و",
}

LETTERS = str.maketrans(_SHARED_LETTERS | dict.fromkeys("يىېۍےئ", "ی"))
"""Letters that one name is written with by different keyboards and languages."""

PASHTO_LETTERS = str.maketrans(_SHARED_LETTERS | dict.fromkeys("يىےئ", "ی"))
"""The same, but ې and ۍ, which only Pashto tells apart, stay."""

PASHTO_SOUNDS = str.maketrans("ګښږځڅټډړڼ", "گشژزستدرن")
"""Letters of Pashto and those that a Persian keyboard writes for them."""

BLANKS = re.compile(r"[^\w\u0300-\u036f\u064b-\u0670\u200c\u200d]+|_")
"""What parts the words of a name."""

NAME_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")

TATWEEL = "ـ"

_PERSIAN = "آأؤئءابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی\u0654"
_ARABIC = "آأؤإئءابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"

SUSPECT = {
    main: re.compile(rf"[^{letters} \u200c]|  |^ | $")
    for main, letters in (("fa", _PERSIAN), ("ps", _PERSIAN + "ټځڅډړږښګڼۍېي"), ("ar", _ARABIC), ("en", "A-Za-z"))
}
"""What a plain name has nothing of, by main language: most names of a long list need no closer look."""

FOREIGN_FORMS = {
    "fa": ("name_arabic_letters", "يىكةٱ"),
    "ps": ("name_arabic_letters", "كةٱ"),
    "ar": ("name_persian_letters", "یکہھە"),
}
"""Letters that another language's keyboard puts into names, by main language; Pashto itself writes ي."""

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"

SINGLE_ODDITIES = {
    TATWEEL: "name_tatweel",
    "\u00a0": "name_no_break_space",
    "\ufffd": "name_replacement_character",
    **dict.fromkeys(BIDI_CONTROLS, "name_bidi_control"),
}
"""Characters no name needs, by the reason that says so."""

HAMZA_ABOVE = "\u0654"
"""The mark on ه that good Persian spelling writes, as in «خانهٔ»."""

JOINERS = "\u200c\u200d"
"""The non-joiner and the joiner: format characters that good spelling uses."""

SCRIPTS = {"ARABIC": "Arab", "LATIN": "Latn", "CYRILLIC": "Cyrl", "TIFINAGH": "Tfng", "HEBREW": "Hebr"}
"""ISO 15924 codes by the first word of their letters' Unicode names."""


def search_key(text: str) -> str:
    """Write a name so that its spellings in Arabic, Persian and Pashto letters are one text.

    Examples
    --------
    >>> search_key("علي آباد") == search_key("عَلـــی‌اباد")
    True
    """
    return _fold(text, LETTERS)


def pashto_key(text: str) -> str:
    """Write a name like `search_key`, but keep the letters that Pashto tells apart."""
    return _fold(text, PASHTO_LETTERS)


def wide_key(text: str) -> str:
    """Write a name like `search_key`, and its Pashto letters as a Persian keyboard writes them.

    Examples
    --------
    >>> wide_key("ګردېز") == wide_key("گردیز")
    True
    """
    return search_key(text).translate(PASHTO_SOUNDS)


def _fold(text: str, letters: dict[int, str]) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(letters).translate(NAME_DIGITS)
    # Taking letters apart frees their marks, and may bare a letter of another keyboard: hence the second translation.
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if _is_kept(letter))
    return bare.translate(letters)


def _is_kept(letter: str) -> bool:
    return letter != TATWEEL and unicodedata.category(letter)[0] in "LN"


def tokens(text: str) -> tuple[str, ...]:
    """Split a name at blanks and punctuation into the search keys of its words."""
    keys = map(search_key, BLANKS.split(text))
    return tuple(key for key in keys if key)


def detect_script(text: str) -> str:
    """Name the script most letters of a text are of by its ISO 15924 code; `Zyyy` without letters."""
    scripts = [_script_of(letter) for letter in text if letter.isalpha()]
    return max(sorted(set(scripts)), key=scripts.count, default="Zyyy")


def _script_of(letter: str) -> str:
    return SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "Zzzz")


def find_mixed_letters(text: str, language: str = "fa") -> tuple[Reason, ...]:
    """List what is odd in the spelling of a name in a language; nothing is corrected here."""
    main = language.split("-")[0]
    if main in SUSPECT and not SUSPECT[main].search(text):
        return ()
    keys = (*_find_forms(text, main), *_find_characters(text), *_find_blanks(text), *_find_mixtures(text))
    return tuple(because(key) for key in dict.fromkeys(keys))


def _find_forms(text: str, main: str) -> Iterator[str]:
    reason, letters = FOREIGN_FORMS.get(main, ("", ""))
    if any(letter in letters for letter in text):
        yield reason
    # Pashto writes both ي and ی, each for a sound of its own.
    if any(arabic in text and persian in text for arabic, persian in ("يی", "كک")) and main != "ps":
        yield "name_mixed_letters"


def _find_characters(text: str) -> Iterator[str]:
    for letter in text:
        if letter in SINGLE_ODDITIES:
            yield SINGLE_ODDITIES[letter]
        elif "\ufb50" <= letter <= "\ufdff" or "\ufe70" <= letter <= "\ufefc":
            yield "name_presentation_forms"
        elif unicodedata.category(letter) == "Mn" and letter != HAMZA_ABOVE:
            yield "name_combining_marks"
        elif unicodedata.category(letter)[0] == "C" and letter not in JOINERS:
            yield "name_control_character"


def _find_blanks(text: str) -> Iterator[str]:
    if text != text.strip():
        yield "name_outer_space"
    if re.search(r"\s{2,}", text.strip()):
        yield "name_double_space"


def _find_mixtures(text: str) -> Iterator[str]:
    # A Latin word beside a Persian one is common and fine; letters mixed within a word are slips of the keyboard.
    words = ({_script_of(letter) for letter in word if letter.isalpha()} for word in text.split())
    if any(scripts >= {"Arab", "Latn"} for scripts in words):
        yield "name_mixed_scripts"
    zeros = {ord(letter) - unicodedata.decimal(letter) for letter in text if letter.isdecimal()}
    if len(zeros) > 1:
        yield "name_mixed_digits"
