"""Write a country as ids of open civic data."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidCode
from geo.register.ocd import PATTERN
from services.queries import get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.register.ocd import COLUMNS, export_ocd, list_ocd_ids
from services.tables.register import Code

DAY = date(2026, 1, 1)
SINCE = date(2022, 3, 21)
FRONT = "ocd-division/country:ir"


@pytest.fixture
def iran(build: Any) -> Any:
    """Draw up a province down to a city."""
    country = build("ir")
    for code, level, parent in (
        ("07", "province", ""),
        ("0701", "county", "07"),
        ("070101", "bakhsh", "0701"),
        ("0701011285", "city", "070101"),
    ):
        country.add(code, level, parent=parent, name=f"name {code}")
    return country


def recode(session: Session, iran: Any, owner: str, code: str) -> None:
    """Give a division another code from a day on."""
    own = {"register_id": iran.register.id, "division_id": iran.ids[owner]}
    session.execute(update(Code).where(Code.division_id == iran.ids[owner]).values(valid=Range(None, SINCE)))
    values = {"scheme": "sci", "version": "1399", "code": code, "valid": Range(SINCE, None)}
    session.execute(insert(Code).values(**own, **values))


def list_cells(session: Session, iran: Any, **options: Any) -> list[tuple[str, ...]]:
    return [row.cells for row in list_ocd_ids(session, iran.register, day=DAY, **options)]


def test_parents_come_before_their_children(session: Session, iran: Any):
    ids = [cells[0] for cells in list_cells(session, iran)]
    assert ids == [
        FRONT,
        f"{FRONT}/province:07",
        f"{FRONT}/province:07/county:0701",
        f"{FRONT}/province:07/county:0701/district:070101",
        f"{FRONT}/province:07/county:0701/district:070101/city:1285",
    ]


def test_id_holds_while_all_its_codes_do(session: Session, iran: Any):
    recode(session, iran, "0701", "0702")
    _, _, _, *below = list_cells(session, iran)
    assert {cells[4:] for cells in below} == {("2022-03-21", "")}


def test_former_ids_lead_to_those_of_today(session: Session, iran: Any):
    recode(session, iran, "0701", "0702")
    cells = list_cells(session, iran, with_former=True)
    assert len(cells) == 8
    assert cells[5] == (
        f"{FRONT}/province:07/county:0701",
        "0701",
        f"{FRONT}/province:07/county:0702",
        "until 2022-03-20",
        "",
        "2022-03-20",
    )


def test_division_that_is_gone_has_no_successor_by_id(session: Session, iran: Any):
    iran.add("0703", "county", parent="07", valid=Range(date(2000, 1, 1), date(2010, 1, 1)))
    *_, last = list_cells(session, iran, with_former=True)
    assert last == (f"{FRONT}/province:07/county:0703", "0703", "", "", "2000-01-01", "2009-12-31")


def test_children_of_a_division_without_a_code_stay_below_the_country(session: Session, iran: Any):
    iran.add("0801", "county", parent="nobody")
    assert f"{FRONT}/county:0801" in [cells[0] for cells in list_cells(session, iran)]


def test_two_divisions_with_one_id_are_refused(session: Session, build: Any):
    country = build("af")
    for code in ("A/1", "A~1"):
        country.add(code, "village")
    with pytest.raises(InvalidCode) as raised:
        list(list_ocd_ids(session, country.register, day=DAY))
    assert raised.value.params["reason"].key == "ocd_twice"


@pytest.mark.parametrize("with_former", [False, True])
def test_file_is_the_same_twice(session: Session, iran: Any, tmp_path: Path, with_former: bool):
    recode(session, iran, "0701", "0702")
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        export_ocd(session, iran.register, path, day=DAY, with_former=with_former)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_real_country_keeps_the_rules_of_ids(session: Session, bring: Any, real_data: Path, tmp_path: Path):
    wish = ImportOptions(register="iran-1399", commit=True, skip_refused=True)
    import_delivery(session, load_delivery("ir-1399", real_data / "iran"), wish, caller=bring.caller, today=bring.today)
    report = export_ocd(session, get_register(session, "iran-1399"), tmp_path / "ir.csv", day=DAY)
    header, *rows = csv.reader((tmp_path / "ir.csv").read_text(encoding="utf-8").splitlines())
    ids = {row[0] for row in rows}
    assert (tuple(header), report.rows, len(ids)) == (COLUMNS, 5770, 5770)
    assert all(PATTERN.fullmatch(one) and (one == FRONT or one.rpartition("/")[0] in ids) for one in ids)
