"""Test that the steps of an apportionment are told in the reader's words and digits."""

from __future__ import annotations

import pytest

from geo.apportionment import CHOICES, Reserve, SeatUnit
from geo.register import load_pack
from services.elections.apportion import apportion_units
from services.elections.seat_orders import SeatOrder
from services.elections.seat_steps import SeatStep, list_steps

ARTICLE = [SeatUnit(code, people) for code, people in (("A", 9100), ("B", 700), ("C", 150), ("D", 50))]


def tell(order: SeatOrder, language: str = "fa", units: list[SeatUnit] = ARTICLE, **more) -> tuple[SeatStep, ...]:
    return list_steps(apportion_units(units, order, names={"A": "کابل"}, **more), language)


def test_article_49_is_told_in_persian_with_its_two_rounds():
    titles = [step.title for step in tell(SeatOrder("article-49", 20))]
    assert titles == ["قاعده", "دور ۱", "دور ۲", "کرسی‌ها"]


def test_round_is_a_table_with_persian_digits():
    first = tell(SeatOrder("article-49", 20))[1]
    assert first.rows[0] == ("A", "کابل", "۹٬۱۰۰", "۱۸٫۲۰۰۰", "۱۸", "۰٫۲۰۰۰", "—")
    assert first.rows[2][-1] == "۲"


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("method", CHOICES)
def test_every_method_is_told_in_every_language(method, language):
    steps = tell(SeatOrder(method, 20), language)
    assert all(len(row) == len(step.headers) for step in steps for row in step.rows)
    assert steps[-1].rows[-1][-1] == ("۲۰" if language == "fa" else "20")


def test_reserved_and_fixed_seats_are_told_by_name():
    order = SeatOrder("hamilton", 20, reserved=(Reserve("minority", 5),))
    rule = tell(order, "en", [SeatUnit("A", 5, fixed=3), SeatUnit("B", 7)])[0]
    assert rule.rows == (("minority", "5"), ("کابل", "3"))


def test_body_is_told_with_its_law_and_its_people():
    steps = tell(SeatOrder(), "en", body=load_pack("af").body("wolesi_jirga"))
    assert "article 49" in steps[0].sentences[0]
    assert steps[0].rows == (("Kuchi (nationwide)", "10"),)


def test_bands_are_told():
    steps = tell(SeatOrder(), "en", body=load_pack("af").body("provincial_council"))
    assert steps[1].rows[0] == ("A", "کابل", "0", "500,000", "9")


@pytest.mark.parametrize(("lot", "word"), [((), "must be drawn"), (("B", "A"), "gave them to: B")])
def test_tie_is_told(lot, word):
    steps = tell(SeatOrder("dhondt", 1, lot=lot), "en", [SeatUnit("A", 5), SeatUnit("B", 5)])
    assert word in next(step for step in steps if step.title == "A tie").sentences[1]
