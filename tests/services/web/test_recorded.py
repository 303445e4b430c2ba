"""Test that officers, and nobody else, may ask what was recorded at an earlier moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.orm import Session

from geo.register.names import search_key
from services.tables.register import Name

Headers = dict[str, str]


@pytest.fixture
def session(fresh_engine: Engine) -> Iterator[Session]:
    """Open a session on the database that the client speaks to."""
    with Session(fresh_engine) as session:
        yield session


@pytest.fixture
def corrected(country: Any) -> tuple[str, datetime]:
    """Correct the name of commune A; give the address of its register and the moment before."""
    session: Session = country.session
    session.commit()
    moment = session.scalars(select(func.clock_timestamp())).one()
    # what follows begins its own transaction, and so is later
    session.commit()
    own = (Name.division_id == country.ids["A"], func.upper_inf(Name.recorded))
    valid = session.scalars(select(Name.valid).where(*own)).one()
    session.execute(update(Name).where(*own).values(recorded=func.tstzrange(func.lower(Name.recorded), func.now())))
    said = {"division_id": country.ids["A"], "language": "fr", "text": "Zohra", "key": search_key("Zohra")}
    session.execute(insert(Name).values(valid=valid, **said))
    session.commit()
    return f"/api/v1/registers/{country.register.name}", moment


def find_name(client: TestClient, asked: tuple[str, datetime], headers: Headers, moment: datetime | str) -> Any:
    told = moment if isinstance(moment, str) else moment.isoformat()
    return client.get(f"{asked[0]}/divisions/A", params={"recorded": told}, headers=headers)


@pytest.mark.parametrize("role", ["national_officer", "province_officer", "election_officer", "admin"])
def test_officers_read_the_record(
    fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers], role: str
):
    key = issue(role)
    then = find_name(fresh_client, corrected, key, corrected[1]).json()["division"]["name"]
    now = fresh_client.get(f"{corrected[0]}/divisions/A").json()["division"]["name"]
    assert (then, now) == ("A", "Zohra")


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("clerk", 403), ("planner", 403)])
def test_others_do_not(
    fresh_client: TestClient,
    corrected: tuple[str, datetime],
    issue: Callable[..., Headers],
    role: str | None,
    status: int,
):
    key = issue(role) if role else {}
    assert find_name(fresh_client, corrected, key, corrected[1]).status_code == status


def test_officer_of_a_part_reads_the_whole_record(
    fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers]
):
    key = issue("province_officer", register=corrected[0].split("/")[-1], within="X")
    assert find_name(fresh_client, corrected, key, corrected[1]).status_code == 200


def test_record_is_never_kept(fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers]):
    answer = fresh_client.get(
        corrected[0], params={"recorded": corrected[1].isoformat()}, headers=issue("admin") | {"If-None-Match": "*"}
    )
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    assert "etag" not in answer.headers
    assert datetime.fromisoformat(answer.headers["recorded-at"]) == corrected[1]


def test_what_is_remembered_is_of_its_own_moment(
    fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers]
):
    key, day = issue("admin"), corrected[1] - timedelta(days=400)
    counts = [
        fresh_client.get(corrected[0], params=params, headers=key).json()["levels"]
        for params in ({}, {"recorded": f"{day:%Y-%m-%d}"}, {})
    ]
    assert (counts[0] == counts[2], counts[1]) == (True, {})


def test_written_key_counts_as_well(
    fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers]
):
    key = {"X-API-Key": issue("admin")["Authorization"].removeprefix("Bearer ")}
    assert find_name(fresh_client, corrected, key, corrected[1]).status_code == 200


@pytest.mark.parametrize("moment", ["2999", "1404-12-30", "2026-01-01T10:00:00", "x", "2026-01-01T00:00:00 03:30"])
def test_moment_must_be_past_and_clear(
    fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers], moment: str
):
    assert find_name(fresh_client, corrected, issue("admin"), moment).json()["rule"] == "invalid_date"


def test_past_is_not_written(fresh_client: TestClient, corrected: tuple[str, datetime], issue: Callable[..., Headers]):
    answer = fresh_client.post(
        f"{corrected[0]}/audits",
        params={"recorded": corrected[1].isoformat()},
        json={"levels": ["commune"]},
        headers=issue("admin") | {"If-Match": "*"},
    )
    assert (answer.status_code, answer.json()["rule"]) == (400, "invalid_value")
