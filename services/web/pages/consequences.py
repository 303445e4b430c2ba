"""Show what follows from a change, side by side with its alternatives, printable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from geo.errors import ConflictError, InputError, InvalidValue, NotFoundError, because
from geo.register.consequences import make_public
from geo.register.digits import from_digits
from services.consequences.comparison import Alternative, compare_changes
from services.consequences.wording import LedgerPart, list_parts, list_totals, title_change
from services.messages import explain, say
from services.queries import RegisterState
from services.register.change_records import list_changes
from services.register.thresholds import say_verdict
from services.web import contexts as c
from services.web.pages.frame import RegisterQuery, answer_page, choose_register, list_choices
from services.web.scope import Language
from services.web.sessions import RequestSession

router = APIRouter(include_in_schema=False)

MOST_CHANGES = 50
"""Changes offered to choose from; others are named by their number."""


@dataclass(frozen=True)
class VerdictLine:
    """How a division stands to one article."""

    article: str
    """The article."""
    asks: str
    """What it asks, in short."""
    outcome: str
    """The outcome as a key, for its look."""
    outcome_name: str
    """The outcome in words."""
    why: str
    """The sentence."""
    verified: bool
    """Whether the rule was read in the law itself."""


@dataclass(frozen=True)
class AlternativeBlock:
    """One change with all that follows from it."""

    title: str
    """Its number, kind and day."""
    decree: str
    """Its decree."""
    parts: tuple[LedgerPart, ...]
    """Its ledger, table by table."""
    tested: tuple[tuple[str, tuple[VerdictLine, ...]], ...]
    """The divisions that come out of it, each with its verdicts."""
    has_invented: bool
    """Whether invented records are among those it names."""


@dataclass(frozen=True)
class ConsequencesPage(c.Context):
    """The consequences of one change or several."""

    template: ClassVar[str] = "consequences.html"
    section: ClassVar[str] = "consequences"

    asked: str = ""
    """The numbers as they were typed."""
    message: str = ""
    """What stands in the way; empty when nothing does."""
    registers: tuple[c.Choice, ...] = ()
    """The registers to choose from."""
    known: tuple[c.Choice, ...] = ()
    """The latest changes."""
    blocks: tuple[AlternativeBlock, ...] = ()
    """What follows from each change."""
    totals: tuple[tuple[str, ...], ...] = ()
    """The totals side by side: a label, then one cell a change."""


@router.get("/consequences")
def show_consequences(
    request: Request,
    session: RequestSession,
    language: Language,
    register: RegisterQuery = None,
    changes: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Show the form, and under it what follows from the changes that are named."""
    chosen = choose_register(session, register)
    page = ConsequencesPage(asked=changes, registers=list_choices(session, chosen, language))
    if chosen is None:
        return answer_page(request, page)
    page = replace(page, known=_list_known(session, chosen, language))
    if not changes.strip():
        return answer_page(request, page)
    try:
        found = compare_changes(session, chosen, _read_numbers(changes))
    except (InputError, NotFoundError, ConflictError) as error:
        return answer_page(request, replace(page, message=explain(error, language)))
    shown = [replace(one, ledger=make_public(one.ledger)) for one in found]
    blocks = tuple(_to_block(one, language) for one in shown)
    return answer_page(request, replace(page, blocks=blocks, totals=_lay_totals(shown, language)))


def _read_numbers(text: str) -> list[int]:
    words = [word for word in re.split(r"[,،;\s]+", from_digits(text)) if word]
    for word in words:
        if not re.fullmatch(r"[1-9][0-9]{0,17}", word):
            reason = because("change_numbers")
            raise InvalidValue(field="changes", value=word[:20].replace("\0", ""), reason=reason)
    return [int(word) for word in words]


def _list_known(session: Session, register: RegisterState, language: str) -> tuple[c.Choice, ...]:
    found = list_changes(session, register, limit=MOST_CHANGES)
    return tuple(c.Choice(str(one.id), title_change(one, language)) for one in found)


def _to_block(found: Alternative, language: str) -> AlternativeBlock:
    tested = tuple(
        (
            one.division.names.get(language) or next(iter(one.division.names.values()), one.division.code),
            tuple(
                VerdictLine(
                    article=verdict.threshold.article,
                    asks=verdict.threshold.names.choose(language),
                    outcome=str(verdict.outcome),
                    outcome_name=say(f"outcome.{verdict.outcome}", language),
                    why=say_verdict(verdict, language),
                    verified=verdict.way.verified,
                )
                for verdict in one.verdicts
            ),
        )
        for one in found.tested
        if one.verdicts
    )
    title, parts = title_change(found.change, language), list_parts(found.ledger, language)
    return AlternativeBlock(title, found.change.decree, parts, tested, found.ledger.has_invented)


def _lay_totals(found: Sequence[Alternative], language: str) -> tuple[tuple[str, ...], ...]:
    columns = [list_totals(one.ledger, language) for one in found]
    return tuple((label, *(column[place][1] for column in columns)) for place, (label, _) in enumerate(columns[0]))
