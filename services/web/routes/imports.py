"""Bring files of divisions into a register."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import Field

from geo.errors import FileTooLarge
from geo.register.calendars import parse_date
from geo.register.mapping import ColumnMapping
from services.access.roles import Action
from services.messages import say
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, ImportReport, import_delivery
from services.web.access import WriteScope, allow
from services.web.models import Model
from services.web.scope import Language, RegisterName, today

router = APIRouter(prefix="/api/v1/registers", tags=["register"])


class ProblemOut(Model):
    """What is wrong with one field of one row."""

    layer: str = Field(examples=["communes.csv"])
    row: int = Field(examples=[17])
    field: str = Field(examples=["code"])
    rule: str = Field(examples=["code_duplicate"])
    weight: str = Field(examples=["refused"])
    reason: str = Field(examples=["ردیف ۳ همین کد را دارد"])
    value: str = Field(examples=["1601"])


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


MOST_PROBLEMS = 1000


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


def receive_file(file: UploadFile, room: FilePath, limit: int) -> FilePath:
    """Keep an upload under a name of ours with the ending of its own."""
    ending = FilePath(file.filename or "").suffix.lower()
    path = room / f"upload{ending if ending.isascii() and ending[1:].isalnum() else ''}"
    received = 0
    with path.open("wb") as kept:
        while chunk := file.file.read(1 << 20):
            received += len(chunk)
            if received > limit:
                raise FileTooLarge(path=file.filename, size_bytes=received, limit_bytes=limit)
            kept.write(chunk)
    return path


def to_import_out(report: ImportReport, language: str) -> ImportOut:
    """Write the report of an import in the caller's language."""
    problems = [
        ProblemOut(
            layer=one.layer,
            row=one.row,
            field=one.field,
            rule=one.rule,
            weight=str(one.weight),
            reason=say(f"reason.{one.reason.key}", language, **dict(one.reason.params)),
            value=one.value,
        )
        for one in report.problems[:MOST_PROBLEMS]
    ]
    return ImportOut(
        register=report.register,
        committed=report.committed,
        version=report.version,
        counts=report.counts,
        problems=problems,
    )
