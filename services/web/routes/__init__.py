"""Parse requests, call one use case each, and write answers."""

from fastapi import APIRouter

from services.web.routes import (
    accounts,
    apportionment,
    boundaries,
    changes,
    civic,
    code_attachments,
    codes,
    consequences,
    crosswalks,
    editions,
    elections,
    eligibility,
    health,
    history,
    imports,
    indices,
    jobs,
    matching,
    naming,
    plan_jobs,
    plans,
    register,
    search,
    thresholds,
    timelines,
)

router = APIRouter()
for subject in (
    health,
    register,
    changes,
    history,
    timelines,
    search,
    naming,
    codes,
    code_attachments,
    imports,
    matching,
    crosswalks,
    boundaries,
    elections,
    eligibility,
    plans,
    plan_jobs,
    apportionment,
    civic,
    editions,
    accounts,
    consequences,
    indices,
    thresholds,
    jobs,
):
    router.include_router(subject.router)

__all__ = ["router"]
