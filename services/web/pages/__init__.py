"""Show the pages: what people read, from the same use cases as the API."""

from fastapi import APIRouter

from services.web.pages import (
    apportionment,
    boundaries,
    changes,
    civic,
    codes,
    consequences,
    control,
    disputes,
    editions,
    elections,
    history,
    indices,
    level_maps,
    matching,
    naming,
    plans,
    problems,
    register,
    repairs,
    search,
    stations,
    timelines,
    trials,
)

router = APIRouter()
for subject in (
    control,
    changes,
    repairs,
    history,
    timelines,
    register,
    search,
    naming,
    codes,
    plans,
    trials,
    elections,
    stations,
    apportionment,
    boundaries,
    disputes,
    level_maps,
    civic,
    editions,
    consequences,
    indices,
    matching,
    problems,
):
    router.include_router(subject.router)

__all__ = ["router"]
