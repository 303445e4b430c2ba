"""Check codes against their scheme, and restore what spreadsheets took from them.

Codes are texts. A program that took `0601` for a number gives back `601` or `601.0`; what was lost can be restored
when only one code fits, and the restoration is always told.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from geo.errors import Reason, because
from geo.register.digits import from_digits
from geo.register.schemes import CodeRule, Scheme


@dataclass(frozen=True)
class CodeOption:
    """Offer one reading of a text as a code."""

    level: str
    """The level whose rule the code obeys."""
    code: str
    """The code in full."""
    restored: bool
    """Whether zeros were put back in front."""


@dataclass(frozen=True)
class RestoredCode:
    """Say which codes a text can stand for, and what was done to it."""

    given: str
    """The text as it was given."""
    options: tuple[CodeOption, ...]
    """Every reading that obeys the scheme, whole codes before restored ones."""
    notes: tuple[Reason, ...]
    """What was changed on the way, to be told to people."""
    problem: Reason | None
    """Why there is no reading, when there is none."""

    @property
    def codes(self) -> tuple[str, ...]:
        """List the different codes the text can stand for."""
        return tuple(dict.fromkeys(option.code for option in self.options))

    @property
    def code(self) -> str | None:
        """Give the code when only one is possible."""
        return self.codes[0] if len(self.codes) == 1 else None

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether the text can stand for several codes."""
        return len(self.codes) > 1

    @property
    def was_restored(self) -> bool:
        """Tell whether the one code had its zeros put back."""
        return self.code is not None and self.options[0].restored

    @property
    def levels(self) -> tuple[str, ...]:
        """List the levels the code can be of."""
        return tuple(option.level for option in self.options)


def check_code(scheme: Scheme, level: str, code: str) -> Reason | None:
    """Say what is wrong with a code of a level; None when nothing is."""
    rule = scheme.find_rule(level)
    if rule is None:
        return because("code_no_rule", level=level, scheme=scheme.key)
    if rule.pattern is not None:
        return None if re.fullmatch(rule.pattern, code) else because("code_pattern", pattern=rule.pattern)
    if len(code) != scheme.length_of(level):
        return because("code_length", found=len(code), needed=scheme.length_of(level))
    return _check_built(scheme, rule, code)


def _check_built(scheme: Scheme, rule: CodeRule, code: str) -> Reason | None:
    segment = code[len(code) - rule.width :]
    # isdigit alone would let Persian digits and superscripts through.
    if not (segment.isascii() and segment.isdigit()):
        return because("code_not_digits", segment=segment)
    if not any(first <= int(segment) <= last for first, last in rule.ranges):
        return because("code_range", segment=segment, ranges=write_ranges(rule))
    return _check_front(scheme, rule, code[: len(code) - rule.width])


def _check_front(scheme: Scheme, rule: CodeRule, front: str) -> Reason | None:
    if not front.endswith(rule.joined_by):
        return because("code_joined", joined_by=rule.joined_by)
    front = front[: len(front) - len(rule.joined_by)]
    if rule.prefix_of is None:
        return None if front == rule.starts else because("code_starts", starts=rule.starts)
    return check_code(scheme, rule.prefix_of, front)


def write_ranges(rule: CodeRule) -> tuple[str, ...]:
    """Write the numbers of a rule as first and last, with their zeros."""
    return tuple(f"{first:0{rule.width}}-{last:0{rule.width}}" for first, last in rule.ranges)


def levels_of(scheme: Scheme, code: str) -> tuple[str, ...]:
    """List the levels whose rule a code obeys; a city and its zone, or a village and a farm, look alike."""
    return tuple(level for level in scheme.levels if check_code(scheme, level, code) is None)


def parent_code(scheme: Scheme, level: str, code: str) -> str | None:
    """Give the code inside a code: that of the parent, where the scheme says so."""
    rule = scheme.rule_of(level)
    if rule.prefix_of is None:
        return None
    return code[: scheme.length_of(rule.prefix_of)]


def segment_of(scheme: Scheme, level: str, code: str) -> str:
    """Give the number of a division itself, without its parent's code."""
    rule = scheme.rule_of(level)
    return code if rule.is_opaque else code[len(code) - rule.width :]


def restore_zeros(scheme: Scheme, level: str | None, text: str) -> RestoredCode:
    """Read a text as a code of a level, or of any level, and put back the zeros it lost in front.

    A text that begins with a zero never was a number, so nothing is put before it; nothing is chosen where several
    codes fit.
    """
    plain, notes = _clean(text)
    levels = scheme.levels if level is None else (level,)
    # A whole code may be a longer one that lost its zeros, 23 for 0023: both readings are offered.
    whole = [CodeOption(name, plain, False) for name in levels if check_code(scheme, name, plain) is None]
    padded = [option for name in levels if (option := _find_padded(scheme, name, plain))]
    options = tuple(whole + padded)
    problem = None if options else _find_problem(scheme, level, plain)
    if options and not whole:
        notes = (*notes, because("zeros_restored", given=plain, code=tuple(dict.fromkeys(o.code for o in options))))
    return RestoredCode(text, options, notes, problem)


def _clean(text: str) -> tuple[str, tuple[Reason, ...]]:
    """Take off what never belongs to a code, each with its note."""
    steps = (
        ("code_spaces", _drop_blanks),
        ("code_foreign_digits", from_digits),
        ("code_from_number", _drop_fraction),
    )
    notes: list[Reason] = []
    for key, step in steps:
        changed = step(text)
        if changed != text:
            notes.append(because(key, given=text, code=changed))
        text = changed
    return text, tuple(notes)


def _drop_blanks(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Zs")).strip("'")


def _drop_fraction(text: str) -> str:
    return re.sub(r"(?<=^\d)(\d*)\.0+$", r"\1", text)


def _find_padded(scheme: Scheme, level: str, text: str) -> CodeOption | None:
    length = scheme.length_of(level)
    if length is None or not re.fullmatch(r"0|[1-9][0-9]*", text) or len(text) >= length:
        return None
    code = text.zfill(length)
    return CodeOption(level, code, True) if check_code(scheme, level, code) is None else None


def _find_problem(scheme: Scheme, level: str | None, text: str) -> Reason | None:
    if not text:
        return because("code_empty")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+", text):
        return because("code_rounded")
    if level is None:
        return because("code_no_level", scheme=scheme.key)
    return check_code(scheme, level, text)
