"""Clean files of text and of GeoJSON."""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any

import shapely
from shapely.geometry import shape as read_shape

from geo.errors import UnreadableFile, UnsafeFile, because

MOST_FEATURES = 10_000
"""The most features of a map."""

KEPT_MARKS = "\n\r\t‌‍‎‏"
"""The marks without a shape that texts of Persian and Arabic need."""


def clean_text(name: str, content: bytes) -> bytes:
    """Check that a file is plain text, and write it in UTF-8 without a mark at its head."""
    text = content.decode("utf-8-sig")
    odd = next(
        (
            letter
            for letter in text
            if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co") and letter not in KEPT_MARKS
        ),
        None,
    )
    if odd is not None:
        raise UnsafeFile(path=name, reason=because("evidence_control", mark=f"U+{ord(odd):04X}"))
    return text.replace("\r\n", "\n").encode()


def clean_geojson(name: str, content: bytes) -> bytes:
    """Check that a file is GeoJSON on the globe, and write its geometries and plain properties anew."""
    try:
        plain = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
        features = [_clean_feature(one) for one in _list_features(plain)]
        written = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)
        return written.encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, shapely.errors.ShapelyError) as error:
        raise UnreadableFile(path=name, reason=because("evidence_no_map", detail=str(error)[:100])) from error


def _refuse_constant(word: str) -> float:
    raise ValueError(word)


def _list_features(plain: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    if plain["type"] == "FeatureCollection":
        features = plain["features"]
    else:
        features = [plain if plain["type"] == "Feature" else {"geometry": plain, "properties": {}}]
    if not 1 <= len(features) <= MOST_FEATURES:
        raise ValueError(f"{len(features)} features")
    return list(features)


def _clean_feature(feature: dict[str, Any]) -> dict[str, Any]:
    found = shapely.force_2d(read_shape(feature["geometry"]))
    bounds = shapely.bounds(found)
    west, south, east, north = bounds.tolist()
    if found.is_empty or not all(map(math.isfinite, (west, south, east, north))):
        raise ValueError("no geometry")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("off the globe")
    given = feature.get("properties") or {}
    plain = {str(key): value for key, value in given.items() if isinstance(value, (str, int, float, bool))}
    return {"type": "Feature", "properties": plain, "geometry": shapely.geometry.mapping(found)}
