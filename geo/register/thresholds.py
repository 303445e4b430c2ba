"""Test a proposed division against the thresholds of the law, article by article.

A threshold is met in one of several ways: a measure reaches a least value, a circumstance holds, or both, and some ways
need somebody's approval. What is not known is never taken as met or as missed: the verdict names what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from geo.errors import Reason, because
from geo.register.densities import DENSITY, NO_DENSITIES, Densities
from geo.register.translations import Names

MEASURES = ("people", "households", "villages", "area_m2", "distance_m")
"""What can be asked of a division by a least value."""


class Outcome(StrEnum):
    """Say how a proposal stands to one threshold."""

    MET = "met"
    """The law lets it pass."""
    MET_WITH_APPROVAL = "met_with_approval"
    """It passes when somebody above approves of it."""
    NOT_MET = "not_met"
    """No way of the article is open to it."""
    UNKNOWN = "unknown"
    """A figure is missing that would decide."""


@dataclass(frozen=True)
class Way:
    """Hold one way to meet a threshold: all that it asks must hold."""

    measure: str | None = None
    """One of `MEASURES`; None where only circumstances count."""
    least: float | None = None
    """The least value of the measure."""
    all_of: tuple[str, ...] = ()
    """Circumstances and density classes that must all hold."""
    any_of: tuple[str, ...] = ()
    """Circumstances and density classes one of which must hold."""
    approval: str | None = None
    """Who must approve; None where nobody must."""
    note: str = ""
    """The note of the article that says so."""
    verified: bool = True
    """Whether it was read in the text of the law itself."""


@dataclass(frozen=True)
class Threshold:
    """Hold what one article asks of divisions of one level."""

    key: str
    """Its lasting key."""
    names: Names
    """What it asks, in short."""
    level: str
    """The level of the divisions it is asked of."""
    kinds: tuple[str, ...]
    """The kinds of change that must heed it."""
    article: str
    """The article."""
    source: str
    """The law and where it was read."""
    ways: tuple[Way, ...]
    """The ways to meet it, the plainest first."""


@dataclass(frozen=True)
class Thresholds:
    """Hold the thresholds of a country with the words they use."""

    rules: tuple[Threshold, ...] = ()
    """The thresholds in the order of the law."""
    approvals: Mapping[str, Names] = field(default_factory=dict)
    """Who may approve of less, the lowest first."""
    circumstances: Mapping[str, Names] = field(default_factory=dict)
    """What may be said of a place that changes what the law asks."""
    densities: Densities = NO_DENSITIES
    """How dense a place counts as."""
    villages: tuple[str, ...] = ()
    """The levels whose places count as villages."""

    @property
    def words(self) -> tuple[str, ...]:
        """List all that a way may ask for beside a measure."""
        return (*self.densities.classes, *self.circumstances)


NO_THRESHOLDS = Thresholds()
"""What a country has whose law names none."""


@dataclass(frozen=True)
class Proposal:
    """Hold what is known of a division that would come to be."""

    level: str
    """Its level."""
    kind: str
    """The kind of change that brings it."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Its measures as far as they are known."""
    circumstances: frozenset[str] = frozenset()
    """The circumstances that hold; what is not said does not hold."""
    density: str | None = None
    """Its density class; None where nobody said."""


@dataclass(frozen=True)
class Verdict:
    """Hold how a proposal stands to one threshold."""

    threshold: Threshold
    """The threshold."""
    outcome: Outcome
    """How it stands."""
    way: Way
    """The way it passes by, or might, or comes nearest to."""
    found: float | None
    """The measure that way asks for, where it is known."""
    missing: tuple[str, ...]
    """The figures that would decide; empty unless unknown."""
    sentence: Reason
    """The same in words."""


def check_proposal(thresholds: Thresholds, proposal: Proposal) -> tuple[Verdict, ...]:
    """Check a proposal against every threshold that its level and kind of change must heed."""
    asked = (rule for rule in thresholds.rules if rule.level == proposal.level and proposal.kind in rule.kinds)
    return tuple(_judge(rule, proposal, thresholds) for rule in asked)


