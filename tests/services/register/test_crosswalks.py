"""Test crosswalks between days, levels and files, and tables carried over them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import Infeasible, InvalidValue, MissingColumn, UnknownColumn, UnknownLevel, UnknownScheme
from geo.register.crosswalks import Crosswalk, make_crosswalk
from services.register.crosswalk_sides import FileSide, RegisterSide
from services.register.crosswalks import (
    Way,
    carry_table,
    choose_way,
    draw_crosswalk,
    read_crosswalk,
    write_crosswalk,
)
from services.tables.changes import Change, Decree, Lineage
from services.tables.register import Population, Standing

BEFORE, CUT, AFTER = date(2000, 1, 1), date(2010, 1, 1), date(2020, 1, 1)
OLD, NEW = Range(None, CUT), Range(CUT, None)
WHOLE, WEST, EAST = shapely.box(0, 0, 4, 1), shapely.box(0, 0, 3, 1), shapely.box(3, 0, 4, 1)


def list_shares(crosswalk: Crosswalk) -> dict[str, float]:
    return {f"{cell.source}{cell.target}": round(crosswalk.share(cell), 3) for cell in crosswalk.cells}


@pytest.fixture
def split(build: Any, session: Session) -> Any:
    """Found the wilaya Y on a quarter of X, with the smaller of two communes."""
    country = build()
    country.add("X", "wilaya", ground=WHOLE, valid=OLD)
    country.add("Y", "wilaya", ground=EAST, valid=NEW)
    facts = {"division_id": country.ids["X"], "level": "wilaya", "parent_id": None, "valid": NEW}
    session.execute(insert(Standing).values(**facts))
    for code, people in (("P", 60), ("Q", 40)):
        country.add(code, "daira", parent="X", people=people, valid=OLD)
        parent = country.ids["X" if code == "P" else "Y"]
        session.execute(
            insert(Standing).values(division_id=country.ids[code], level="daira", parent_id=parent, valid=NEW)
        )
    from geoalchemy2.shape import from_shape

    from services.tables.register import Boundary, Code

    scheme = country.register.pack.primary_scheme("wilaya")
    own = {"division_id": country.ids["X"], "valid": NEW}
    session.execute(
        insert(Code).values(register_id=country.register.id, scheme=scheme.key, version=scheme.version, code="X", **own)
    )
    ground = from_shape(shapely.MultiPolygon([WEST]), srid=4326)
    session.execute(insert(Boundary).values(geom=ground, area_m2=3e8, digest="west", **own))
    return country


def record_split(session: Session, country: Any) -> None:
    """Record the split as an applied change."""
    decree = session.scalar(
        insert(Decree)
        .values(
            register_id=country.register.id, number="1", issuer="t", signed_on=CUT, in_force_from=CUT, recorded_by="t"
        )
        .returning(Decree.id)
    )
    values = {"register_id": country.register.id, "decree_id": decree, "kind": "split", "effective_on": CUT}
    done = {"state": "applied", "applied_at": "2010-01-01T00:00Z", "body": {}, "drafted_by": "t"}
    change = session.scalar(insert(Change).values(**values, **done).returning(Change.id))
    for role, code in (("predecessor", "X"), ("successor", "X"), ("successor", "Y")):
        session.execute(insert(Lineage).values(change_id=change, role=role, division_id=country.ids[code]))


def sides(level: str = "wilaya", **given: Any) -> tuple[RegisterSide, RegisterSide]:
    return RegisterSide(level, BEFORE, **given), RegisterSide(level, AFTER, **given)


@pytest.mark.parametrize(
    ("way", "shares"),
    [
        (None, {"XX": 0.6, "XY": 0.4}),
        (Way.PEOPLE, {"XX": 0.6, "XY": 0.4}),
        (Way.AREA, {"XX": 0.75, "XY": 0.25}),
        (Way.LINEAGE, {"XX": 0.75, "XY": 0.25}),
    ],
)
def test_days_are_crossed(session: Session, split: Any, way: Way | None, shares: dict[str, float]):
    record_split(session, split)
    answer = draw_crosswalk(session, split.register, *sides(), way=way)
    assert list_shares(answer.crosswalk) == shares
    assert answer.crosswalk.unmatched == {}


def test_way_back_in_time_is_the_inverse(session: Session, split: Any):
    record_split(session, split)
    before, after = sides()
    answer = draw_crosswalk(session, split.register, after, before, way=Way.LINEAGE)
    assert list_shares(answer.crosswalk) == {"XX": 1.0, "YX": 1.0}


def test_without_figures_ground_counts(session: Session, split: Any):
    session.execute(update(Population).values(recorded=Range(None, None, empty=True)))
    answer = draw_crosswalk(session, split.register, *sides())
    assert (answer.way, answer.reason.key) == (Way.AREA, "crosswalk_drawn")


def test_units_that_ended_are_followed(session: Session, split: Any):
    """The county itself was counted, so its people follow the lineage."""
    record_split(session, split)
    session.execute(update(Population).values(division_id=split.ids["X"]).where(Population.people == 60))
    session.execute(update(Population).values(recorded=Range(None, None, empty=True)).where(Population.people == 40))
    answer = draw_crosswalk(session, split.register, *sides(), way=Way.PEOPLE)
    assert list_shares(answer.crosswalk) == {"XX": 0.75, "XY": 0.25}


def test_levels_are_crossed(session: Session, country: Any):
    day = date(2026, 1, 1)
    answer = draw_crosswalk(session, country.register, RegisterSide("commune", day), RegisterSide("wilaya", day))
    assert list_shares(answer.crosswalk) == {"AX": 1.0, "BX": 1.0, "CY": 1.0, "DY": 1.0}


ZONES = 'zone,wkt\n1,"POLYGON((0 0,0 2,3 2,3 0,0 0))"\n02,"POLYGON((3 0,3 2,9 2,9 0,3 0))"\n'


@pytest.mark.parametrize(("way", "shares"), [(Way.AREA, {"XX": 1}), (None, {}), (Way.PEOPLE, {}), (Way.PLACES, {})])
def test_files_are_crossed(session: Session, country: Any, tmp_path: Path, way: Way | None, shares: dict[str, float]):
    (tmp_path / "zones.csv").write_text(ZONES)
    side = FileSide(tmp_path / "zones.csv", "zone")
    source = RegisterSide("wilaya", date(2026, 1, 1))
    if way is Way.PLACES:
        with pytest.raises(Infeasible):
            draw_crosswalk(session, country.register, source, side, way=way)
        return
    answer = draw_crosswalk(session, country.register, source, side, way=way)
    assert sorted(answer.crosswalk.targets) == ["02", "1"]


@pytest.mark.parametrize(
    ("text", "code", "error"),
    [
        (ZONES, "nothing", UnknownColumn),
        ("zone\n1\n", "zone", MissingColumn),
        (ZONES.replace("02", ""), "zone", InvalidValue),
        ("zone,wkt\n1,\n", "zone", InvalidValue),
        ('zone,wkt\n1,"POINT(0 0)"\n', "zone", InvalidValue),
        (ZONES.replace("02", "1"), "zone", InvalidValue),
    ],
)
def test_bad_files_are_refused(
    session: Session, country: Any, tmp_path: Path, text: str, code: str, error: type[Exception]
):
    (tmp_path / "zones.csv").write_text(text)
    source = RegisterSide("wilaya", date(2026, 1, 1))
    with pytest.raises(error):
        draw_crosswalk(session, country.register, source, FileSide(tmp_path / "zones.csv", code), way=Way.AREA)


@pytest.mark.parametrize(("given", "error"), [({"level": "moon"}, UnknownLevel), ({"scheme": "moon"}, UnknownScheme)])
def test_unknown_levels_and_schemes_are_refused(session: Session, country: Any, given: Any, error: type[Exception]):
    with pytest.raises(error):
        draw_crosswalk(session, country.register, *sides(**given))


def test_nothing_in_common_is_said(session: Session, split: Any):
    with pytest.raises(Infeasible):
        draw_crosswalk(session, split.register, *sides("commune"), way=Way.AREA)


@pytest.mark.parametrize("text", ["", "moon"])
def test_unknown_ways_are_refused(text: str):
    assert choose_way(None) is None
    if text:
        with pytest.raises(InvalidValue):
            choose_way(text)


PARTLY = make_crosswalk([("01", "A", 3.0), ("02", "A", 1.5)], {"01": 4.0, "03": 1.0}, {"A": 5.0, "B": 2.0})


def test_file_is_read_as_it_was_written(tmp_path: Path):
    assert write_crosswalk(PARTLY, tmp_path / "c.csv") == 6
    assert read_crosswalk(tmp_path / "c.csv") == PARTLY
    assert read_crosswalk(tmp_path / "c.csv", back=True).sources == PARTLY.targets
    assert read_crosswalk(tmp_path / "c.csv", spread=True).unmatched == {"03": 1.0}


@pytest.mark.parametrize("row", ["X,A,-1", "X,A,nan", "X,A,", ",,1"])
def test_bad_weights_are_refused_with_their_row(tmp_path: Path, row: str):
    (tmp_path / "c.csv").write_text(f"source,target,weight\nX,A,1\n{row}\n")
    with pytest.raises(InvalidValue) as caught:
        read_crosswalk(tmp_path / "c.csv")
    assert dict(caught.value.params["reason"].params)["row"] == 2  # type: ignore[attr-defined]


def carry(folder: Path, table: str, **options: Any) -> list[str]:
    (folder / "t.csv").write_text(table)
    carry_table(PARTLY, folder / "t.csv", folder / "out.csv", **options)
    return (folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()


def test_tables_are_carried_with_their_remainders(tmp_path: Path):
    lines = carry(tmp_path, "code,people,name\n01,101,x\n02,7,y\n09,5,z\n")
    assert lines == ["code,remainder_of,people", "A,,83", "B,,0", ",01,25", ",09,5"]


def test_chosen_columns_are_carried(tmp_path: Path):
    lines = carry(tmp_path, "c,a,b\n01,4,8\n", code="c", columns=["b"])
    assert lines[:2] == ["c,remainder_of,b", "A,,6"]


def test_flows_lead_back_to_the_very_table(tmp_path: Path):
    crosswalk = make_crosswalk([("01", "A", 1.0), ("01", "B", 2.0), ("02", "B", 1.0)])
    (tmp_path / "t.csv").write_text("code,people\n01,101\n02,7\n")
    carry_table(crosswalk, tmp_path / "t.csv", tmp_path / "out.csv", flows=tmp_path / "back.csv")
    carry_table(read_crosswalk(tmp_path / "back.csv"), tmp_path / "out.csv", tmp_path / "again.csv", columns=["people"])
    again = (tmp_path / "again.csv").read_text(encoding="utf-8-sig").splitlines()
    assert again == ["code,remainder_of,people", "01,,101", "02,,7"]


@pytest.mark.parametrize(
    "table",
    [
        "code,n\n01,-1\n",
        "code,n\n01,1\n02,nan\n",
        "code,n\n01,1\n01,2\n",
        "code,n\n,1\n",
        "code,n\n01,1\n02,x\n",
        "code,n\n01,x\n",
        "code,a,b\n01,1,2\n",
    ],
)
def test_bad_tables_are_refused_and_nothing_is_written(tmp_path: Path, table: str):
    with pytest.raises(InvalidValue):
        carry(tmp_path, table, flows=tmp_path / "f.csv")
    assert not (tmp_path / "out.csv").exists()


def test_places_are_counted_and_looked_for_in_files(session: Session, build: Any, tmp_path: Path):
    country = build("ir")
    country.add("06", "province", name="خوزستان", ground=shapely.box(48, 30, 50, 32))
    for code, level, parent in (("0601", "county", "06"), ("060101", "bakhsh", "0601")):
        country.add(code, level, parent=parent)
    country.add("0601010001", "dehestan", parent="060101")
    for number, lon in enumerate((48.2, 48.4, 48.6, 49.5), start=1):
        code = f"0601010001{number:06}"
        country.add(code, "village", parent="0601010001", position=shapely.Point(lon, 31), people=number * 10)
    text = 'zone,wkt\nW,"POLYGON((48 30,49 30,49 32,48 32,48 30))"\nE,"POLYGON((49 30,50 30,50 32,49 32,49 30))"\n'
    (tmp_path / "zones.csv").write_text(text)
    sides = RegisterSide("county", AFTER), FileSide(tmp_path / "zones.csv", "zone")
    counted = [draw_crosswalk(session, country.register, *sides, way=way) for way in (Way.PLACES, Way.PEOPLE)]
    assert [list_shares(one.crosswalk) for one in counted] == [
        {"0601E": 0.25, "0601W": 0.75},
        {"0601E": 0.4, "0601W": 0.6},
    ]
    turned = draw_crosswalk(session, country.register, sides[1], sides[0], way=Way.PLACES)
    assert list_shares(turned.crosswalk) == {"E0601": 1.0, "W0601": 1.0}
