"""Say what is told of an apportionment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from geo.apportionment import (
    Apportionment,
    Award,
    Method,
    QuotaLine,
    QuotaRound,
    is_squared,
    write_fraction,
    write_root,
)
from geo.register import Body


def write_claim(method: Method, claim: Fraction) -> str:
    """Write a claim as a decimal, cut off after four places."""
    return write_root(claim) if is_squared(method) else write_fraction(claim)


@dataclass(frozen=True)
class SeatsAnswer:
    """Show an apportionment with the names of its units."""

    found: Apportionment
    """The seats and every step to them."""
    names: Mapping[str, str]
    """The names of the units by code, where they have any."""
    body: Body | None = None
    """The body whose rule was followed."""

    def name_of(self, code: str) -> str:
        """Give the name of a unit, else its code."""
        return self.names.get(code) or code

    @property
    def status(self) -> str:
        """Say `decided`, or `tied` while equal claims leave seats open."""
        return "decided" if self.found.is_decided else "tied"

    def to_json(self) -> dict[str, Any]:
        """Give the answer as plain values; fractions stand as exact text beside their decimals."""
        found = self.found
        return {
            "status": self.status,
            "method": found.method.value,
            "total": found.seats,
            "shared": found.shared,
            "undecided": found.undecided,
            "seats": found.by_code(),
            "reserved": {one.key: one.seats for one in found.reserved},
            "body": self.body.key if self.body else None,
            "units": [self._write_unit(number) for number in range(len(found.units))],
            "rounds": [_write_round(one) for one in found.rounds],
            "awards": [_write_award(found.method, one) for one in found.awards],
            "bands": [{"code": one.code, "least": one.least, "below": one.below} for one in found.bands],
            "ties": [{"codes": one.codes, "seats": one.seats, "winners": one.winners} for one in found.ties],
        }

    def _write_unit(self, number: int) -> dict[str, Any]:
        unit = self.found.units[number]
        return {
            "code": unit.code,
            "name": self.names.get(unit.code),
            "population": unit.people,
            "seats": unit.seats,
            "before": unit.before,
            "fixed": unit.is_fixed,
        }


def _write_round(one: QuotaRound) -> dict[str, Any]:
    ratio = one.people_per_seat
    return {
        "round": one.number,
        "seats": one.seats,
        "population": one.people,
        "people_per_seat": write_fraction(ratio) if ratio is not None else None,
        "left_over": one.left_over if one.is_last else None,
        "lines": [_write_line(line) for line in one.lines],
    }


def _write_line(line: QuotaLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "population": line.people,
        "quota": write_fraction(line.quota),
        "exact": str(line.quota),
        "whole": line.whole,
        "remainder": write_fraction(line.remainder),
        "given": line.given,
        "seats": line.seats,
    }


def _write_award(method: Method, one: Award) -> dict[str, Any]:
    exact = f"sqrt({one.claim})" if is_squared(method) else str(one.claim)
    return {
        "seat": one.number,
        "code": one.code,
        "held": one.held,
        "claim": write_claim(method, one.claim),
        "exact": exact,
    }
