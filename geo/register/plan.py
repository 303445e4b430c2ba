"""Compare candidates with the register and say what an import would write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import shapely

from geo.errors import Reason, because
from geo.register.candidates import Candidate, CodeKey
from geo.register.countries import CountryPack
from geo.register.ground import digest_ground
from geo.register.problems import Problem, Weight


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


@dataclass
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
    ground: dict[str, str] = field(default_factory=dict)
    """The digest of its boundary and of its point."""
    people: dict[str, int] = field(default_factory=dict)
    """Its population by source."""


class Fact(StrEnum):
    """Name the kinds of dated fact a row can bring."""

    STANDING = "standing"
    CODE = "code"
    NAME = "name"
    BOUNDARY = "boundary"
    POSITION = "position"
    POPULATION = "population"


@dataclass(frozen=True)
class Write:
    """Say one thing of one division that the register does not say yet."""

    fact: Fact
    """What kind of thing."""
    division: int
    """Of which division; below zero while it is only planned."""
    what: str
    """What tells it from others of its kind: the language, scheme and version, or source."""
    value: object
    """The text, number, geometry or level with parent."""
    replaces: bool
    """Whether the register says otherwise so far."""


@dataclass
class ImportPlan:
    """Gather what an import would write, row by row, over what the register knows."""

    pack: CountryPack
    """The country's levels and schemes."""
    known: dict[int, KnownDivision] = field(default_factory=dict)
    """All divisions by key."""
    by_code: dict[CodeKey, int] = field(default_factory=dict)
    """Division by code."""
    other_days: set[CodeKey] = field(default_factory=set)
    """Codes that belong to a division on other days than the one the import speaks of."""
    writes: list[Write] = field(default_factory=list)
    """What is to be written, parents before children."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong with rows."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Rows by level and outcome."""
    touched: set[int] = field(default_factory=set)
    """Divisions that some row spoke of."""

    def count(self, level: str, outcome: Outcome, rows: int = 1) -> None:
        """Count rows of a level under an outcome."""
        self.counts.setdefault(level, Counter())[outcome] += rows


def plan_layer(plan: ImportPlan, layer: str, candidates: Iterable[Candidate], *, population_source: str) -> None:
    """Take the candidates of a layer into the plan, higher levels first; what cannot stand is refused."""
    rank = {level.key: level.rank for level in plan.pack.levels}
    seen: dict[CodeKey, int] = {}
    for candidate in sorted(candidates, key=lambda candidate: (rank[candidate.level], candidate.row)):
        problem = _find_problem(plan, candidate, seen)
        if problem is not None:
            field, rule, reason = problem
            plan.problems.append(Problem(layer, candidate.row, field, rule, Weight.REFUSED, reason, str(candidate.key)))
            plan.count(candidate.level, Outcome.REFUSED)
            continue
        seen[candidate.key] = candidate.row
        _take(plan, candidate, population_source)


def _find_problem(
    plan: ImportPlan, candidate: Candidate, seen: Mapping[CodeKey, int]
) -> tuple[str, str, Reason] | None:
    """Say which rule a candidate breaks against the rest of the file and the register: field, rule, reason."""
    if candidate.key in seen:
        return "code", "code_duplicate", because("code_duplicate", row=seen[candidate.key])
    known = plan.known.get(plan.by_code.get(candidate.key, 0))
    if known is None and candidate.key in plan.other_days:
        return "code", "code_other_day", because("code_other_day", code=str(candidate.key))
    if known is not None and known.level != candidate.level:
        return "level", "level_changed", because("level_changed", found=candidate.level, known=known.level)
    return _find_parent_problem(plan, candidate) or _find_code_clash(plan, candidate)


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


def _find_code_clash(plan: ImportPlan, candidate: Candidate) -> tuple[str, str, Reason] | None:
    own = plan.by_code.get(candidate.key)
    for code in candidate.codes:
        holder = plan.by_code.get(code)
        if holder is not None and holder != own:
            return f"codes.{code.scheme}", "code_clash", because("code_clash", code=str(code))
    return None


def _take(plan: ImportPlan, candidate: Candidate, source: str) -> None:
    """Write down what the candidate says beyond what is known, and count its row."""
    division = plan.by_code.get(candidate.key)
    is_new = division is None
    known = _open_division(plan, candidate) if division is None else plan.known[division]
    writes = _list_writes(plan, candidate, known=known, source=source)
    plan.writes += writes
    plan.touched.add(known.id)
    outcome = Outcome.NEW if is_new else Outcome.CHANGED if writes else Outcome.SAME
    plan.count(candidate.level, outcome)


def _open_division(plan: ImportPlan, candidate: Candidate) -> KnownDivision:
    known = KnownDivision(id=-len(plan.known) - 1, level=candidate.level, parent=None)
    plan.known[known.id] = known
    parent = plan.by_code[candidate.parent] if candidate.parent else None
    known.parent = parent
    plan.writes.append(Write(Fact.STANDING, known.id, "", (candidate.level, parent), replaces=False))
    return known


def _list_writes(plan: ImportPlan, candidate: Candidate, *, known: KnownDivision, source: str) -> list[Write]:
    """Compare a candidate with what is known, note the new state as known, and list the differences."""
    writes = _compare_parent(plan, candidate, known)
    for code in (candidate.key, *candidate.codes):
        writes += _compare(known.codes, (code.scheme, code.version), code.code, fact=Fact.CODE, division=known.id)
        plan.by_code[code] = known.id
    for language, name in candidate.names.items():
        writes += _compare(known.names, language, name, fact=Fact.NAME, division=known.id)
    if candidate.people is not None:
        writes += _compare(known.people, source, candidate.people, fact=Fact.POPULATION, division=known.id)
    return writes + _compare_ground(candidate, known)


def _compare_parent(plan: ImportPlan, candidate: Candidate, known: KnownDivision) -> list[Write]:
    if candidate.parent is None or plan.by_code[candidate.parent] == known.parent:
        return []
    known.parent = plan.by_code[candidate.parent]
    return [Write(Fact.STANDING, known.id, "", (known.level, known.parent), replaces=True)]


def _compare(known: dict, key: object, value: object, *, fact: Fact, division: int) -> list[Write]:  # type: ignore[type-arg]
    before = known.get(key)
    if before == value:
        return []
    known[key] = value
    what = "/".join(key) if isinstance(key, tuple) else str(key)
    return [Write(fact, division, what, value, replaces=before is not None)]


def _compare_ground(candidate: Candidate, known: KnownDivision) -> list[Write]:
    if candidate.ground is None:
        return []
    fact = Fact.POSITION if isinstance(candidate.ground, shapely.Point) else Fact.BOUNDARY
    digest = digest_ground(candidate.ground)
    before = known.ground.get(fact)
    if before == digest:
        return []
    known.ground[fact] = digest
    return [Write(fact, known.id, digest, candidate.ground, replaces=before is not None)]


def count_absent(plan: ImportPlan, levels: Sequence[str]) -> dict[str, int]:
    """Count the divisions of levels that the register has and no row spoke of; an import leaves them alone."""
    absent = Counter(division.level for key, division in plan.known.items() if key not in plan.touched)
    return {level: absent[level] for level in levels}
