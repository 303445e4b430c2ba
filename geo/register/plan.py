"""Compare candidates with the register and say what an import would write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar

import shapely

from geo.errors import Reason, because
from geo.register.candidates import Candidate, CodeKey
from geo.register.countries import CountryPack
from geo.register.problems import Problem, Weight

MOST_ROWS_NAMED = 5
"""How many rows with the same code a problem names."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Outcome(StrEnum):
    """Tell what becomes of a row."""

    NEW = "new"
    """The register does not have the division yet."""
    CHANGED = "changed"
    """The register has it otherwise."""
    SAME = "same"
    """The register has it just so."""
    REFUSED = "refused"
    """The row is not taken."""


class Fact(StrEnum):
    """Name the kinds of dated fact a row can bring."""

    STANDING = "standing"
    CODE = "code"
    NAME = "name"
    BOUNDARY = "boundary"
    POSITION = "position"
    POPULATION = "population"


@dataclass(slots=True)
class KnownDivision:
    """Hold what the register, with the rows planned so far, says of a division."""

    id: int
    """Its key; below zero while it is only planned."""
    level: str
    """Its level."""
    parent: int | None
    """The key of its parent."""
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Its code by scheme and version."""
    names: dict[str, str] = field(default_factory=dict)
    """Its official name by language."""
    ground: dict[Fact, str] = field(default_factory=dict)
    """The digest of its boundary and of its point."""
    people: dict[str, int] = field(default_factory=dict)
    """Its population by source."""


# A tuple, since an import of a country makes hundreds of thousands of them.
class Write(NamedTuple):
    """Say one thing of one division that the register does not say yet."""

    fact: Fact
    """What kind of thing."""
    division: int
    """Of which division; below zero while it is only planned."""
    what: str
    """What tells it from others of its kind: the language, scheme and version, or source; for ground its digest."""
    value: object
    """The text, number, geometry or level with parent."""


@dataclass
class ImportPlan:
    """Gather what an import would write, row by row, over what the register knows."""

    pack: CountryPack
    """The country's levels and schemes."""
    known: dict[int, KnownDivision] = field(default_factory=dict)
    """All divisions by key."""
    by_code: dict[CodeKey, int] = field(default_factory=dict)
    """Division by code."""
    other_days: dict[CodeKey, set[int]] = field(default_factory=dict)
    """Divisions that have a code on other days than the one the import speaks of."""
    writes: dict[tuple[Fact, int, str], Write] = field(default_factory=dict)
    """What is to be written, parents before children; what a later layer says of the same thing counts."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong with rows."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Rows by level and outcome."""
    touched: set[int] = field(default_factory=set)
    """Divisions that some row spoke of."""

    def count(self, level: str, outcome: Outcome, rows: int = 1) -> None:
        """Count rows of a level under an outcome."""
        self.counts.setdefault(level, Counter())[outcome] += rows

    def refuse(self, level: str, key: CodeKey | None = None) -> None:
        """Count a row as refused; the division it names, if it names one, is not absent for that."""
        self.count(level, Outcome.REFUSED)
        if key in self.by_code:
            self.touched.add(self.by_code[key])


def plan_layer(plan: ImportPlan, layer: str, candidates: Sequence[Candidate], *, population_source: str) -> None:
    """Take the candidates of a layer into the plan, higher levels first; what cannot stand is refused."""
    rank = {level.key: level.rank for level in plan.pack.levels}
    doubles = _find_doubles(candidates)
    for candidate in sorted(candidates, key=lambda candidate: (rank[candidate.level], candidate.row)):
        problem = _find_problem(plan, candidate, doubles)
        if problem is None:
            _take(plan, candidate, population_source)
            continue
        field, rule, reason = problem
        plan.problems.append(Problem(layer, candidate.row, field, rule, Weight.REFUSED, reason, str(candidate.key)))
        plan.refuse(candidate.level, candidate.key)


def _find_doubles(candidates: Sequence[Candidate]) -> dict[CodeKey, list[int]]:
    """Find the codes that several rows have; which of the rows is right nobody can tell."""
    counts = Counter(candidate.key for candidate in candidates)
    rows: dict[CodeKey, list[int]] = {key: [] for key, count in counts.items() if count > 1}
    for candidate in candidates if rows else ():
        if candidate.key in rows:
            rows[candidate.key].append(candidate.row)
    return rows


def _find_problem(
    plan: ImportPlan, candidate: Candidate, doubles: Mapping[CodeKey, Sequence[int]]
) -> tuple[str, str, Reason] | None:
    """Say which rule a candidate breaks against the rest of the file and the register: field, rule, reason."""
    key = candidate.key
    if key in doubles:
        others = tuple(row for row in doubles[key] if row != candidate.row)
        return "code", "code_duplicate", because("code_duplicate", rows=others[:MOST_ROWS_NAMED])
    division = plan.by_code.get(key)
    if division is None and key in plan.other_days:
        return "code", "code_other_day", because("code_other_day", code=str(key))
    if division is not None and plan.known[division].level != candidate.level:
        known = plan.known[division].level
        return "level", "level_changed", because("level_changed", found=candidate.level, known=known)
    return _find_parent_problem(plan, candidate) or _find_code_clash(plan, candidate, division)


