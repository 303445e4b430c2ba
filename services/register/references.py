"""Tell which divisions the words of an order mean: a code, `level:code` or `scheme:code`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from geo.errors import AmbiguousDivision
from geo.register.changes.problems import ChangeProblem, find_problem, refuse_change
from services.queries import RegisterState, is_current
from services.tables.register import Code, Standing


def resolve_references(session: Session, register: RegisterState, words: Sequence[str], day: date) -> dict[str, int]:
    """Find the division each word means on a day.

    Raises ChangeRefused with every word that means none, and says when one did; AmbiguousDivision with the
    candidates of a word that means several.
    """
    rows = _list_rows(session, register, {word.rpartition(":")[2] for word in words})
    found: dict[str, int] = {}
    problems: list[ChangeProblem] = []
    for word in words:
        meant = [row for row in rows if _is_meant(row, word)]
        standing = {row.division_id: row for row in meant if day in row.valid and day in row.stands}
        if len(standing) > 1:
            candidates = tuple(sorted(f"{row.level}:{row.scheme}:{row.code}" for row in standing.values()))
            raise AmbiguousDivision(asked=word, candidates=candidates)
        if standing:
            found[word] = next(iter(standing))
        else:
            problems.append(_explain(word, day, meant))
    if problems:
        raise refuse_change(*problems)
    return found


def _list_rows(session: Session, register: RegisterState, codes: set[str]) -> Sequence[Row[Any]]:
    rows: Sequence[Any] = session.execute(
        select(
            *(Code.division_id, Code.scheme, Code.code, Code.valid),
            *(Standing.level, Standing.valid.label("stands")),
        )
        .join(Standing, Standing.division_id == Code.division_id)
        .where(Code.register_id == register.id, Code.code == func.any(sorted(codes)))
        .where(is_current(Code), is_current(Standing))
    ).all()
    return rows


def _is_meant(row: Row[Any], word: str) -> bool:
    front, _, code = word.rpartition(":")
    return bool(row.code == code and front in ("", row.level, row.scheme))


def _explain(word: str, day: date, meant: Sequence[Row[Any]]) -> ChangeProblem:
    """Say that a division begins later, has ended, or was never there."""
    starts = [row.stands.lower for row in meant if row.stands.lower is not None and row.stands.lower > day]
    ends = [row.stands.upper for row in meant if row.stands.upper is not None and row.stands.upper <= day]
    told = day.isoformat()
    if starts:
        return find_problem("not_yet", word, division=word, day=told, start=min(starts).isoformat())
    if ends:
        return find_problem("ended", word, division=word, day=told, end=max(ends).isoformat())
    return find_problem("unknown", word, division=word, day=told)
