"""Test which divisions answer a question, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from geo.register.gazetteer import NO_FIGURE, DivisionColumns, Gazetteer, NameColumns, build_gazetteer
from geo.register.packs import load_pack
from geo.register.questions import list_readings
from geo.register.search import Answer, find_matches

ROWS = (
    ("06", "province", "", "خوزستان", None),
    ("09", "province", "", "خراسان رضوی", None),
    ("0601", "county", "06", "آبادان", 300_000),
    ("0602", "county", "06", "اهواز", 1_300_000),
    ("060101", "bakhsh", "0601", "مرکزی", None),
    ("060201", "bakhsh", "0602", "مرکزی", None),
    ("0601010001", "dehestan", "060101", "حومه", None),
    ("0602010001", "dehestan", "060201", "حومه", None),
    ("0601010001000001", "village", "0601010001", "علی‌آباد", 40),
    ("0602010001000002", "village", "0602010001", "علی آباد", 900),
    ("0602010001000003", "village", "0602010001", "نو", 5),
    ("0602010001000004", "village", "0602010001", "ده نو", 5),
    ("0602010001000005", "village", "0602010001", "ده شهر", 5),
)


def build(country: str, rows: Sequence[tuple[str, str, str, str, int | None]]) -> Gazetteer:
    pack, numbers = load_pack(country), {row[0]: number for number, row in enumerate(rows)}
    ids = np.arange(len(rows))
    divisions = DivisionColumns(
        ids=ids,
        parents=np.array([numbers.get(row[2], -1) for row in rows]),
        levels=np.array([pack.level_keys.index(row[1]) for row in rows]),
        people=np.array([NO_FIGURE if row[4] is None else row[4] for row in rows]),
        codes=[row[0] for row in rows],
        schemes=["sci"] * len(rows),
        areas=np.full(len(rows), np.nan),
    )
    names = NameColumns(ids, [row[3] for row in rows], ["fa"] * len(rows), np.ones(len(rows), dtype=bool))
    return build_gazetteer(divisions, names, pack.level_keys)


IRAN = build("ir", ROWS)


def ask(text: str, *, level: str | None = None, limit: int = 20) -> Answer:
    return find_matches(IRAN, list_readings(text, load_pack("ir")), level=level, limit=limit)


def list_codes(answer: Answer) -> list[str]:
    return [IRAN.divisions.codes[match.place] for match in answer.matches]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("دهستان حومه، بخش مرکزی، آبادان", "0601010001"),
        ("حومه مرکزی اهواز", "0602010001"),
        ("علی‌اباد آبادان", "0601010001000001"),
        ("روستای علی آباد، شهرستان ابادن", "0601010001000001"),
        ("علی ابد اهوز", "0602010001000002"),
        ("رضوی خراسان", "09"),
        ("خراسن", "09"),
        ("ده نو", "0602010001000004"),
    ],
)
def test_first_answer(text: str, code: str):
    assert list_codes(ask(text))[0] == code


def test_whole_names_go_before_names_without_their_level():
    scores = [match.score for match in ask("ده نو").matches]
    assert (list_codes(ask("ده نو")), scores) == (["0602010001000004", "0602010001000003"], [1.0, 0.99])


def test_order_is_by_level_then_people():
    assert list_codes(ask("علی آباد")) == ["0602010001000002", "0601010001000001"]


@pytest.mark.parametrize(("text", "equal"), [("مرکزی", 2), ("آبادان", 1), ("ژاله", 0)])
def test_ambiguity_is_counted(text: str, equal: int):
    assert ask(text).equal == equal


def test_limit_keeps_the_total():
    answer = ask("مرکزی", limit=1)
    assert (answer.total, len(answer.matches)) == (2, 1)


def test_level_narrows():
    assert ask("نو", level="county").total == 0


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("علی آباد، آبادان", ["search_exact", "search_inside"]),
        ("آبدان", ["search_slip"]),
        ("استان آبدان", ["search_slip", "search_level_other"]),
        ("بخش اهواز", ["search_exact", "search_level_other"]),
        ("خراسان رض", ["search_begins"]),
        ("خرسن رضوی", ["search_alike"]),
    ],
)
def test_reasons_are_told(text: str, reasons: list[str]):
    assert [reason.key for reason in ask(text).matches[0].reasons] == reasons


@pytest.mark.parametrize("text", ["", "%", "حومه، شیراز"])
def test_nothing_is_found(text: str):
    assert ask(text) == Answer(0, 0, ())


def test_pashto_letters_are_told_apart_where_the_question_has_them():
    village = build("af", [(code, "village", "", name, None) for code, name in (("1", "کلی"), ("2", "کلۍ"))])
    answers = [find_matches(village, list_readings(text, load_pack("af"))) for text in ("کلۍ", "کلی")]
    assert [[match.score for match in answer.matches] for answer in answers] == [[1.0, 0.97], [1.0, 1.0]]
    assert village.names.texts[answers[0].matches[0].name] == "کلۍ"


def test_pashto_letters_are_found_by_a_persian_keyboard():
    town = build("af", [("1", "village", "", "ګردېز", None)])
    assert find_matches(town, list_readings("گردیز", load_pack("af"))).total == 1


def test_levels_go_before_small_differences():
    rows = (("1", "province", "", "خراسان رضوی", None), ("2", "village", "", "خراسان پشته", 90))
    gazetteer = build("ir", rows)
    found = find_matches(gazetteer, list_readings("خراسن", load_pack("ir")))
    assert [gazetteer.divisions.codes[match.place] for match in found.matches] == ["1", "2"]
