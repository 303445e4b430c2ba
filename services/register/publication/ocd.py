"""Write an edition as a file of open civic data ids."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from geo.register.divisions import Division
from geo.register.ocd import to_country_id, to_ocd_id
from services.register.publication.content import EditionContent

COLUMNS = ("id", "name", "sameAs", "sameAsNote", "validFrom", "validThrough")
"""The columns that readers of such files look for."""


def write_ocd(path: Path, content: EditionContent) -> None:
    """Write the id and official name of the country and of every division that has a code, sorted by id."""
    pack = content.register.pack
    ids = _list_ids(content)
    names = {ids[one.id]: one.name_in(*pack.languages) for one in content.divisions if one.id in ids}
    names[to_country_id(pack)] = pack.names.choose(pack.languages[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((ocd_id, names[ocd_id], "", "", "", "") for ocd_id in sorted(names))


def _list_ids(content: EditionContent) -> dict[int, str]:
    """Give each division with a code its id, under that of the nearest division above that has one."""
    known = {one.id: one for one in content.divisions}
    ids: dict[int, str] = {}
    # parents come before children, save where the register is at fault
    for one in content.divisions:
        if one.code:
            above = _find_above(one, known, ids) or to_country_id(content.register.pack)
            ids[one.id] = to_ocd_id(content.register.pack, above, level=one.level, code=one.code)
    return ids


def _find_above(division: Division, known: Mapping[int, Division], ids: Mapping[int, str]) -> str | None:
    seen = {division.id}
    at = division.parent_id
    while at is not None and at in known and at not in seen:
        if at in ids:
            return ids[at]
        seen.add(at)
        at = known[at].parent_id
    return None
