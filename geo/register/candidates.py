"""Say what a row of a file tells of one division."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import shapely


# A tuple, since an import looks codes up a million times.
class CodeKey(NamedTuple):
    """Name a division by its code in one version of one scheme."""

    scheme: str
    """The key of the scheme."""
    version: str
    """Its version."""
    code: str
    """The code."""

    def __str__(self) -> str:
        """Write it as people quote it."""
        return f"{self.scheme}:{self.code}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold what a row says of one division, field by field."""

    row: int
    """The row it comes from."""
    level: str
    """The level it is of."""
    key: CodeKey
    """The code by which it is matched."""
    parent: CodeKey | None
    """The code of its parent; None at the top, or when its position is to tell."""
    codes: tuple[CodeKey, ...] = ()
    """Its codes in other schemes."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Official names by language."""
    people: int | None = None
    """How many people live there."""
    ground: shapely.Geometry | None = None
    """Its boundary, or its point when it is a place."""
    digest: str = ""
    """The digest of its ground."""
