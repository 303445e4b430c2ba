"""Draw the disputes of a register by state, points that lie close together counted in one mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from maps.canvas import Canvas, Grouping, add_features
from maps.colours import STATES, choose_state
from maps.divisions import draw_ground, write_names
from maps.figures import write_area, write_number
from maps.legend import Entry, Legend
from maps.outlines import Drawing, to_anchor
from maps.page import Page, Row, Sheet, Table, compose_page
from maps.words import word

SETTLED = frozenset({"applied", "dismissed", "accepted_lawful"})
"""The states in which nothing is left to decide."""

DOT = {"radius": 8, "fill": True, "fillOpacity": 1, "color": "#ffffff", "weight": 2}


@dataclass(frozen=True)
class DisputePoint:
    """One dispute as the overview shows it."""

    id: int
    """Its key."""
    title: str
    """What it is called."""
    state: str
    """The key of its state."""
    state_name: str
    """Its state in the reader's language."""
    parties: tuple[str, ...]
    """The names of its parties."""
    area_m2: float | None
    """The disputed area; None while no ground is claimed."""
    geometry: BaseGeometry | None
    """Where it is; None where nothing of it has a place."""

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to decide."""
        return self.state in SETTLED

    @property
    def place(self) -> BaseGeometry | None:
        """Give where it is, if anywhere."""
        return None if self.geometry is None or self.geometry.is_empty else self.geometry


def draw_disputes(
    divisions: gpd.GeoDataFrame,
    disputes: Sequence[DisputePoint],
    *,
    language: str = "fa",
    title: str,
    attribution: str = "",
) -> Page:
    """Draw disputes over their divisions; each state may be hidden, and what has no place is only listed."""
    ordered = sorted(disputes, key=lambda one: (one.is_settled, -(one.area_m2 or 0.0), one.id))
    places = [one.place for one in ordered if one.place is not None]
    canvas = Canvas([*divisions.geometry, *places], grouping=Grouping.CLUSTERED)
    add_features(canvas, draw_ground(divisions, language=language))
    add_features(canvas, [_draw_point(one, one.place, language) for one in ordered if one.place is not None])
    legend, table = _explain_states(ordered, language), _list_disputes(ordered, language)
    return compose_page(canvas, Sheet(title, language, _summarise(ordered, language), legend, table, attribution))


def _to_id(dispute: DisputePoint) -> str:
    return f"dispute-{dispute.id}"


def _draw_point(dispute: DisputePoint, place: BaseGeometry, language: str) -> Drawing:
    details = (
        (word("disputes.state", language), dispute.state_name),
        (word("disputes.parties", language), write_names(dispute.parties, {}, language=language)),
        (word("disputes.area", language), _write_area(dispute, language)),
    )
    style = {**DOT, "fillColor": choose_state(dispute.state)}
    return Drawing(_to_id(dispute), to_anchor(place), style, dispute.title, details, dispute.state)


def _write_area(dispute: DisputePoint, language: str) -> str:
    return "—" if dispute.area_m2 is None else write_area(dispute.area_m2, language)


def _summarise(disputes: Sequence[DisputePoint], language: str) -> str:
    if not disputes:
        return word("disputes.none", language)
    left = sum(not one.is_settled for one in disputes)
    numbers = {"count": write_number(len(disputes), language), "open": write_number(left, language)}
    return word("disputes.overview", language, **numbers)


def _explain_states(disputes: Sequence[DisputePoint], language: str) -> Legend:
    """Explain the states that occur, in the order in which a dispute goes through them."""
    counts = Counter(one.state for one in disputes)
    names = {one.state: one.state_name for one in disputes}
    known = [state for state in STATES if state in counts]
    order = [*known, *sorted(set(counts) - set(known))]
    return Legend(
        tuple(
            Entry(names[state], choose_state(state), "dot", write_number(counts[state], language), state)
            for state in order
        )
    )


def _list_disputes(disputes: Sequence[DisputePoint], language: str) -> Table:
    rows = tuple(
        Row(
            "" if one.place is None else _to_id(one),
            (one.title, one.state_name, _write_area(one, language)),
            choose_state(one.state),
            one.state,
        )
        for one in disputes
    )
    columns = tuple(word(f"disputes.{key}", language) for key in ("what", "state", "area"))
    return Table(word("disputes.list", language), columns, rows, word("disputes.none", language), frozenset({2}))
