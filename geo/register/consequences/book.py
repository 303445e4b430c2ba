"""Write the rows of a ledger that the register alone tells: ground, places, boundaries and codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import shapely

from geo.register.changes.states import DivisionState
from geo.register.consequences.ledger import CodeRow, GroundRow, LineRow, Party, PlaceRow
from geo.register.consequences.lines import measure_lines
from geo.register.consequences.people import Headcount, People, count_shift, move_people
from geo.register.consequences.turns import Levels, Shift, Turn, find_above, find_shifts


@dataclass(frozen=True)
class Book:
    """Hold a turn with all that is worked out from it once."""

    turn: Turn
    """The register before and after."""
    people: People
    """The people of divisions before."""
    heirs: tuple[int, ...] = ()
    """The divisions that come out of the change."""

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Give what changes hands, the highest levels first."""
        return find_shifts(self.turn)

    @cached_property
    def headcounts(self) -> tuple[Headcount, ...]:
        """Count the people of each shift."""
        return tuple(count_shift(self.turn, shift, self.people) for shift in self.shifts)

    @cached_property
    def people_after(self) -> dict[int, int | None]:
        """Give the people of divisions that gain or lose, after the change."""
        return move_people(self.turn, self.shifts, self.headcounts, self.people)

    @cached_property
    def lowest(self) -> tuple[Shift, ...]:
        """Give the shifts of the lowest levels at which each piece of ground changes hands."""
        order = {levels: place for place, levels in enumerate(self.turn.groups)}
        found: list[Shift] = []
        for shift in sorted(self.shifts, key=lambda shift: -order[shift.levels]):
            if not any(_is_inside(self.turn, other, shift) for other in found):
                found.append(shift)
        return tuple(found)

    def name(self, division: int | None) -> Party | None:
        """Name a division."""
        return None if division is None else make_party(self.turn, self.turn.find_state(division))

    def count_after(self, division: int) -> int | None:
        """Count the people of a division after the change."""
        return self.people_after[division] if division in self.people_after else self.people.get(division)

    def list_ground(self) -> tuple[GroundRow, ...]:
        """List what divisions lose and gain."""
        return tuple(
            GroundRow(
                self.name(shift.source),
                self.name(shift.target),
                shift.area_m2,
                headcount.people,
                headcount.is_estimated,
                headcount.places,
                shift.held_m2,
            )
            for shift, headcount in zip(self.shifts, self.headcounts, strict=True)
        )

    def list_places(self) -> tuple[PlaceRow, ...]:
        """List the places that change hands, and those the change leaves on ground of another."""
        rows = (self._find_place(state) for _, state in sorted(self.turn.before.items()) if self.turn.is_place(state))
        return tuple(row for row in rows if row is not None)

    def _find_place(self, state: DivisionState) -> PlaceRow | None:
        place = make_party(self.turn, state)
        if state.id not in self.turn.after:
            heir = self.heirs[0] if len(self.heirs) == 1 else None
            return PlaceRow(place, self.name(state.parent), self.name(heir))
        for levels in reversed(self.turn.groups):
            pair = tuple(find_above(states, state.id, levels) for states in (self.turn.before, self.turn.after))
            if pair[0] != pair[1]:
                return PlaceRow(place, self.name(pair[0]), self.name(pair[1]))
        return self._find_left_behind(state, place)

    def _find_left_behind(self, state: DivisionState, place: Party) -> PlaceRow | None:
        for shift in reversed(self.shifts):
            if shift.ground is None or state.position is None or shift.source is None:
                continue
            holder = find_above(self.turn.after, state.id, shift.levels)
            if holder == shift.source and shapely.covers(shift.ground, state.position):
                return PlaceRow(place, self.name(shift.source), self.name(shift.target), is_left_behind=True)
        return None

    def list_lines(self) -> tuple[LineRow, ...]:
        """List the boundaries that are not as they were."""
        rows = []
        for keys, change in measure_lines(self.turn, self.shifts).items():
            first, second = (make_party(self.turn, self.turn.find_state(key)) for key in keys)
            rows.append(LineRow(first, second, change.before_m, change.after_m, change.kept_m))
        return tuple(rows)

    def list_codes(self) -> tuple[CodeRow, ...]:
        """List the codes to retire and to issue: by scheme and code, retired ones first."""
        turn = self.turn
        old = {(word, code, key) for key, state in turn.before.items() for word, code in state.codes.items()}
        new = {(word, code, key) for key, state in turn.after.items() for word, code in state.codes.items()}
        rows = [*_list_codes(turn, old - new, is_issued=False), *_list_codes(turn, new - old, is_issued=True)]
        return tuple(rows)


def _list_codes(turn: Turn, codes: Iterable[tuple[str, str, int]], *, is_issued: bool) -> list[CodeRow]:
    return [CodeRow(make_party(turn, turn.find_state(key)), word, code, is_issued) for word, code, key in sorted(codes)]


def make_party(turn: Turn, state: DivisionState) -> Party:
    """Name a division by its code in the scheme of its level."""
    scheme = turn.pack.primary_scheme(state.level).word
    code = state.codes.get(scheme) or next((state.codes[word] for word in sorted(state.codes)), "")
    return Party(state.id, state.level, code, dict(state.names))


def _is_inside(turn: Turn, lower: Shift, higher: Shift) -> bool:
    """Tell whether a shift of a lower level is the same ground that a higher one tells of."""
    levels: Levels = higher.levels
    sides = ((turn.before, lower.source, higher.source), (turn.after, lower.target, higher.target))
    return lower.levels != levels and all(find_above(states, low, levels) == high for states, low, high in sides)
