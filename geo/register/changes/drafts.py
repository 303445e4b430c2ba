"""Work a change out on a copy of the register, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, cast

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.coverage import GroundMove, Sheet, cut_ground, join_ground, move_ground
from geo.errors import ConflictError, InputError, Reason, TaqsimatError, because
from geo.register.changes.effects import Effect, MovedGround
from geo.register.changes.orders import Drawn, Founded, Side
from geo.register.changes.problems import ChangeProblem, find_problem, refuse_change
from geo.register.changes.states import DivisionState, RegisterView
from geo.register.levels import GeometryKind
from geo.register.translations import Names


@dataclass
class Draft:
    """Hold the register as the change leaves it so far, and what happened on the way."""

    view: RegisterView
    """The register as it was."""
    states: dict[int, DivisionState] = field(default_factory=dict)
    """The divisions as they are now."""
    labels: dict[str, int] = field(default_factory=dict)
    """What the order's words mean: codes of known divisions, labels of new ones."""
    moved: list[MovedGround] = field(default_factory=list)
    """The ground that changed hands."""
    resized: set[int] = field(default_factory=set)
    """The divisions whose extent is not what it was."""

    def __post_init__(self) -> None:
        """Begin with the register as it was."""
        self.states.update(self.view.divisions)
        self.labels.update(self.view.references)

    def find(self, word: str) -> DivisionState:
        """Give the division that the order calls so."""
        return self.states[self.labels[word]]

    def refuse(self, rule: str, subject: str = "", **params: object) -> NoReturn:
        """Stop: the change breaks a rule."""
        raise refuse_change(find_problem(rule, subject, **params))

    def found(self, wanted: Founded, parent: int | None) -> DivisionState:
        """Begin a division under a parent, without codes and ground as yet."""
        key = min((0, *self.states)) - 1
        self.view.pack.level(wanted.level)
        self.states[key] = DivisionState(key, wanted.level, parent, names=dict(wanted.names), position=wanted.position)
        self.labels[wanted.label] = key
        return self.states[key]

    def put(self, division: int, **values: object) -> DivisionState:
        """Say something else of a division."""
        self.states[division] = replace(self.states[division], **values)  # type: ignore[arg-type]
        return self.states[division]

    def end(self, division: int) -> None:
        """End a division; nothing may stand under it any more."""
        children = self.children_of(division)
        if children:
            self.refuse("has_children", self.tell(division), children=self.tell_all(children))
        del self.states[division]

    def children_of(self, division: int) -> tuple[int, ...]:
        """List what stands directly under a division now."""
        known = set(self.view.children_of(division)) | {key for key in self.states if key < 0}
        return tuple(sorted(key for key in known if key in self.states and self.states[key].parent == division))

    def hang(self, division: int, parent: int | None) -> None:
        """Put a division under another parent; extents above change with it."""
        state = self.states[division]
        self._resize(state.parent, parent)
        self.put(division, parent=parent)

    def _resize(self, source: int | None, target: int | None) -> None:
        self.resized.update(self.list_above(source) ^ self.list_above(target))

    def list_above(self, division: int | None) -> set[int]:
        """List a division and all that it stands under; a circle is walked once."""
        found: set[int] = set()
        while division is not None and division not in found and division in self.states:
            found.add(division)
            division = self.states[division].parent
        return found

    def carry(self, division: int, parent: int | None) -> None:
        """Put a division, with its ground and all that stands on it, under another parent."""
        old = self.states[division]
        if old.boundary is not None:
            # a stand-in takes the ground over under the new parent; then the division takes its place
            stand_in = min((0, *self.states)) - 1
            self.states[stand_in] = DivisionState(stand_in, old.level, parent)
            resized = set(self.resized)
            self.move(old.boundary, division, stand_in)
            self.resized = resized  # its own extent is what it was; those above are told by hanging it elsewhere
            self.put(division, boundary=self.states.pop(stand_in).boundary)
            self.moved[-1] = replace(self.moved[-1], source=old.parent, target=parent)
        self.hang(division, parent)

    def move(self, ground: BaseGeometry, source: int | None, target: int | None) -> None:
        """Take ground from one division and give it to another, with all that they stand under."""
        sheet = self.lay_sheet()
        try:
            done = move_ground(sheet, [GroundMove(ground, source, target)])
        except (ConflictError, InputError) as error:
            raise refuse_change(self.to_problem(error, source)) from error
        self.put_grounds(done.shapes)
        self.moved.extend(MovedGround(one.ground, source, target) for one in done.moved)
        self._resize(source, target)

    def put_grounds(self, shapes: Mapping[int, BaseGeometry]) -> None:
        """Draw the grounds of divisions otherwise; who has none left has no boundary."""
        for key, shape in shapes.items():
            self.put(key, boundary=None if shape.is_empty else _to_many(shape))

    def to_problem(self, error: TaqsimatError, division: int | None) -> ChangeProblem:
        """Say which rule of ground a change breaks."""
        reason = error.params.get("reason")
        if not isinstance(reason, Reason):
            reason = because(f"change_{error.rule}", **error.params)
        found = because(reason.key, **{name: self._name(name, value) for name, value in reason.params})
        return ChangeProblem(error.rule, "" if division is None else self.tell(division), found)

    def _name(self, param: str, value: object) -> object:
        """Name the divisions in the parameters of a reason, which the coverage knows by key."""
        if param == "division" and isinstance(value, int):
            return self.tell(value)
        is_many = param == "divisions" and isinstance(value, tuple)
        return self.tell_all(cast(tuple[int, ...], value)) if is_many else value

    def take_drawn(self, drawn: Drawn, source: int) -> BaseGeometry:
        """Give the ground that an officer drew inside a division; a line is laid into the register first."""
        if self.states[source].boundary is None:
            self.refuse("no_boundary", self.tell(source))
        if drawn.line is None:
            return drawn.ground  # type: ignore[return-value]
        try:
            cut = cut_ground(self.lay_sheet(), source, drawn.line)
        except (ConflictError, InputError) as error:
            raise refuse_change(self.to_problem(error, source)) from error
        for key, shape in cut.sheet.shapes.items():
            if shape is not self.states[key].boundary:
                self.put(key, boundary=_to_many(shape))
        faces = [face for face, side in zip(cut.faces, cut.sides, strict=True) if side.value == drawn.side.value]
        if len(faces) == 0 or any(side.value not in tuple(Side) for side in cut.sides):
            self.refuse("line_sides", self.tell(source))
        return MultiPolygon(faces)

    def join(self, divisions: Iterable[int]) -> BaseGeometry | None:
        """Give the ground of divisions that lie side by side; None when one of them has none."""
        shapes = [self.states[key].boundary for key in divisions if not self._is_place(key)]
        known = [shape for shape in shapes if shape is not None]
        return join_ground(known) if known and len(known) == len(shapes) else None

    def _is_place(self, division: int) -> bool:
        return self.view.pack.level(self.states[division].level).geometry is GeometryKind.POINT

    def lay_sheet(self) -> Sheet:
        """Lay out every boundary as it is now, of all levels."""
        drawn = {key: state.boundary for key, state in self.states.items() if state.boundary is not None}
        parents = {key: state.parent for key, state in self.states.items()}
        return Sheet(drawn, parents, {key: state.level for key, state in self.states.items()})

    def list_below(self, division: int) -> tuple[int, ...]:
        """List all that stands under a division, parents before children; a circle is walked once."""
        found: dict[int, None] = {}
        waiting = [division]
        while waiting:
            children = [child for child in self.children_of(waiting.pop()) if child not in found and child != division]
            found.update(dict.fromkeys(children))
            waiting.extend(children)
        return tuple(found)

    def tell(self, division: int) -> str:
        """Name a division to people: its code in the primary scheme, else a name."""
        state = self.states.get(division) or self.view.divisions[division]
        scheme = self.view.pack.primary_scheme(state.level)
        return state.codes.get(scheme.word) or next(iter(state.names.values()), str(division))

    def tell_level(self, level: str) -> Names:
        """Name a level to people."""
        return self.view.pack.level(level).names

    def tell_all(self, divisions: Sequence[int]) -> tuple[str, ...]:
        """Name the first few of many divisions."""
        return tuple(self.tell(division) for division in divisions[:5])

    def finish(self, predecessors: Iterable[int], successors: Iterable[int]) -> Effect:
        """Compare the register as it is with the register as it was."""
        before, after = self.view.divisions, self.states
        changed = sorted(key for key in before.keys() | after.keys() if before.get(key) is not after.get(key))
        parties = (tuple(dict.fromkeys(predecessors)), tuple(dict.fromkeys(successors)))
        return Effect(
            before={key: before[key] for key in changed if key in before},
            after={key: after[key] for key in changed if key in after},
            predecessors=parties[0],
            successors=parties[1],
            resized=tuple(sorted(key for key in self.resized & after.keys() if key > 0)),
            moved=tuple(self.moved),
        )


def _to_many(shape: BaseGeometry) -> MultiPolygon:
    """Write ground as the store keeps it: as several polygons, be it one."""
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([cast(Polygon, shape)])
