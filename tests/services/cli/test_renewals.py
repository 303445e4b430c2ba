"""Test that audits are brought up to date from a shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.errors import RegisterNotFound
from services.queries import RegisterState


def test_nothing_to_renew_is_no_fault(read_json: Callable[..., Any], register: RegisterState):
    read_json("audit", "commune", "--register", register.name)
    assert read_json("audits", "renew", "--register", register.name) == []


def test_table_has_a_heading_even_when_it_is_empty(run_in_store, register: RegisterState):
    assert run_in_store("audits", "renew", "--register", register.name).output.strip()


def test_unknown_register_is_refused(run_in_store):
    with pytest.raises(RegisterNotFound):
        run_in_store("audits", "renew", "--register", "nowhere")
