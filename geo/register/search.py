"""Answer which divisions a question may mean, the likeliest first; none is decided on.

Names are graded by key, all at once; the divisions that bear them are narrowed from the right, each name of the
question being sought inside those after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import Reason, because
from geo.register.gazetteer import Gazetteer
from geo.register.likeness import Grader, KeyGrades, Kind, Width
from geo.register.names import pashto_key
from geo.register.questions import Part, Reading

CUT_FACTOR = 0.9
"""What a cut at a blank costs an answer that is not the very name: the words may well be one name."""

OTHER_LEVEL_FACTOR = 0.9
"""What it costs to be of another level than the question says."""

BARE_FACTOR = 0.99
"""What it costs to be found by a name without its word for a level, where the whole name is found too."""

OTHER_LETTERS_FACTOR = 0.97
"""What it costs to be written with other letters than those that only Pashto tells apart."""

MOST_READINGS = {Width.LIKE: 8, Width.ROUGH: 3}
"""So many readings are tried with slips, and so many roughly: all that four words have, and one cut in six words."""

REASONS = {
    Kind.SLIP: because("search_slip", edits=1),
    Kind.EXACT: because("search_exact"),
    Kind.BEGINS: because("search_begins"),
    Kind.WORDS: because("search_words"),
    Kind.SOUNDS: because("search_sounds"),
}
"""Why a name is an answer, but for one that is only alike, whose reason says how much."""

LEAST_SCORE = 0.35
"""A division that answers less well is no answer."""

STEP = 0.2
"""Scores so near count as one step: a province that has a word of the question goes before a village that has two."""

OTHER_LEVEL, OTHER_LETTERS, INSIDE = 1, 2, 4
"""What else is to be said of an answer, as bits."""

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Found:
    """List divisions that a name may mean, each once."""

    names: Places
    """The name of each that answers best, by its row in the gazetteer."""
    scores: NDArray[np.float64]
    """From 0 to 1; 1 is the very name."""
    kinds: NDArray[np.int8]
    """How that name answers."""
    marks: NDArray[np.int8]
    """What else is to be said."""


NOTHING = Found(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int8), np.zeros(0, np.int8))


@dataclass(frozen=True, eq=False)
class Scope:
    """Say among which divisions a name is sought."""

    inside: tuple[Places, Places] | None = None
    """The stretches of the walk they lie in; None is everywhere."""
    level: int | None = None
    """The rank of their level; None is any."""
    with_parts: bool = False
    """Whether only those count that others stand under."""

    def holds(self, gazetteer: Gazetteer, places: Places) -> NDArray[np.bool_]:
        """Tell which places are in it."""
        held = np.ones(len(places), dtype=np.bool_)
        if self.level is not None:
            held &= gazetteer.divisions.levels[places] == self.level
        if self.with_parts:
            held &= gazetteer.ends[places] - places > 1
        if self.inside is not None:
            starts, ends = self.inside
            at = np.searchsorted(starts, places, "right") - 1
            held &= (at >= 0) & (places < ends[at])
        return held


@dataclass(frozen=True)
class Match:
    """Hold one division that may be meant."""

    place: int
    """Where it stands in the gazetteer."""
    name: int
    """The name that answers, by its row there."""
    score: float
    """From 0 to 1; 1 is the very name."""
    reasons: tuple[Reason, ...]
    """Why it is listed."""


@dataclass(frozen=True)
class Answer:
    """Hold what a question may mean."""

    total: int
    """How many divisions may be meant, with those not listed."""
    equal: int
    """How many of them answer as well as the first: with more than one the question is ambiguous."""
    matches: tuple[Match, ...]
    """The first of them: those that answer best, then by step of the score, level, score, people, divisions below, how
    common the name is, and code."""


def find_matches(
    gazetteer: Gazetteer, readings: Sequence[Reading], *, level: str | None = None, limit: int = 20
) -> Answer:
    """Find what a question may mean; only the nearest kind of likeness that finds any is listed."""
    rank = gazetteer.level_keys.index(level) if level else None
    found = _Search(gazetteer, rank, Grader(gazetteer.words)).run(readings)
    if not len(found.names):
        return Answer(0, 0, ())
    order = _rank(gazetteer, found)
    equal = int((found.scores == found.scores[order[0]]).sum())
    return Answer(len(order), equal, tuple(_to_match(gazetteer, found, int(at)) for at in order[:limit]))


@dataclass(frozen=True)
class _Search:
    """Hold what stays the same while one question is answered."""

    gazetteer: Gazetteer
    level: int | None
    grader: Grader

    def run(self, readings: Sequence[Reading]) -> Found:
        """Try the readings, the nearest likeness first; of the very name the first reading that finds it counts."""
        for reading in readings:
            if len((exact := self.follow(reading, Width.EXACT)).names):
                return exact
        for width, most in MOST_READINGS.items():
            every = self.keep_best(list(self.follow_until_near(readings[:most], width)))
            if len(every.names):
                return every
        return NOTHING

    def follow_until_near(self, readings: Sequence[Reading], width: Width) -> Iterator[Found]:
        """Follow readings up to the first that finds a name with one slip at most."""
        for reading in readings:
            found = self.follow(reading, width)
            yield found
            if (found.kinds <= Kind.SLIP).any():
                break

    def follow(self, reading: Reading, width: Width) -> Found:
        """Narrow the register down from the right: each name is sought inside those after it."""
        scope, factor = Scope(), 1.0 if width is Width.EXACT else CUT_FACTOR**reading.cuts
        for part in reversed(reading.above):
            above = self.find_nearest(part, width, replace(scope, with_parts=True))
            if not len(above.names):
                return NOTHING
            factor *= float(above.scores.max())
            scope = Scope(_list_stretches(self.gazetteer, above))
        found = self.find_part(reading.head, width, replace(scope, level=self.level))
        marks = found.marks | np.int8(INSIDE if reading.above else 0)
        found = replace(found, scores=np.round(found.scores * factor, 4), marks=marks)
        return _take(found, np.flatnonzero(found.scores >= LEAST_SCORE))

    def find_nearest(self, part: Part, width: Width, scope: Scope) -> Found:
        """Find the divisions that others are sought in; a nearer likeness goes before a farther."""
        for nearer in Width:
            found = self.find_part(part, nearer, scope)
            if len(found.names) or nearer is width:
                break
        return found

    def find_part(self, part: Part, width: Width, scope: Scope) -> Found:
        """Find the divisions in a scope that one name of a question may mean."""
        forms = [self.find_form(words, width, scope, part.levels if named else None) for words, named in part.forms]
        if all(len(form.names) for form in forms[1:]):
            # «ده نو» may be a village called «نو», but first of all it is one called «ده نو»
            forms[0] = replace(forms[0], scores=forms[0].scores * (BARE_FACTOR if len(forms) > 1 else 1.0))
        found = self.keep_best(forms)
        return self.lower_other_letters(found, part.strict) if part.strict else found

    def find_form(self, words: tuple[str, ...], width: Width, scope: Scope, levels: frozenset[str] | None) -> Found:
        """Find the divisions that some words may mean; of other levels than those named only where letters may slip."""
        graded = self.grader.grade(words, width)
        if not len(graded.keys):
            return NOTHING
        found = _spread(self.gazetteer, graded)
        found = _take(found, np.flatnonzero(scope.holds(self.gazetteer, self.places_of(found))))
        if levels is None:
            return found
        ranks = [rank for rank, key in enumerate(self.gazetteer.level_keys) if key in levels]
        other = ~np.isin(self.gazetteer.divisions.levels[self.places_of(found)], ranks)
        return _take(found, np.flatnonzero(~other)) if width is Width.EXACT else _lower(found, other, OTHER_LEVEL)

    def lower_other_letters(self, found: Found, strict: str) -> Found:
        """Put names behind that have other letters of those that only Pashto tells apart."""
        texts = self.gazetteer.names.texts
        other = [strict not in pashto_key(texts[name]) for name in found.names.tolist()]
        return _lower(found, np.array(other, dtype=np.bool_), OTHER_LETTERS)

    def places_of(self, found: Found) -> Places:
        """Give the divisions that bear the names found."""
        return self.gazetteer.holders[found.names].astype(np.int64)

    def keep_best(self, several: Sequence[Found]) -> Found:
        """Put what was found together, and keep the best name of each division, an official one before a variant."""
        several = [one for one in several if len(one.names)]
        if not several:
            return NOTHING
        joined = Found(*(np.concatenate([getattr(one, name) for one in several]) for name in Found.__annotations__))
        places, variant = self.places_of(joined), ~self.gazetteer.names.official[joined.names]
        order = np.lexsort((joined.marks, joined.names, variant, -joined.scores, places))
        return _take(joined, order[np.flatnonzero(np.diff(places[order], prepend=-1))])


def _take(found: Found, rows: NDArray[np.intp]) -> Found:
    return Found(found.names[rows], found.scores[rows], found.kinds[rows], found.marks[rows])


def _lower(found: Found, which: NDArray[np.bool_], mark: int) -> Found:
    factor = OTHER_LEVEL_FACTOR if mark == OTHER_LEVEL else OTHER_LETTERS_FACTOR
    marks = found.marks | (which * np.int8(mark)).astype(np.int8)
    return replace(found, scores=np.where(which, found.scores * factor, found.scores), marks=marks)


def _spread(gazetteer: Gazetteer, graded: KeyGrades) -> Found:
    """Give every name that has one of the keys the grade of its key."""
    starts, rows = gazetteer.words.rows
    counts = gazetteer.words.count_rows(graded.keys)
    first = np.repeat(starts[graded.keys] - np.cumsum(counts) + counts, counts)
    names = rows[first + np.arange(counts.sum())]
    return Found(
        names, np.repeat(graded.scores, counts), np.repeat(graded.kinds, counts), np.zeros(len(names), np.int8)
    )


def _list_stretches(gazetteer: Gazetteer, found: Found) -> tuple[Places, Places]:
    """List the stretches of the walk that lie in the divisions found, those inside others left out."""
    places = np.unique(gazetteer.holders[found.names]).astype(np.int64)
    ends = gazetteer.ends[places].astype(np.int64)
    outer = ends > np.concatenate([[0], np.maximum.accumulate(ends)[:-1]])
    return places[outer] + 1, ends[outer]


def _rank(gazetteer: Gazetteer, found: Found) -> NDArray[np.intp]:
    """Order what was found: those that answer best; then step by step, and in a step by level before score."""
    places = gazetteer.holders[found.names].astype(np.int64)
    divisions, below = gazetteer.divisions, gazetteer.ends[places] - places
    common = gazetteer.words.count_rows(gazetteer.words.keys_of[found.names])
    lesser = found.scores < found.scores.max()
    sizes = (gazetteer.code_order[places], -common, -below, -divisions.people[places])
    return np.lexsort((*sizes, -found.scores, divisions.levels[places], -(found.scores // STEP), lesser))


def _to_match(gazetteer: Gazetteer, found: Found, at: int) -> Match:
    name, kind, marks = int(found.names[at]), Kind(int(found.kinds[at])), int(found.marks[at])
    reasons = [REASONS.get(kind) or because("search_alike", share=round(float(found.scores[at]) / 0.8, 2))]
    said = ((OTHER_LEVEL, "search_level_other"), (OTHER_LETTERS, "search_pashto"), (INSIDE, "search_inside"))
    reasons += [because(key) for mark, key in said if marks & mark]
    if not gazetteer.names.official[name]:
        reasons.append(because("search_variant"))
    return Match(int(gazetteer.holders[name]), name, float(found.scores[at]), tuple(reasons))
