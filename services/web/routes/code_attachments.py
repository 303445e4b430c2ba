"""Attach the codes of other schemes from a file, or from the table in a country pack."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import Field

from geo.errors import InvalidMapping, because
from geo.register.calendars import parse_date
from geo.register.periods import Period
from services.access.roles import Action
from services.register.code_attach import AttachOptions, AttachReport, attach_codes, split_columns
from services.register.code_sources import CodeSource
from services.web.access import WriteScope, allow
from services.web.models import Model
from services.web.scope import Language, RegisterName, today
from services.web.uploads import MOST_PROBLEMS, ProblemOut, list_problems, receive_file

router = APIRouter(prefix="/api/v1/registers/{register}/codes", tags=["codes"])


class AttachOut(Model):
    """What attaching a table did or would do."""

    register_name: str = Field(alias="register", examples=["ir"])
    source: str = Field(examples=["pack:iso/1998"])
    """The table."""
    committed: bool
    version: int = Field(examples=[2])
    """The version of the register afterwards."""
    counts: dict[str, dict[str, int]]
    """Cells by scheme and outcome; rows whose division is not found count under the scheme of the key."""
    columns: dict[str, str]
    """The columns that were read, by scheme."""
    problems: list[ProblemOut]
    """The first thousand problems."""


@router.post("/attachments")
def attach(
    request: Request,
    register: RegisterName,
    writer: Annotated[WriteScope, allow(Action.IMPORT_DIVISIONS)],
    language: Language,
    file: Annotated[UploadFile | None, File(description="A table of codes: CSV, XLSX or Parquet.")] = None,
    table: Annotated[str | None, Form(description="A scheme whose table the country pack holds.")] = None,
    layer: Annotated[str | None, Form(description="The sheet, where the file has several.")] = None,
    key: Annotated[str | None, Form(description="The scheme of the column that tells the division.")] = None,
    columns: Annotated[list[str] | None, Form(description="SCHEME=COLUMN, once for each scheme.")] = None,
    valid_from: Annotated[str | None, Form(description="The first day for which the codes hold.")] = None,
    valid_until: Annotated[str | None, Form(description="The first day for which they hold no more.")] = None,
    commit: Annotated[bool, Form(description="Whether to write; without it only what would be done is shown.")] = False,
    skip_refused: Annotated[bool, Form(description="Whether to go on without what was refused.")] = False,
) -> AttachOut:
    """Attach codes to divisions; without `commit` nothing is written."""
    assert writer.register is not None
    if (file is None) == (table is None):
        raise InvalidMapping(key="file", reason=because("code_one_source"))
    limit = request.app.state.settings.import_max_bytes
    days = [parse_date(text) if text else None for text in (valid_from, valid_until)]
    options = AttachOptions(Period(*days), commit, skip_refused, writer.register.version, limit)
    with tempfile.TemporaryDirectory(prefix="taqsimat-upload-") as room:
        path = receive_file(file, Path(room), limit) if file else None
        source = CodeSource(path, layer, table, key, split_columns(columns or ()))
        report = attach_codes(writer.session, writer.register, source, options, caller=writer.caller, today=today())
    return to_attach_out(report, language)


def to_attach_out(report: AttachReport, language: str) -> AttachOut:
    """Write a report in the caller's language."""
    return AttachOut(
        register=report.register,
        source=report.source,
        committed=report.committed,
        version=report.version,
        counts=report.counts,
        columns=report.columns,
        problems=list_problems(report.problems[:MOST_PROBLEMS], language),
    )
