"""Answer errors as problems (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from geo import errors
from services.database.engine import translate_fault
from services.messages import explain, say
from services.traces import note_environment, note_mistake
from services.web.contexts import ErrorPage
from services.web.language import language_of, read_reader

STATUSES: Mapping[type[errors.TaqsimatError], int] = {
    errors.InputError: 400,
    errors.FileTooLarge: 413,
    errors.UnreadableFile: 415,
    errors.RowsRefused: 422,
    errors.InvalidPack: 500,
    errors.MissingVersion: 428,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.AccessError: 403,
    errors.NotAuthenticated: 401,
    errors.Infeasible: 422,
    errors.EnvironmentFault: 503,
    errors.DiskFull: 507,
    errors.TaqsimatError: 500,
}
"""The status of each class; a class without one has that of the nearest class above it."""

PROBLEM = "application/problem+json"

TITLED = frozenset({*STATUSES.values(), 405, 414})
"""The statuses that have a title of their own."""

PLAIN_RULES = {404: "no_such_address", 405: "no_such_method", 413: "body_too_large"}
"""The rules of what the web framework refuses."""


def status_of(error: type[errors.TaqsimatError]) -> int:
    """Give the status of a class of error."""
    return next(STATUSES[step] for step in error.__mro__ if step in STATUSES)


def add_error_handlers(app: FastAPI) -> None:
    """Let every error of the application be answered as a problem, or as a page to browsers."""
    app.add_exception_handler(errors.TaqsimatError, _answer_domain)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_plain)
    app.add_exception_handler(DBAPIError, _answer_database)


def _answer_domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.TaqsimatError)
    return answer_error(request, error)


def answer_error(
    request: Request, error: errors.TaqsimatError, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer an error of the domain; what is wrong with the machine is for its operator's log alone."""
    status, language = status_of(type(error)), language_of(request)
    sent = {**({"WWW-Authenticate": "Bearer"} if status == 401 else {}), **(headers or {})}
    if isinstance(error, errors.EnvironmentFault):
        note_environment(error)
        return answer_problem(request, status, error.rule, say("machine.unavailable", language), headers=sent)
    extra: dict[str, object] = {}
    if isinstance(error, errors.ChangeRefused):
        extra["errors"] = _list_problems(error, language)
    if isinstance(error, errors.StaleVersion) and "written" in error.params:
        # whoever comes second keeps what he wrote
        extra["written"] = error.params["written"]
    return answer_problem(request, status, error.rule, explain(error, language), headers=sent, extra=extra)


def _list_problems(error: errors.ChangeRefused, language: str) -> list[dict[str, str]]:
    """Tell each rule that a change breaks, with the division that breaks it."""
    return [
        {
            "rule": problem.rule,
            "subject": problem.subject,
            "detail": say("plain.reason", language, reason=problem.reason),
        }
        for problem in error.params["problems"]  # type: ignore[attr-defined]
    ]


def _answer_malformed(request: Request, error: Exception) -> Response:
    """Name the fields that are wrong; their values are not repeated, for they may be somebody's position."""
    assert isinstance(error, RequestValidationError)
    fields = [
        {"field": ".".join(map(str, one["loc"])), "rule": one["type"], "detail": one["msg"]} for one in error.errors()
    ]
    detail = say("problem.malformed", language_of(request), fields=tuple(sorted({str(one["field"]) for one in fields})))
    return answer_problem(request, 422, "malformed", detail, extra={"errors": fields})


def _answer_plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    rule = PLAIN_RULES.get(error.status_code, "refused")
    detail = say(f"problem.{rule}", language_of(request))
    return answer_problem(request, error.status_code, rule, detail, headers=error.headers or {})


def _answer_database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    fault = translate_fault(error)
    if isinstance(fault, errors.TaqsimatError):
        return _answer_domain(request, fault)
    return _answer_unforeseen(request, error)


def _answer_unforeseen(request: Request, error: Exception) -> Response:
    """Say that it is our fault, and tell the log where; neither says what was asked."""
    note_mistake(error, where=_route_of(request))
    return answer_problem(request, 500, "unforeseen", say("problem.unforeseen", language_of(request)))


def _route_of(request: Request) -> str:
    return getattr(request.scope.get("route"), "path", "-")


def answer_problem(
    request: Request,
    status: int,
    rule: str,
    detail: str,
    *,
    extra: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write a problem, as JSON for programs and as a page for people."""
    language = language_of(request)
    title = say(f"problem.status_{status}" if status in TITLED else "problem.status_400", language)
    sent = {
        "Content-Language": language,
        "Vary": "Accept-Language, Accept",
        "Cache-Control": "no-store",
        **(headers or {}),
    }
    if not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", ""):
        page = request.app.state.pages.render(ErrorPage(status, title, detail), read_reader(request))
        return HTMLResponse(page.html, status, headers={**sent, "Content-Security-Policy": page.policy})
    body = {"type": f"/problems#{rule}", "title": title, "status": status, "detail": detail, "rule": rule}
    # a half of a surrogate pair that JSON has brought is sent back as JSON writes it
    content = json.dumps({**body, **(extra or {})}, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, media_type=PROBLEM, headers=sent)


def describe_problem() -> dict[int | str, dict[str, object]]:
    """Describe problems in the OpenAPI document."""
    example = {
        "type": "/problems#division_not_found",
        "title": "یافت نشد",
        "status": 404,
        "detail": "برای «9999» واحدی پیدا نشد.",
        "rule": "division_not_found",
    }
    return {
        "default": {
            "description": "A problem (RFC 9457)",
            "content": {PROBLEM: {"example": json.loads(json.dumps(example))}},
        }
    }
