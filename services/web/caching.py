"""Give answers an entity tag, and answer 304 to those who have them already (RFC 9110)."""

from __future__ import annotations

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TAGGED_UNDER = ("/api/v1/", "/maps/")
MOST_BYTES = 8 * 1024**2
"""Larger answers are sent as they come."""


class EntityTags:
    """Tag the answers to GET by their content, unless the endpoint gave a tag of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and tag what comes back."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(TAGGED_UNDER):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Tagger(scope, send).send)


class _Tagger:
    """Hold back an answer until its content is known."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.wanted = dict(scope["headers"]).get(b"if-none-match", b"")
        self.next = send
        self.start: Message = {}
        self.body = b""
        self.is_open = False

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self.start = message
            return
        if self.is_open:
            await self.next(message)
            return
        self.body += message.get("body", b"")
        more = message.get("more_body", False)
        if more and len(self.body) <= MOST_BYTES:
            return
        await self._answer(more)

    async def _answer(self, more: bool) -> None:
        headers = list(self.start["headers"])
        if self.start["status"] == 200 and not more and not _is_private(headers):
            tag = dict(headers).get(b"etag") or f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'.encode()
            headers = [pair for pair in headers if pair[0] != b"etag"] + [(b"etag", tag)]
            if tag in self.wanted or self.wanted.strip() == b"*":
                kept = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
                await self.next({**self.start, "status": 304, "headers": kept})
                await self.next({"type": "http.response.body", "body": b""})
                return
        self.is_open = True
        await self.next({**self.start, "headers": headers})
        await self.next({"type": "http.response.body", "body": self.body, "more_body": more})


def _is_private(headers: list[tuple[bytes, bytes]]) -> bool:
    return b"no-store" in dict(headers).get(b"cache-control", b"")
