"""Issue the next free code by the rule of its scheme, and say why it is this one.

A code that was ever held, reserved or retired is never given again, whatever its period: files, letters and maps that
name it live longer than the register knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from geo.errors import CodesExhausted, InvalidCode, Reason, because
from geo.register.codes import check_code, levels_of, parent_code, write_ranges
from geo.register.schemes import CodeRule, Scheme


@dataclass(frozen=True)
class IssuedCode:
    """Hold a code that nobody has had, with the reasons for it."""

    code: str
    """The code in full."""
    reasons: tuple[Reason, ...]
    """The rule, the numbers that are taken, and why this one follows."""


def issue_code(scheme: Scheme, level: str, *, parent_code: str | None, taken: Collection[str]) -> IssuedCode:
    """Issue the code that follows the highest number ever given, or else the lowest number never given.

    `taken` holds every code that was ever held, reserved or retired in the scheme's version, of any level. A number in
    a gap below the highest may have been given before the register knew of it, so gaps are filled last. `parent_code`
    is the code of the parent, or of one below whose code stands in it; it is not looked at where no code begins
    another. Raises CodesExhausted when every number of the rule is taken, InvalidCode when the scheme gives the level
    no number of its own or the parent's code is not of this scheme.
    """
    rule = scheme.rule_of(level)
    if rule.is_opaque:
        raise InvalidCode(code=level, scheme=scheme.word, reason=because("issue_opaque", level=level))
    front = _find_front(scheme, rule, parent_code)
    numbers = _list_numbers(scheme, rule, front, taken=taken)
    number, why = _choose_number(rule, numbers)
    if number is None:
        raise CodesExhausted(level=level, scheme=scheme.word, front=front, ranges=write_ranges(rule))
    return IssuedCode(f"{front}{number:0{rule.width}}", (_tell_rule(rule, front), *_tell_taken(rule, numbers), why))


def _find_front(scheme: Scheme, rule: CodeRule, given: str | None) -> str:
    """Find what stands before the number: the letters of the rule, or the code inside the parent's code."""
    if rule.prefix_of is None:
        return rule.starts + rule.joined_by
    for level in levels_of(scheme, given or ""):
        found = _climb(scheme, level, given or "", wanted=rule.prefix_of)
        if found is not None:
            return found + rule.joined_by
    reason = because("issue_parent", level=rule.prefix_of)
    raise InvalidCode(
        code=given or "-", scheme=scheme.word, reason=check_code(scheme, rule.prefix_of, given or "") or reason
    )


def _climb(scheme: Scheme, level: str, code: str, *, wanted: str) -> str | None:
    """Find the code of a level inside a code that begins with it: a zone's city stands in the bakhsh it needs."""
    while level != wanted:
        above, shorter = scheme.rule_of(level).prefix_of, parent_code(scheme, level, code)
        if above is None or shorter is None:
            return None
        level, code = above, shorter
    return code


def _list_numbers(scheme: Scheme, rule: CodeRule, front: str, *, taken: Collection[str]) -> list[int]:
    """List the numbers of the rule that are taken, under the front or in the whole country, in order."""
    length = scheme.length_of(rule.level)
    same = (code for code in taken if len(code) == length and (rule.unique_segment or code.startswith(front)))
    numbers = {
        int(code[-rule.width :]) for code in same if code[-rule.width :].isascii() and code[-rule.width :].isdigit()
    }
    return sorted(number for number in numbers if _is_inside(rule, number))


def _is_inside(rule: CodeRule, number: int) -> bool:
    return any(first <= number <= last for first, last in rule.ranges)


def _choose_number(rule: CodeRule, numbers: list[int]) -> tuple[int | None, Reason]:
    """Choose the number after the highest taken one; when there is none, the lowest that nobody has had."""
    if not numbers:
        return rule.ranges[0][0], because("issue_first")
    after = next(_list_from(rule.ranges, numbers[-1] + 1), None)
    if after is not None:
        return after, because("issue_after", highest=f"{numbers[-1]:0{rule.width}}")
    known = set(numbers)
    gap = next((number for number in _list_from(rule.ranges, 0) if number not in known), None)
    return gap, because("issue_gap", highest=f"{numbers[-1]:0{rule.width}}")


def _list_from(ranges: Iterable[tuple[int, int]], least: int) -> Iterator[int]:
    return (number for first, last in ranges for number in range(max(first, least), last + 1))


def _tell_rule(rule: CodeRule, front: str) -> Reason:
    ranges = write_ranges(rule)
    if front:
        return because("issue_rule_front", front=front, width=rule.width, ranges=ranges)
    return because("issue_rule", width=rule.width, ranges=ranges)


def _tell_taken(rule: CodeRule, numbers: list[int]) -> tuple[Reason, ...]:
    reach = (because("issue_nation"),) if rule.unique_segment else ()
    return (*reach, because("issue_taken", count=len(numbers))) if numbers else reach
