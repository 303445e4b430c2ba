"""Walk a real gap between two Afghan districts from its finding to a decision and back, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from services.access.roles import make_operator
from services.boundaries.audits import audit_levels
from services.database.engine import open_session
from services.queries import get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery

BASE, DAY = "/api/v1/registers/af", date(2026, 1, 1)
DECREE = {"number": "1001", "issuer": "Council of Ministers", "signed_on": "2025-12-20", "in_force_from": "2026-01-01"}
OPERATOR = make_operator("tests")


class Walk:
    """Speak as two officers with the register of Afghanistan."""

    def __init__(self, client: TestClient, engine: Engine, issue: Callable[..., dict[str, str]]) -> None:
        self.client, self.engine = client, engine
        self.first, self.second = issue("national_officer"), issue("admin")

    def audit(self) -> dict[str, int]:
        """Audit the districts, and count what is found."""
        with open_session(self.engine) as session:
            register = get_register(session, "af")
            return audit_levels(session, register, ["district"], day=DAY, caller=OPERATOR).counts

    def post(self, path: str, body: object, key: dict[str, str]) -> Any:
        """Send a write as one of them."""
        tag = self.client.get(BASE).headers["etag"]
        answer = self.client.post(BASE + path, json=body, headers={"If-Match": tag, **key})
        assert answer.status_code < 300, answer.text
        return answer.json()

    def step(self, dispute: int, name: str, key: dict[str, str], **body: Any) -> Any:
        """Take a step of the dispute."""
        version = self.client.get(f"{BASE}/disputes/{dispute}").json()["version"]
        return self.post(f"/disputes/{dispute}/{name}", {"version": version, **body}, key)


@pytest.fixture
def walk(fresh_client: TestClient, fresh_engine: Engine, issue: Callable[..., dict[str, str]], real_data: Path) -> Walk:
    """Import the districts as they were published."""
    delivery = load_delivery("af-geoboundaries", real_data / "afghanistan")
    options = ImportOptions(register="af", valid_from=date(2014, 1, 1), commit=True, skip_refused=True)
    with open_session(fresh_engine) as session:
        import_delivery(session, delivery, options, caller=OPERATOR, today=DAY)
    return Walk(fresh_client, fresh_engine, issue)


def test_a_real_gap_is_settled_and_taken_back(walk: Walk):
    before = walk.audit()
    (gap,) = walk.client.get(f"{BASE}/findings?kind=gap").json()["items"]
    key = walk.post("/disputes", {"findings": [gap["id"]]}, walk.first)["id"]
    options = walk.step(key, "options", walk.first, effective_on="2026-01-01")["options"]
    medial = next(one for one in options if one["kind"] == "medial_line")
    assert [round(share["area_m2"]) for share in medial["shares"]] == [2159, 2273]
    decree = walk.post("/decrees", DECREE, walk.first)["id"]
    walk.step(key, "propose", walk.first, option=medial["number"], decree=decree, text="half-way")
    walk.step(key, "approve", walk.second)
    walk.step(key, "apply", walk.second)
    assert walk.audit() == {kind: count for kind, count in before.items() if kind != "gap"}
    other = walk.post("/decrees", {**DECREE, "number": "1002", "in_force_from": "2026-03-01"}, walk.first)["id"]
    walk.step(key, "undo", walk.first, decree=other, text="set aside")
    walk.step(key, "approve", walk.second)
    walk.step(key, "apply", walk.second)
    assert walk.audit() == before
    entries = walk.client.get("/api/v1/log?limit=1000", headers=walk.second).json()
    items = entries["items"] if isinstance(entries, dict) else entries
    steps = [one["detail"]["step"] for one in items if "dispute" in one["detail"]]
    walked = ["open", "options", "propose_settle", "approve", "apply_settle", "propose_undo", "approve", "apply_undo"]
    assert steps == walked
