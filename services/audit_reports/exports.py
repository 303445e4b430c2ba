"""Write an audit run in the format of a file's ending, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from geo.errors import InvalidValue, because
from services.atomic import replace_when_whole
from services.audit_reports.content import RunContent, load_run_content
from services.audit_reports.layers import write_geojson, write_geopackage
from services.audit_reports.printing import load_sheets, write_pdf
from services.audit_reports.tables import write_csv, write_xlsx
from services.queries import RegisterState

FORMATS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats by their endings, with the media type of each."""

WRITERS: Mapping[str, Callable[[Path, RunContent, str], None]] = {
    "csv": write_csv,
    "geojson": write_geojson,
    "gpkg": write_geopackage,
    "xlsx": write_xlsx,
}
"""What writes each format that needs nothing but the content."""


@dataclass(frozen=True)
class RunExport:
    """Say what was written."""

    run: int
    """The run."""
    path: str
    """The file."""
    findings: int
    """How many findings it holds."""


def export_run(session: Session, register: RegisterState, run: int, out: Path, *, language: str) -> RunExport:
    """Write a run to a file in the format of its ending; a file that is there gives way to it when it is whole.

    Raises InvalidValue for an ending or a folder that cannot be written, RunNotFound, and ProgramMissing where a
    report cannot be printed on this machine.
    """
    target = _check_target(out)
    content = load_run_content(session, register, run)
    with replace_when_whole(target) as draft:
        _write(session, draft, content, language)
    return RunExport(run, str(target), len(content.findings))


def render_run(session: Session, register: RegisterState, run: int, *, ending: str, language: str) -> bytes:
    """Give the bytes of a run in a format, to be sent."""
    _check_ending(ending)
    content = load_run_content(session, register, run)
    with tempfile.TemporaryDirectory(prefix="taqsimat-run-") as room:
        path = Path(room) / f"run.{ending}"
        _write(session, path, content, language)
        return path.read_bytes()


def _write(session: Session, path: Path, content: RunContent, language: str) -> None:
    ending = path.suffix.removeprefix(".").lower()
    if ending == "pdf":
        write_pdf(path, content, load_sheets(session, content, language), language)
    else:
        WRITERS[ending](path, content, language)


def _check_target(out: Path) -> Path:
    target = out.expanduser()
    _check_ending(target.suffix.removeprefix(".").lower())
    if not target.parent.is_dir() or target.is_dir():
        raise InvalidValue(field="out", value=str(out)[:200], reason=because("out_folder"))
    return target


def _check_ending(ending: str) -> None:
    if ending not in FORMATS:
        reason = because("run_export_format", known=tuple(f".{name}" for name in FORMATS))
        raise InvalidValue(field="format", value=ending[:20], reason=reason)
