"""Compare the codes of a table with those the register holds, and say what attaching them would write.

A code holds for the days on which the version of its scheme is in force. Nothing is attached that another division
holds, held or will hold in the same version, or that is reserved or retired: a code is given once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geo.errors import Reason, because
from geo.register.codes import check_code
from geo.register.periods import Period
from geo.register.plan import Outcome
from geo.register.problems import Problem, Weight
from geo.register.schemes import Scheme

MOST_ROWS_NAMED = 5
"""How many rows with the same code a problem names."""


@dataclass(frozen=True)
class Attachment:
    """Hold what one cell of a table says: this division has this code."""

    row: int
    """The row, from 1."""
    division: int
    """The key of the division."""
    level: str
    """Its level."""
    scheme: Scheme
    """The version of the scheme."""
    code: str
    """The code."""


@dataclass(frozen=True)
class HeldCode:
    """Hold a code as the register has it."""

    id: int
    """The key of the fact; below zero while it is only planned."""
    division: int
    """Who holds it."""
    scheme: str
    """The version of its scheme, as `Scheme.word` writes it."""
    code: str
    """The code."""
    period: Period
    """When it holds."""


@dataclass
class AttachPlan:
    """Gather what attaching a table would write."""

    layer: str
    """The table."""
    closed: list[int] = field(default_factory=list)
    """The facts that the register says no longer."""
    kept: list[tuple[int, Period]] = field(default_factory=list)
    """What is left of them on other days: the fact it is taken from, and the days."""
    written: list[HeldCode] = field(default_factory=list)
    """The facts it says instead."""
    problems: list[Problem] = field(default_factory=list)
    """What was wrong with cells."""
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """Cells by scheme and outcome."""

    def refuse(self, scheme: str, row: int, reason: Reason, *, value: str) -> None:
        """Count a cell as refused, and say why."""
        self.problems.append(Problem(self.layer, row, scheme, reason.key, Weight.REFUSED, reason, value))
        self.count(scheme, Outcome.REFUSED)

    def count(self, scheme: str, outcome: Outcome) -> None:
        """Count a cell."""
        self.counts.setdefault(scheme, Counter())[outcome] += 1


def plan_attachments(
    plan: AttachPlan,
    attachments: Sequence[Attachment],
    *,
    held: Iterable[HeldCode],
    reserved: Mapping[tuple[str, str], str],
    within: Period,
) -> None:
    """Plan all cells of a table that can stand, for the days in `within`; the others are refused with their reason.

    `held` is what the register says now of the schemes concerned, `reserved` the state of each code that is kept from
    being given, by scheme and code.
    """
    sound = list(_list_sound(plan, _drop_repeats(attachments), reserved=reserved, within=within))
    book = _Book(held)
    refused = _find_refused(sound, book)
    for place, (one, period) in enumerate(sound):
        if place in refused:
            plan.refuse(one.scheme.word, one.row, refused[place], value=one.code)
            continue
        outcome = book.outcome(one, period)
        plan.count(one.scheme.word, outcome)
        if outcome is not Outcome.SAME:
            _write(plan, one, period, book=book)


def _drop_repeats(attachments: Sequence[Attachment]) -> Iterator[Attachment]:
    """Take a cell once when several rows say the same: tables of parts repeat the codes of the whole."""
    seen: set[tuple[int, str, str]] = set()
    for one in attachments:
        key = (one.division, one.scheme.word, one.code)
        if key not in seen:
            seen.add(key)
            yield one


def _list_sound(
    plan: AttachPlan, attachments: Iterable[Attachment], *, reserved: Mapping[tuple[str, str], str], within: Period
) -> Iterator[tuple[Attachment, Period]]:
    """List the cells that are sound by themselves and beside each other, with the days for which they hold."""
    listed = list(attachments)
    by_code, by_division = _group_rows(listed)
    for one in listed:
        period = one.scheme.period.intersect(within)
        others = by_code[one.scheme.word, one.code] + by_division[one.scheme.word, one.division]
        reason = _find_problem(one, sorted({row for row in others if row != one.row}), reserved)
        if reason is None and period is None:
            reason = because("code_version_ended", scheme=one.scheme.word)
        if reason:
            plan.refuse(one.scheme.word, one.row, reason, value=one.code)
        elif period:
            yield one, period


def _group_rows(
    attachments: Sequence[Attachment],
) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[str, int], list[int]]]:
    by_code: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_division: dict[tuple[str, int], list[int]] = defaultdict(list)
    for one in attachments:
        by_code[one.scheme.word, one.code].append(one.row)
        by_division[one.scheme.word, one.division].append(one.row)
    return by_code, by_division


def _find_problem(one: Attachment, others: Sequence[int], reserved: Mapping[tuple[str, str], str]) -> Reason | None:
    if problem := check_code(one.scheme, one.level, one.code):
        return problem
    if others:
        return because("code_rows_differ", rows=tuple(others[:MOST_ROWS_NAMED]))
    state = reserved.get((one.scheme.word, one.code))
    return because(f"code_{state}") if state else None


class _Book:
    """Know who holds which code, and what would be left of it."""

    def __init__(self, held: Iterable[HeldCode]) -> None:
        self.of_division: dict[tuple[str, int], list[HeldCode]] = defaultdict(list)
        self.of_code: dict[tuple[str, str], list[HeldCode]] = defaultdict(list)
        for one in held:
            self.of_division[one.scheme, one.division].append(one)
            self.of_code[one.scheme, one.code].append(one)

    def overlapped(self, one: Attachment, period: Period) -> list[HeldCode]:
        """List what the register says of the division on the days concerned."""
        own = self.of_division.get((one.scheme.word, one.division), [])
        return sorted((each for each in own if each.period.overlaps(period)), key=lambda each: each.id)

    def outcome(self, one: Attachment, period: Period) -> Outcome:
        """Say whether the register has it so, has it otherwise, or does not have it."""
        own = self.overlapped(one, period)
        if any(each.code == one.code and each.period.covers(period) for each in own):
            return Outcome.SAME
        return Outcome.CHANGED if own else Outcome.NEW


def _find_refused(sound: Sequence[tuple[Attachment, Period]], book: _Book) -> dict[int, Reason]:
    """Find the cells whose code another division has and keeps; a refused cell may so keep a code from a third."""
    refused: dict[int, Reason] = {}
    while True:
        taking = {
            (one.scheme.word, one.division): period for place, (one, period) in enumerate(sound) if place not in refused
        }
        found = {
            place: reason
            for place, (one, _) in enumerate(sound)
            if place not in refused and (reason := _find_holder(one, book, taking))
        }
        if not found:
            return refused
        refused.update(found)


def _find_holder(one: Attachment, book: _Book, taking: Mapping[tuple[str, int], Period]) -> Reason | None:
    """Say that another division holds the code on some day that this table does not take from it."""
    for other in book.of_code.get((one.scheme.word, one.code), ()):
        if other.division == one.division:
            continue
        taken = taking.get((other.scheme, other.division))
        if taken is None or not taken.covers(other.period):
            return because("code_held_by_other", code=f"{one.scheme.word}:{one.code}")
    return None


def _write(plan: AttachPlan, one: Attachment, period: Period, *, book: _Book) -> None:
    for each in book.overlapped(one, period):
        plan.closed.append(each.id)
        plan.kept += [(each.id, rest) for rest in _list_rest(each.period, period)]
    plan.written.append(HeldCode(-1 - len(plan.written), one.division, one.scheme.word, one.code, period))


def _list_rest(whole: Period, taken: Period) -> Iterator[Period]:
    """List what is left of a period before and after the days taken out of it."""
    if taken.start is not None and (whole.start is None or whole.start < taken.start):
        yield Period(whole.start, taken.start)
    if taken.end is not None and (whole.end is None or taken.end < whole.end):
        yield Period(taken.end, whole.end)
