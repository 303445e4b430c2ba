"""Put on every answer what keeps browsers from guessing, framing and telling others."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every answer."""

DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of what is no page: nothing in it may run, should a browser show it."""

MAP_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""What a page that brings its own policy in its head cannot say there."""


class SecurityHeaders:
    """Complete the headers of every answer, and answer HEAD as GET without its body (RFC 9110)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete_headers(MutableHeaders(raw=message["headers"]))
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if is_head else scope, receive, complete)


def complete_headers(headers: MutableHeaders) -> None:
    """Add what an answer has not said itself."""
    for name, value in EVERYWHERE.items():
        headers.setdefault(name, value)
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", MAP_POLICY if is_page else DATA_POLICY)
