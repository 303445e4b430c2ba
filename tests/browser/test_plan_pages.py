"""Test in a real browser that a trial goes on by itself, also without scripts, until it is over or stopped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fixtures.browser import PHONE, Visit

Visitor = Callable[..., Visit]
TRIAL = "/plans/try?register=dz&within=16&districts=4&turns={turns}&lang=en"


def test_a_trial_goes_on_by_itself_to_its_end(visit: Visitor):
    page = visit(TRIAL.format(turns=2)).page
    page.wait_for_url(re.compile("turn=2"), timeout=20_000)
    assert page.locator("progress").count() == 0
    assert "of the 2 taken" in page.content()


def test_a_trial_is_stopped_from_the_keyboard(visit: Visitor):
    page = visit(TRIAL.format(turns=60)).page
    page.wait_for_selector("form.under-way button", timeout=20_000)
    page.focus("form.under-way button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"turns=([0-9]+)&lang=en&turn=\1"), timeout=20_000)
    assert page.locator("progress").count() == 0 and page.locator("#found").count() == 1


@pytest.mark.parametrize("path", ["/plans?register=dz&plan=16-demo&neutral=100", "/plans/try?within=16&districts=4"])
def test_plan_pages_fit_a_phone(visit: Visitor, path: str):
    page = visit(path, PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
