"""Check the names of divisions by code."""

from __future__ import annotations

from geo.register.candidates import CodeKey


def test_keys_are_written_as_people_quote_them():
    assert str(CodeKey("sci", "1399", "0101")) == "sci:0101"


def test_equal_codes_of_two_versions_differ():
    assert CodeKey("sci", "1399", "0101") != CodeKey("sci", "1404", "0101")
