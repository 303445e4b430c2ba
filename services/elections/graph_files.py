"""Read plain graphs of units from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geo.districting import UnitGraph, parse_graph
from geo.errors import UnreadableFile, because
from services.files import check_file_safe


def read_graph(path: Path, *, most_bytes: int) -> UnitGraph:
    """Read a graph from a JSON file."""
    return parse_graph(read_json(path, most_bytes=most_bytes))


def read_json(path: Path, *, most_bytes: int) -> Any:  # noqa: ANN401 - JSON is any of several types
    """Read a JSON file, or raise UnreadableFile with where it breaks off."""
    safe = check_file_safe(path, most_bytes=most_bytes)
    try:
        return json.loads(safe.path.read_bytes())
    except json.JSONDecodeError as error:
        reason = because("not_json", line=error.lineno, column=error.colno)
        raise UnreadableFile(path=safe.name, reason=reason) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_encoding")) from error
    except RecursionError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_depth")) from error
