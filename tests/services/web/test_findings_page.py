"""Test the page of findings: states of cases, lawful exceptions apart, and the files of the run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from fastapi.testclient import TestClient
from shapely import box
from sqlalchemy import Engine

from services.access.roles import make_operator
from services.boundaries.audits import audit_levels
from services.boundaries.exceptions import ExceptionText, declare_exception
from services.database.engine import open_session
from services.queries import RegisterState

OPERATOR = make_operator("tests")


@pytest.fixture
def audited(fresh_engine: Engine, build_in: Callable) -> RegisterState:
    """Audit two communes of which one reaches into the other, while an island of it is lawful."""
    with open_session(fresh_engine) as session:
        drawn = build_in(session)
        drawn.add("A", "commune", ground=box(0, 0, 2, 1))
        drawn.add("B", "commune", ground=box(1, 0, 3, 1).union(box(5, 0, 6, 1)))
        text = ExceptionText("detached_part", "island", ground=box(4, -1, 7, 2))
        declare_exception(session, drawn.register, text, caller=OPERATOR)
        audit_levels(session, drawn.register, ["commune"], day=date(2026, 1, 1), caller=OPERATOR)
    return drawn.register


@contextmanager
def open_page(client: TestClient, register: RegisterState, **asked: str) -> Iterator[str]:
    answer = client.get("/findings", params={"register": register.name, "lang": "en", **asked})
    assert answer.status_code == 200
    yield answer.text


def list_kinds(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [kind for kind in ("Overlap", "Detached part") if kind in body]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [("", ["Overlap"]), ("new", ["Overlap"]), ("still", []), ("gone", []), ("excepted", ["Detached part"])],
)
def test_page_shows_what_stands_so(fresh_client, audited, status, kinds):
    with open_page(fresh_client, audited, status=status) as page:
        assert list_kinds(page) == kinds


def test_unknown_status_is_none(fresh_client, audited):
    with open_page(fresh_client, audited, status="<odd>") as page:
        assert list_kinds(page) == ["Overlap"]


def test_lawful_findings_are_told_apart(fresh_client, audited):
    with open_page(fresh_client, audited) as page:
        (address,) = re.findall(r'href="([^"]*status=excepted[^"]*)">1 findings are lawful', page)
    shown = fresh_client.get(address.replace("&amp;", "&")).text
    assert list_kinds(shown) == ["Detached part"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_page_leads_to_the_files_of_its_run(fresh_client, audited, ending):
    with open_page(fresh_client, audited) as page:
        (address,) = re.findall(rf'href="([^"]*/export\?format={ending}[^"]*)"', page)
    assert fresh_client.get(address.replace("&amp;", "&")).status_code == 200


def test_page_says_whether_the_run_is_certified(fresh_client, audited):
    with open_page(fresh_client, audited) as page:
        assert "Certified: the areas prove" in page


def test_map_is_drawn_for_a_status(fresh_client, audited):
    both = [
        fresh_client.get(f"/maps/{audited.name}/findings?level=commune{part}&lang=en").text
        for part in ("", "&status=excepted")
    ]
    assert ["Overlap" in page for page in both] == [True, False]
