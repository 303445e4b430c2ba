"""Check that requests to other hosts are noticed."""

import base64
import hashlib

import folium
import pytest

from geo.errors import PageNotOffline
from maps.offline import list_remote_addresses, list_script_hashes, require_offline, write_policy


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        "<img src='http://tiles.example/1.png'>",
        '<img srcset="https://tiles.example/1.png 2x">',
        '<form action="https://elsewhere.example/"></form>',
        '<object data="https://elsewhere.example/a.svg"></object>',
        '<svg><image href="https://elsewhere.example/a.png"/></svg>',
        '<div style="background:url(https://elsewhere.example/a.png)"></div>',
        "<style>@import 'https://fonts.example/a.css';</style>",
        "<style>a{src:url(//fonts.example/a.woff2)}</style>",
        '<script>fetch("https://api.example/")</script>',
        '<script>L.tileLayer("https://{s}.tile.example/{z}/{x}/{y}.png")</script>',
        '<script>new WebSocket("wss://api.example/")</script>',
    ],
)
def test_a_request_to_another_host_is_found(html: str) -> None:
    assert len(list_remote_addresses(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://www.example/">a plain link asks nothing by itself</a>',
        '<script src="/static/vendor/leaflet.js"></script>',
        '<img src="data:image/png;base64,AA//BB==">',
        '<script>var ns = "http://www.w3.org/2000/svg";</script>',
        '<script>var name = "fetch(\\"https://api.example/\\")";</script>',
        "<p>url(https://elsewhere.example) in a text</p>",
        '<style>a{fill:url("#hatch")}</style>',
    ],
)
def test_a_harmless_page_is_left_alone(html: str) -> None:
    assert require_offline(html) == html


def test_a_plain_folium_map_is_refused() -> None:
    with pytest.raises(PageNotOffline) as caught:
        require_offline(folium.Map().get_root().render())
    assert str(caught.value.params["address"]).startswith("https://")


def test_a_script_is_known_by_its_hash() -> None:
    digest = base64.b64encode(hashlib.sha256(b"let a = 1 < 2;").digest()).decode()
    assert list_script_hashes('<script src="/a.js"></script><script>let a = 1 < 2;</script>') == [f"'sha256-{digest}'"]


def test_a_policy_allows_no_other_host() -> None:
    assert "http" not in write_policy("<script>1</script>")
