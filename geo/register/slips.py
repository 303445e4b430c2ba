"""Find the words that one slip of the keyboard may have made into what was typed.

One letter more, less, other or changed places leaves two words with a letter struck out alike; every word is kept under
the hashes of itself and of all that strike one letter out, so that a question costs a few look-ups in a sorted array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

MOST_LETTERS = 60
"""A word longer than this is taken as it is typed: no slip of the keyboard is looked for in it."""

BASE = 0x9E3779B97F4A7C15
"""What the letters of a hash are weighed by; a clash costs one comparison, since every candidate is compared."""

BLOCK = 8192
"""So many words are hashed at once, which bounds the memory that building takes."""

_PLAIN_WEIGHTS = [pow(BASE, at, 1 << 64) for at in range(MOST_LETTERS + 2)]
_WEIGHTS = np.array(_PLAIN_WEIGHTS, dtype=np.uint64)

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class SlipIndex:
    """Keep words under the hashes of what one slip leaves of them."""

    words: Sequence[str]
    """The words, each once."""
    hashes: Hashes
    """The hashes in order."""
    owners: Numbers
    """Which word each hash is of."""

    def find(self, typed: str) -> list[int]:
        """Find the words at one slip from `typed`, by their numbers; the very word is not among them.

        Examples
        --------
        >>> index = build_slips(["تهران", "تهن", "تهنر", "تهرم", "شیراز"])
        >>> index.find("تهرن")
        [0, 1, 2, 3]
        """
        if not 2 <= len(typed) <= MOST_LETTERS:
            return []
        asked = np.array(sorted(_hash_typed(typed)), dtype=np.uint64)
        first, last = np.searchsorted(self.hashes, asked, "left"), np.searchsorted(self.hashes, asked, "right")
        met = {
            owner
            for start, end in zip(first.tolist(), last.tolist(), strict=True)
            for owner in self.owners[start:end].tolist()
        }
        return sorted(owner for owner in met if self._is_near(typed, owner))

    def _is_near(self, typed: str, owner: int) -> bool:
        word = self.words[owner]
        # of a word of one letter every other word of one or two letters would be a slip
        return len(word) > 1 and OSA.distance(typed, word, score_cutoff=1) == 1


def build_slips(words: Sequence[str]) -> SlipIndex:
    """Build the index of some words, each given once; words that are too long are left out."""
    hashes, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    for start in range(0, len(words), BLOCK):
        found, rows = _hash_block(_to_letters(words[start : start + BLOCK]))
        hashes.append(found)
        owners.append(rows + np.int32(start))
    every, whose = np.concatenate(hashes), np.concatenate(owners)
    order = np.argsort(every, kind="stable")
    return SlipIndex(words, every[order], whose[order])


def _hash_typed(typed: str) -> set[int]:
    """Hash one word whole and with each of its letters struck out, as `_hash_block` does for many."""
    before, after = [0], [0]
    for letter, weight in zip(typed, _PLAIN_WEIGHTS, strict=False):
        before.append(before[-1] + ord(letter) * weight)
    for letter, weight in zip(typed[:0:-1], _PLAIN_WEIGHTS[len(typed) - 2 :: -1], strict=False):
        after.append(after[-1] + ord(letter) * weight)
    struck = (first + last for first, last in zip(before[:-1], reversed(after), strict=True))
    return {one % (1 << 64) for one in (before[-1], *struck)}


def _to_letters(words: Sequence[str]) -> Hashes:
    """Write words as rows of code points, filled with zeros; one that is too long becomes an empty row."""
    kept = np.array([word if len(word) <= MOST_LETTERS else "" for word in words], dtype=np.str_)
    width = max(1, kept.itemsize // 4)
    return np.ascontiguousarray(kept).view(np.uint32).reshape(len(words), width).astype(np.uint64)


def _hash_block(letters: Hashes) -> tuple[Hashes, Numbers]:
    """Hash each row whole and with each of its letters struck out."""
    width = letters.shape[1]
    lengths = (letters != 0).sum(axis=1)
    kept = np.cumsum(letters * _WEIGHTS[:width], axis=1)
    moved = np.cumsum(letters[:, 1:] * _WEIGHTS[: width - 1], axis=1)
    hashes, owners = [kept[:, -1]], [np.arange(len(letters))]
    for at in range(width):
        rows = np.flatnonzero(lengths > at)
        before = kept[rows, at - 1] if at else np.zeros(len(rows), np.uint64)
        passed = moved[rows, at - 1] if at else np.zeros(len(rows), np.uint64)
        after = moved[rows, -1] - passed if width > 1 else np.zeros(len(rows), np.uint64)
        hashes.append(before + after)
        owners.append(rows)
    filled = np.concatenate(owners)
    used = lengths[filled] > 0
    return np.concatenate(hashes)[used], filled[used].astype(np.int32)
