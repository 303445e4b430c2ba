"""Take files that are sent, and tell what is wrong with their rows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fastapi import UploadFile
from pydantic import Field

from geo.errors import FileTooLarge
from geo.register.problems import Problem
from services.messages import say
from services.web.models import Model


class ProblemOut(Model):
    """What is wrong with one field of one row."""

    layer: str = Field(examples=["communes.csv"])
    row: int = Field(examples=[17])
    field: str = Field(examples=["code"])
    rule: str = Field(examples=["code_duplicate"])
    weight: str = Field(examples=["refused"])
    reason: str = Field(examples=["ردیف ۳ همین کد را دارد"])
    value: str = Field(examples=["1601"])


MOST_PROBLEMS = 1000
"""So many problems an answer tells."""


def list_problems(problems: Iterable[Problem], language: str) -> list[ProblemOut]:
    """Write problems in the caller's language."""
    return [
        ProblemOut(
            layer=one.layer,
            row=one.row,
            field=one.field,
            rule=one.rule,
            weight=str(one.weight),
            reason=say("plain.reason", language, reason=one.reason),
            value=one.value,
        )
        for one in problems
    ]


def receive_file(file: UploadFile, room: Path, limit: int) -> Path:
    """Keep an upload under a name of ours with the ending of its own."""
    ending = Path(file.filename or "").suffix.lower()
    path = room / f"upload{ending if ending.isascii() and ending[1:].isalnum() else ''}"
    received = 0
    with path.open("wb") as kept:
        while chunk := file.file.read(1 << 20):
            received += len(chunk)
            if received > limit:
                raise FileTooLarge(path=file.filename, size_bytes=received, limit_bytes=limit)
            kept.write(chunk)
    return path
