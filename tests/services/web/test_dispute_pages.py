"""Check the pages of disputes and of levels: what they show, what they never show, and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.settings import Settings
from services.web.app import create_app

HIDDEN = "رازآلود"


@pytest.fixture(scope="module")
def disputed(disputed_engine: Engine) -> Iterator[TestClient]:
    """Speak with the service over the drawn country."""
    with TestClient(create_app(Settings(), disputed_engine), raise_server_exceptions=False) as speaking:
        yield speaking


def read(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def list_shown(html: str) -> set[str]:
    return set(re.findall(r'href="/disputes/(\d+)\?', html))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"1", "3"}),
        ("&state=options_prepared", {"1"}),
        ("&state=applied", set()),
        ("&type=definitional", {"3"}),
        ("&level=daira", {"1", "3"}),
        ("&level=wilaya", set()),
        ("&division=A", {"1", "3"}),
        ("&division=X", set()),
    ],
)
def test_the_list_is_narrowed(disputed: TestClient, query: str, shown: set[str]) -> None:
    assert list_shown(read(disputed, f"/disputes?lang=en{query}")) == shown


@pytest.mark.parametrize("field", ["state", "type", "level"])
def test_an_unknown_word_is_refused_on_the_page(disputed: TestClient, field: str) -> None:
    html = read(disputed, f"/disputes?lang=en&{field}=nonsense")
    assert 'role="alert"' in html
    assert "nonsense" in html
    assert list_shown(html) == set()


def test_an_unknown_party_is_told(disputed: TestClient) -> None:
    assert 'role="alert"' in read(disputed, "/disputes?lang=en&division=nobody")


def test_states_are_counted_without_what_is_confidential(disputed: TestClient) -> None:
    tally = read(disputed, "/disputes?lang=en").split('class="tally"')[1].split("</ul>")[0]
    assert re.findall(r"<strong>(\d+)</strong>", tally) == ["1", "1"]


@pytest.mark.parametrize("address", ["/disputes", "/disputes/1", "/disputes/map", "/disputes/1/map", "/disputes/3"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_is_confidential_never_shows(disputed: TestClient, address: str, language: str) -> None:
    html = read(disputed, f"{address}?register=drawn&lang={language}")
    assert HIDDEN not in html
    assert "/disputes/2" not in html
    assert "dispute-2" not in html


@pytest.mark.parametrize("address", ["/disputes/2", "/disputes/2/map", "/disputes/99", "/disputes/99/map"])
def test_a_confidential_dispute_is_as_one_that_is_not_there(disputed: TestClient, address: str) -> None:
    assert disputed.get(f"{address}?lang=en").status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        "زمین سبز",
        "بر سر &lt;b&gt;زمین&lt;/b&gt; سبز",
        "چرای دیرین",
        "برگ ۷",
        "/api/v1/registers/drawn/disputes/1/evidence/1/file",
        "Proposed",
        "هیئت وزیران 12",
        "/changes/1?",
        "Line of daira A",
        "Decision proposed",
        "Not possible",
    ],
)
def test_a_dispute_tells_all_that_belongs_to_it(disputed: TestClient, told: str) -> None:
    assert told in read(disputed, "/disputes/1?lang=en")


def test_a_dispute_without_ground_says_so(disputed: TestClient) -> None:
    html = read(disputed, "/disputes/3?lang=en")
    assert "No side has claimed a line or ground." in html
    assert "The options have not been computed yet." in html


@pytest.mark.parametrize("group", ["face", "claim", "evidence", "marker", "option-1"])
def test_the_map_shows_claims_evidence_and_options(disputed: TestClient, group: str) -> None:
    assert f'data-group="{group}"' in read(disputed, "/disputes/1/map?lang=en")


def test_the_map_of_all_has_a_group_for_each_state(disputed: TestClient) -> None:
    html = read(disputed, "/disputes/map?lang=en")
    assert 'data-group="options_prepared"' in html
    assert 'data-row="open"' in html


@pytest.mark.parametrize(("level", "count"), [("wilaya", "1 divisions"), ("daira", "2 divisions"), ("", "1 divisions")])
def test_a_level_is_drawn(disputed: TestClient, level: str, count: str) -> None:
    assert count in read(disputed, f"/maps/drawn/divisions?lang=en&level={level}")


def test_the_page_of_a_level_frames_its_map_on_the_day(disputed: TestClient) -> None:
    html = read(disputed, "/map/divisions?lang=en&level=daira&as_of=1404-01-01")
    assert "/maps/drawn/divisions?level=daira&amp;as_of=1404-01-01&amp;lang=en" in html


@pytest.mark.parametrize("address", ["/map/divisions", "/maps/drawn/divisions"])
def test_an_unknown_level_is_refused(disputed: TestClient, address: str) -> None:
    assert disputed.get(f"{address}?lang=en&level=nonsense").status_code == 400


@pytest.mark.parametrize("address", ["/disputes", "/map/divisions"])
def test_an_empty_store_is_shown_as_empty(fresh_client: TestClient, address: str) -> None:
    assert 'class="empty"' in read(fresh_client, f"{address}?lang=en")


def test_findings_say_how_a_dispute_is_opened(client: TestClient) -> None:
    assert "./taqsimat disputes open --register dz --finding" in read(client, "/findings?lang=en")


def test_a_division_leads_to_its_disputes(disputed: TestClient) -> None:
    assert 'href="/disputes?division=A&amp;register=drawn' in read(disputed, "/divisions/A?lang=en")
