"""Check that only listed files are found, resolved and served."""

from pathlib import Path

import pytest

from geo.errors import AssetsMissing
from maps.assets import OWN, SERVED_UNDER, VENDORED, Assets, Delivery

NAMES = sorted([*VENDORED, *OWN])


@pytest.mark.parametrize("name", NAMES)
def test_every_listed_file_is_installed(name: str) -> None:
    assert Assets().read(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_served_address_leads_back_to_its_file(name: str) -> None:
    assets = Assets()
    served = assets.find_served(assets.url(name).removeprefix(SERVED_UNDER))
    assert served is not None
    assert served.name == name


@pytest.mark.parametrize("file_name", ["leaflet.000000000000.js", "leaflet.js", "package.json", "../errors.py", ""])
def test_nothing_else_is_served(file_name: str) -> None:
    assert Assets().find_served(file_name) is None


def test_a_name_outside_the_list_is_refused() -> None:
    with pytest.raises(AssetsMissing) as caught:
        Assets().find("jquery.js")
    assert caught.value.params == {"asset": "jquery.js"}


def test_a_file_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing) as caught:
        Assets(tmp_path).read("leaflet.js")
    assert caught.value.params == {"asset": "leaflet.js"}


def test_an_address_changes_with_the_content(tmp_path: Path) -> None:
    style = tmp_path / "extra.css"
    assets = Assets(extra={"extra.css": style})
    style.write_text("a{}", encoding="utf-8")
    before = assets.url("extra.css")
    style.write_text("b{}", encoding="utf-8")
    assert assets.url("extra.css") != before


def test_the_font_is_linked_when_served() -> None:
    assets = Assets()
    assert assets.url("vazirmatn.woff2") in assets.read("fonts.css").decode()


@pytest.mark.parametrize(
    ("name", "address"), [("fonts.css", b"url(data:font/woff2"), ("leaflet.css", b"url(data:image")]
)
def test_an_inlined_style_holds_its_files(name: str, address: bytes) -> None:
    assert address in Assets().read(name, Delivery.INLINE)


def test_an_unknown_file_in_a_style_is_refused(tmp_path: Path) -> None:
    style = tmp_path / "extra.css"
    style.write_text("a{background:url(asset:nowhere.png)}", encoding="utf-8")
    with pytest.raises(AssetsMissing):
        Assets(extra={"extra.css": style}).read("extra.css")
