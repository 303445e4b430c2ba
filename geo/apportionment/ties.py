"""Decide equal claims by a drawn lot, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from geo.apportionment.trace import Tie


def decide_tie(codes: Sequence[str], seats: int, lot: Sequence[str]) -> Tie:
    """Give the seats to the tied units that the lot put first; a lot that does not name them all decides nothing."""
    tied = tuple(sorted(codes))
    if not set(tied) <= set(lot):
        return Tie(tied, seats)
    return Tie(tied, seats, tuple(code for code in lot if code in tied)[:seats])
