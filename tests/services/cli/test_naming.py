"""Test that the check of names is commanded from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from typer.testing import Result

from services.queries import RegisterState


def test_findings_are_listed(read_json: Callable[..., Any], register: RegisterState):
    found = read_json("names", "check", "--register", register.name, "--level", "wilaya")
    assert (found["counts"], found["total"]) == ({"missing_arabic": 2}, 2)


def test_findings_are_printed(run_in_store: Callable[..., Result], register: RegisterState):
    text = run_in_store("names", "check", "--register", register.name).stdout
    assert "missing_arabic" in text


def test_nothing_is_said_to_be_found(run_in_store: Callable[..., Result], register: RegisterState):
    text = run_in_store("names", "check", "--register", register.name, "--rule", "letters").stdout
    assert "هیچ نامی" in text


def test_names_are_romanized(run: Callable[..., Result]):
    result = run("names", "romanize", "علی آباد", "خلخال", "--latin", "Khalkhal", "--json")
    found = json.loads(result.stdout)
    assert [(one["proposal"], one["contradictions"]) for one in found] == [("‘Alī Ābād", 3), ("Khalkhāl", 0)]


def test_proposals_are_printed(run: Callable[..., Result]):
    assert "Ābād" in run("names", "romanize", "علی آباد").stdout
