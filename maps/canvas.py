"""Draw folium maps without its remote scripts, with names that are the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from folium.utilities import JsCode
from shapely.geometry.base import BaseGeometry

from maps.outlines import Drawing, to_view
from maps.words import word, write_direction

GROUPS = ("groups", "asset:groups.js")
"""What pages need whose features are shown and hidden in groups."""

SCRIPTS = (("leaflet", "asset:leaflet.js"), ("map", "asset:map.js"))
STYLES = (("fonts_css", "asset:fonts.css"), ("leaflet_css", "asset:leaflet.css"), ("map_css", "asset:map.css"))


class Grouping(Enum):
    """Say what becomes of the features that have a group."""

    SWITCHED = "switched"
    """They are shown while their box is ticked."""
    CLUSTERED = "clustered"
    """Points that would lie over each other are counted in one mark until the map is drawn nearer."""


class Canvas(folium.Map):
    """A folium map that needs Leaflet and our own script only, and leaves the page around it to us."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}{% endmacro %}
        {% macro html(this, kwargs) %}<div class="map" id="{{ this.get_name() }}" dir="ltr"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: [0, 0], zoom: 2, zoomSnap: 0.25, zoomControl: false, attributionControl: false,
            preferCanvas: {{ this.prefer_canvas|tojson }}
        });
        {% endmacro %}
        """
    )

    def __init__(
        self, geometries: Iterable[BaseGeometry], *, prefer_canvas: bool = False, grouping: Grouping | None = None
    ) -> None:
        super().__init__(tiles=None)
        self.default_js = [*SCRIPTS, *([GROUPS] if grouping else [])]
        self.default_css = list(STYLES)
        self.prefer_canvas = prefer_canvas
        self.view = to_view(list(geometries))
        self.grouping = grouping


class Opening(MacroElement):
    """The last line of a map's script: fit the view, add the controls and listen to the list."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        taqsimat.open({{ this._parent.get_name() }}, {{ this.options(this._parent)|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, *, language: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Opening"
        self.language = language

    def options(self, canvas: Canvas) -> dict[str, Any]:
        """Gather what our script needs to know: the first view, the words it says and what is grouped."""
        keys = ("map", "zoom_in", "zoom_out", "home", "close", "kilometre", "metre")
        words = {key: word(f"page.{key}", self.language) for key in keys}
        about = {"view": canvas.view, "language": self.language, "direction": write_direction(self.language)}
        return {**about, "words": words, **({"grouping": canvas.grouping.value} if canvas.grouping else {})}


def add_features(canvas: Canvas, drawings: Sequence[Drawing]) -> None:
    """Add a layer of drawn features, each described by our script when it is pointed at."""
    if not drawings:
        return
    # Codes and names may clash in the data, so folium tells the features apart by their positions.
    features = [drawing.to_feature(position) for position, drawing in enumerate(drawings)]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        on_each_feature=JsCode("taqsimat.describe"),
        marker=folium.CircleMarker(),
        style_function=lambda feature: drawings[feature["id"]].style,
        smooth_factor=0.6,
    )
    layer.add_to(canvas)


def number_elements(root: Figure) -> None:
    """Replace folium's random identifiers by consecutive ones, so that the same input gives the same page."""
    for position, element in enumerate(_walk(root)):
        element._id = f"{position:04d}"


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)
