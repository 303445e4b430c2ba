"""Let officers ask what was recorded at an earlier moment, and keep such answers out of every cache."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fastapi import Request
from sqlalchemy import Engine
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import NotAuthenticated
from geo.register.spans import parse_moment
from services.access.keys import authenticate_key
from services.access.roles import Action, check_permitted_somewhere
from services.database.engine import open_session
from services.queries import get_register

PARAMETER = "recorded"
"""What addresses call the moment."""

PRIVATE = "private, no-store"


def read_moment(request: Request) -> datetime | None:
    """Read the moment whose record a request asks about, which only officers may; None is the present one."""
    text = request.query_params.get(PARAMETER)
    if not text:
        return None
    _check_reader(request, request.app.state.engine)
    moment = parse_moment(text, datetime.now(UTC))
    request.state.known_at = moment
    return moment


def note_day(request: Request, day: date) -> date:
    """Note the day a request was read to ask about, so that its answer says so."""
    request.state.as_of = day
    return day


def _check_reader(request: Request, engine: Engine) -> None:
    """Check in a session of the present that the key of the request may read the record."""
    asked = request.path_params.get("register") or request.query_params.get("register")
    with open_session(engine) as session:
        caller = authenticate_key(session, _find_key(request))
        register = get_register(session, asked) if asked else None
        check_permitted_somewhere(caller, Action.READ_RECORD, register)


def _find_key(request: Request) -> str:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    key = bearer.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")
    if not key:
        raise NotAuthenticated()
    return key


class TimeHeaders:
    """Say of which day an answer is, and forbid to keep what an officer has read in the record."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the headers of what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if day := state.get("as_of"):
                    headers["As-Of"] = day.isoformat()
                if moment := state.get("known_at"):
                    headers["Recorded-At"] = moment.isoformat()
                    headers["Cache-Control"] = PRIVATE
                    del headers["ETag"]
            await send(message)

        await self.app(scope, receive, complete)
