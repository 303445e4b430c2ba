"""Show the layers to people: our own pages in place of the library's, which would ask other hosts for files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.web import contexts as c
from services.web.language import language_of, read_reader


@dataclass(frozen=True)
class OgcPage(c.Context):
    """A page of the layers, written from the same answer that programs get."""

    template: ClassVar[str] = "ogc.html"
    section: ClassVar[str] = "editions"

    view: str
    """Which page it is: `landing`, `collections`, `collection`, `items`, `item`, `queryables`, or of tiles."""
    address: str
    """The address of the service, which is given to programs."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """The answer."""

    @property
    def title(self) -> str:
        """Give the title of the answer, empty where it has none."""
        return str(self.answer.get("title") or "")

    @property
    def links(self) -> list[Mapping[str, Any]]:
        """List the links that a browser can follow."""
        return [link for link in self.answer.get("links", ()) if not link.get("templated")]

    def find_link(self, rel: str) -> str | None:
        """Find the address of a link by what it is to the answer."""
        return next((str(link["href"]) for link in self.answer.get("links", ()) if link.get("rel") == rel), None)


class OgcTemplates:
    """Stand where the library keeps its templates."""

    def TemplateResponse(self, request: Request, name: str, context: Mapping[str, Any]) -> HTMLResponse:
        """Answer a page under the policy of all our pages."""
        page = OgcPage(name.removesuffix(".html"), context["template"]["api_root"], context["response"])
        rendered = request.app.state.pages.render(page, read_reader(request))
        headers = {"Content-Security-Policy": rendered.policy, "Content-Language": language_of(request)}
        return HTMLResponse(rendered.html, headers=headers)
