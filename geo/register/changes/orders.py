"""Hold what an officer orders, before anybody has looked whether it can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from geo.register.changes.kinds import ChangeKind


class Side(StrEnum):
    """Tell which ground a drawn line cuts off, for who walks along it."""

    LEFT = "left"
    """The ground on the left hand."""
    RIGHT = "right"
    """The ground on the right hand."""


@dataclass(frozen=True)
class Drawn:
    """Draw ground: by its outline, or by a line and one of its sides."""

    ground: BaseGeometry | None = None
    """The outline, EPSG:4326; a polygon or several."""
    line: LineString | None = None
    """A line that cuts the division from edge to edge."""
    side: Side = Side.LEFT
    """Which side of the line is meant."""


@dataclass(frozen=True)
class Founded:
    """Describe a division that begins with the change."""

    label: str
    """What the order calls it; codes and children refer to it by this word."""
    level: str
    """Its level."""
    names: Mapping[str, str]
    """Its official names by language."""
    parent: str | None = None
    """The division it stands under; None means the parent of what it comes from."""
    children: tuple[str, ...] = ()
    """The divisions and places that come under it."""
    drawn: Drawn | None = None
    """Its ground; None means the ground of its children, where they have any."""
    position: Point | None = None
    """The point of a place, or the centre of a division, EPSG:4326."""


@dataclass(frozen=True)
class Move:
    """Take ground from one division and give it to another."""

    drawn: Drawn
    """The ground."""
    source: str
    """The division that loses it."""
    target: str
    """The division that gains it."""


@dataclass(frozen=True)
class SettledShare:
    """Give a part of a disputed face to one of its candidates, or to nobody."""

    ground: BaseGeometry
    """The ground, EPSG:4326."""
    to: str | None
    """The candidate; None leaves the ground in nobody's totals."""


@dataclass(frozen=True)
class SettledFace:
    """Settle ground that several divisions have or claim, or that none has."""

    divisions: tuple[str, ...]
    """The candidates: those that have it or claim it, or those beside it where nobody has it."""
    ground: BaseGeometry
    """The whole ground, EPSG:4326."""
    shares: tuple[SettledShare, ...]
    """Who gets which part; together they are the ground."""
    gap: bool = False
    """Whether nobody has it."""


@dataclass(frozen=True)
class MetVertex:
    """Name a vertex where divisions meet, which not all of their boundaries have."""

    divisions: tuple[str, ...]
    """The divisions."""
    point: Point
    """Where it is, EPSG:4326."""

    @property
    def around(self) -> BaseGeometry:
        """Give a box around it, about a metre wide."""
        return box(self.point.x - 1e-5, self.point.y - 1e-5, self.point.x + 1e-5, self.point.y + 1e-5)


@dataclass(frozen=True)
class ChangeOrder:
    """Hold one change as it is ordered; divisions are named by code, `level:code` or `scheme:code`."""

    kind: ChangeKind
    """What is done."""
    effective_on: date
    """The first day on which it holds."""
    divisions: tuple[str, ...] = ()
    """The divisions it is done to."""
    to: str | None = None
    """The division that takes the others in."""
    founded: tuple[Founded, ...] = ()
    """The divisions that begin with it."""
    moves: tuple[Move, ...] = ()
    """The ground that passes from hand to hand."""
    names: Mapping[str, str] = field(default_factory=dict)
    """New official names by language."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """New codes: by division or label, then by `scheme/version`."""
    level: str | None = None
    """The new level."""
    parent: str | None = None
    """The new parent that goes with the new level; None means the nearest that may be one."""
    inner: Founded | None = None
    """The division that takes over the children where the new level may not have them."""
    centre: str | Point | None = None
    """The new centre: a place or a point, EPSG:4326."""
    recode: bool = True
    """Whether divisions whose code begins with their parent's get a new one when their parent is another."""
    ends: bool = False
    """Whether a division that is split ends with it, so that its parts are all that remains."""
    change: int | None = None
    """The change that is taken back."""
    faces: tuple[SettledFace, ...] = ()
    """The disputed faces that are settled."""
    vertices: tuple[MetVertex, ...] = ()
    """The vertices that are inserted where a boundary passes without them."""

    def list_references(self) -> tuple[str, ...]:
        """List the divisions the order names, each once, in its order; labels of founded ones are left out."""
        labels = {founded.label for founded in self._list_founded()}
        return tuple(dict.fromkeys(name for name in self._walk_references() if name not in labels))

    def list_moving(self) -> tuple[str, ...]:
        """List the divisions whose outlines the change may alter or carry."""
        children = (child for founded in self.founded for child in founded.children)
        ends = (word for move in self.moves for word in (move.source, move.target))
        return tuple(dict.fromkeys((*self.divisions, *children, *ends)))

    def list_drawn(self) -> tuple[BaseGeometry, ...]:
        """List the outlines and lines the order draws."""
        drawn = (*(founded.drawn for founded in self.founded), *(move.drawn for move in self.moves))
        shapes = (one.ground or one.line for one in drawn if one is not None)
        faces = (face.ground for face in self.faces)
        return (*(shape for shape in shapes if shape is not None), *faces, *(met.around for met in self.vertices))

    def list_settled(self) -> tuple[tuple[str, ...], ...]:
        """List the divisions of each face that is settled and of each vertex that is inserted."""
        return (*(face.divisions for face in self.faces), *(met.divisions for met in self.vertices))

    def _list_founded(self) -> tuple[Founded, ...]:
        return (*self.founded, *((self.inner,) if self.inner else ()))

    def _walk_references(self) -> Iterator[str]:
        yield from self.divisions
        yield from (name for name in (self.to, self.parent) if name)
        if isinstance(self.centre, str):
            yield self.centre
        for founded in self._list_founded():
            yield from (*((founded.parent,) if founded.parent else ()), *founded.children)
        for move in self.moves:
            yield from (move.source, move.target)
        for parties in self.list_settled():
            yield from parties
        yield from self.codes
