"""Draw where a plan stands among many: one histogram for each measure, as a picture that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from geo.districting import Standing
from maps.colours import INK
from maps.figures import write_number, write_share
from maps.words import find_word, word, write_direction

WIDTH, HEIGHT, MARGIN, HEAD, FOOT = 360, 190, 14, 40, 34
"""The size of one histogram, and the room around its bars."""

BAR, MARK = "#9db4c0", "#b3261e"
"""The colours of the bars and of the plan."""


def draw_ensemble(standings: Sequence[Standing], *, language: str = "fa", title: str = "") -> str:
    """Draw histograms below each other as one SVG; the plan is a line, with its percentile written above."""
    height = HEAD + HEIGHT * len(standings)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'direction="{write_direction(language)}" font-family="Vazirmatn, sans-serif" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{WIDTH / 2}" y="24" text-anchor="middle" font-size="15">{escape(title)}</text>',
    ]
    for at, standing in enumerate(standings):
        parts.append(f'<g transform="translate(0 {HEAD + at * HEIGHT})">{draw_histogram(standing, language)}</g>')
    return "".join([*parts, "</svg>\n"])


def draw_histogram(standing: Standing, language: str) -> str:
    """Draw the bars of one measure, and the line of the plan."""
    low, high = min(standing.edges[0], standing.value), max(standing.edges[-1], standing.value)
    width, room = WIDTH - 2 * MARGIN, HEIGHT - 36 - FOOT
    scale = width / ((high - low) or 1.0)
    top = max(standing.counts) or 1
    bars = "".join(
        f'<rect x="{MARGIN + (edge - low) * scale:.1f}" y="{36 + room * (1 - count / top):.1f}" '
        f'width="{max((end - edge) * scale - 0.6, 0.6):.1f}" height="{room * count / top:.1f}" fill="{BAR}"/>'
        for edge, end, count in zip(standing.edges, standing.edges[1:], standing.counts, strict=False)
    )
    at = MARGIN + (standing.value - low) * scale
    line = f'<line x1="{at:.1f}" x2="{at:.1f}" y1="30" y2="{36 + room}" stroke="{MARK}" stroke-width="2"/>'
    return bars + line + write_labels(standing, (low, high), language)


def write_labels(standing: Standing, ends: tuple[float, float], language: str) -> str:
    """Write the name of the measure, where the plan stands, and the ends of the scale."""
    name = name_measure(standing.measure, language)
    share = write_share(standing.percentile, language)
    told = word(
        "ensemble.stands", language, value=write_figure(standing.measure, standing.value, language), share=share
    )
    base = HEIGHT - FOOT + 16
    low, high = (escape(write_figure(standing.measure, end, language)) for end in ends)
    # anchors turn round with the direction of the text
    start, end = ("end", "start") if write_direction(language) == "rtl" else ("start", "end")
    return (
        f'<text x="{WIDTH / 2}" y="10" text-anchor="middle" font-size="12">{escape(name)}</text>'
        f'<text x="{WIDTH / 2}" y="25" text-anchor="middle" font-size="11" fill="{MARK}">{escape(told)}</text>'
        f'<text x="{MARGIN}" y="{base}" text-anchor="{start}" font-size="10">{low}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{base}" text-anchor="{end}" font-size="10">{high}</text>'
    )


def name_measure(measure: str, language: str) -> str:
    """Name a measure; those of a level name the level."""
    kind, _, level = measure.partition("_")
    if kind in ("split", "pieces") and level:
        return word(f"ensemble.{kind}", language, level=level)
    return find_word(f"ensemble.{measure}", language) or measure


def write_figure(measure: str, value: float, language: str) -> str:
    """Write a value: whole numbers as such, lengths in kilometres, others as shares."""
    if measure == "cut_m":
        return f"{write_number(round(value / 1000), language)} {word('ensemble.km', language)}"
    if measure == "cut_edges" or measure.startswith(("split_", "pieces_")):
        return write_number(round(value), language)
    return write_share(value, language)
