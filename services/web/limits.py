"""Refuse requests that are too large or cannot be meant, before they are read."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import NotAuthenticated, TaqsimatError
from services.access.keys import authenticate_key
from services.database.engine import open_session
from services.messages import say
from services.traces import note_mistake
from services.web.errors import answer_error, answer_problem
from services.web.language import language_of

MOST_BODY_BYTES = 1024**2
"""The largest body of a request that is no upload."""

MOST_ADDRESS_BYTES = 16 * 1024
"""The longest path with its query."""

FRAME_BYTES = 1024**2
"""What the other fields of an upload may add to the file."""

UPLOADS = re.compile(r"/api/v1/registers/[^/]+/(?:imports|matches|disputes/[0-9]+/evidence)")
"""The addresses that take files."""


class RequestLimits:
    """Stand before the routes: sizes, keys of uploads, and the last resort for mistakes of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, watch = Request(scope), _Watch(receive, send, _find_limit(scope))
        try:
            if (fault := find_address_fault(scope)) or watch.is_announced(request):
                status, rule = fault or (413, "body_too_large")
                await self._refuse(request, watch, status, rule)
                return
            if UPLOADS.fullmatch(scope["path"]):
                await run_in_threadpool(_check_key, request)
            await self.app(scope, watch.receive, watch.send)
        except TaqsimatError as error:
            await answer_error(request, error, headers={"Connection": "close"})(scope, receive, watch.send)
        except Exception as error:
            # the server would print the message, and what was asked may stand in it
            note_mistake(error, where=getattr(scope.get("route"), "path", "-"))
            if not watch.is_answered:
                await self._refuse(request, watch, 500, "unforeseen")

    async def _refuse(self, request: Request, watch: _Watch, status: int, rule: str) -> None:
        detail = say(f"problem.{rule}", language_of(request))
        answer = answer_problem(request, status, rule, detail, headers={"Connection": "close"})
        await answer(request.scope, watch.receive, watch.send)


class _Watch:
    """Count what a request sends, and see whether it was answered."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self.next_receive, self.next_send, self.limit = receive, send, limit
        self.received = 0
        self.is_answered = False

    def is_announced(self, request: Request) -> bool:
        """Tell whether the request itself says that it is too large."""
        length = request.headers.get("content-length", "")
        return length.isdecimal() and (len(length) > 18 or int(length) > self.limit)

    async def receive(self) -> Message:
        """Take the next part of the body, unless it is one too many."""
        message = await self.next_receive()
        self.received += len(message.get("body", b""))
        if self.received > self.limit:
            raise HTTPException(413, headers={"Connection": "close"})
        return message

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        self.is_answered = True
        await self.next_send(message)


def find_address_fault(scope: Scope) -> tuple[int, str] | None:
    """Find what is wrong with an address: its length, or a NUL, which nothing in the store can hold."""
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    if len(path) + len(query) > MOST_ADDRESS_BYTES:
        return 414, "address_too_long"
    return (400, "address_unreadable") if b"\0" in unquote_to_bytes(path + query) else None


def _find_limit(scope: Scope) -> int:
    if not UPLOADS.fullmatch(scope["path"]):
        return MOST_BODY_BYTES
    most: int = scope["app"].state.settings.import_max_bytes
    return most + FRAME_BYTES


def _check_key(request: Request) -> None:
    """Let nobody fill the disk who has no key; what the key may do is for the endpoint to say."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    key = secret.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")
    if not key:
        raise NotAuthenticated()
    with open_session(request.app.state.engine) as session:
        authenticate_key(session, key)
