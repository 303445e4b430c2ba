"""Offer the divisions of each published register as layers: one collection a level, as of today or of a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

import asyncpg
from cql2 import Expr
from fastapi import HTTPException, Path, Query, Request
from tipg.collections import CollectionList, Column, Feature, ItemList, PgCollection
from tipg.errors import NotFound

from geo.register.countries import CountryPack
from geo.register.levels import Level
from geo.register.packs import load_pack
from services.web.scope import today

REGISTERS = "SELECT id, name, country FROM register ORDER BY name"
LEVELS = "SELECT DISTINCT level FROM standing WHERE register_id = $1 AND valid @> $2::date"

SCHEMA = "published"

FACTS = {
    "id": "bigint",
    "code": "text",
    "parent": "text",
    "area_m2": "float8",
    "people": "integer",
    "valid_from": "date",
    "valid_until": "date",
}
"""What every layer tells of a division besides its names, and the types."""

MOST_COLLECTIONS = 1000

LONGEST_KEY = 15
"""The longest key of a feature, in digits."""


class DivisionCollection(PgCollection):
    """Be the divisions of one level of one register."""

    register_id: int
    """The register."""
    level: str
    """The level."""
    scheme: str
    """The scheme of its codes."""
    languages: tuple[str, ...]
    """The languages of its names."""

    async def features(
        self,
        conn: asyncpg.Connection,
        *,
        datetime_filter: list[str] | None = None,
        **asked: Any,  # noqa: ANN401 - what the library asks
    ) -> ItemList:
        """Give features as they stand on the day asked about, else today."""
        asked["function_parameters"] = {"day": _find_day(datetime_filter)}
        _check_ids(asked.get("ids_filter"))
        return await super().features(conn, **asked)

    async def get_tile(
        self,
        conn: asyncpg.Connection,
        *,
        datetime_filter: list[str] | None = None,
        **asked: Any,  # noqa: ANN401 - what the library asks
    ) -> bytes:
        """Give a tile of the features as they stand on the day asked about, else today."""
        asked["function_parameters"] = {"day": _find_day(datetime_filter)}
        return bytes(await super().get_tile(conn, **asked))

    async def _features_query(
        self,
        conn: asyncpg.Connection,
        *,
        where: Expr | None = None,
        sortby: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        function_parameters: dict[str, Any] | None,
        **shown: Any,  # noqa: ANN401 - how the library wants features shown
    ) -> AsyncIterator[Feature]:
        """Choose the page by its ids first, so that names and codes are looked up for the page alone."""
        params: list[Any] = []
        source, order = self._from(function_parameters, params), self._sortby(sortby)
        page = f"SELECT id {source} {self._where_clause(where)} {order} LIMIT {limit or 0:d} OFFSET {offset or 0:d}"
        columns = self._select(
            shown["properties"],
            self.get_geometry_column(shown["geom"]),
            shown["bbox_only"],
            shown["simplify"],
            shown["geom_as_wkt"],
        )
        rows = await conn.fetch(f"{columns} {source} WHERE id = ANY(ARRAY({page})) {order}", *params)
        for row in rows:
            told = dict(row)
            shape, key = told.pop("tipg_geom"), told.pop("tipg_id")
            yield Feature(type="Feature", geometry=shape, id=key, properties=told)

    def _from(self, function_parameters: dict[str, Any] | None, params: list[Any]) -> str:
        """Read the function that gives a level on a day, its names spread over columns."""
        day = (function_parameters or {}).get("day") or today()
        params += [self.register_id, self.level, self.scheme, day]
        given = ", ".join(f"${len(params) - 3 + number}" for number in range(4))
        names = "".join(f", names->>'{language}' AS \"{name_column(language)}\"" for language in self.languages)
        return f"FROM (SELECT {', '.join(FACTS)}{names}, geom FROM {SCHEMA}.{self.table}({given})) AS features"


def _check_ids(ids: list[str] | None) -> None:
    """Refuse keys that no division can have, which the library could not write."""
    if any(not (one.isascii() and one.isdecimal() and len(one) <= LONGEST_KEY) for one in ids or ()):
        raise NotFound("no such feature")


def _find_day(datetime_filter: list[str] | None) -> date:
    return date.fromisoformat(datetime_filter[0]) if datetime_filter else today()


def name_column(language: str) -> str:
    """Name the column of a language."""
    return f"name_{language.replace('-', '_')}"


def make_collection(register: Any, level: Level, pack: CountryPack) -> DivisionCollection:  # noqa: ANN401 - a record
    """Describe the layer of one level: `register.level` for programs, its name in two languages for people."""
    frame = pack.bounds
    kind = "Point" if level.is_place else "MultiPolygon"
    bounds = [frame.west, frame.south, frame.east, frame.north]
    geometry = Column(name="geom", type="geometry", geometry_type=kind, srid=4326, bounds=bounds)
    columns = [Column(name=name, type=kind) for name, kind in FACTS.items()]
    columns += [Column(name=name_column(language), type="text") for language in pack.languages]
    title = f"{level.names.choose('fa')} · {level.names.choose('en')} — {pack.names.choose('fa')} ({register['name']})"
    return DivisionCollection(
        type="Table",
        id=f"{register['name']}.{level.key}",
        table="places" if level.is_place else "areas",
        schema=SCHEMA,
        title=title,
        description=f"{title}. " + "; ".join(f"{one.text} ({one.licence})" for one in pack.attributions),
        table_columns=[*columns, geometry],
        properties=columns,
        id_column=columns[0],
        geometry_column=geometry,
        register_id=register["id"],
        level=level.key,
        scheme=pack.primary_scheme(level.key).key,
        languages=pack.languages,
    )


async def list_collections(request: Request) -> list[DivisionCollection]:
    """List the layers of all published registers, by register and level."""
    async with request.app.state.pool.acquire() as connection:
        registers = await connection.fetch(REGISTERS)
        levels = {one["id"]: await connection.fetch(LEVELS, one["id"], today()) for one in registers}
    return [
        make_collection(register, level, pack)
        for register in registers
        for pack in (load_pack(register["country"]),)
        for level in pack.levels
        if level.key in {row["level"] for row in levels[register["id"]]}
    ]


async def find_collection(
    request: Request, collectionId: Annotated[str, Path(description="A collection, such as ir.county.")]
) -> DivisionCollection:
    """Find the layer of an address; registers that are not published are not told of."""
    name, _, key = collectionId.rpartition(".")
    async with request.app.state.pool.acquire() as connection:
        register = await connection.fetchrow("SELECT id, name, country FROM register WHERE name = $1", name)
    pack = load_pack(register["country"]) if register else None
    if register is None or pack is None or key not in pack.level_keys:
        raise HTTPException(404)
    return make_collection(register, pack.level(key), pack)


async def page_collections(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_COLLECTIONS)] = MOST_COLLECTIONS,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> CollectionList:
    """Cut the list of layers into pages."""
    found = await list_collections(request)
    page = found[offset : offset + limit]
    more = offset + len(page) < len(found)
    return CollectionList(
        collections=[*page],
        matched=len(found),
        next=offset + len(page) if more else None,
        prev=max(offset - limit, 0) if offset else None,
    )
