"""Bring the latest audits up to date over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from services.access.roles import Action
from services.boundaries.renewals import audit_surroundings
from services.web.access import WriteScope, allow
from services.web.models import Model
from services.web.scope import Day, RegisterName

router = APIRouter(prefix="/api/v1/registers/{register}", tags=["boundaries"])


class RenewedRunOut(Model):
    """An audit run that brings another up to date."""

    run: int = Field(examples=[2])
    renewed: int = Field(examples=[1])
    """The run it brings up to date."""
    levels: list[str] = Field(examples=[["commune"]])
    as_of: date
    certified: bool
    """Whether it is proven that nothing was missed."""
    polygons: int
    """How many divisions the levels have."""
    examined: int
    """How many of them were looked at."""
    is_whole: bool
    """Whether all of them had to be."""
    counts: dict[str, int] = Field(examples=[{"gap": 3}])
    """Defects by kind."""


@router.post("/audit-renewals", status_code=201)
def renew(
    register: RegisterName, writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)], day: Day
) -> list[RenewedRunOut]:
    """Audit the surroundings of what has changed since the latest run of each set of levels."""
    state = writer.enter(register)
    renewed = audit_surroundings(writer.session, state, day=day, caller=writer.caller)
    return [RenewedRunOut.model_validate({**vars(one), "levels": list(one.levels)}) for one in renewed]
