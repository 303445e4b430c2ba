"""Test how tables for people are written."""

from __future__ import annotations

import pytest

from services.cli import tables
from services.cli.tables import print_table, write_cell


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (None, "-", "-"),
        ("16", "16", "16"),
        (True, "True", "True"),
        (1538, "۱٬۵۳۸", "1,538"),
        (0.125, "۰٫۱۲", "0.12"),
        (2285161508.4, "۲٬۲۸۵٬۱۶۱٬۵۰۸", "2,285,161,508"),
    ],
)
def test_numbers_have_the_digits_of_the_reader(value, fa, en, monkeypatch):
    for language, text in (("fa", fa), ("en", en)):
        monkeypatch.setattr(tables, "LANGUAGE", language)
        assert write_cell(value) == text


def test_table_shows_title_headers_and_rows(capsys):
    print_table("عنوان", ("کد", "نام"), [("07", "[bold]البرز[/bold]")])
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("عنوان", "کد", "07", "[bold]البرز[/bold]"))
