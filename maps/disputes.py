"""Draw a dispute: what is claimed, what speaks for it, and each way to settle it with what follows from it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import shapely

from geo.coverage.measures import measure_area
from maps.canvas import Canvas, Grouping, add_features
from maps.colours import INK, PARTIES, choose_party
from maps.dispute_scenes import DisputeMark, DisputeScene, MarkKind, OptionDrawn, ShareDrawn
from maps.divisions import draw_ground
from maps.figures import write_area, write_number
from maps.legend import Entry, Legend
from maps.outlines import Drawing, round_positions
from maps.page import Alternative, Choice, Page, Row, Sheet, Table, compose_page
from maps.words import word

DECIMALS = 7
"""Decimals of a degree in a dispute, which may be about a strip of a metre."""

NOBODY = "url(#hatch)"
"""The fill of ground that comes in nobody's totals."""

DASHES = ("", "9 5", "2 5", "12 4 2 4")
"""The strokes of the claims: they are told apart without their colours."""

FACE = {"color": INK, "weight": 2.5, "fillColor": "#f0e442", "fillOpacity": 0.35}
DOT = {"fill": True, "fillOpacity": 1, "weight": 1.5}
POINTS: dict[MarkKind, dict[str, Any]] = {
    MarkKind.FACE: {**DOT, "radius": 6, "fillColor": "#f0e442", "color": INK},
    MarkKind.CLAIM: {**DOT, "radius": 5, "fillColor": INK, "color": "#ffffff"},
    MarkKind.PLACE: {**DOT, "radius": 5, "fillColor": "#ffffff", "color": INK, "weight": 2},
    MarkKind.MARKER: {**DOT, "radius": 5, "fillColor": "#111111", "color": "#ffffff"},
    MarkKind.EVIDENCE: {**DOT, "radius": 7, "fillColor": "#7a5195", "color": "#ffffff"},
}
LINES: dict[MarkKind, dict[str, Any]] = {
    MarkKind.EVIDENCE: {"color": "#7a5195", "weight": 3, "dashArray": "1 6", "fill": False},
    MarkKind.MARKER: {"color": "#111111", "weight": 2, "fill": False},
    MarkKind.PLACE: {"color": INK, "weight": 1.5, "fillColor": "#ffffff", "fillOpacity": 0.6},
}

SIGNS = {MarkKind.FACE: ("#f0e442", "area"), MarkKind.CLAIM: (INK, "dashes"), MarkKind.PLACE: (INK, "pin")}
"""What stands for a kind in the legend, where it is no plain dot."""

TOTALS = ("area_m2", "places", "people", "branches", "constituencies", "complaints", "councils")
"""The totals of a ledger that the panel of an option tells, in this order."""


def draw_dispute(
    scene: DisputeScene, *, language: str = "fa", title: str, summary: str = "", attribution: str = ""
) -> Page:
    """Draw a dispute on the divisions around it; its options are shown one at a time, its marks by kind."""
    canvas = Canvas(scene.view, grouping=Grouping.SWITCHED)
    add_features(canvas, draw_ground(scene.divisions, language=language, decimals=DECIMALS))
    order = sorted(enumerate(scene.marks), key=lambda pair: (_layer(pair[1]), pair[0]))
    marks = [_draw_mark(scene, at, mark, language) for at, mark in order]
    ground = sum(mark.kind is MarkKind.FACE for mark in scene.marks)
    add_features(canvas, marks[:ground])
    add_features(canvas, _draw_options(scene, language))
    add_features(canvas, marks[ground:])
    told = summary or _summarise(scene, language)
    legend, table = _explain(scene, language), _list_marks(scene, language)
    choice = _offer(scene, language)
    return compose_page(canvas, Sheet(title, language, told, legend, table, attribution, choice))


def _layer(mark: DisputeMark) -> int:
    """Put ground below lines, and lines below points, whatever their kind; faces below all."""
    return 0 if mark.kind is MarkKind.FACE else 3 - int(shapely.get_dimensions(mark.geometry))


def _to_id(mark: DisputeMark, at: int) -> str:
    return mark.id or f"{mark.kind}-{at + 1}"


def _draw_mark(scene: DisputeScene, at: int, mark: DisputeMark, language: str) -> Drawing:
    [geometry] = round_positions([mark.geometry], decimals=DECIMALS)
    details = mark.details
    if mark.party:
        details = ((word("disputes.party", language), scene.parties.get(mark.party, mark.party)), *details)
    return Drawing(_to_id(mark, at), geometry, _style(scene, mark), mark.title, details, str(mark.kind))


def _style(scene: DisputeScene, mark: DisputeMark) -> dict[str, Any]:
    if shapely.get_dimensions(mark.geometry) == 0:
        own = {"fillColor": _colour(scene, mark.party)} if mark.party else {}
        return {**POINTS[mark.kind], **own}
    if mark.kind is MarkKind.FACE:
        return FACE
    if mark.kind is not MarkKind.CLAIM:
        return LINES[mark.kind]
    colour = _colour(scene, mark.party)
    stroke = {"color": colour, "weight": 4, "dashArray": _dash(scene, mark.party)}
    return {**stroke, "fillColor": colour, "fillOpacity": 0.12}


