"""Find what is wrong with the records of divisions, apart from their ground: kinship, codes and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geo.coverage.findings import Detail, Finding, FindingKind, rank_kind
from geo.errors import UnknownScheme
from geo.register.candidates import CodeKey
from geo.register.countries import CountryPack
from geo.register.names import search_key
from geo.register.schemes import CodeRule, Scheme
from geo.register.soundness import CodeChecker

MOST_STEPS = 32
"""How many divisions may stand above one another; a circle of parents has more."""


@dataclass(frozen=True, slots=True)
class Record:
    """Hold what a register says of one division, its ground aside."""

    key: str
    """By what findings call it."""
    level: str
    """The key of its level."""
    parent: str | None = None
    """The key of the division it stands under."""
    codes: tuple[CodeKey, ...] = ()
    """Its codes."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Its official names by language."""


@dataclass(frozen=True)
class RecordBook:
    """Hold the records of divisions and of all above them."""

    pack: CountryPack
    """The pack that says how things should be."""
    records: Mapping[str, Record]
    """The records by key."""
    checker: CodeChecker = field(default_factory=CodeChecker)
    """What tells sound codes."""

    def find_above(self, record: Record, level: str) -> Record | None:
        """Find the division of a level that one stands under, however far above."""
        for _ in range(MOST_STEPS):
            found = self.records.get(record.parent) if record.parent is not None else None
            if found is None or found.level == level:
                return found
            record = found
        return None

    def find_scheme(self, code: CodeKey) -> Scheme | None:
        """Find the scheme of a code, if the pack knows it."""
        try:
            return self.pack.scheme(code.scheme, code.version)
        except UnknownScheme:
            return None


def check_records(book: RecordBook, asked: Sequence[str]) -> list[Finding]:
    """Find orphans, codes that clash or do not nest, names that clash or are missing among the divisions of some keys.

    The findings are not named yet and are in the order of the kinds, then of the keys.
    """
    chosen = [book.records[key] for key in sorted(asked)]
    return [
        *_list_orphans(book, chosen),
        *_list_code_clashes(book, chosen),
        *_list_broken(book, chosen),
        *_list_name_clashes(book, chosen),
        *_list_nameless(book, chosen),
    ]


def _report(kind: FindingKind, divisions: Sequence[str], **detail: Detail) -> Finding:
    return Finding(kind, rank_kind(kind), tuple(sorted(divisions)), None, detail=detail)


def _list_orphans(book: RecordBook, chosen: Sequence[Record]) -> Iterator[Finding]:
    """Report who has no parent, one that is not there, or one of a level that cannot be above."""
    for record in chosen:
        reason = _find_lack(book, record)
        if reason is not None:
            yield _report(FindingKind.ORPHAN, (record.key,), parent=record.parent, reason=reason)


def _find_lack(book: RecordBook, record: Record) -> str | None:
    level = book.pack.level(record.level)
    if record.parent is None:
        return None if level.is_top else "none"
    above = book.records.get(record.parent)
    if above is None:
        return "unknown"
    return None if above.level in level.parents else "level"


def _list_code_clashes(book: RecordBook, chosen: Sequence[Record]) -> Iterator[Finding]:
    """Report divisions of one level with one code, or with one number where numbers are unique in the country."""
    holders: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for record in chosen:
        for code in record.codes:
            holders[record.level, code.scheme, code.version, _cut_number(book, record, code)].append(record.key)
    for (_, scheme, _, number), keys in sorted(holders.items()):
        if len(keys) > 1:
            yield _report(FindingKind.CODE_CLASH, keys, scheme=scheme, code=number)


def _cut_number(book: RecordBook, record: Record, code: CodeKey) -> str:
    """Give what of a code nobody else may have: its number where that is unique by itself, else all of it."""
    scheme = book.find_scheme(code)
    rule = scheme.find_rule(record.level) if scheme else None
    is_alone = rule is not None and rule.unique_segment and not rule.is_opaque
    return code.code[-rule.width :] if rule is not None and is_alone else code.code


def _list_broken(book: RecordBook, chosen: Sequence[Record]) -> Iterator[Finding]:
    """Report who has a code that breaks its rule, or that does not begin with the code of the division above."""
    for record in chosen:
        found = next((fault for code in record.codes if (fault := _find_break(book, record, code))), None)
        if found is not None:
            yield found


def _find_break(book: RecordBook, record: Record, code: CodeKey) -> Finding | None:
    scheme = book.find_scheme(code)
    rule = scheme.find_rule(record.level) if scheme else None
    if scheme is None or rule is None:
        return None
    front = _find_front(book, record, code, rule)
    if front is not None and not code.code.startswith(front[1] + rule.joined_by):
        known: dict[str, Detail] = {"scheme": code.scheme, "code": code.code, "front": front[1], "reason": "front"}
        return _report(FindingKind.BROKEN_NESTING, (record.key, front[0]), **known)
    if not book.checker.is_sound(scheme, record.level, code.code):
        return _report(
            FindingKind.BROKEN_NESTING, (record.key,), scheme=code.scheme, code=code.code, front=None, reason="rule"
        )
    return None


def _find_front(book: RecordBook, record: Record, code: CodeKey, rule: CodeRule) -> tuple[str, str] | None:
    """Find the division whose code a code should begin with, and that code."""
    above = book.find_above(record, rule.prefix_of) if rule.prefix_of is not None else None
    if above is None:
        return None
    same = (other.code for other in above.codes if (other.scheme, other.version) == (code.scheme, code.version))
    front = next(same, None)
    return None if front is None else (above.key, front)


def _list_name_clashes(book: RecordBook, chosen: Sequence[Record]) -> Iterator[Finding]:
    """Report divisions of one level that bear one name under one parent, however it is spelt."""
    language = book.pack.languages[0]
    bearers: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for record in chosen:
        key = search_key(record.names.get(language, ""))
        if key:
            bearers[record.parent or "", record.level, key].append(record)
    for (parent, level, _), found in sorted(bearers.items()):
        if len(found) > 1:
            name = found[0].names[language]
            yield _report(
                FindingKind.NAME_CLASH, [one.key for one in found], name=name, level=level, parent=parent or None
            )


def _list_nameless(book: RecordBook, chosen: Sequence[Record]) -> Iterator[Finding]:
    """Report who has no name in the country's first language."""
    language = book.pack.languages[0]
    for record in chosen:
        if not record.names.get(language, "").strip():
            yield _report(FindingKind.MISSING_NAME, (record.key,), language=language)
