"""Write the style in which a desktop program shows a level: thin borders, and the official name as the label."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from services.register.publication.content import EditionContent

COLOURS = ("11,95,92", "138,75,8", "70,70,160", "110,110,110", "160,40,90", "60,120,60")
"""Colours of borders and labels from the top level down."""

FONT = "Vazirmatn"
"""The font of labels; where it is missing, the program takes one of its own that has the letters."""


def write_style(content: EditionContent, level: str, field: str) -> str:
    """Write the style of a level, labelled with a column."""
    depth = content.levels.index(level)
    colour = COLOURS[depth % len(COLOURS)]
    is_place = content.register.pack.level(level).is_place
    root = Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling", labelsEnabled="1")
    _add_symbol(root, colour, is_place=is_place, width=max(0.7 - 0.2 * depth, 0.1))
    _add_labels(root, field, colour, is_place=is_place, size=max(11 - 1.5 * depth, 6.5))
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode")


def _add_symbol(root: Element, colour: str, *, is_place: bool, width: float) -> None:
    renderer = SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    symbols = SubElement(renderer, "symbols")
    symbol = SubElement(
        symbols, "symbol", type="marker" if is_place else "fill", name="0", alpha="1", clip_to_extent="1"
    )
    kind = "SimpleMarker" if is_place else "SimpleFill"
    layer = SubElement(symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    drawn = (
        {"color": f"{colour},255", "name": "circle", "size": "1.2", "outline_style": "no"}
        if is_place
        else {
            "color": f"{colour},18",
            "style": "solid",
            "outline_color": f"{colour},255",
            "outline_width": f"{width:g}",
        }
    )
    options = SubElement(layer, "Option", type="Map")
    for name, value in sorted(drawn.items()):
        SubElement(options, "Option", name=name, type="QString", value=value)
        SubElement(layer, "prop", k=name, v=value)


def _add_labels(root: Element, field: str, colour: str, *, is_place: bool, size: float) -> None:
    labeling = SubElement(root, "labeling", type="simple")
    settings = SubElement(labeling, "settings", calloutType="simple")
    style = SubElement(
        settings,
        "text-style",
        fieldName=field,
        isExpression="0",
        fontFamily=FONT,
        fontSize=f"{size:g}",
        fontSizeUnit="Point",
        textColor=f"{colour},255",
        textOrientation="horizontal",
    )
    SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor="255,255,255,255"
    )
    # 0 sets a label around a point, 4 lies level inside a polygon
    SubElement(settings, "placement", placement="0" if is_place else "4", centroidInside="1", fitInPolygonOnly="0")
    # the ground of other levels must not push names away
    SubElement(settings, "rendering", obstacle="0", displayAll="0", scaleVisibility="0", drawLabels="1")
