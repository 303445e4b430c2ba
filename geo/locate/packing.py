"""Write a locator as bytes that many processes can map into memory at once, and read it back without copying.

The bytes begin with a header of 64: what they are, their version, how many they are, and a SHA-256 of all that follows.
Then come the lengths of the arrays, the numbers of the frame, and the arrays, each at a multiple of 64.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from geo.errors import UnreadableFile, because
from geo.locate.grid import Frame
from geo.locate.index import Index, freeze
from geo.locate.locator import Locator

Bytes = NDArray[np.uint8]

MAGIC, VERSION = b"TAQLOCAT", 2
ALIGN = 64
HEADER = np.dtype([("magic", "S8"), ("version", "<u4"), ("parents", "<u4"), ("size", "<u8"), ("digest", "V32")])
HEAD_BYTES = 64
SHAPES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("<f8", ()),
    ("<i4", ()),
    ("<i4", ()),
    ("<f8", (5,)),
    ("<f8", (4,)),
    ("<i4", ()),
    ("<i4", ()),
    ("<i8", ()),
    ("<i4", ()),
    ("<i8", ()),
    ("<u1", ()),
)
"""Type and inner shape of each array: the numbers of the frame, the arrays of the index, where texts end, texts."""


def pack_locator(locator: Locator) -> Bytes:
    """Write a locator as bytes; the same coverage gives the same bytes."""
    columns = [text or "" for texts in locator.parents.values() for text in texts]
    texts = [text.encode() for text in (locator.source, *locator.keys, *locator.parents, *columns)]
    ends = np.fromiter(accumulate(map(len, texts)), dtype=np.int64, count=len(texts))
    index = locator.index
    numbers = np.array([*index.frame, index.doubt])
    arrays = [numbers, *index[2:], ends, np.frombuffer(b"".join(texts), dtype=np.uint8)]
    starts = _lay_out([len(array) for array in arrays])
    whole = np.zeros(starts[-1], dtype=np.uint8)
    whole[HEAD_BYTES : HEAD_BYTES + 8 * len(arrays)] = np.array([len(array) for array in arrays], "<i8").view(np.uint8)
    for start, array, (kind, _) in zip(starts, arrays, SHAPES, strict=False):
        plain = np.ascontiguousarray(array, dtype=kind).reshape(-1).view(np.uint8)
        whole[start : start + plain.size] = plain
    digest = hashlib.sha256(whole[HEAD_BYTES:].data).digest()
    header = np.array([(MAGIC, VERSION, len(locator.parents), whole.size, digest)], dtype=HEADER)
    whole[: HEADER.itemsize] = header.view(np.uint8)
    return whole


def _lay_out(lengths: Sequence[int]) -> list[int]:
    """Give where each array begins, and the end of the last."""
    sizes = [length * np.dtype((kind, inner)).itemsize for length, (kind, inner) in zip(lengths, SHAPES, strict=True)]
    first = _align(HEAD_BYTES + 8 * len(SHAPES))
    return list(accumulate((_align(size) for size in sizes), initial=first))


def _align(size: int) -> int:
    return -(-size // ALIGN) * ALIGN


def unpack_locator(whole: Bytes, *, name: str) -> Locator:
    """Read a locator from bytes, which must stay as they are; `name` is what an error calls them.

    Raises UnreadableFile when the bytes are something else, of another version, or damaged.
    """
    header = _check(whole, name)
    lengths = whole[HEAD_BYTES : HEAD_BYTES + 8 * len(SHAPES)].view("<i8").tolist()
    starts = _lay_out(lengths)
    numbers, *arrays, ends, letters = (
        whole[start : start + length * np.dtype((kind, inner)).itemsize].view(kind).reshape(-1, *inner)
        for start, length, (kind, inner) in zip(starts, lengths, SHAPES, strict=False)
    )
    x0, y0, per_x, per_y, columns, rows, doubt = numbers.tolist()
    index = Index(Frame(x0, y0, per_x, per_y, int(columns), int(rows)), doubt, *arrays)
    return _name(freeze(index), _read_texts(ends, letters), parents=int(header["parents"]))


def _check(whole: Bytes, name: str) -> np.void:
    if whole.size < HEAD_BYTES or whole[: len(MAGIC)].tobytes() != MAGIC:
        raise UnreadableFile(path=name, reason=because("locate_no_index"))
    header: np.void = whole[: HEADER.itemsize].view(HEADER)[0]
    if header["version"] != VERSION:
        raise UnreadableFile(path=name, reason=because("locate_version", found=int(header["version"]), needed=VERSION))
    if header["size"] != whole.size or hashlib.sha256(whole[HEAD_BYTES:].data).digest() != bytes(header["digest"]):
        raise UnreadableFile(path=name, reason=because("locate_damaged"))
    return header


def _read_texts(ends: NDArray[np.int64], letters: Bytes) -> list[str]:
    whole, stops = letters.tobytes(), ends.tolist()
    return [whole[start:stop].decode() for start, stop in zip([0, *stops], stops, strict=False)]


def _name(index: Index, texts: list[str], *, parents: int) -> Locator:
    divisions = (len(texts) - 1 - parents) // (1 + parents)
    keys, rest = texts[1 : 1 + divisions], texts[1 + divisions :]
    names, columns = rest[:parents], rest[parents:]
    named = {
        name: tuple(text or None for text in columns[at * divisions : (at + 1) * divisions])
        for at, name in enumerate(names)
    }
    return Locator(tuple(keys), named, index, texts[0])
