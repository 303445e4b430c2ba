"""Write the findings of a run as tables that no spreadsheet takes for formulas or numbers."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

from services.audit_reports.content import COLUMNS, RunContent, Value, list_rows
from services.register.exports import FORMULA_MARKS

TEXTS = frozenset(
    {"kind", "severity", "status", "divisions", "names", "fingerprint", "first_seen", "last_seen", "detail"}
)
"""The columns whose cells are texts, codes among them, whatever they look like."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What a cell cannot hold."""

MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
"""Where a workbook says when it was written."""

ZIP_START = (1980, 1, 1, 0, 0, 0)
"""The earliest time an archive can tell."""


def write_csv(path: Path, content: RunContent, language: str) -> None:
    """Write one row a finding, in UTF-8 with a mark for spreadsheets."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([_disarm(value) for value in row] for row in list_rows(content, language))


def _disarm(value: Value) -> Value:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value


def write_xlsx(path: Path, content: RunContent, language: str) -> None:
    """Write one row a finding, with codes as texts, and a sheet about the run."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("findings")
    sheet.sheet_view.rightToLeft = language == "fa"
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for row in list_rows(content, language):
        sheet.append([_make_cell(sheet, name, value) for name, value in zip(COLUMNS, row, strict=True)])
    about = book.create_sheet("run")
    for name, value in list_facts(content):
        about.append([name, _make_cell(about, "detail", value)])
    book.save(path)
    _steady(path, content)


def list_facts(content: RunContent) -> list[tuple[str, str]]:
    """List what is worth knowing of a run beside its findings."""
    run = content.run
    facts: dict[str, object] = {
        "register": content.register.name,
        "run": run.id,
        "levels": ", ".join(run.levels),
        "within": run.within,
        "as_of": run.as_of,
        "based_on": run.based_on,
        "certified": run.certified,
        "audited_at": run.audited_at.isoformat(),
        "actor": run.actor,
        **{f"certificate.{name}": value for name, value in sorted(run.certificate.items())},
        **{f"tolerances.{name}": value for name, value in sorted(run.tolerances.items())},
    }
    return [(name, "" if value is None else str(value)) for name, value in facts.items()]


def _make_cell(sheet: object, name: str, value: Value) -> object:
    from openpyxl.cell import WriteOnlyCell

    if name not in TEXTS or value is None:
        return value
    cell = WriteOnlyCell(sheet, CONTROLS.sub("", str(value)))  # type: ignore[arg-type]
    # said after the value, for a text that begins with = would else be a formula
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _steady(path: Path, content: RunContent) -> None:
    """Let the same run make the same bytes: with its own time for that of the writing."""
    moment = content.run.audited_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files:
            body = MODIFIED.sub(rb"\g<1>" + moment, held) if name == "docProps/core.xml" else held
            archive.writestr(zipfile.ZipInfo(name, ZIP_START), body, zipfile.ZIP_DEFLATED)
