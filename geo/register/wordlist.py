"""Index keys of names so that they are found exactly, with a slip, by their beginning, by their words, or roughly.

Every key stands once, in order; what bears it is told by number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.register.skeletons import persian_sounds
from geo.register.slips import SlipIndex, build_slips

Numbers = NDArray[np.int64]

LAST_LETTER = "\U0010ffff"
"""What comes after every letter."""

LEAST_SHARED = 0.45
"""The share of classes of letter pairs, in both, from which on a key is compared."""

MOST_ROUGH = 300
"""So many keys that share most pairs of letters with a question are compared with it."""


@dataclass(frozen=True, eq=False)
class Wordlist:
    """Keep keys and their words in order, with what bears them."""

    keys: Sequence[str]
    """The keys, in order."""
    places: dict[str, int]
    """The number of each key."""
    keys_of: Numbers
    """The key of each row; one past the last for a row without any."""
    rows: tuple[Numbers, Numbers]
    """Which rows bear each key: where they begin, and the rows."""
    tokens: Sequence[str]
    """The words of the names, in order."""
    token_places: dict[str, int]
    """The number of each word."""
    token_keys: tuple[Numbers, Numbers]
    """Which keys each word is in: where they begin, and the keys."""
    lengths: tuple[Numbers, Numbers]
    """How many letters each key has, and each word."""
    slips: SlipIndex
    """The keys by what a slip leaves of them."""
    token_slips: SlipIndex
    """The same of words."""
    sounds: dict[str, list[int]]
    """Which keys in Arabic letters have the same consonants."""
    pairs: NDArray[np.uint64]
    """Which of 64 classes of letter pairs each key has."""

    @property
    def size_bytes(self) -> int:
        """Add up what its arrays take."""
        indexes = (self.slips.hashes, self.slips.owners, self.token_slips.hashes, self.token_slips.owners)
        return sum(one.nbytes for one in (self.keys_of, *self.rows, *self.token_keys, *indexes, self.pairs))

    def rows_of(self, key: int) -> Numbers:
        """Give the rows that bear a key."""
        starts, rows = self.rows
        return rows[starts[key] : starts[key + 1]]

    def count_rows(self, keys: Numbers) -> Numbers:
        """Count the rows that bear each of some keys."""
        starts, _ = self.rows
        return np.asarray(starts[keys + 1] - starts[keys])

    def keys_with(self, tokens: range) -> tuple[Numbers, Numbers]:
        """Give the keys that have one of some neighbouring words, and the word each has."""
        starts, keys = self.token_keys
        counts = np.diff(starts[tokens.start : tokens.stop + 1])
        return keys[starts[tokens.start] : starts[tokens.stop]], np.repeat(np.arange(tokens.start, tokens.stop), counts)

    def find_beginning(self, start: str) -> range:
        """Find the keys that begin so."""
        return _find_beginning(self.keys, start)

    def find_tokens_beginning(self, start: str) -> range:
        """Find the words that begin so."""
        return _find_beginning(self.tokens, start)

    def find_rough(self, typed: str) -> list[int]:
        """Find the keys that share most pairs of letters with `typed`, so few that each can be compared."""
        asked = _mark_pairs([typed])[0]
        shared = np.bitwise_count(self.pairs & asked).astype(np.int64)
        every = np.bitwise_count(self.pairs) + np.bitwise_count(asked)
        likeness = 2 * shared / np.maximum(every, 1)
        near = np.flatnonzero(likeness >= LEAST_SHARED)
        first = near[np.argsort(-likeness[near], kind="stable")[:MOST_ROUGH]]
        return sorted(int(key) for key in first)


def _find_beginning(words: Sequence[str], start: str) -> range:
    return range(bisect_left(words, start), bisect_left(words, start + LAST_LETTER))


def build_wordlist(names: Sequence[tuple[str, ...]]) -> Wordlist:
    """Index names, each given as the keys of its words; a name without words is found by nothing."""
    joined = ["".join(words) for words in names]
    keys = sorted(set(joined) - {""})
    places = {key: place for place, key in enumerate(keys)}
    bearing = np.array([places.get(key, len(keys)) for key in joined], dtype=np.int64)
    starts, rows = group_rows(bearing, len(keys) + 1)
    tokens, token_places, token_keys = _index_tokens(names, joined, places)
    return Wordlist(
        keys=keys,
        places=places,
        keys_of=bearing,
        rows=(starts, rows),
        tokens=tokens,
        token_places=token_places,
        token_keys=token_keys,
        lengths=(_count_letters(keys), _count_letters(tokens)),
        slips=build_slips(keys),
        token_slips=build_slips(tokens),
        sounds=_group_sounds(names, joined, places),
        pairs=_mark_pairs(keys),
    )


def _index_tokens(
    names: Sequence[tuple[str, ...]], joined: Sequence[str], places: dict[str, int]
) -> tuple[list[str], dict[str, int], tuple[Numbers, Numbers]]:
    """Index the words of names by the keys they are in."""
    tokens = sorted({word for words in names for word in words})
    numbers = {word: number for number, word in enumerate(tokens)}
    owners = np.array([numbers[word] for words in names for word in words], dtype=np.int64)
    bearing = np.repeat(
        np.array([places.get(key, 0) for key in joined], dtype=np.int64), [len(words) for words in names]
    )
    pairs = np.unique(owners * (len(places) + 1) + bearing)
    owners, keys = np.divmod(pairs, len(places) + 1)
    return tokens, numbers, (np.searchsorted(owners, np.arange(len(tokens) + 1)).astype(np.int64), keys)


def _group_sounds(
    names: Sequence[tuple[str, ...]], joined: Sequence[str], places: dict[str, int]
) -> dict[str, list[int]]:
    """Group the keys in Arabic letters by their consonants; a key with fewer than two would answer too many."""
    found: dict[str, list[int]] = {}
    words_of = {key: words for key, words in zip(joined, names, strict=True) if key and not key.isascii()}
    for key in sorted(words_of):
        if len(sounds := persian_sounds(words_of[key])) > 1:
            found.setdefault(sounds, []).append(places[key])
    return found


def _count_letters(words: Sequence[str]) -> Numbers:
    return np.array([len(word) for word in words], dtype=np.int64)


def group_rows(groups: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Group rows by the number of their group: where each group begins, and the rows in it, in order."""
    order = np.argsort(groups, kind="stable").astype(np.int64)
    return np.searchsorted(groups[order], np.arange(count + 1)).astype(np.int64), order


def _mark_pairs(keys: Sequence[str]) -> NDArray[np.uint64]:
    """Mark which of 64 classes the pairs of letters in each key fall into, its ends taken as letters."""
    marks = [0] * len(keys)
    for place, key in enumerate(keys):
        for first, second in pairwise(f"^{key}$"):
            marks[place] |= 1 << ((ord(first) * 31 + ord(second) * 17) & 63)
    return np.array(marks, dtype=np.uint64)
