"""Test the check of names on a small country."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from geo.errors import DivisionNotFound, InvalidValue, UnknownLevel
from services.queries import get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.register.naming import NamingAnswer, NamingFilter, check_names, propose_latin
from services.tables.register import Name

DAY = date(2026, 1, 1)


@pytest.fixture
def iran(session: Session, build: Any) -> Any:
    """Name a few divisions, some of them badly."""
    country = build("ir")
    for code, level, parent, name in (
        ("06", "province", "", "استان خوزستان"),
        ("0601", "county", "06", "آبادان"),
        ("060101", "bakhsh", "0601", "مركزی"),
        ("0602", "county", "06", "اهواز"),
        ("060201", "bakhsh", "0602", "بخش ۲"),
    ):
        country.add(code, level, parent=parent, name=name)
    session.execute(update(Name).where(Name.division_id.in_(country.ids.values())).values(language="fa"))
    return country


def check(session: Session, iran: Any, **wanted: Any) -> NamingAnswer:
    return check_names(session, iran.register, NamingFilter(**wanted), day=DAY)


def list_found(answer: NamingAnswer) -> list[tuple[str, str]]:
    return [(one.rule, one.division.code) for one in answer.findings]


def test_findings_come_by_rule(session: Session, iran: Any):
    answer = check(session, iran)
    assert answer.counts == {"letters": 1, "missing_latin": 3, "level_word": 2}
    assert list_found(answer)[0] == ("letters", "060101")
    assert answer.findings[0].proposal == "مرکزی"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"rule": "level_word"}, [("level_word", "06"), ("level_word", "060201")]),
        ({"level": "bakhsh"}, [("letters", "060101"), ("level_word", "060201")]),
        ({"within": "0601"}, [("letters", "060101"), ("missing_latin", "0601")]),
    ],
)
def test_findings_are_chosen(session: Session, iran: Any, wanted: dict[str, str], found: list[tuple[str, str]]):
    assert list_found(check(session, iran, **wanted)) == found


def test_counts_are_of_all_rules_even_when_one_is_shown(session: Session, iran: Any):
    answer = check(session, iran, rule="letters")
    assert (answer.total, answer.counts["missing_latin"]) == (1, 3)


def test_pages_follow_each_other(session: Session, iran: Any):
    whole = check(session, iran)
    pages = [check_names(session, iran.register, NamingFilter(), day=DAY, limit=2, offset=at) for at in (0, 2, 4)]
    assert tuple(one for page in pages for one in page.findings) == whole.findings


@pytest.mark.parametrize(
    ("wanted", "error"),
    [({"rule": "moon"}, InvalidValue), ({"level": "moon"}, UnknownLevel), ({"within": "99"}, DivisionNotFound)],
)
def test_unknown_wishes_are_refused(session: Session, iran: Any, wanted: dict[str, str], error: type[Exception]):
    with pytest.raises(error):
        check(session, iran, **wanted)


def test_names_of_the_iranian_list_are_checked(session: Session, bring: Any, real_data: Path):
    wish = ImportOptions(register="iran-1399", commit=True, skip_refused=True)
    import_delivery(session, load_delivery("ir-1399", real_data / "iran"), wish, caller=bring.caller, today=bring.today)
    answer = check_names(session, get_register(session, "iran-1399"), NamingFilter(rule="letters"), day=DAY)
    assert [one.text for one in answer.findings] == ["عبا س  شرقی", "ارومیه  5", "دزفول  3"]


def test_latin_form_is_proposed_and_compared():
    found = propose_latin("ir", "خرم آباد", latin="Khorramabad")
    assert (found.proposal, found.complete, found.contradictions) == ("Khorram Ābād", True, 0)
    assert (found.system, propose_latin("ir", "خلخال", latin="Kahlkhal").contradictions) == ("un_1967", 2)


def test_nothing_is_compared_without_a_latin_form():
    assert propose_latin("ir", "خلخال").contradictions is None


@pytest.mark.parametrize(
    ("country", "name", "latin"), [("dz", "الجزائر", ""), ("ir", "a\0", ""), ("ir", "x" * 201, ""), ("ir", "ری", "\0")]
)
def test_bad_questions_are_refused(country: str, name: str, latin: str):
    with pytest.raises(InvalidValue):
        propose_latin(country, name, latin=latin)
