"""Choose colours that people with any colour vision can tell apart."""

from __future__ import annotations

LAND = "#f7f4ec"
"""Ground that is only background."""
BORDER = "#8d9a97"
"""The line between divisions on such ground."""
INK = "#17302f"
"""Text, and the outline of what is pointed at."""
ACCENT = "#c2410c"
"""The point that was asked about."""
UNKNOWN = "#d9dcd8"
"""Ground of which nothing is known."""

KINDS = {
    "overlap": "#d55e00",
    "gap": "#0072b2",
    "unmatched_vertex": "#aa3f86",
    "misfit": "#a67a00",
    "twin": "#007a5a",
    "invalid": "#111111",
    "stray_place": "#2a7fb5",
    "detached_part": "#7a5195",
}
"""The colour of each kind of finding, after the palette of Okabe and Ito."""

CONTROL_KINDS = {
    "line_off": "#d55e00",
    "marker_off": "#aa3f86",
    "place_elsewhere": "#a67a00",
    "described_line": "#0072b2",
    "boundary_marker": "#007a5a",
}
"""The colour of each kind that the control of decrees finds; their maps show no findings of audits."""

PARTIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""The colour of each party to a dispute, after the palette of Okabe and Ito."""

OTHER_PARTY = "#5c6664"

STATES = {
    "open": "#d55e00",
    "under_review": "#e69f00",
    "options_prepared": "#56b4e9",
    "decided": "#0072b2",
    "applied": "#009e73",
    "dismissed": "#8a938f",
    "accepted_lawful": "#cc79a7",
}
"""The colour of each state of a dispute, after the same palette."""

OTHER_KIND = "#5c6664"

SEQUENCE = ("#fdeecb", "#f8c88a", "#ee9a62", "#d1654c", "#9c3848", "#5e1f3c")
"""From few to many: lighter is fewer, so that it also reads in grey."""

DISTRICTS = (
    "#88ccee",
    "#ddcc77",
    "#cc6677",
    "#44aa99",
    "#aa4499",
    "#117733",
    "#999933",
    "#6f78b8",
    "#cf8a5a",
    "#a3b8c2",
)
"""Colours for neighbours to differ, after the muted palette of Tol."""


def choose_kind(kind: str) -> str:
    """Choose the colour of a kind of finding."""
    return KINDS.get(kind) or CONTROL_KINDS.get(kind, OTHER_KIND)


def choose_party(place: int) -> str:
    """Choose the colour of the party in a place of their list, counted from 0."""
    return PARTIES[place] if place < len(PARTIES) else OTHER_PARTY


def choose_state(state: str) -> str:
    """Choose the colour of a state of disputes."""
    return STATES.get(state, OTHER_PARTY)


def choose_sequence(classes: int) -> tuple[str, ...]:
    """Choose the colours of `classes` ordered classes, spread over the whole sequence."""
    if classes <= 1:
        return SEQUENCE[2:3]
    last = len(SEQUENCE) - 1
    return tuple(SEQUENCE[round(position * last / (classes - 1))] for position in range(classes))
