"""Test the search by name on a small country."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.errors import InvalidValue, UnknownLevel
from geo.register.names import search_key
from services.queries import get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.register.search import SearchAnswer, search_names
from services.tables.register import Name

DAY = date(2026, 1, 1)
SPELLINGS = ("علی‌آباد", "علي آباد", "علی اباد", "عَلی آباد", "علـــی‌آباد", "عليآباد")


@pytest.fixture
def iran(build: Any) -> Any:
    """Name a few divisions of two provinces."""
    country = build("ir")
    for code, level, parent, name, people in (
        ("06", "province", "", "خوزستان", None),
        ("09", "province", "", "خراسان رضوی", None),
        ("0601", "county", "06", "آبادان", None),
        ("0602", "county", "06", "اهواز", None),
        ("060101", "bakhsh", "0601", "مرکزی", None),
        ("060201", "bakhsh", "0602", "مرکزی", None),
        ("0601010001", "dehestan", "060101", "حومه", None),
        ("0602010001", "dehestan", "060201", "حومه", None),
        ("0601010001000001", "village", "0601010001", "علی‌آباد", 40),
        ("0602010001000002", "village", "0602010001", "علی آباد", 900),
        ("0602010001000003", "village", "0602010001", "کوت عبدالله", 5),
    ):
        country.add(code, level, parent=parent, name=name, people=people)
    return country


def ask(session: Session, iran: Any, text: str, **options: Any) -> SearchAnswer:
    return search_names(session, iran.register, text, day=DAY, **options)


def list_codes(answer: SearchAnswer) -> list[str]:
    return [hit.division.code for hit in answer.hits]


def test_six_spellings_have_one_answer(session: Session, iran: Any):
    answers = [ask(session, iran, spelt) for spelt in SPELLINGS]
    assert all(answer == answers[0] for answer in answers)
    assert list_codes(answers[0]) == ["0602010001000002", "0601010001000001"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("دهستان حومه، بخش مرکزی، آبادان", "0601010001"),
        ("حومه مرکزی اهواز", "0602010001"),
        ("حومه، اهواز", "0602010001"),
        ("علی‌اباد آبادان", "0601010001000001"),
        ("روستای علی آباد، شهرستان ابادن", "0601010001000001"),
        ("خراسن", "09"),
        ("کوتعبدلله", "0602010001000003"),
        ("خوزستن", "06"),
    ],
)
def test_one_is_meant(session: Session, iran: Any, text: str, code: str):
    assert list_codes(ask(session, iran, text)) == [code]


def test_ambiguity_is_shown(session: Session, iran: Any):
    answer = ask(session, iran, "حومه، مرکزی")
    assert (answer.total, list_codes(answer)) == (2, ["0602010001", "0601010001"])


def test_limit_keeps_the_total(session: Session, iran: Any):
    answer = ask(session, iran, "مرکزی", level="bakhsh", limit=1)
    assert (answer.total, len(answer.hits)) == (2, 1)


def test_chain_and_reasons_are_told(session: Session, iran: Any):
    (hit,) = ask(session, iran, "علی آباد، آبادان").hits
    assert [one.code for one in hit.chain] == ["06", "0601", "060101", "0601010001"]
    assert [reason.key for reason in hit.reasons] == ["search_exact", "search_inside"]
    assert hit.score == 1.0


def test_variant_is_said_to_be_one(session: Session, iran: Any):
    values = {"language": "fa", "text": "ناصری", "key": search_key("ناصری"), "official": False}
    session.execute(insert(Name).values(division_id=iran.ids["0602"], valid=Range(None, None), **values))
    (hit,) = ask(session, iran, "ناصري").hits
    assert [reason.key for reason in hit.reasons] == ["search_exact", "search_variant"]


@pytest.mark.parametrize("text", ["", "   ", "ژژژژژژ", "%", "_", "حومه، شیراز"])
def test_nothing_is_found(session: Session, iran: Any, text: str):
    assert ask(session, iran, text) == SearchAnswer(iran.register.name, DAY, 0, 0, ())


def test_other_registers_are_not_searched(session: Session, iran: Any, build: Any):
    assert search_names(session, build("ir").register, "مرکزی", day=DAY).total == 0


@pytest.mark.parametrize(("text", "limit"), [("x" * 201, 20), ("a\0b", 20), ("مرکزی", 0), ("مرکزی", 101)])
def test_bad_questions_are_refused(session: Session, iran: Any, text: str, limit: int):
    with pytest.raises(InvalidValue):
        ask(session, iran, text, limit=limit)


def test_unknown_level_is_refused(session: Session, iran: Any):
    with pytest.raises(UnknownLevel):
        ask(session, iran, "مرکزی", level="moon")


def test_central_bakhshes_of_iran_are_counted(session: Session, bring: Any, real_data: Path):
    wish = ImportOptions(register="iran-1399", commit=True, skip_refused=True)
    import_delivery(session, load_delivery("ir-1399", real_data / "iran"), wish, caller=bring.caller, today=bring.today)
    answer = search_names(session, get_register(session, "iran-1399"), "مرکزی", day=DAY, level="bakhsh")
    assert (answer.total, len(answer.hits)) == (438, 20)
