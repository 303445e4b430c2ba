"""Read and write plans as files: CSV, JSON, JSON lines and GeoJSON, with codes as texts so that no zero is lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from geo.errors import InvalidValue, MissingColumn, UnreadableFile, because
from geo.register import from_digits, search_key
from services.elections.graph_files import read_json
from services.files import check_file_safe

CODE_WORDS = ("code", "unit", "geoid", "pcode", "کد", "واحد")
DISTRICT_WORDS = ("district", "constituency", "assignment", "حوزه")
"""The words by which files call the two columns."""

MOST_BYTES = 256 * 1024**2
"""The largest file that is read."""

LONGEST = 60
"""How much of a wrong value is shown."""


def read_plan_file(path: Path) -> dict[str, int]:
    """Read the district of each code from a CSV, JSON, JSONL (its last plan) or GeoJSON file.

    Raises InvalidValue with the row and the field that is wrong.
    """
    ending = check_file_safe(path, most_bytes=MOST_BYTES).ending
    if ending in (".csv", ".tsv", ".txt"):
        return _read_table(path)
    if ending == ".jsonl":
        return _take_assignment(read_lines(path)[-1])
    if ending not in (".json", ".geojson"):
        raise UnreadableFile(path=path.name, reason=because("plan_ending"))
    plain = read_json(path, most_bytes=MOST_BYTES)
    if isinstance(plain, Mapping) and plain.get("type") == "FeatureCollection":
        return _read_features(plain)
    return _take_assignment(plain)


def read_lines(path: Path) -> list[Any]:
    """Read the lines of a JSONL file; there must be one."""
    safe = check_file_safe(path, most_bytes=MOST_BYTES)
    lines, number = [], 0
    try:
        for line in safe.path.read_text(encoding="utf-8").split("\n"):
            number += 1
            if line.strip():
                lines.append(json.loads(line))
    except json.JSONDecodeError as error:
        raise UnreadableFile(path=safe.name, reason=because("not_json", line=number, column=error.colno)) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_encoding")) from error
    except RecursionError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_depth")) from error
    if not lines:
        raise UnreadableFile(path=safe.name, reason=because("plan_empty"))
    return lines


def _take_assignment(plain: object) -> dict[str, int]:
    """Take the plan out of an answer of ours, a line of a sample, or an object from codes to districts."""
    held = plain.get("assignment", plain) if isinstance(plain, Mapping) else plain
    if not isinstance(held, Mapping) or not held:
        raise InvalidValue(field="assignment", value=show(held), reason=because("plan_shape"))
    return {code: read_district(district, f"assignment.{code}") for code, district in held.items()}


def _read_features(plain: Mapping[str, Any]) -> dict[str, int]:
    features = plain.get("features")
    if not isinstance(features, list) or not features:
        raise InvalidValue(field="features", value=show(features), reason=because("plan_shape"))
    rows = []
    for place, feature in enumerate(features):
        marks = feature.get("properties") if isinstance(feature, Mapping) else None
        if not isinstance(marks, Mapping):
            raise InvalidValue(field=f"features[{place}]", value=show(feature), reason=because("plan_shape"))
        rows.append((f"features[{place}]", marks.get("code"), marks.get("district")))
    return gather_rows(rows)


def _read_table(path: Path) -> dict[str, int]:
    safe = check_file_safe(path, most_bytes=MOST_BYTES)
    try:
        text = safe.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=safe.name, reason=because("json_encoding")) from error
    mark = "\t" if "\t" in text.split("\n", 1)[0] else ";" if ";" in text.split("\n", 1)[0] else ","
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        raise UnreadableFile(path=safe.name, reason=because("plan_shape")) from error
    header = lines[0] if lines else []
    code, district = (_find_column(header, words) for words in (CODE_WORDS, DISTRICT_WORDS))
    rows = [
        (f"row {number}", _take_cell(line, code), _take_cell(line, district))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    return gather_rows(rows)


def _find_column(header: Sequence[str], words: Sequence[str]) -> int:
    keys = [search_key(column) for column in header]
    for word in words:
        if search_key(word) in keys:
            return keys.index(search_key(word))
    raise MissingColumn(field=words[0], columns=tuple(column[:LONGEST] for column in header[:20]))


def _take_cell(line: Sequence[str], place: int) -> str | None:
    return line[place].strip() if place < len(line) else None


def gather_rows(rows: Iterable[tuple[str, object, object]]) -> dict[str, int]:
    """Gather rows of place, code and district; a code that is no text or said twice is refused."""
    plan: dict[str, int] = {}
    places: dict[str, str] = {}
    for place, code, district in rows:
        if not isinstance(code, str) or not code or "\0" in code:
            raise InvalidValue(field=f"{place}: code", value=show(code), reason=because("graph_code"))
        if code in plan:
            raise InvalidValue(
                field=f"{place}: code", value=show(code), reason=because("plan_twice", first=places[code])
            )
        plan[code], places[code] = read_district(district, f"{place}: district"), place
    if not plan:
        raise InvalidValue(field="code", value="-", reason=because("plan_empty"))
    return plan


def read_district(value: object, field: str) -> int:
    """Read the number of a district, in any digits."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise InvalidValue(field=field, value=show(value), reason=because("not_a_number"))
    text = from_digits(str(value)).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidValue(field=field, value=show(value), reason=because("not_a_number"))
    return int(text)


def show(value: object) -> str:
    """Show the beginning of a value."""
    text = str(value).replace("\0", "\ufffd")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def write_csv(plan: Mapping[str, int]) -> str:
    """Write a plan as a table of codes and districts, sorted by code; spreadsheets keep quoted codes as they are."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(("code", "district"))
    writer.writerows(sorted(plan.items()))
    return out.getvalue()


def write_jsonl(plan: Mapping[str, int]) -> str:
    """Write a plan as one line of a sample."""
    line = {"sample": 1, "assignment": dict(sorted(plan.items()))}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
