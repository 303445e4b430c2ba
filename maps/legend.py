"""Say what the colours of a map mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One line of a legend."""

    label: str
    """What the mark stands for."""
    colour: str
    """The colour of the mark."""
    shape: str = "area"
    """The form of the mark: `area`, `line`, `stroke`, `dashes`, `dot`, `pin` or `hatch`."""
    count: str = ""
    """How many there are, already written for the reader."""
    group: str = ""
    """What the reader may hide and show by this line; empty where it is always there."""


@dataclass(frozen=True)
class Legend:
    """The lines of a legend under one heading."""

    entries: tuple[Entry, ...]
    """The lines, in the order of their importance."""
    title: str = ""
    """What is measured; empty where the heading says enough."""