def _find_parent_problem(plan: ImportPlan, candidate: Candidate) -> tuple[str, str, Reason] | None:
    if candidate.parent is None:
        is_top = plan.pack.level(candidate.level).is_top or candidate.key in plan.by_code
        return None if is_top else ("parent", "orphan", because("orphan_ground"))
    parent = plan.known.get(plan.by_code.get(candidate.parent, 0))
    if parent is None:
        return "parent", "orphan", because("orphan", parent=str(candidate.parent))
    allowed = plan.pack.level(candidate.level).parents
    if parent.level not in allowed:
        return "parent", "parent_level", because("parent_level", found=parent.level, allowed=allowed)
    return None


def _find_code_clash(plan: ImportPlan, candidate: Candidate, own: int | None) -> tuple[str, str, Reason] | None:
    for code in candidate.codes:
        field = f"codes.{code.scheme}"
        if plan.by_code.get(code, own) != own:
            return field, "code_clash", because("code_clash", code=str(code))
        if plan.other_days.get(code, set()) - {own}:
            return field, "code_other_day", because("code_other_day", code=str(code))
    return None


def _take(plan: ImportPlan, candidate: Candidate, source: str) -> None:
    """Write down what the candidate says beyond what is known, and count its row."""
    division = plan.by_code.get(candidate.key)
    known = _open_division(plan, candidate) if division is None else plan.known[division]
    is_changed = _compare_all(plan, candidate, known=known, source=source)
    plan.touched.add(known.id)
    plan.count(candidate.level, Outcome.NEW if division is None else Outcome.CHANGED if is_changed else Outcome.SAME)


def _open_division(plan: ImportPlan, candidate: Candidate) -> KnownDivision:
    parent = plan.by_code[candidate.parent] if candidate.parent else None
    known = KnownDivision(-len(plan.known) - 1, candidate.level, parent)
    plan.known[known.id] = known
    _put(plan, Write(Fact.STANDING, known.id, "", (known.level, parent)))
    return known


def _put(plan: ImportPlan, write: Write, what: str = "") -> None:
    plan.writes[write.fact, write.division, what] = write


def _compare_all(plan: ImportPlan, candidate: Candidate, *, known: KnownDivision, source: str) -> bool:
    """Compare a candidate with what is known, plan the differences, and tell whether there were any."""
    changes = [_compare_parent(plan, candidate, known)]
    for code in (candidate.key, *candidate.codes):
        changes.append(_compare_code(plan, code, known))
    for language, name in candidate.names.items():
        if _differs(known.names, language, name):
            _put(plan, Write(Fact.NAME, known.id, language, name), language)
            changes.append(True)
    if candidate.people is not None and _differs(known.people, source, candidate.people):
        _put(plan, Write(Fact.POPULATION, known.id, source, candidate.people), source)
        changes.append(True)
    if candidate.ground is not None:
        changes.append(_compare_ground(plan, candidate.ground, known, digest=candidate.digest))
    return any(changes)


def _compare_parent(plan: ImportPlan, candidate: Candidate, known: KnownDivision) -> bool:
    if candidate.parent is None or plan.by_code[candidate.parent] == known.parent:
        return False
    known.parent = plan.by_code[candidate.parent]
    _put(plan, Write(Fact.STANDING, known.id, "", (known.level, known.parent)))
    return True


def _compare_code(plan: ImportPlan, code: CodeKey, known: KnownDivision) -> bool:
    issue = (code.scheme, code.version)
    before = known.codes.get(issue)
    if before == code.code:
        return False
    known.codes[issue] = code.code
    # the old code is free now: another row of the same file may carry it
    plan.by_code.pop(CodeKey(*issue, before or ""), None)
    plan.by_code[code] = known.id
    what = "/".join(issue)
    _put(plan, Write(Fact.CODE, known.id, what, code.code), what)
    return True


def _compare_ground(plan: ImportPlan, ground: shapely.Geometry, known: KnownDivision, *, digest: str) -> bool:
    fact = Fact.POSITION if isinstance(ground, shapely.Point) else Fact.BOUNDARY
    if not _differs(known.ground, fact, digest):
        return False
    _put(plan, Write(fact, known.id, digest, ground))
    return True


def _differs(known: MutableMapping[Key, Value], key: Key, value: Value) -> bool:
    """Note a value as known, and tell whether it was not known so before."""
    if known.get(key) == value:
        return False
    known[key] = value
    return True


def count_absent(plan: ImportPlan, levels: Sequence[str]) -> dict[str, int]:
    """Count the divisions of levels that the register has and no row spoke of; an import leaves them alone."""
    absent = Counter(division.level for key, division in plan.known.items() if key not in plan.touched)
    return {level: absent[level] for level in levels}
