"""Open the pages on the register through time in a real browser, over the demonstration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from fixtures.browser import DESKTOP, PHONE, Visit

Visitor = Callable[..., Visit]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "path",
    [
        "/history?lang=fa",
        "/divisions/16/history?level=wilaya&lang=fa&as_of=1390",
        "/history/between?from=1390&to=1404&lang=fa",
        "/history/where?lang=en",
        "/findings?lang=fa&as_of=1390",
    ],
)
def test_a_page_asks_only_us_and_fits(visit: Visitor, path: str, size: tuple[int, int]) -> None:
    seen = visit(path, size)
    assert (seen.refused, seen.messages) == ([], [])
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def choose_date(page: Page, date: str) -> None:
    page.fill(".as-of [name=as_of]", date)
    page.press(".as-of [name=as_of]", "Enter")
    page.locator(".as-of .stand").wait_for()


def test_a_date_is_chosen_with_the_keyboard_and_kept(visit: Visitor) -> None:
    page = visit("/divisions/16?level=wilaya&lang=fa").page
    choose_date(page, "۱۳۹۰")
    assert "۲۹ اسفند ۱۳۹۰" in page.inner_text(".as-of .stand")
    page.click(".grid a")
    page.wait_for_load_state()
    assert page.input_value(".as-of [name=as_of]") == "۱۳۹۰"


def test_the_date_is_left_again(visit: Visitor) -> None:
    page = visit("/search?text=Alger&lang=fa&as_of=1390").page
    page.click(".as-of .stand a")
    page.wait_for_load_state()
    assert page.input_value("main [name=text]") == "Alger"
    assert page.locator(".as-of .stand").count() == 0


def test_a_point_of_the_past_is_in_no_address(visit: Visitor, address: str) -> None:
    page = visit("/history/where?lang=en").page
    for name, value in (("latitude", "36.75"), ("longitude", "3.06"), ("day", "1390")):
        page.fill(f"[name={name}]", value)
    page.keyboard.press("Enter")
    page.locator("#answer").wait_for()
    assert page.url == f"{address}/history/where?lang=en"
    assert "19 March 2012" in page.inner_text("#answer")
