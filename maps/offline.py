"""Prove that a page asks no other host for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from geo.errors import PageNotOffline

REMOTE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
"""An address with a host: with a protocol, or with the page's own."""

LOADING = frozenset({"action", "background", "data", "formaction", "poster", "src", "srcset", "xlink:href"})
"""Attributes whose address the browser asks for; `href` asks only where the tag is not a plain link."""

STYLE_CALL = re.compile(r"""(?:url\(|@import\s)\s*["']?((?:[a-z][a-z0-9+.-]*:)?//[^"')\s]*)""", re.IGNORECASE)
SCRIPT_CALL = re.compile(
    r"""(?:tileLayer(?:\.wms)?|fetch|import|ajax|getJSON|open|WebSocket|EventSource|Worker)\s*\(\s*(?:"GET",\s*)?"""
    r"""["']((?:[a-z]+:)?//[^"']*)["']""",
    re.IGNORECASE,
)


class _Reader(HTMLParser):
    """Collect the addresses a browser would ask for, and the scripts that stand in the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.remote: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the addresses in the attributes of a tag."""
        self._inside = tag if tag in {"script", "style"} else ""
        for name, value in attrs:
            loads = name in LOADING or (name == "href" and tag != "a")
            if loads and REMOTE.match(value or ""):
                self.remote.append(value or "")
            if name == "style":
                self.remote += STYLE_CALL.findall(value or "")
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or style."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Look at the calls in a style or script."""
        if self._inside == "style":
            self.remote += STYLE_CALL.findall(data)
        if self._inside == "script":
            self.remote += SCRIPT_CALL.findall(data)
            self.scripts[-1:] = [script + data for script in self.scripts[-1:]]


def list_remote_addresses(html: str) -> list[str]:
    """List the addresses on other hosts that a browser would ask for when it opens the page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.remote


def require_offline(html: str) -> str:
    """Hand the page back if it asks no other host, else refuse it with the first address."""
    for address in list_remote_addresses(html):
        raise PageNotOffline(address=address)
    return html


def list_script_hashes(html: str) -> list[str]:
    """List the hashes by which a content security policy lets exactly the scripts of this page run."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    digests = [hashlib.sha256(script.encode("utf-8")).digest() for script in reader.scripts]
    return [f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests]


def write_policy(html: str) -> str:
    """Write the content security policy of a page: its own scripts, this service's files and nothing else."""
    scripts = " ".join(["'self'", *list_script_hashes(html)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'"
    )
