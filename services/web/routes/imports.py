"""Bring files of divisions into a register."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import Field

from geo.register.calendars import parse_date
from geo.register.mapping import ColumnMapping
from services.access.roles import Action
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, ImportReport, import_delivery
from services.web.access import WriteScope, allow
from services.web.models import Model
from services.web.scope import Language, RegisterName, today
from services.web.uploads import MOST_PROBLEMS, ProblemOut, list_problems, receive_file

router = APIRouter(prefix="/api/v1/registers", tags=["register"])


class ImportOut(Model):
    """What an import did or would do."""

    register_name: str = Field(alias="register", examples=["dz"])
    committed: bool
    version: int = Field(examples=[2])
    """The version of the register afterwards."""
    counts: dict[str, dict[str, int]]
    """Rows by level and outcome."""
    problems: list[ProblemOut]
    """The first thousand problems."""


@router.post("/{register}/imports")
def import_file(
    request: Request,
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.IMPORT_DIVISIONS)],
    language: Language,
    file: Annotated[UploadFile, File(description="A vector file, CSV, XLSX or Parquet table.")],
    level: Annotated[str | None, Form(description="The level of every row.")] = None,
    layer: Annotated[str | None, Form(description="The layer, where the file has several.")] = None,
    columns: Annotated[list[str] | None, Form(description="FIELD=COLUMN, once for each field.")] = None,
    valid_from: Annotated[str | None, Form(description="The day from which the facts hold.")] = None,
    commit: Annotated[
        bool, Form(description="Whether to write; without it the import only shows what it would do.")
    ] = False,
    skip_refused: Annotated[bool, Form(description="Whether to go on without refused rows.")] = False,
) -> ImportOut:
    """Bring divisions from a file into a register; without `commit` nothing is written."""
    assert writer.register is not None
    limit = request.app.state.settings.import_max_bytes
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room:
        path = receive_file(file, FilePath(room), limit)
        mapping = ColumnMapping(columns=dict(pair.split("=", 1) for pair in columns or () if "=" in pair), level=level)
        delivery = Delivery(path.name, writer.register.country, (LayerSource(path, layer, mapping, guess=True),))
        options = ImportOptions(
            register=register,
            valid_from=parse_date(valid_from) if valid_from else None,
            commit=commit,
            skip_refused=skip_refused,
            based_on=writer.register.version,
            most_bytes=limit,
            most_vertices=request.app.state.settings.import_max_vertices,
        )
        report = import_delivery(writer.session, delivery, options, caller=writer.caller, today=today())
    return to_import_out(report, language)


def to_import_out(report: ImportReport, language: str) -> ImportOut:
    """Write the report of an import in the caller's language."""
    return ImportOut(
        register=report.register,
        committed=report.committed,
        version=report.version,
        counts=report.counts,
        problems=list_problems(report.problems[:MOST_PROBLEMS], language),
    )
