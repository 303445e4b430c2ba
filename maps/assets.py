"""Find the scripts, styles and fonts of the pages among the installed npm files, to inline or to serve them."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from geo.errors import AssetsMissing

STATIC_FOLDER = Path(__file__).parent / "static"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"

SERVED_UNDER = "/static/vendor/"
"""Where the web service answers for the files of the whitelist."""

VENDORED: dict[str, str] = {
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
}
"""The whitelist: the name a page uses for a file, and where npm puts it."""

OWN: dict[str, Path] = {name: STATIC_FOLDER / name for name in ("fonts.css", "map.css", "map.js", "groups.js")}
"""Our own files, under the names the pages use."""

MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}

CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


class Delivery(Enum):
    """Say how a page gets its assets."""

    INLINE = "inline"
    """Everything in one file, to be sent or opened from a disk."""
    SERVED = "served"
    """By links to this service."""


@dataclass(frozen=True)
class Asset:
    """Hold one file that pages may use."""

    name: str
    """What pages call it."""
    path: Path
    """Where it is installed."""

    @property
    def media_type(self) -> str:
        """Name the type the file is served with."""
        return MEDIA_TYPES[Path(self.name).suffix]


@dataclass(frozen=True)
class Assets:
    """Answer for the whitelist of files, wherever npm has put them."""

    node_modules: Path = NODE_MODULES
    """The folder filled by `npm ci`."""
    extra: Mapping[str, Path] = field(default_factory=dict)
    """More files of our own, such as those of the web pages, by name."""

    def find(self, name: str) -> Asset:
        """Locate the file of a whitelisted name; a name outside the list or a file not installed is an error."""
        path = {**OWN, **self.extra}.get(name)
        if path is None and name in VENDORED:
            path = self.node_modules / VENDORED[name]
        if path is None or not path.is_file():
            raise AssetsMissing(asset=name)
        return Asset(name, path)

    def read(self, name: str, delivery: Delivery = Delivery.SERVED) -> bytes:
        """Read a file as it is delivered: the addresses inside a style sheet are resolved."""
        asset = self.find(name)
        content = asset.path.read_bytes()
        if asset.path.suffix != ".css":
            return content
        return self._resolve(content.decode("utf-8"), asset.path.parent, delivery).encode("utf-8")

    def url(self, name: str) -> str:
        """Write the address a file is served under; its content is part of it, so it can be kept for ever."""
        stem, _, suffix = name.rpartition(".")
        digest = hashlib.sha256(self.read(name)).hexdigest()[:12]
        return f"{SERVED_UNDER}{stem}.{digest}.{suffix}"

    def find_served(self, file_name: str) -> Asset | None:
        """Look for the asset of the last part of a served address; an outdated content hash is not answered."""
        stem, _, suffix = file_name.rpartition(".")
        name = f"{stem.rpartition('.')[0]}.{suffix}"
        if name not in {*VENDORED, *OWN, *self.extra}:
            return None
        return self.find(name) if self.url(name) == SERVED_UNDER + file_name else None

    def _resolve(self, css: str, folder: Path, delivery: Delivery) -> str:
        """Replace `asset:` addresses by the delivery's, and neighbouring files by their content."""

        def replace(match: re.Match[str]) -> str:
            address = match[1]
            if address.startswith(("data:", "#")):
                return match[0]
            if not address.startswith("asset:"):
                return f"url({to_data_address((folder / address).read_bytes(), address)})"
            name = address.removeprefix("asset:")
            served = delivery is Delivery.SERVED
            return f"url({self.url(name) if served else to_data_address(self.read(name), name)})"

        return CSS_ADDRESS.sub(replace, css)


def to_data_address(content: bytes, name: str) -> str:
    """Write a file as a `data:` address."""
    media_type = MEDIA_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{media_type.replace(' ', '')};base64,{base64.b64encode(content).decode('ascii')}"
