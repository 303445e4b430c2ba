"""Tell findings of the control against decrees in words, and write them as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from services.control.findings import DecreeFinding, DecreeFindingKind
from services.control.report import DecreeReport
from services.messages import say

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula."""

COLUMNS = (
    *("kind", "severity", "decree", "divisions", "distance_m", "accuracy_m", "length_m", "lon", "lat"),
    *("detail", "fingerprint"),
)
"""The columns of the table."""


def tell_finding(finding: DecreeFinding, language: str) -> str:
    """Tell in a sentence what a finding is about."""
    key = str(finding.kind)
    if finding.kind is DecreeFindingKind.UNDECREED_CHANGE:
        key += f"_{finding.detail['of']}"
    if finding.kind is DecreeFindingKind.PLACE_ELSEWHERE:
        stands, lies = (finding.detail[name] == "elsewhere" for name in ("stands", "lies"))
        key += "_both" if stands and lies else "_stands" if stands else "_lies"
    return say(f"decree_detail.{key}", language, **finding.detail)


def name_decree(report: DecreeReport, finding: DecreeFinding) -> str:
    """Name the decree of a finding by issuer and number."""
    decree = report.decrees.get(finding.decree or 0)
    return "" if decree is None else f"{decree.text.issuer} {decree.text.number}"


def write_findings(report: DecreeReport, *, language: str) -> str:
    """Write findings as a CSV table that no spreadsheet runs as formulas."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=COLUMNS)
    writer.writeheader()
    for finding in report.findings:
        writer.writerow({name: _disarm(value) for name, value in _list_values(report, finding, language).items()})
    return text.getvalue()


def _list_values(report: DecreeReport, finding: DecreeFinding, language: str) -> dict[str, Any]:
    lon, lat = finding.point or (None, None)
    measures = {name: getattr(finding, name) for name in ("distance_m", "accuracy_m", "length_m")}
    return {
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "decree": name_decree(report, finding),
        "divisions": " ".join(one.code for one in finding.divisions),
        **{name: None if value is None else round(value, 3) for name, value in measures.items()},
        "lon": lon,
        "lat": lat,
        "detail": tell_finding(finding, language),
        "fingerprint": finding.fingerprint,
    }


def _disarm(value: object) -> object:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_MARKS) else value
