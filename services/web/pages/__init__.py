"""Show the pages: what people read, from the same use cases as the API."""

from fastapi import APIRouter

from services.web.pages import apportionment, boundaries, civic, elections, problems, register, search

router = APIRouter()
for subject in (register, search, elections, apportionment, boundaries, civic, problems):
    router.include_router(subject.router)

__all__ = ["router"]
