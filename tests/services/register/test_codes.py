"""Resolve codes on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound, InvalidCode, UnknownScheme
from geo.register.periods import Period
from services.queries import RegisterState, get_register
from services.register.code_attach import AttachOptions, attach_codes
from services.register.code_sources import CodeSource
from services.register.codes import CodeAnswer, Tense, resolve_code
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.tables.changes import ReservedCode
from services.tables.register import Code

DAY = date(2026, 1, 1)
TURN = date(2020, 11, 24)


@pytest.fixture
def iran(build: Any) -> Any:
    """Name a few divisions of two provinces."""
    country = build("ir")
    for code, level, parent, name in (
        ("01", "province", "", "گیلان"),
        ("03", "province", "", "آذربایجان شرقی"),
        ("0301", "county", "03", "تبریز"),
        ("030101", "bakhsh", "0301", "مرکزی"),
        ("0099", "county", "", "ساوه"),
    ):
        country.add(code, level, parent=parent, name=name)
    return country


@pytest.fixture
def give(session: Session, iran: Any) -> Any:
    """Give a division a code of another scheme."""

    def give(owner: str, scheme: str, code: str, valid: Range[date]) -> None:
        key, _, version = scheme.partition("/")
        own = {"register_id": iran.register.id, "division_id": iran.ids[owner]}
        session.execute(insert(Code).values(**own, scheme=key, version=version, code=code, valid=valid))

    return give


@pytest.fixture
def iso(give: Any) -> None:
    """Give both provinces the codes that were exchanged on a day."""
    give("03", "iso/1998", "IR-01", Range(None, TURN))
    give("01", "iso/2020", "IR-01", Range(TURN, None))


def ask(session: Session, iran: Any, text: str, day: date = DAY, **options: Any) -> CodeAnswer:
    return resolve_code(session, iran.register, text, day=day, **options)


def list_meanings(answer: CodeAnswer) -> list[tuple[str, str]]:
    return [(f"{one.scheme}/{one.version}", one.division.code) for one in answer.meanings]


@pytest.mark.parametrize(
    ("day", "meaning"),
    [
        (date(2020, 1, 1), ("iso/1998", "03")),
        (date(2020, 11, 23), ("iso/1998", "03")),
        (date(2020, 11, 24), ("iso/2020", "01")),
        (date(2021, 1, 1), ("iso/2020", "01")),
    ],
)
@pytest.mark.usefixtures("iso")
def test_day_tells_which_version_counts(session: Session, iran: Any, day: date, meaning: tuple[str, str]):
    assert list_meanings(ask(session, iran, "iso3166-2:IR-01", day)) == [meaning]


@pytest.mark.usefixtures("iso")
def test_codes_of_other_days_are_told(session: Session, iran: Any):
    _, other = ask(session, iran, "iso:IR-01").holdings
    assert (other.tense, other.told.key, other.division.code) == (Tense.HELD, "code_held_until", "03")
    assert dict(other.told.params)["day"] == date(2020, 11, 23)


def test_version_bounds_a_code_that_was_imported_without_days(session: Session, iran: Any, give: Any):
    give("01", "iso/2020", "IR-01", Range(None, None))
    (holding,) = ask(session, iran, "iso:IR-01", date(2020, 1, 1)).holdings
    assert (holding.tense, holding.period) == (Tense.WILL_HOLD, Period(TURN, None))


def test_bare_code_means_all_it_may_mean(session: Session, iran: Any, give: Any):
    give("0301", "osm/relation", "301", Range(None, None))
    give("01", "osm/relation", "3010", Range(None, None))
    assert list_meanings(ask(session, iran, "301")) == [("osm/relation", "0301")]


def test_code_of_two_schemes_has_two_meanings(session: Session, iran: Any, build: Any):
    country = build("af")
    country.add("AF0309", "district", name="سرخ پارسا")
    country.add("AF0310", "district", name="شیخ علی")
    for owner, scheme, version in (("AF0309", "iec", "2019"), ("AF0310", "agcho", "2012")):
        own = {"register_id": country.register.id, "division_id": country.ids[owner]}
        values = {"scheme": scheme, "version": version, "code": "0309", "valid": Range(date(2019, 1, 1), None)}
        session.execute(insert(Code).values(**own, **values))
    answer = ask(session, country, "0309")
    assert list_meanings(answer) == [("iec/2019", "AF0309"), ("agcho/2012", "AF0310")]


@pytest.mark.parametrize(
    ("text", "code", "notes"),
    [
        ("0301", "0301", []),
        ("sci:301", "0301", ["zeros_restored"]),
        ("301", "0301", ["zeros_restored"]),
        ("۰۳۰۱", "0301", ["code_foreign_digits"]),
        ("sci:301.0", "0301", ["code_from_number", "zeros_restored"]),
        ("amar:030101", "030101", []),
        ("ocd-division/country:ir/province:03/county:0301/district:030101", "030101", []),
    ],
)
def test_question_is_read_in_many_forms(session: Session, iran: Any, text: str, code: str, notes: list[str]):
    answer = ask(session, iran, text)
    assert list_meanings(answer) == [("sci/1399", code)]
    assert [note.key for note in answer.notes] == notes


def test_zeros_are_not_put_back_where_two_codes_are_known(session: Session, iran: Any):
    iran.add("000301", "bakhsh")
    with pytest.raises(InvalidCode) as raised:
        ask(session, iran, "sci:301")
    assert dict(raised.value.params["reason"].params)["codes"] == ["000301", "0301"]


def test_code_as_it_stands_goes_before_one_with_zeros(session: Session, iran: Any):
    iran.add("99", "province")
    (holding,) = ask(session, iran, "0099").holdings
    assert holding.code == "0099"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("0302", DivisionNotFound),
        ("sci:0302", DivisionNotFound),
        ("moon:0301", UnknownScheme),
        ("sci/1400:0301", UnknownScheme),
        ("AF0309", InvalidCode),
        ("sci:9901", DivisionNotFound),
        ("sci:99x1", InvalidCode),
        ("\0", InvalidCode),
    ],
)
def test_question_without_an_answer_is_refused(session: Session, iran: Any, text: str, error: type[Exception]):
    with pytest.raises(error):
        ask(session, iran, text)


@pytest.mark.parametrize("state", ["reserved", "retired"])
def test_kept_code_is_told(session: Session, iran: Any, state: str):
    own = {"register_id": iran.register.id, "scheme": "sci", "version": "1399", "code": "0302"}
    session.execute(insert(ReservedCode).values(**own, state=state, actor="tests"))
    answer = ask(session, iran, "0302")
    assert (answer.holdings, [(one.code, one.state) for one in answer.kept]) == ((), [("0302", state)])


def test_division_is_told_as_it_stood(session: Session, iran: Any):
    iran.add("0302", "county", parent="03", name="پیشین", valid=Range(date(2000, 1, 1), date(2010, 1, 1)))
    (holding,) = ask(session, iran, "0302").holdings
    assert (holding.tense, holding.division.names, holding.division.level) == (Tense.HELD, {"fr": "پیشین"}, "county")


def test_chain_is_told_when_asked_for(session: Session, iran: Any):
    (holding,) = ask(session, iran, "030101", with_chain=True).holdings
    assert [one.code for one in holding.chain] == ["03", "0301"]


def test_another_register_is_not_asked(session: Session, iran: Any, build: Any):
    with pytest.raises(DivisionNotFound):
        resolve_code(session, build("ir").register, "0301", day=DAY)


@pytest.fixture
def real(session: Session, bring: Any, real_data: Path) -> Any:
    """Import a real country."""

    def real(delivery: str, folder: str) -> RegisterState:
        wish = ImportOptions(register=delivery, commit=True, skip_refused=True)
        source = load_delivery(delivery, real_data / folder)
        import_delivery(session, source, wish, caller=bring.caller, today=bring.today)
        return get_register(session, delivery)

    return real


def test_iso_of_iran_before_and_after_it_was_renumbered(session: Session, bring: Any, real: Any):
    register = real("ir-1399", "iran")
    for table in ("iso/1998", "iso/2020"):
        options = AttachOptions(commit=True)
        attach_codes(session, register, CodeSource(table=table), options, caller=bring.caller, today=bring.today)
        register = get_register(session, register.name)
    found = [
        resolve_code(session, register, "iso3166-2:IR-01", day=day).meanings[0].division
        for day in (date(2020, 1, 1), date(2021, 1, 1))
    ]
    assert [(one.code, one.names["fa"]) for one in found] == [("03", "آذربایجان شرقی"), ("01", "گیلان")]


def test_bare_code_of_afghanistan_means_two_districts(session: Session, bring: Any, real: Any, real_data: Path):
    register = real("af-cod-ab", "afghanistan")
    columns = {
        "pcode": "2018_UNOCHA_district_code",
        "iec/2019": "2019_IEC_district_code",
        "agcho/2012": "2012_AGCHO_district_code",
    }
    path = real_data / "afghanistan" / "afg_district_code_crosswalk.csv"
    source = CodeSource(path=path, key="pcode", columns=columns)
    options = AttachOptions(commit=True, skip_refused=True)
    report = attach_codes(session, register, source, options, caller=bring.caller, today=bring.today)
    answer = resolve_code(session, get_register(session, register.name), "0309", day=DAY)
    assert report.counts["iec/2019"]["new"] == 398
    assert [(one.scheme, one.division.names["en"]) for one in answer.meanings] == [
        ("iec", "Surkh-e-Parsa"),
        ("agcho", "Shekh Ali"),
    ]
