"""Show every problem the service can answer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from geo.errors import TaqsimatError
from services.messages import load_catalogue
from services.web.contexts import ProblemLine, ProblemsPage
from services.web.errors import status_of
from services.web.pages.frame import answer_page
from services.web.scope import Language

router = APIRouter(include_in_schema=False)

OF_REQUESTS = {
    "malformed": 422,
    "no_such_address": 404,
    "no_such_method": 405,
    "body_too_large": 413,
    "address_too_long": 414,
    "address_unreadable": 400,
    "unforeseen": 500,
}
"""The problems of requests as such, which no error of the domain stands for."""


@router.get("/problems")
def show_problems(request: Request, language: Language) -> HTMLResponse:
    """Show what the `type` of a problem means."""
    texts = load_catalogue(language)
    domain = [ProblemLine(one.rule, status_of(one), texts[f"error.{one.rule}"]) for one in _list_errors()]
    others = [ProblemLine(rule, status, texts[f"problem.{rule}"]) for rule, status in OF_REQUESTS.items()]
    return answer_page(request, ProblemsPage(tuple(sorted([*domain, *others], key=lambda line: line.rule))))


def _list_errors() -> list[type[TaqsimatError]]:
    """List the classes of error that are raised: those nothing is derived from."""
    found: list[type[TaqsimatError]] = [TaqsimatError]
    for one in found:
        found += one.__subclasses__()
    return [one for one in found if not one.__subclasses__() and one.__module__ == TaqsimatError.__module__]
