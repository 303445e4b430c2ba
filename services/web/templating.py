"""Render the web pages from their contexts, without a script or style of their own in the HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.register.calendars import format_date
from maps.assets import Assets, Delivery
from maps.figures import write_area, write_digits, write_distance, write_number, write_share
from maps.offline import list_script_hashes
from maps.words import find_word, write_direction
from services.messages import LANGUAGES, say
from services.web.contexts import Context
from services.web.station_contexts import FindPage

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Rendered:
    """A page ready to be sent."""

    html: str
    """The page."""
    policy: str
    """The value of its `Content-Security-Policy` header."""


@dataclass(frozen=True)
class Reader:
    """Who a page is written for."""

    language: str = LANGUAGES[0]
    """The language of the page."""
    chosen: bool = False
    """Whether the reader chose it (`?lang=`), so that links keep it."""
    path: str = "/"
    """The address of the page, for the language switch."""
    as_of: str = ""
    """The date the reader has chosen, as it was written, so that links keep it; empty for today."""
    day: date | None = None
    """The day that date was read as."""
    query: tuple[tuple[str, str], ...] = ()
    """What else the address of the page asks, so that choosing another date keeps it."""


class Pages:
    """Render contexts with the templates and assets of the service."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self.environment = Environment(
            loader=FileSystemLoader(TEMPLATE_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["asset"] = assets.url

    def render(self, page: Context, reader: Reader) -> Rendered:
        """Render one page for its reader."""
        template = self.environment.get_template(page.template)
        framed = page.map_page if isinstance(page, FindPage) else None
        # A frame without an address is under the policy of the page around it, which has no styles in place.
        map_html = framed.html(Delivery.SERVED, self.assets) if framed else ""
        html = template.render(page=page, reader=reader, map_html=map_html, **_speak_for(reader))
        return Rendered(html, write_policy(map_html))


def _speak_for(reader: Reader) -> dict[str, object]:
    """Gather what templates call to write in the reader's language."""
    language = reader.language

    def link(path: str, /, **query: str) -> str:
        kept = {"as_of": reader.as_of, "lang": language if reader.chosen else ""}
        found = query | {name: value for name, value in kept.items() if name not in query}
        asked = {name: value for name, value in found.items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    return {
        "say": lambda key, **params: say(f"page.{key}", language, **params),
        "kind_name": lambda kind: find_word(f"kind.{kind}", language) or kind,
        "severity_name": lambda severity: find_word(f"severity.{severity}", language) or severity,
        "number": lambda value, **form: write_number(value, language, **form),
        "digits": lambda text: write_digits(str(text), language),
        "share": lambda value: write_share(value, language, signed=True),
        "plain_share": lambda value: write_share(value, language),
        "area": lambda area_m2: write_area(area_m2, language),
        "distance": lambda distance_m: write_distance(distance_m, language),
        "date": lambda day, long=False: format_date(day, language, long=long),
        "direction": write_direction(language),
        "languages": LANGUAGES,
        "link": link,
        "here": lambda **query: link(reader.path, **(dict(reader.query) | query)),
    }


def write_policy(map_html: str = "") -> str:
    """Write the policy of our pages: nothing but this service, and of scripts in place only those of a framed map."""
    scripts = " ".join(["'self'", *(list_script_hashes(map_html) if map_html else [])])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
