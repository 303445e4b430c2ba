"""Put a map, its legend and its list on one page that works without a network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from branca.element import Figure
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maps.assets import Assets, Delivery
from maps.canvas import Canvas, Opening, number_elements
from maps.figures import write_number
from maps.legend import Legend
from maps.offline import require_offline, write_policy
from maps.words import word, write_direction

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

MAX_ROWS = 500
"""The longest list beside a map; the map itself shows everything."""

SCRIPT_LINK = re.compile(r'<script src="asset:([^"]+)"></script>')
STYLE_LINK = re.compile(r'<link rel="stylesheet" href="asset:([^"]+)"/>')
POLICY_MARK = "content-security-policy-of-this-page"


@dataclass(frozen=True)
class Row:
    """One line of the list beside a map."""

    id: str
    """The feature it points at."""
    cells: tuple[str, ...]
    """What stands in its columns; the first is the link to the map."""
    colour: str = ""
    """The colour of the feature, for the eye to connect the two."""
    group: str = ""
    """What it is hidden and shown with."""


@dataclass(frozen=True)
class Table:
    """The list beside a map, for reading without seeing the map."""

    title: str
    """What is listed."""
    columns: tuple[str, ...]
    """The head of each column."""
    rows: tuple[Row, ...]
    """The lines, the most important first."""
    empty: str
    """What is said when there are none."""
    numeric: frozenset[int] = frozenset()
    """The columns that hold numbers."""


@dataclass(frozen=True)
class Alternative:
    """One of several things that the map shows in turn."""

    group: str
    """The group of its features."""
    title: str
    """What it is called."""
    figures: tuple[tuple[str, str], ...] = ()
    """What follows from it, as label and text."""
    refused: str = ""
    """Why it cannot be chosen; empty where it can."""
    mark: str = ""
    """What sets it apart from the others, such as that it was decided."""


@dataclass(frozen=True)
class Choice:
    """Several alternatives, of which the map shows one at a time."""

    title: str
    """What is chosen among."""
    alternatives: tuple[Alternative, ...]
    """What there is, in order."""
    first: str
    """The group that is shown at first."""


@dataclass(frozen=True)
class Sheet:
    """Everything on a page that is not the map itself."""

    title: str
    """What the page shows."""
    language: str
    """The language it is written in."""
    summary: str
    """The answer in one sentence."""
    legend: Legend
    """What the colours mean."""
    table: Table
    """What the map shows, as a list."""
    attribution: str = ""
    """Where the data come from and under which licence."""
    choice: Choice | None = None
    """What is shown in turn; None where everything is shown at once."""


@dataclass(frozen=True)
class Page:
    """A finished map page, still without its assets."""

    title: str
    """What the page shows."""
    language: str
    """The language it is written in."""
    skeleton: str = field(repr=False)
    """The HTML in which scripts and styles stand as `asset:` names."""

    def html(self, delivery: Delivery = Delivery.INLINE, assets: Assets | None = None) -> str:
        """Write the page with its assets inlined or linked; an address on another host is an error."""
        html = require_offline(place_assets(self.skeleton, delivery, assets or Assets()))
        return html.replace(POLICY_MARK, write_policy(html), 1)


def place_assets(skeleton: str, delivery: Delivery, assets: Assets) -> str:
    """Replace the asset names of a page by links or by the files themselves."""

    def script(match: re.Match[str]) -> str:
        if delivery is Delivery.SERVED:
            return f'<script src="{assets.url(match[1])}"></script>'
        return "<script>" + assets.read(match[1]).decode("utf-8").replace("</script", "<\\/script") + "</script>"

    def style(match: re.Match[str]) -> str:
        if delivery is Delivery.SERVED:
            return f'<link rel="stylesheet" href="{assets.url(match[1])}"/>'
        return f"<style>{assets.read(match[1], delivery).decode('utf-8')}</style>"

    return STYLE_LINK.sub(style, SCRIPT_LINK.sub(script, skeleton))


def compose_page(canvas: Canvas, sheet: Sheet) -> Page:
    """Lay a finished canvas out with its title, legend, list and attribution."""
    Opening(language=sheet.language).add_to(canvas)
    figure = Figure()
    figure.add_child(canvas)
    number_elements(figure)
    canvas.render()  # type: ignore[no-untyped-call]
    skeleton = TEMPLATES.get_template("page.html").render(
        sheet=sheet,
        figure=figure,
        direction=write_direction(sheet.language),
        word=lambda key, **params: word(key, sheet.language, **params),
        number=lambda value: write_number(value, sheet.language),
        policy=POLICY_MARK,
        max_rows=MAX_ROWS,
    )
    return Page(sheet.title, sheet.language, skeleton)
