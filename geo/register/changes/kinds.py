"""Name the kinds of change, and say which parts an order of each kind has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    """Tell what a decree does to divisions (the lineage events of W3C ORG, and what the law adds to them)."""

    CREATE = "create"
    """A division begins that nobody held before."""
    ABOLISH = "abolish"
    """A division ends without a successor."""
    MERGE = "merge"
    """Divisions become one."""
    SPLIT = "split"
    """A division gives up parts that become divisions of their own, or falls apart into them."""
    TRANSFER = "transfer"
    """Divisions, or places, come under another parent with their ground."""
    RENAME = "rename"
    """A division is called otherwise."""
    RECODE = "recode"
    """A division gets another code."""
    RELEVEL = "relevel"
    """A division becomes one of another level, as a village becomes a city."""
    RECENTRE = "recentre"
    """The centre of a division moves."""
    REBOUND = "rebound"
    """Ground passes from one division to its neighbour."""
    ANNEX = "annex"
    """Places become part of a city, with the ground that is drawn for them."""
    SETTLE = "settle"
    """Ground that several divisions have or claim, or that none has, goes where a decision says, or to nobody."""
    UNDO = "undo"
    """A change never happened: what it wrote is taken back."""


@dataclass(frozen=True)
class KindRule:
    """Say which parts an order of one kind must and may have."""

    needs: frozenset[str]
    """The parts it must have."""
    takes: frozenset[str] = frozenset()
    """The parts it may have beside them."""

    @property
    def parts(self) -> frozenset[str]:
        """List every part it may have."""
        return self.needs | self.takes


def _rule(needs: str, takes: str = "") -> KindRule:
    return KindRule(frozenset(needs.split()), frozenset(takes.split()))


KIND_RULES = {
    ChangeKind.CREATE: _rule("founded", "codes"),
    ChangeKind.ABOLISH: _rule("divisions"),
    ChangeKind.MERGE: _rule("divisions", "to founded recode codes"),
    ChangeKind.SPLIT: _rule("divisions founded", "ends recode codes"),
    ChangeKind.TRANSFER: _rule("divisions to", "moves recode codes"),
    ChangeKind.RENAME: _rule("divisions names"),
    ChangeKind.RECODE: _rule("divisions codes", "recode"),
    ChangeKind.RELEVEL: _rule("divisions level", "parent inner moves names recode codes"),
    ChangeKind.RECENTRE: _rule("divisions centre"),
    ChangeKind.REBOUND: _rule("moves"),
    ChangeKind.ANNEX: _rule("divisions to", "moves"),
    ChangeKind.SETTLE: _rule("", "divisions ground gap shares faces vertices recode codes"),
    ChangeKind.UNDO: _rule("change"),
}
"""The parts of an order, kind by kind."""

ONE_DIVISION = frozenset(
    {
        *(ChangeKind.ABOLISH, ChangeKind.SPLIT, ChangeKind.RENAME, ChangeKind.RECODE),
        *(ChangeKind.RELEVEL, ChangeKind.RECENTRE),
    }
)
"""The kinds that speak of exactly one division."""
