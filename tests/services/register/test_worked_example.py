"""Enter the 31 Iranian counties founded after 1399 as splits, and carry the census of 1395 to them and back.

The decrees' numbers and their day are invented: only that the counties were founded, and out of which, is taken from
the data. A county is founded out of the one whose cities of 1399 lie in its ground, which the names of bakhsh confirm.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from sqlalchemy.orm import Session

from geo.register.aggregates import Aggregate, re_aggregate
from geo.register.crosswalks import Crosswalk, invert
from geo.register.mapping import ColumnMapping
from geo.register.names import search_key
from services.access.roles import Caller, RoleGrant
from services.database.cluster import Cluster
from services.database.engine import create_store_engine, open_session
from services.queries import get_register
from services.register.changes import apply_change, approve_change, check_change, draft_change
from services.register.crosswalk_sides import RegisterSide
from services.register.crosswalks import Way, draw_crosswalk
from services.register.decrees import DecreeText, record_decree
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, import_delivery

BEFORE, FOUNDED, AFTER = date(2020, 8, 1), date(2023, 3, 21), date(2025, 10, 1)
FIRST, SECOND = (Caller(key, name, (RoleGrant("national_officer"),)) for key, name in ((1, "first"), (2, "second")))
COUNTED = 79_926_270


@dataclass(frozen=True)
class NewCounty:
    """Hold a county that the layer of 2025 has and the list of 1399 has not."""

    name: str
    province: str
    parent: str
    bakhsh: str | None
    ground: shapely.Geometry


@dataclass(frozen=True)
class Example:
    """Hold what the example came to."""

    counties: tuple[NewCounty, ...]
    crosswalk: Crosswalk
    areal: Crosswalk
    census: dict[str, int]
    there: Aggregate


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def find_new(folder: Path) -> Iterator[NewCounty]:
    """Find the new counties, each with the county of 1399 it was founded out of."""
    layer = gpd.read_file(folder / "iran_counties_simplified.geojson")
    divisions = read_rows(folder / "iran_divisions_1399.csv")
    cities = [(row["code"], shapely.Point(float(row["lon"]), float(row["lat"]))) for row in read_cities(folder)]
    for row in layer[layer["amar_code_1399"].isna()].itertuples():
        province = row.iso_province.removeprefix("IR-")
        held = Counter(code[:4] for code, point in cities if code[:2] == province and row.geometry.covers(point))
        named = [
            one["code"]
            for one in divisions
            if one["level"] == "bakhsh" and one["code"][:2] == province
            if search_key(one["name_fa"]) == search_key(row.name_fa)
        ]
        parent = held.most_common(1)[0][0] if held else named[0][:4]
        bakhsh = named[0] if named and named[0][:4] == parent else None
        yield NewCounty(row.name_fa, province, parent, bakhsh, row.geometry)


def read_cities(folder: Path) -> list[dict[str, str]]:
    return read_rows(folder / "iran_cities_points_1399.csv")


def bring_list(session: Session, folder: Path, room: Path, counties: list[NewCounty]) -> None:
    """Bring in the list of 1399 with the grounds of its counties: those of 2025 joined to what was founded on them."""
    layer = gpd.read_file(folder / "iran_counties_simplified.geojson")
    grounds = {row.amar_code_1399: [row.geometry] for row in layer.dropna(subset="amar_code_1399").itertuples()}
    for county in counties:
        if county.parent in grounds:
            grounds[county.parent].append(county.ground)
    with (room / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "level", "parent", "name_fa", "wkt"])
        for row in read_rows(folder / "iran_divisions_1399.csv"):
            if row["level"] in ("ostan", "shahrestan", "bakhsh"):
                ground = shapely.union_all(grounds.get(row["code"], []))
                wkt = "" if ground.is_empty else shapely.to_wkt(ground, rounding_precision=9)
                writer.writerow([row["code"], row["level"], row["parent_code"], row["name_fa"], wkt])
    delivery = Delivery("list", "ir", (LayerSource(room / "list.csv", None, ColumnMapping(), guess=True),))
    options = ImportOptions(register="example", commit=True, skip_refused=True)
    import_delivery(session, delivery, options, caller=FIRST, today=BEFORE)


def found_county(session: Session, county: NewCounty, number: int) -> None:
    """Enter the founding of a county as a split under a decree, by two officers."""
    register = get_register(session, "example")
    text = DecreeText(f"نمونه-{number}", "هیئت وزیران (شمارهٔ ساختگی)", FOUNDED, FOUNDED, county.name)
    decree = record_decree(session, register, text, caller=FIRST)
    founded: dict[str, Any] = {"label": "new", "level": "county", "names": {"fa": county.name}}
    if county.bakhsh:
        founded["children"] = [f"bakhsh:{county.bakhsh}"]
    # the layer lacks what is left of Pol-e Dokhtar, so that county has no ground to cut
    if county.parent != "1508":
        founded["ground"] = shapely.geometry.mapping(county.ground)
    order = {
        "kind": "split",
        "effective_on": FOUNDED.isoformat(),
        "divisions": [f"county:{county.parent}"],
        "founded": [founded],
    }
    record = draft_change(session, register, order, decree_id=decree.id, caller=FIRST)
    check_change(session, register, record.id, based_on=1, caller=FIRST)
    approve_change(session, register, record.id, based_on=2, caller=SECOND)
    apply_change(session, register, record.id, based_on=3, caller=SECOND)


@pytest.fixture(scope="module")
def example(
    cluster: Cluster, template: str, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Example]:
    """Found the counties in a register of their own, and carry the census to them."""
    folder = real_data / "iran"
    counties = sorted(find_new(folder), key=lambda one: (one.parent, one.name))
    engine = create_store_engine(cluster.create_database("worked_example", template=template))
    with open_session(engine) as session:
        bring_list(session, folder, tmp_path_factory.mktemp("example"), counties)
    for number, county in enumerate(counties, start=1):
        with open_session(engine) as session:
            found_county(session, county, number)
    with open_session(engine) as session:
        register = get_register(session, "example")
        sides = RegisterSide("county", BEFORE), RegisterSide("county", AFTER)
        crosswalk = draw_crosswalk(session, register, *sides, way=Way.LINEAGE).crosswalk
        areal = draw_crosswalk(session, register, *sides, way=Way.AREA).crosswalk
    census = {row["county_code"]: int(row["total"]) for row in read_rows(folder / "iran_2016_census_county.csv")}
    yield Example(tuple(counties), crosswalk, areal, census, re_aggregate(crosswalk, census))
    engine.dispose()


def test_all_new_counties_have_a_parent_in_their_province(example: Example):
    assert len(example.counties) == 31
    assert all(county.parent[:2] == county.province for county in example.counties)


def test_names_of_bakhsh_confirm_what_cities_tell(example: Example):
    assert sum(county.bakhsh is not None for county in example.counties) == 22


def test_counties_become_more_by_those_founded(example: Example):
    assert (len(example.crosswalk.sources), len(example.crosswalk.targets)) == (448, 479)
    assert example.crosswalk.unmatched == {}


def test_census_is_kept_to_the_last_person(example: Example):
    assert sum(example.census.values()) == COUNTED
    assert (sum(example.there.values.values()), example.there.remainder) == (COUNTED, {})


def test_new_counties_have_people_now(example: Example):
    new = [code for code in example.there.values if code not in example.crosswalk.sources]
    assert len(new) == 31
    assert all(example.there.values[code] > 0 for code in new)


def test_way_back_returns_every_county_its_people(example: Example):
    back = re_aggregate(example.there.way_back(), {k: v for k, v in example.there.values.items() if v})
    assert back.values == example.census
    assert back.remainder == {}


def test_inverse_returns_them_too_as_no_county_has_two_parents(example: Example):
    back = re_aggregate(invert(example.crosswalk), example.there.values)
    assert {code: people for code, people in back.values.items() if people} == example.census


def test_lineage_and_ground_weigh_alike(example: Example):
    shares = [{(c.source, c.target): one.share(c) for c in one.cells} for one in (example.crosswalk, example.areal)]
    drawn = {pair: share for pair, share in shares[0].items() if pair[0] in example.areal.sources}
    assert drawn.keys() == shares[1].keys()
    assert all(share == pytest.approx(shares[1][pair], abs=1e-3) for pair, share in drawn.items())


def test_by_ground_alone_what_has_none_is_told(example: Example):
    there = re_aggregate(example.areal, example.census)
    assert there.remainder == {"1508": 73_744}
    assert there.total == COUNTED
