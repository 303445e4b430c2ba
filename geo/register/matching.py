"""Match the rows of another source to the divisions of a register, each with its likeliest few and the reasons.

Nothing is decided here: a match is a proposal, and one that is not clear says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.register.assignment import assign_once
from geo.register.match_directory import Directory
from geo.register.matching_scores import Asked, Option, score_option


@dataclass(frozen=True)
class MatchRules:
    """Hold how rows are matched."""

    least: float = 0.5
    """A candidate with a lower score is left out."""
    threshold: float = 0.85
    """A match with a lower score is not clear."""
    margin: float = 0.05
    """A match that is not so far ahead of the next candidate is not clear."""
    most: int = 5
    """So many candidates are kept for a row."""
    once: bool = True
    """Whether a division is given to one row only."""


@dataclass(frozen=True)
class Match:
    """Propose a division for one row."""

    row: int
    """The row."""
    options: tuple[Option, ...]
    """Its candidates, the likeliest first."""
    chosen: int | None
    """The division proposed; None when there is none, or several are equally likely."""
    margin: float
    """How far the proposed one is ahead of the next; below zero when another would fit better but is taken."""
    is_clear: bool
    """Whether the score is high enough, and no other division or row comes near."""

    @property
    def score(self) -> float:
        """Give the score of the proposal, or 0 without one."""
        return next((option.score for option in self.options if option.division == self.chosen), 0.0)


@dataclass(frozen=True)
class _Grounds:
    """Hold what the grounds of all rows say, measured at once."""

    overlaps: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    near: Mapping[int, set[int]] = field(default_factory=dict)


def match_rows(rows: Sequence[Asked], directory: Directory, rules: MatchRules) -> tuple[Match, ...]:
    """Match rows to divisions; the same rows in any order give the same matches."""
    grounds = _Grounds(directory.measure_overlaps(rows), directory.find_near(rows))
    options = {asked.row: _rank(asked, directory, grounds, least=rules.least) for asked in rows}
    chosen = _choose(options, rules)
    found = [_settle(row, options[row], chosen.get(row), rules=rules) for row in sorted(options)]
    takers = Counter(match.chosen for match in found if match.chosen is not None)
    return tuple(replace(match, is_clear=match.is_clear and takers[match.chosen or 0] == 1) for match in found)


def _rank(asked: Asked, directory: Directory, grounds: _Grounds, *, least: float) -> list[Option]:
    """Score the candidates of a row, and keep those that come into question."""
    overlaps = grounds.overlaps.get(asked.row, {})
    scored = []
    for key in sorted(directory.find(asked) | overlaps.keys() | grounds.near.get(asked.row, set())):
        listed = directory.listed[key]
        above = [directory.above[one] for one in listed.above if one in directory.above]
        overlap = overlaps.get(key, 0.0) if overlaps and listed.ground is not None else None
        scored.append(score_option(asked, listed, above, overlap=overlap))
    kept = [option for option in scored if option.score >= least]
    return sorted(kept, key=lambda option: (-option.score, directory.listed[option.division].code, option.division))


def _choose(options: Mapping[int, Sequence[Option]], rules: MatchRules) -> dict[int, int]:
    if rules.once:
        # of two that fit alike, the one that more speaks for goes first
        worth = {(row, one.division): one.score + one.support / 1000 for row, found in options.items() for one in found}
        return assign_once(worth)
    return {row: found[0].division for row, found in options.items() if found}


def _settle(row: int, options: Sequence[Option], chosen: int | None, *, rules: MatchRules) -> Match:
    """Tell how sure a choice is; between equals none is proposed."""
    own = next((option.score for option in options if option.division == chosen), 0.0)
    next_best = max((option.score for option in options if option.division != chosen), default=0.0)
    margin = round(own - next_best, 4)
    kept = [option for place, option in enumerate(options) if place < rules.most or option.division == chosen]
    if chosen is None or margin == 0:
        return Match(row, tuple(kept), None, 0.0, is_clear=False)
    return Match(row, tuple(kept), chosen, margin, own >= rules.threshold and margin >= rules.margin)
