"""Name what is wrong with a row that wants into the register."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geo.errors import Reason


class Weight(StrEnum):
    """Tell what a problem does to its row."""

    REFUSED = "refused"
    """The row is not taken."""
    RESTORED = "restored"
    """Something lost was put back in the one way possible; the row is taken."""
    NOTED = "noted"
    """The row is taken as it is."""


@dataclass(frozen=True)
class Problem:
    """Say what is wrong in one field of one row."""

    layer: str
    """The file, or the layer of the file."""
    row: int
    """The row, counted from 1 without the header; 0 is the layer as a whole."""
    field: str
    """The field of the register, such as `code` or `name.fa`."""
    rule: str
    """The lasting name of the rule."""
    weight: Weight
    """What it does to the row."""
    reason: Reason
    """Why, for people."""
    value: str = ""
    """The value as the file has it, cut to a readable length."""


LONGEST_VALUE = 80
"""Letters of a bad value that a problem repeats."""


def shorten(value: object) -> str:
    """Write a value as a problem repeats it, without what no record could keep."""
    text = "" if value is None else str(value)[: LONGEST_VALUE + 1]
    plain = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1] + "…"
