"""Take in evidence for disputes, and give its files back."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from shapely import LineString

from geo.errors import InvalidValue, StaleVersion, because
from geo.register.calendars import parse_date
from services.disputes.claims import read_line
from services.disputes.evidence import EvidenceText, SentFile, add_evidence, get_evidence_file
from services.disputes.evidence_files import MOST_BYTES
from services.web.routes.dispute_answers import DisputeOut, to_dispute_out
from services.web.routes.disputes import Asker, Key, Opener
from services.web.scope import AskedRegister, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}/disputes/{dispute}/evidence", tags=["disputes"])

Short = Annotated[str, Form(max_length=200)]
SANDBOX = "default-src 'none'; sandbox"
"""The policy of a file that somebody sent, should a browser show it after all."""


@router.post("", status_code=201)
def bring_evidence(
    register: RegisterName,
    writer: Opener,
    language: Language,
    dispute: Key,
    version: Annotated[int, Form(ge=1, le=2**31 - 1, description="The version of the dispute that was read.")],
    kind: Annotated[str, Form(max_length=40, description="decree, map_sheet, survey, letter, photograph or other.")],
    title: Short,
    file: Annotated[UploadFile | None, File(description="PNG, JPEG, PDF, GeoJSON or plain text.")] = None,
    rank: Annotated[int | None, Form(description="Its weight, from 1, the strongest, to 5.")] = None,
    side: Annotated[str | None, Form(max_length=50, description="The code of the party it speaks for.")] = None,
    number: Short = "",
    issued_on: Annotated[str | None, Form(max_length=32, description="Its date, Jalali or Gregorian.")] = None,
    article: Short = "",
    sheet: Short = "",
    text: Annotated[str, Form(max_length=4000)] = "",
    line: Annotated[str | None, Form(max_length=900_000, description="The line it describes, as GeoJSON.")] = None,
    accuracy_m: Annotated[float | None, Form(description="How far that line may be off.")] = None,
) -> DisputeOut:
    """Keep a piece of evidence; its file is checked by what it holds, and cleaned of metadata and scripts."""
    about = EvidenceText(
        kind=kind,
        title=title,
        rank=rank,
        side=side,
        number=number,
        issued_on=parse_date(issued_on) if issued_on else None,
        article=article,
        sheet=sheet,
        text=text,
        line=_read_line(line),
        accuracy_m=accuracy_m,
    )
    sent = None if file is None else SentFile(file.filename or "", file.file.read(MOST_BYTES + 1))
    try:
        state = writer.lock(register)
        found = add_evidence(writer.session, state, dispute, about, based_on=version, caller=writer.caller, file=sent)
    except StaleVersion as error:
        written = {"kind": kind, "title": title, "text": text}
        raise StaleVersion(**{**error.params, "written": written}) from error
    return to_dispute_out(found, state, language)


def _read_line(text: str | None) -> LineString | None:
    if not text:
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(field="line", value=text[:20], reason=because("order_not_json", detail="line")) from error
    return read_line("line", body)


@router.get("/{evidence}/file", response_class=Response)
def read_file(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    reader: Asker,
    dispute: Key,
    evidence: Annotated[int, Path(ge=1, lt=2**63, description="The key of the evidence.")],
) -> Response:
    """Give a cleaned file of evidence, to be saved and not to be shown."""
    about, content = get_evidence_file(session, asked, dispute, evidence, reader=reader)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(about.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=about.media_type, headers=headers)
