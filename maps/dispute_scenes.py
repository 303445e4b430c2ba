"""Hold what the map of a dispute shows: parties, faces, claims, places, markers, evidence and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

ROOM = 0.3
"""How much is shown around a dispute, as a share of its extent."""

LEAST_VIEW = 0.002
"""The least extent that is shown, in degrees: about two hundred metres."""


class MarkKind(StrEnum):
    """Name what is drawn in a dispute beside its options."""

    FACE = "face"
    """Ground that is disputed."""
    CLAIM = "claim"
    """The line or ground that a party claims."""
    PLACE = "place"
    """A place that lies in the ground."""
    MARKER = "marker"
    """A boundary marker."""
    EVIDENCE = "evidence"
    """Where a piece of evidence points to."""


@dataclass(frozen=True)
class DisputeMark:
    """One thing of a dispute that has a place."""

    kind: MarkKind
    """What it is."""
    title: str
    """What it is called."""
    geometry: BaseGeometry
    """Where it is."""
    details: tuple[tuple[str, str], ...] = ()
    """What is said about it, as label and text, already written for the reader."""
    party: str = ""
    """The code of the party it belongs to; empty where it is nobody's."""
    id: str = ""
    """Its lasting name in addresses, where it has one."""


@dataclass(frozen=True)
class ShareDrawn:
    """The ground that one party gets under an option."""

    party: str
    """Its code; empty for ground that comes in nobody's totals."""
    ground: BaseGeometry
    """The ground."""


@dataclass(frozen=True)
class OptionDrawn:
    """One way to settle a dispute, as it is drawn."""

    title: str
    """What it is called."""
    shares: tuple[ShareDrawn, ...] = ()
    """Who gets what; empty where it is refused."""
    totals: Mapping[str, float | None] = field(default_factory=dict)
    """The totals of its ledger by their keys; None where a number is not known or withheld."""
    refused: str = ""
    """Why it cannot be chosen, already written for the reader; empty where it can."""
    is_decided: bool = False
    """Whether the decision takes it."""


@dataclass(frozen=True)
class DisputeScene:
    """Everything on the map of one dispute."""

    divisions: gpd.GeoDataFrame
    """The ground of the map: `code`, `name` and boundary of the divisions around."""
    parties: Mapping[str, str]
    """The name of each party by its code, in their order."""
    marks: tuple[DisputeMark, ...] = ()
    """What has a place in it."""
    options: tuple[OptionDrawn, ...] = ()
    """The ways to settle it, refused ones too."""

    @property
    def view(self) -> list[BaseGeometry]:
        """List what the first view must show: the dispute with some room around it, or else all divisions."""
        near = [mark.geometry for mark in self.marks if mark.kind in (MarkKind.FACE, MarkKind.CLAIM)]
        near += [share.ground for option in self.options for share in option.shares]
        drawn = [shape for shape in near or [mark.geometry for mark in self.marks] if not shape.is_empty]
        if not drawn:
            return list(self.divisions.geometry)
        west, south, east, north = shapely.total_bounds(drawn).tolist()
        room = max(east - west, north - south, LEAST_VIEW) * ROOM
        return [shapely.box(west - room, south - room, east + room, north + room)]
