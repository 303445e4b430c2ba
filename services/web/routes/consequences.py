"""Answer what follows from a change, alone and beside its alternatives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import Field

from geo.register.consequences import Ledger, make_public
from services.access.keys import authenticate_key
from services.access.roles import Action, check_permitted
from services.consequences.comparison import Alternative, compare_changes, describe_alternative
from services.consequences.ledgers import find_order_consequences
from services.web.access import API_KEY, BEARER, Authenticated
from services.web.models import Model
from services.web.routes.thresholds import Said, VerdictOut, to_verdict_out
from services.web.scope import AskedRegister, Language, RegisterName
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["changes"])


class PartyOut(Model):
    """A division as a ledger names it."""

    id: int = Field(examples=[1])
    """Its lasting key; below zero while it is only planned."""
    level: str = Field(examples=["bakhsh"])
    code: str = Field(examples=["060102"])
    names: dict[str, str]


class GroundRowOut(Model):
    """What one division loses to another."""

    source: PartyOut | None
    target: PartyOut | None
    area_m2: float | None
    people: int | None
    is_estimated: bool
    """Whether some people were shared out by area."""
    places: int


class PlaceRowOut(Model):
    """Under which division a place comes."""

    place: PartyOut
    source: PartyOut | None
    target: PartyOut | None
    is_left_behind: bool
    """Whether it stays under the division that loses the ground it lies on."""


class LineRowOut(Model):
    """How the boundary between two divisions changes."""

    first: PartyOut
    second: PartyOut
    before_m: float
    after_m: float
    kept_m: float
    """The length of what stays as it was."""


class FindingRowOut(Model):
    """A finding of the latest audits that the change touches."""

    finding: int
    kind: str
    severity: str
    divisions: list[str]
    is_on_ground: bool


class DisputeRowOut(Model):
    """An open dispute on the ground of the change."""

    dispute: int
    type: str
    state: str
    divisions: list[str]


class CodeRowOut(Model):
    """A code that is given or given back."""

    division: PartyOut
    scheme: str
    code: str
    is_issued: bool


class StationRowOut(Model):
    """A polling station that comes under another division."""

    code: str
    name: str
    source: PartyOut | None
    target: PartyOut | None
    branches: int


class CatchmentRowOut(Model):
    """A catchment to be looked at again."""

    station: str
    division: PartyOut
    is_ended: bool


class ConstituencyRowOut(Model):
    """How a constituency weighs, if it followed the divisions."""

    body_name: str = Field(validation_alias="body", serialization_alias="body")
    code: str
    name: str
    seats: int
    touched: list[PartyOut]
    people_before: int | None
    people_after: int | None
    deviation_before: float | None
    deviation_after: float | None


class CouncilRowOut(Model):
    """What becomes of a council."""

    fate: str = Field(examples=["resized"])
    """`begins`, `ends`, `resized` or `moves`."""
    division: PartyOut
    code: str | None
    name: str | None
    seats: int | None
    members: int
    due_before: int | None
    due_after: int | None


class ComplaintRowOut(Model):
    """How many open complaints come under another division; null where hidden."""

    source: PartyOut | None
    target: PartyOut | None
    count: int | None


class LedgerOut(Model):
    """All that follows from a change."""

    kind: str = Field(examples=["split"])
    day: date
    totals: dict[str, float | None]
    has_invented: bool
    """Whether invented records are among those it names."""
    ground: list[GroundRowOut]
    places: list[PlaceRowOut]
    lines: list[LineRowOut]
    findings: list[FindingRowOut]
    disputes: list[DisputeRowOut]
    """Open disputes on its ground, but for confidential ones."""
    codes: list[CodeRowOut]
    stations: list[StationRowOut]
    catchments: list[CatchmentRowOut]
    constituencies: list[ConstituencyRowOut]
    plans: list[str]
    councils: list[CouncilRowOut]
    complaints: list[ComplaintRowOut]


class JudgedOut(Model):
    """How a division that comes out of a change stands to the law."""

    division: PartyOut
    figures: dict[str, float]
    density: str | None
    verdicts: list[VerdictOut]


class AlternativeOut(Model):
    """One change with all that follows from it."""

    change: int = Field(examples=[1])
    state: str = Field(examples=["draft"])
    decree: str
    ledger: LedgerOut
    tested: list[JudgedOut]


def read_officer(
    session: RequestSession,
    asked: AskedRegister,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    api_key: Annotated[str | None, Depends(API_KEY)],
) -> bool:
    """Tell whether an officer of the whole register asks; without a key everybody's answer is given."""
    key = bearer.credentials if bearer else api_key
    if not key:
        return False
    check_permitted(session, authenticate_key(session, key), Action.DRAFT_CHANGE, asked)
    return True


IsOfficer = Annotated[bool, Depends(read_officer, scope="function")]
Key = Annotated[int, Path(ge=1, lt=2**63, description="The key of the change.", examples=[1])]


@router.get("/changes/{change}/consequences")
def show_consequences(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    change: Key,
    language: Language,
    said: Said,
    is_officer: IsOfficer,
) -> AlternativeOut:
    """Show what follows from a change, and how its divisions stand to the law.

    Without the key of an officer no numbers of complaints are told, and only stations whose place is public.
    """
    return _to_out(describe_alternative(session, asked, change, statement=said), language, is_officer)


@router.get("/consequences")
def compare(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    language: Language,
    said: Said,
    is_officer: IsOfficer,
    change: Annotated[list[int], Query(min_length=1, max_length=20, description="The keys of the changes.")],
) -> list[AlternativeOut]:
    """Lay several changes side by side."""
    found = compare_changes(session, asked, change, statement=said)
    return [_to_out(one, language, is_officer) for one in found]


@router.post("/consequences/preview")
def preview(
    register: RegisterName,
    asked: AskedRegister,
    session: RequestSession,
    caller: Authenticated,
    order: Annotated[dict[str, Any], Body()],
) -> LedgerOut:
    """Show what would follow from an order that is not drafted, such as a drawn line; nothing is kept. For officers."""
    check_permitted(session, caller, Action.DRAFT_CHANGE, asked)
    return to_ledger_out(find_order_consequences(session, asked, order))


def to_ledger_out(ledger: Ledger) -> LedgerOut:
    """Write a ledger for the API."""
    return LedgerOut.model_validate(ledger)


def _to_out(found: Alternative, language: str, is_officer: bool) -> AlternativeOut:
    return AlternativeOut(
        change=found.change.id,
        state=found.change.state,
        decree=found.change.decree,
        ledger=to_ledger_out(found.ledger if is_officer else make_public(found.ledger)),
        tested=[
            JudgedOut(
                division=PartyOut.model_validate(one.division),
                figures=dict(one.proposal.figures),
                density=one.proposal.density,
                verdicts=[to_verdict_out(verdict, language) for verdict in one.verdicts],
            )
            for one in found.tested
        ],
    )
