"""Test that the search by name is commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.testing import Result

from services.queries import RegisterState


def test_search_lists_hits(read_json: Callable[..., Any], register: RegisterState):
    found = read_json("search", "A", "--register", register.name, "--level", "commune")
    assert [hit["division"]["code"] for hit in found["hits"]] == ["A"]
    assert [one["code"] for one in found["hits"][0]["chain"]] == ["X", "P"]


def test_search_is_printed(run_in_store: Callable[..., Result], register: RegisterState):
    assert "A" in run_in_store("search", "A", "--register", register.name).stdout


def test_nothing_is_said_to_be_found(run_in_store: Callable[..., Result], register: RegisterState):
    assert "چیزی به این نام" in run_in_store("search", "qqqqqq", "--register", register.name).stdout
