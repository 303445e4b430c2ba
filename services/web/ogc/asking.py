"""Read what a client asks of a layer, and refuse what the layers do not answer or what could hurt the store."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Annotated, Any, Literal

from cql2 import Expr
from fastapi import Query, Request
from morecantile import Tile
from tipg.dependencies import accept_media_type
from tipg.resources.enums import MediaType

from geo.errors import InvalidValue, because
from geo.register.calendars import parse_date

OPERATORS = frozenset(
    {
        *("and", "or", "not", "=", "<>", "<", ">", "<=", ">=", "like", "between", "in", "isNull"),
        *("+", "-", "*", "/", "casei"),
        *("s_intersects", "s_within", "s_contains", "s_disjoint", "s_touches", "s_overlaps", "s_crosses", "s_equals"),
        *("t_before", "t_after", "t_equals"),
    }
)
"""The operators of a filter; every other word would be called as a function of the database, whatever it does."""

MOST_FILTER = 2000
"""The longest filter, in letters: the library that reads it takes a thousand nested terms, but falls over two."""

DEEPEST_FILTER = 40
"""How deep a filter may be nested."""

LAST_ZOOM = 22
FORMS = ("geojson", "html", "geojsonseq", "json", "ndjson")


def read_days(
    datetime: Annotated[
        str | None, Query(max_length=40, description="The one day asked about, such as 2020-03-20; today by default.")
    ] = None,
) -> list[str] | None:
    """Read the day of `datetime`; its time of day says nothing, since divisions change by days."""
    if not datetime:
        return None
    if "/" in datetime or ".." in datetime:
        raise InvalidValue(field="datetime", value=datetime, reason=because("ogc_one_day"))
    return [parse_date(datetime.partition("T")[0]).isoformat()]


def read_box(
    bbox: Annotated[
        str | None, Query(max_length=200, description="West, south, east and north in degrees, parted by commas.")
    ] = None,
) -> list[float] | None:
    """Read a box of degrees."""
    if not bbox:
        return None
    sides = [_read_number(part) for part in bbox.split(",")]
    if len(sides) == 6:
        del sides[5], sides[2]
    lon, lat = sides[::2], sides[1::2]
    if len(sides) != 4 or any(abs(x) > 180 for x in lon) or any(abs(y) > 90 for y in lat) or lat[0] > lat[1]:
        raise InvalidValue(field="bbox", value=bbox, reason=because("ogc_box"))
    return sides


def _read_number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidValue(field="bbox", value=text, reason=because("ogc_box")) from error
    if not math.isfinite(number):
        raise InvalidValue(field="bbox", value=text, reason=because("ogc_box"))
    return number


def read_filter(
    query: Annotated[str | None, Query(alias="filter", max_length=MOST_FILTER, description="A filter in CQL2.")] = None,
    filter_lang: Annotated[Literal["cql2-text", "cql2-json"] | None, Query(alias="filter-lang")] = None,
) -> Expr | None:
    """Read a filter, and let nothing through but known operators over properties and plain values."""
    if not query:
        return None
    tree = _parse(query)
    if odd := find_odd(tree):
        raise InvalidValue(
            field="filter", value="…", reason=because("ogc_filter", found=odd, known=tuple(sorted(OPERATORS)))
        )
    # read again from JSON, whose shapes are taken as WGS 84
    return Expr(tree)


def _parse(query: str) -> Any:  # noqa: ANN401 - JSON is any of several types
    if _measure_depth(query) > DEEPEST_FILTER:
        raise InvalidValue(field="filter", value="…", reason=because("ogc_filter_deep", most=DEEPEST_FILTER))
    try:
        return Expr(query).to_json()
    except Exception as error:  # the library has no narrower kind for what cannot be read
        detail = next(iter(str(error).strip().splitlines()), "")[:200]
        raise InvalidValue(field="filter", value="…", reason=because("ogc_filter_unread", detail=detail)) from error


def _measure_depth(query: str) -> int:
    """Count how many brackets are open at once at most."""
    steps = (1 if letter in "([{" else -1 if letter in ")]}" else 0 for letter in query)
    return max(accumulate(steps), default=0)


def find_odd(node: Any, depth: int = 0) -> str | None:  # noqa: ANN401 - JSON is any of several types
    """Find the first word of a filter that is no known operator; filters nested too deep are odd as a whole."""
    if depth > DEEPEST_FILTER:
        return "…"
    if isinstance(node, dict):
        if "op" in node and node["op"] not in OPERATORS:
            return str(node["op"])
        inner = list(node.values())
    else:
        inner = list(node) if isinstance(node, (list, tuple)) else []
    return next((odd for one in inner if (odd := find_odd(one, depth + 1))), None)


def read_form(
    request: Request,
    f: Annotated[str | None, Query(max_length=20, description="The form of the answer, such as geojson.")] = None,
) -> MediaType | None:
    """Read in which form features are wanted: as `f` says, else as the client accepts."""
    if f is None:
        return accept_media_type(request.headers.get("accept", ""), [MediaType[form] for form in FORMS])
    if f not in FORMS:
        raise InvalidValue(field="f", value=f, reason=because("ogc_format"))
    return MediaType[f]


def read_tile(z: int, x: int, y: int) -> Tile:
    """Read the address of a tile, which must be one that there is."""
    if not (0 <= z <= LAST_ZOOM and 0 <= x < 2 ** (z + 1) and 0 <= y < 2**z):
        raise InvalidValue(field="tile", value=f"{z}/{x}/{y}", reason=because("ogc_tile", last=LAST_ZOOM))
    return Tile(x, y, z)
