"""Remember dear answers."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from services.web import remembering
from services.web.remembering import Memory

DENSITY = "/api/v1/registers/dz/complaints/density"


def test_answer_is_made_once(session: Session) -> None:
    memory, make = Memory(), Mock(return_value=7)
    assert [memory.recall(session, "key", make) for _ in range(3)] == [7, 7, 7]
    assert make.call_count == 1


def test_oldest_answer_is_forgotten(session: Session) -> None:
    memory, make = Memory(most=2), Mock(return_value=7)
    for key in "abca":
        memory.recall(session, key, make)
    assert make.call_count == 4


def test_one_count_answers_all_questions_about_a_year(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    count = Mock(side_effect=remembering.count_complaints)
    monkeypatch.setattr(remembering, "count_complaints", count)
    for memory in ("memory", "complaints"):
        monkeypatch.setitem(vars(client.app.state)["_state"], memory, Memory())
    asked = [f"{DENSITY}?level=wilaya", f"{DENSITY}?level=commune&category=water"]
    asked += ["/api/v1/registers/dz/divisions/16/council", "/complaints?register=dz&level=daira"]
    assert [client.get(address).status_code for address in asked] == [200] * 4
    assert count.call_count == 1


def test_wrong_question_counts_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    count = Mock(side_effect=remembering.count_complaints)
    monkeypatch.setattr(remembering, "count_complaints", count)
    assert client.get(f"{DENSITY}?level=commune&category=none").status_code == 400
    assert count.call_count == 0


def test_page_tells_the_total_of_its_level(client: TestClient) -> None:
    pages = [client.get(f"/api/v1/registers/dz/divisions?level=commune&limit=1&offset={start}") for start in (0, 9)]
    assert [page.json()["total"] for page in pages] == [1538, 1538]
