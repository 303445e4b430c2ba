"""Describe deliveries: which files of a source hold which level, under which columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.errors import InvalidMapping, UnreadableFile, because
from geo.register.mapping import ColumnMapping

KNOWN = Path(__file__).parent / "deliveries"


@dataclass(frozen=True)
class LayerSource:
    """Point to one layer of one file and say how to read it."""

    path: Path
    """The file."""
    layer: str | None
    """The layer inside it, when it has several."""
    mapping: ColumnMapping
    """Which column gives what."""
    crs: str | None = None
    """The reference system, when the file names none."""
    guess: bool = False
    """Whether columns that were not declared are recognised by their names."""


@dataclass(frozen=True)
class Delivery:
    """Hold the layers that come in together, parents before children."""

    name: str
    """What the import is called in the record."""
    country: str
    """The country whose pack applies."""
    layers: tuple[LayerSource, ...]
    """The layers in order."""


class _LayerEntry(BaseModel):
    """Read one `[[layers]]` of a delivery file."""

    model_config = ConfigDict(extra="forbid")

    file: str
    layer: str | None = None
    level: str | None = None
    levels: Mapping[str, str] = Field(default_factory=dict)
    scheme: str | None = None
    parent_scheme: str | None = None
    parent_by_position: bool = False
    population_source: str = "-"
    crs: str | None = None
    columns: Mapping[str, str]


class _DeliveryEntry(BaseModel):
    """Read a delivery file."""

    model_config = ConfigDict(extra="forbid")

    country: str
    package: str | None = None
    folder: str = "."
    attribution: str | None = None
    layers: list[_LayerEntry] = Field(min_length=1)


def list_deliveries() -> tuple[str, ...]:
    """List the deliveries the program knows by name."""
    return tuple(sorted(path.stem for path in KNOWN.glob("*.toml")))


def load_delivery(name: str, path: Path | None = None) -> Delivery:
    """Read a delivery known by name, or described in a TOML file, over the file or folder `path`.

    Raises InvalidMapping naming the key that is wrong.
    """
    source = KNOWN / f"{name}.toml" if name in list_deliveries() else Path(name)
    entry = _parse(source)
    folder = path or _find_package(entry)
    layers = tuple(_to_layer(layer, folder) for layer in entry.layers)
    return Delivery(source.stem, entry.country, layers)


def has_own_files(name: str) -> bool:
    """Tell whether a delivery's files come with an installed package."""
    return name in list_deliveries() and _parse(KNOWN / f"{name}.toml").package is not None


def _parse(source: Path) -> _DeliveryEntry:
    try:
        values: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
        return _DeliveryEntry.model_validate(values)
    except OSError as error:
        raise InvalidMapping(key=source.name, reason=because("delivery_unknown", known=list_deliveries())) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidMapping(key=source.name, reason=because("delivery_not_toml", detail=str(error))) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InvalidMapping(key=key, reason=because("delivery_entry", detail=first["msg"])) from error


def _find_package(entry: _DeliveryEntry) -> Path:
    if entry.package is None:
        raise InvalidMapping(key="path", reason=because("delivery_path"))
    try:
        return Path(str(files(entry.package))) / entry.folder
    except ModuleNotFoundError as error:
        raise UnreadableFile(path=entry.package, reason=because("file_absent")) from error


def _to_layer(entry: _LayerEntry, folder: Path) -> LayerSource:
    path = folder if folder.is_file() and folder.name == entry.file else folder / entry.file
    mapping = ColumnMapping(
        columns=entry.columns,
        level=entry.level,
        levels=entry.levels,
        scheme=entry.scheme,
        parent_scheme=entry.parent_scheme,
        parent_by_position=entry.parent_by_position,
        population_source=entry.population_source,
    )
    return LayerSource(path, entry.layer, mapping, entry.crs)
