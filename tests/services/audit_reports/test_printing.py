"""Test the printed report: what stands in it, that nothing is fetched for it, and that it says what is missing."""

from __future__ import annotations

import re
import sys

import pytest

from geo.errors import ProgramMissing
from maps.prints import PrintMap
from services.access.roles import make_operator
from services.audit_reports.content import load_run_content
from services.audit_reports.printing import load_sheets, write_pdf, write_report
from services.boundaries.audits import audit_levels
from services.lookups import get_coded
from services.messages import LANGUAGES


@pytest.fixture
def sheets(session, reported):
    """Draw the maps of the report."""
    return load_sheets(session, reported, "fa")


def test_gravest_defects_have_maps_and_lawful_cases_have_none(reported, sheets):
    located = [one for one in reported.findings if one.geometry is not None]
    grave = [one.id for one in located if one.severity == "error" and one.status == "new"]
    assert [sheet.finding.id for sheet in sheets.cases] == grave
    assert isinstance(sheets.overview, PrintMap)


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_escapes_names_and_asks_nobody(reported, sheets, language):
    html = write_report(reported, sheets, language)
    assert "<b>y" not in html and "&lt;b&gt;y" in html
    assert re.findall(r"""(?:src|href)=["'](?!data:)|url\((?!["']?data:)""", html) == []


def test_report_is_persian_with_its_digits_and_dates(reported, sheets):
    html = write_report(reported, sheets, "fa")
    assert 'dir="rtl"' in html and "۱۴۰۴/۱۰/۱۱" in html
    assert "counter(page, persian)" in html
    assert "گواهی‌شده" in html


def test_report_tells_lawful_exceptions(reported, sheets):
    html = write_report(reported, sheets, "en")
    assert "Lawful exceptions" in html and "=reason" in html


def test_report_of_a_part_shows_that_part_alone(session, reported):
    register, day = reported.register, reported.run.as_of
    within = get_coded(session, register, "P", day=day).id
    run = audit_levels(session, register, ["commune"], day=day, caller=make_operator("tests"), within=within).run
    part = load_run_content(session, register, run)
    assert "P" in write_report(part, load_sheets(session, part, "en"), "en")
    assert part.run.within == "P"


def test_report_is_a_pdf_of_several_pages(reported, sheets, tmp_path):
    write_pdf(tmp_path / "run.pdf", reported, sheets, "fa")
    import pikepdf

    with pikepdf.open(tmp_path / "run.pdf") as book:
        assert len(book.pages) >= 2


def test_missing_library_is_named_with_its_command(reported, sheets, tmp_path, monkeypatch):
    class Missing:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(ProgramMissing) as caught:
        write_pdf(tmp_path / "run.pdf", reported, sheets, "fa")
    assert "libpango" in caught.value.params["command"]