def _place(scene: DisputeScene, party: str) -> int:
    return list(scene.parties).index(party) if party in scene.parties else len(PARTIES)


def _colour(scene: DisputeScene, party: str) -> str:
    return choose_party(_place(scene, party))


def _dash(scene: DisputeScene, party: str) -> str:
    return DASHES[_place(scene, party) % len(DASHES)]


def _name_group(at: int) -> str:
    return f"option-{at + 1}"


def _draw_options(scene: DisputeScene, language: str) -> list[Drawing]:
    return [
        _draw_share(scene, _name_group(at), option, share, language)
        for at, option in enumerate(scene.options)
        for share in option.shares
    ]


def _draw_share(scene: DisputeScene, group: str, option: OptionDrawn, share: ShareDrawn, language: str) -> Drawing:
    colour = _colour(scene, share.party) if share.party else NOBODY
    style = {"color": INK, "weight": 1.5, "fillColor": colour, "fillOpacity": 0.75 if share.party else 1}
    details = ((word("disputes.option", language), option.title),)
    title = word("disputes.goes_to", language, party=_call(scene, share.party, language))
    [ground] = round_positions([share.ground], decimals=DECIMALS)
    return Drawing(f"{group}-{share.party or 'nobody'}", ground, style, title, details, group)


def _call(scene: DisputeScene, party: str, language: str) -> str:
    return scene.parties.get(party, party) if party else word("disputes.nobody", language)


def _summarise(scene: DisputeScene, language: str) -> str:
    counts = Counter(mark.kind for mark in scene.marks)
    numbers = {"faces": counts[MarkKind.FACE], "places": counts[MarkKind.PLACE], "options": len(scene.options)}
    return word("disputes.summary", language, **{key: write_number(value, language) for key, value in numbers.items()})


def _explain(scene: DisputeScene, language: str) -> Legend:
    """Explain the colours of the parties, then each kind of mark, which may be hidden."""
    parties = [Entry(name, _colour(scene, code)) for code, name in scene.parties.items()]
    if any(not share.party for option in scene.options for share in option.shares):
        parties.append(Entry(word("disputes.nobody", language), "", "hatch"))
    counts = Counter(mark.kind for mark in scene.marks)
    kinds = [_explain_kind(kind, counts[kind], language) for kind in MarkKind if counts[kind]]
    return Legend((*parties, *kinds))


def _explain_kind(kind: MarkKind, count: int, language: str) -> Entry:
    colour, shape = SIGNS.get(kind, (str(POINTS[kind]["fillColor"]), "dot"))
    return Entry(word(f"disputes.kind_{kind}", language), colour, shape, write_number(count, language), str(kind))


def _offer(scene: DisputeScene, language: str) -> Choice | None:
    """Offer the options one at a time; at first the one that was decided, or none."""
    if not scene.options:
        return None
    decided = next((at for at, option in enumerate(scene.options) if option.is_decided), None)
    offered = tuple(_to_alternative(scene, at, option, language) for at, option in enumerate(scene.options))
    present = Alternative("present", word("disputes.present", language))
    first = present.group if decided is None else _name_group(decided)
    return Choice(word("disputes.options", language), (present, *offered), first)


def _to_alternative(scene: DisputeScene, at: int, option: OptionDrawn, language: str) -> Alternative:
    areas = [write_area(measure_area(share.ground), language) for share in option.shares]
    parties = [_call(scene, share.party, language) for share in option.shares]
    totals = tuple(
        (word(f"disputes.total_{key}", language), _write_total(key, option.totals[key], language))
        for key in TOTALS
        if key in option.totals
    )
    mark = word("disputes.decided", language) if option.is_decided else ""
    return Alternative(
        _name_group(at), option.title, (*zip(parties, areas, strict=True), *totals), option.refused, mark
    )


def _write_total(key: str, value: float | None, language: str) -> str:
    if value is None:
        return "—"
    return write_area(value, language) if key == "area_m2" else write_number(value, language)


def _list_marks(scene: DisputeScene, language: str) -> Table:
    rows = tuple(
        Row(
            _to_id(mark, at),
            (
                mark.title,
                word(f"disputes.kind_{mark.kind}", language),
                scene.parties.get(mark.party, mark.party) or "—",
            ),
            _colour(scene, mark.party) if mark.party else str(POINTS[mark.kind]["fillColor"]),
            str(mark.kind),
        )
        for at, mark in enumerate(scene.marks)
    )
    columns = tuple(word(f"disputes.{key}", language) for key in ("what", "kind", "party"))
    return Table(word("disputes.marks", language), columns, rows, word("disputes.no_marks", language))
