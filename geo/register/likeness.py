"""Grade the keys of names by how well they answer what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from geo.register.skeletons import count_contradictions, latin_sounds, to_plain_latin
from geo.register.vowels import borrow_vowels
from geo.register.wordlist import Wordlist

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]

LEAST_BEGINNING = 3
"""So many letters must be typed for the names that go on to be answers."""

LEAST_WORD = 3
"""So many letters a word must have for slips in it to be looked for."""

LEAST_ROUGH = 0.6
"""A name less alike than this is no answer."""


SOUND_SCORE = 0.75
"""How well a name answers that sounds like Latin words; a little less where a long vowel is another."""


class Width(IntEnum):
    """Say how far a name may be from what was typed."""

    EXACT = 0
    """The same letters."""
    LIKE = 1
    """One letter more, less, other or changed places; or the name goes on; or the words are among its words."""
    ROUGH = 2
    """More or less alike."""


class Kind(IntEnum):
    """Say how a name answers, by the reason that tells of it."""

    EXACT = 0
    """The very name."""
    SLIP = 1
    """One letter differs."""
    BEGINS = 2
    """The name begins so."""
    WORDS = 3
    """The words are among the words of the name."""
    SOUNDS = 4
    """The name, in Arabic letters, has the consonants of what was typed in Latin ones."""
    ROUGH = 5
    """The name is alike."""


Graded = tuple[Kind, Numbers, Scores]
"""Keys that answer in one way, and how well."""


@dataclass(frozen=True, eq=False)
class KeyGrades:
    """List keys that answer, each once."""

    keys: Numbers
    """Their numbers in the word list, in order."""
    scores: NDArray[np.float64]
    """From 0 to 1; 1 is the very name."""
    kinds: NDArray[np.int8]
    """How each answers."""


NO_KEYS = KeyGrades(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int8))


@dataclass(frozen=True, eq=False)
class Grader:
    """Grade the keys of one word list for one question, whose readings ask for the same words again and again."""

    wordlist: Wordlist
    """The keys."""
    graded: dict[tuple[tuple[str, ...], Width], KeyGrades] = field(default_factory=dict)
    """What was graded already."""
    weighed: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """How well each key has each word that was asked for."""

    def grade(self, words: tuple[str, ...], width: Width) -> KeyGrades:
        """Grade the keys that some words may mean, the nearest likeness of each.

        Keys at one slip are graded alike, but where one also begins so: nothing that was typed tells which is meant.
        """
        if (words, width) not in self.graded:
            graded = list(self._list_grades(words, width))
            # most readings of a question are no names, and are dismissed before anything is sorted
            self.graded[words, width] = _gather(graded) if any(len(keys) for _, keys, _ in graded) else NO_KEYS
        return self.graded[words, width]

    def _list_grades(self, words: tuple[str, ...], width: Width) -> Iterator[Graded]:
        typed = "".join(words)
        place = self.wordlist.places.get(typed)
        yield Kind.EXACT, *_even([] if place is None else [place], 1.0)
        if width is Width.LIKE:
            yield Kind.SLIP, *_even(self.wordlist.slips.find(typed), 0.95 * _weigh_slip(typed))
            yield Kind.BEGINS, *_grade_beginnings(self.wordlist, typed)
            yield Kind.WORDS, *self._grade_words(words)
            yield Kind.SOUNDS, *_grade_sounds(self.wordlist, words)
        if width is Width.ROUGH:
            yield Kind.ROUGH, *_grade_roughly(self.wordlist, typed)

    def _grade_words(self, words: tuple[str, ...]) -> tuple[Numbers, Scores]:
        """Grade the keys that have every word, at most with a slip or as a beginning, in whatever order."""
        found = np.flatnonzero(self._weigh(words[0]))
        for word in words[1:]:
            found = found[self._weigh(word)[found] > 0]
        typed = sum(map(len, words))
        letters = sum((self._weigh(word)[found].astype(np.float64) * len(word) for word in words), np.zeros(len(found)))
        share = np.minimum(1.0, typed / self.wordlist.lengths[0][found])
        return found, 0.8 * (letters / typed) * (0.5 + 0.5 * share)

    def _weigh(self, word: str) -> NDArray[np.float32]:
        """Weigh for every key how well one of its words is the word typed; 0 where none is."""
        if word not in self.weighed:
            self.weighed[word] = self._weigh_anew(word)
        return self.weighed[word]

    def _weigh_anew(self, word: str) -> NDArray[np.float32]:
        weights, wordlist = np.zeros(len(self.wordlist.keys), np.float32), self.wordlist
        exact = wordlist.token_places.get(word)
        # what answers better is written later, over what answers worse
        if len(word) >= LEAST_WORD:
            keys, tokens = wordlist.keys_with(wordlist.find_tokens_beginning(word))
            weights[keys] = 0.6 + 0.3 * len(word) / wordlist.lengths[1][tokens]
            for token in wordlist.token_slips.find(word):
                weights[wordlist.keys_with(range(token, token + 1))[0]] = _weigh_slip(word)
        if exact is not None:
            weights[wordlist.keys_with(range(exact, exact + 1))[0]] = 1.0
        return weights


def _weigh_slip(word: str) -> float:
    """Weigh a word with one slip: in a short one it is most of the word."""
    return 1 - 1.5 / max(2, len(word))


def _even(keys: list[int], score: float) -> tuple[Numbers, Scores]:
    return np.array(keys, dtype=np.int64), np.full(len(keys), score)


def _gather(parts: Sequence[Graded]) -> KeyGrades:
    """Put grades of several kinds together and keep the best of each key."""
    keys, scores = np.concatenate([keys for _, keys, _ in parts]), np.concatenate([scores for *_, scores in parts])
    kinds = np.concatenate([np.full(len(keys), kind, np.int8) for kind, keys, _ in parts])
    order = np.lexsort((kinds, -scores, keys))
    first = order[np.flatnonzero(np.diff(keys[order], prepend=-1))]
    return KeyGrades(keys[first], scores[first], kinds[first])


def _grade_beginnings(wordlist: Wordlist, typed: str) -> tuple[Numbers, Scores]:
    begun = wordlist.find_beginning(typed) if len(typed) >= LEAST_BEGINNING else range(0)
    return np.arange(begun.start, begun.stop), 0.5 + 0.2 * len(typed) / wordlist.lengths[0][begun.start : begun.stop]


def _grade_sounds(wordlist: Wordlist, words: tuple[str, ...]) -> tuple[Numbers, Scores]:
    """Grade the names in Arabic letters that sound like Latin words; short vowels are not written in them."""
    if not words[0].isascii():
        return _even([], 0.0)
    near = wordlist.sounds.get(latin_sounds([to_plain_latin(word) for word in words]), [])
    latin = "".join(words)
    agreed = [key for key in near if not count_contradictions(wordlist.keys[key], " ".join(words))]
    has_vowels = [borrow_vowels([wordlist.keys[key]], latin) is not None for key in agreed]
    return np.array(agreed, dtype=np.int64), np.where(has_vowels, SOUND_SCORE, SOUND_SCORE - 0.05)


def _grade_roughly(wordlist: Wordlist, typed: str) -> tuple[Numbers, Scores]:
    near = wordlist.find_rough(typed)
    likeness = np.array([fuzz.ratio(typed, wordlist.keys[key]) / 100 for key in near], dtype=np.float64)
    kept = np.flatnonzero(likeness >= LEAST_ROUGH)
    return np.array(near, dtype=np.int64)[kept], 0.8 * likeness[kept]
