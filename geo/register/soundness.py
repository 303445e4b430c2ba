"""Check the codes of a whole list, remembering the fronts that many of them share."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.register.codes import check_code
from geo.register.schemes import CodeRule, Scheme


@dataclass(frozen=True)
class CodeChecker:
    """Tell sound codes from others, as `check_code` does, but ask each front only once."""

    _fronts: dict[tuple[str, str, str, str], bool] = field(default_factory=dict)

    def is_sound(self, scheme: Scheme, level: str, code: str) -> bool:
        """Tell whether a code obeys the rule of its level."""
        rule = scheme.find_rule(level)
        if rule is None or rule.prefix_of is None or rule.joined_by:
            return self._ask(scheme, level, code)
        front, segment = code[: -rule.width], code[-rule.width :]
        return (
            len(code) == scheme.length_of(level)
            and _is_number_of(rule, segment)
            and self._ask(scheme, rule.prefix_of, front)
        )

    def _ask(self, scheme: Scheme, level: str, code: str) -> bool:
        asked = (scheme.key, scheme.version, level, code)
        known = self._fronts.get(asked)
        if known is None:
            known = self._fronts[asked] = check_code(scheme, level, code) is None
        return known


def _is_number_of(rule: CodeRule, segment: str) -> bool:
    if not (segment.isascii() and segment.isdigit()):
        return False
    number = int(segment)
    return any(first <= number <= last for first, last in rule.ranges)
