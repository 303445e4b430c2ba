"""Give the tests of apportionment a short way to share seats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.apportionment import Apportionment, Method, SeatRule, SeatUnit, apportion

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def share_seats(method: str, seats: int, people: tuple[int, ...], **rule: Any) -> Apportionment:
    """Share seats among units called a, b, c …"""
    units = [SeatUnit(letter, figure) for letter, figure in zip(LETTERS, people, strict=False)]
    return apportion(units, SeatRule(Method(method), seats, **rule))


@pytest.fixture
def share() -> Callable[..., Apportionment]:
    """Give the way to share seats among populations."""
    return share_seats


@pytest.fixture
def count() -> Callable[..., list[int]]:
    """Give the way to list the seats that populations get."""

    def list_seats(method: str, seats: int, people: tuple[int, ...], **rule: Any) -> list[int]:
        return [unit.seats for unit in share_seats(method, seats, people, **rule).units]

    return list_seats
