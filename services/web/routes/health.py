"""Answer whether the service works."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import text

from services.web.models import Model
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1", tags=["health"])


class HealthOut(Model):
    """Whether the service works."""

    status: str = Field(examples=["ok"])
    """`ok` when the store answers."""
    postgis: str = Field(examples=["3.3.2"])
    """The version of PostGIS."""


@router.get("/health")
def show_health(session: RequestSession) -> HealthOut:
    """Say that the service and its store work; otherwise the answer is a problem with status 503."""
    return HealthOut(status="ok", postgis=session.scalar(text("select postgis_lib_version()")) or "-")
