"""Write a feed as XML, or as texts in a ZIP, one for each kind of element; the same feed gives the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

from geo.elections.vip import KINDS, Feed, Item, Node

UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold at all."""

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""When every text of a ZIP was written: the contents tell, not the clock."""


def write_xml(feed: Feed) -> bytes:
    """Write a feed as one XML document of the schema."""
    root = ElementTree.Element("VipObject", schemaVersion="6.0")
    for item in feed.items:
        element = ElementTree.SubElement(root, item.kind, id=item.id)
        for node in item.fields:
            _append(element, node)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _append(parent: ElementTree.Element, node: Node) -> None:
    element = ElementTree.SubElement(parent, node.tag)
    if node.language is not None:
        element.set("language", node.language)
    if node.text is not None:
        element.text = UNWRITABLE.sub("\ufffd", node.text)
    for child in node.children:
        _append(element, child)


def write_texts(feed: Feed) -> bytes:
    """Write a feed as a ZIP of CSV texts in UTF-8, each named after its elements."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as room:
        for kind in KINDS:
            if items := feed.list_kind(kind):
                info = zipfile.ZipInfo(f"{_name_file(kind)}.txt", ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                room.writestr(info, _write_table(items))
    return kept.getvalue()


def _name_file(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def _write_table(items: tuple[Item, ...]) -> str:
    rows = [{"id": item.id, **_flatten(item.fields)} for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _defuse(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _flatten(nodes: tuple[Node, ...], front: str = "") -> dict[str, str]:
    """Give the texts of elements by their names; what stands several times is numbered from the second on."""
    found: dict[str, str] = {}
    for node in nodes:
        name = front + _name_file(node.tag)
        values = {name: node.text} if node.text is not None else _flatten(node.children, f"{name}_")
        again = sum(key.split("#")[0] in values for key in found)
        number = again // max(1, len(values)) + 1
        found |= {key if number == 1 else f"{key}#{number}": value or "" for key, value in values.items()}
    return found


def _defuse(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; a number, such as a longitude in the west, is none."""
    return f"'{text}" if text[:1] in FORMULA_SIGNS and not NUMBER.fullmatch(text) else text