def _judge(rule: Threshold, proposal: Proposal, words: Thresholds) -> Verdict:
    """Judge by the density class; where nobody said which, by all of them, as long as they agree."""
    if proposal.density is None and words.densities.classes:
        verdicts = [
            _judge_class(rule, replace(proposal, density=name), words=words) for name in words.densities.classes
        ]
        if len({(one.outcome, one.way.approval) for one in verdicts}) == 1:
            return max(verdicts, key=lambda verdict: verdict.way.least or 0)
    return _judge_class(rule, proposal, words=words)


def _judge_class(rule: Threshold, proposal: Proposal, *, words: Thresholds) -> Verdict:
    """Take the first way that is open, else one that might be, before those that need a higher approval."""
    for approval in (None, *words.approvals):
        lacks = {way: _list_missing(way, proposal, words) for way in rule.ways if way.approval == approval}
        possible = [(len(missing), way) for way, missing in lacks.items() if missing is not None]
        if possible:
            way = min(possible, key=lambda pair: pair[0])[1]
            return _write(rule, way, proposal, words=words, missing=lacks[way])
    nearest = min(rule.ways, key=lambda way: _measure_distance(way, proposal))
    return _write(rule, nearest, proposal, words=words, missing=None)


def _list_missing(way: Way, proposal: Proposal, words: Thresholds) -> tuple[str, ...] | None:
    """List what must still be known for a way to be open: nothing when it is; None when it is closed for certain."""
    held = proposal.circumstances | {proposal.density}
    classes = set() if proposal.density else set(words.densities.classes)
    lacking = [word for word in way.all_of if word not in held]
    if any(word not in classes for word in lacking):
        return None
    missing = [DENSITY] if lacking else []
    if way.any_of and not held & set(way.any_of):
        if not classes & set(way.any_of):
            return None
        missing.append(DENSITY)
    if way.measure is not None:
        found = proposal.figures.get(way.measure)
        if found is not None and found < (way.least or 0):
            return None
        missing += [way.measure] if found is None else []
    return tuple(dict.fromkeys(missing))


def _measure_distance(way: Way, proposal: Proposal) -> tuple[bool, float]:
    """Say how far a closed way is: first whether its circumstances are wrong, then the share of people lacking."""
    held = proposal.circumstances | {proposal.density}
    is_closed = not held >= set(way.all_of) or bool(way.any_of and not held & set(way.any_of))
    found = proposal.figures.get(way.measure or "")
    return is_closed, 1.0 if found is None or not way.least else 1 - found / way.least


def _write(
    rule: Threshold, way: Way, proposal: Proposal, *, words: Thresholds, missing: tuple[str, ...] | None
) -> Verdict:
    outcome = _name_outcome(way, missing)
    found = proposal.figures.get(way.measure or "")
    params: dict[str, object] = {"asked": _tell_asked(way, words)}
    if outcome is Outcome.UNKNOWN:
        params["missing"] = tuple(because(f"measure_{name}") for name in missing or ())
    else:
        params["found"] = _tell_found(way, found)
    if outcome is Outcome.MET_WITH_APPROVAL:
        params["by"] = words.approvals[way.approval or ""]
    return Verdict(rule, outcome, way, found, missing or (), because(f"threshold_{outcome}", **params))


def _name_outcome(way: Way, missing: tuple[str, ...] | None) -> Outcome:
    if missing is None:
        return Outcome.NOT_MET
    if missing:
        return Outcome.UNKNOWN
    return Outcome.MET_WITH_APPROVAL if way.approval else Outcome.MET


def _tell_asked(way: Way, words: Thresholds) -> tuple[Reason | Names, ...]:
    """Tell what a way asks for, piece by piece."""
    names = {**words.densities.names, **words.circumstances}
    pieces: list[Reason | Names] = []
    if way.measure is not None:
        measure = because(f"measure_{way.measure}")
        pieces.append(because("threshold_least", measure=measure, least=_shorten(way.least)))
    if len(way.all_of) == 1:
        pieces.append(names[way.all_of[0]])
    elif way.all_of:
        pieces.append(because("threshold_all", words=tuple(names[word] for word in way.all_of)))
    if way.any_of:
        pieces.append(because("threshold_any", words=tuple(names[word] for word in way.any_of)))
    return tuple(pieces)


def _shorten(number: float | None) -> float | int | None:
    """Write a whole number as one."""
    return int(number) if number is not None and number == int(number) else number


def _tell_found(way: Way, found: float | None) -> Reason:
    if way.measure is None:
        return because("threshold_no_figure")
    return because("threshold_found", found="-" if found is None else _shorten(found))
