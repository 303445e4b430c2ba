"""Cut collections into pages, and point from each to its neighbours."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.web.models import Link

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items a page holds.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many items come before the page.")]


def link_pages(request: Request, response: Response, *, total: int, limit: int, offset: int) -> list[Link]:
    """Link the page to those before and after it, in the body and in the `Link` header (RFC 8288)."""
    steps = {
        "prev": max(0, offset - limit) if offset else None,
        "next": offset + limit if offset + limit < total else None,
    }
    links = [Link(rel=rel, href=_address(request, limit, start)) for rel, start in steps.items() if start is not None]
    if links:
        response.headers["Link"] = ", ".join(f'<{link.href}>; rel="{link.rel}"' for link in links)
    return links


def _address(request: Request, limit: int, offset: int) -> str:
    url = request.url.include_query_params(limit=limit, offset=offset)
    return f"{url.path}?{url.query}"
