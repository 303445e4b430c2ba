"""Test the thresholds of the law over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from fixtures.registers import invent_register
from services.database.engine import open_session

BASE = "/api/v1/registers/drawn/thresholds"


@pytest.fixture
def ask(fresh_client: TestClient, fresh_engine: Engine, store_states: Callable[..., Any]) -> Callable[..., Any]:
    """Give the way to ask about a register of Iran."""
    with open_session(fresh_engine) as session:
        store_states(session, invent_register())
    return lambda path="", **query: fresh_client.get(BASE + path, params=query, headers={"Accept-Language": "en"})


def test_law_is_listed_article_by_article(ask: Callable[..., Any]):
    rules = {rule["key"]: rule for rule in ask().json()}
    assert [rules[key]["article"] for key in ("village", "dehestan", "city", "bakhsh", "county", "province")] == [
        *("2", "3", "4", "6", "7", "9")
    ]
    assert [way["approval"] for way in rules["bakhsh"]["ways"]] == [None, None, "cabinet", "parliament"]


@pytest.mark.parametrize(
    ("query", "outcome", "missing"),
    [
        ({"level": "bakhsh", "figure": "people=۳۱۰۰۰", "density": "dense"}, "met", []),
        ({"level": "bakhsh", "figure": "people=12000", "circumstance": "border"}, "met_with_approval", []),
        ({"level": "bakhsh", "figure": "people=12000", "density": "medium"}, "not_met", []),
        ({"level": "bakhsh", "figure": "people=25000"}, "unknown", ["density"]),
    ],
)
def test_figures_are_tested(ask: Callable[..., Any], query: dict[str, str], outcome: str, missing: list[str]):
    (verdict,) = ask("/check", **query).json()
    assert (verdict["outcome"], verdict["missing"], verdict["article"]) == (outcome, missing, "6")


USELESS = (
    {"level": "ostan2"},
    {"level": "bakhsh", "kind": "rename"},
    {"level": "bakhsh", "figure": "people"},
    {"level": "bakhsh", "figure": "people=nan"},
    {"level": "bakhsh", "figure": "people=1e9"},
    {"level": "bakhsh", "density": "full"},
    {"level": "bakhsh", "circumstance": "a\0b"},
)


def test_useless_questions_are_refused(ask: Callable[..., Any]):
    assert [ask("/check", **query).status_code for query in USELESS] == [400] * len(USELESS)
