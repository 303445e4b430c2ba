"""Open the pages on changes, consequences, codes, editions and grades in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from fixtures.browser import DESKTOP, PHONE, Visit

Visitor = Callable[..., Visit]
ORDER = {"kind": "transfer", "effective_on": "2026-01-01", "divisions": ["daira:2711524"], "to": "wilaya:09"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "path",
    [
        "/changes?lang=fa",
        "/changes/preview?lang=fa",
        "/codes?lang=fa",
        "/consequences?lang=fa",
        "/editions?lang=fa",
        "/grades?lang=fa",
        "/matching?lang=fa",
        "/statistics?lang=fa",
    ],
)
def test_a_page_asks_only_us_and_fits(visit: Visitor, path: str, size: tuple[int, int]) -> None:
    seen = visit(path, size)
    assert (seen.refused, seen.messages) == ([], [])
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_order_is_tried_out_by_keyboard(visit: Visitor, size: tuple[int, int]) -> None:
    page = visit("/changes/preview?lang=fa", size).page
    page.focus("textarea")
    page.keyboard.insert_text(json.dumps(ORDER))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#effect")
    assert "2711524" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_menu_opens_by_keyboard(visit: Visitor) -> None:
    page = visit("/changes?lang=fa", PHONE).page
    page.focus("details.more summary")
    page.keyboard.press("Enter")
    assert page.is_visible("details.more a[href^='/editions']")
