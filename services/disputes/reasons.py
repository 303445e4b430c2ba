"""Keep reasons as JSON, and read them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.errors import Reason


def write_reason(reason: Reason, words: Mapping[int, str]) -> dict[str, Any]:
    """Write a reason as JSON; divisions, which it knows by their keys, are named."""
    return {"key": reason.key, "params": {name: _write(name, value, words) for name, value in reason.params}}


def _write(name: str, value: object, words: Mapping[int, str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, Reason):
        return {"reason": write_reason(value, words)}
    if isinstance(value, (list, tuple)):
        return [_write(name, item, words) for item in value]
    if name in ("division", "divisions") and isinstance(value, int):
        return words.get(value, value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def read_reason(kept: Mapping[str, Any]) -> Reason:
    """Read a reason back."""
    return Reason(kept["key"], tuple((name, _read(value)) for name, value in sorted(kept["params"].items())))


def _read(value: Any) -> object:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return read_reason(value["reason"])
    return tuple(_read(item) for item in value) if isinstance(value, list) else value
