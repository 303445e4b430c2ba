"""Check how numbers are written for the reader."""

import pytest

from maps.figures import write_area, write_distance, write_number, write_share


@pytest.mark.parametrize(
    ("value", "places", "language", "written"),
    [
        (1234567, 0, "fa", "۱٬۲۳۴٬۵۶۷"),
        (1234567, 0, "en", "1,234,567"),
        (0.25, 2, "fa", "۰٫۲۵"),
        (7.0, 2, "en", "7"),
        (-12, 0, "fa", "\u200e−۱۲"),
    ],
)
def test_numbers_use_the_readers_digits(value: float, places: int, language: str, written: str) -> None:
    assert write_number(value, language, places=places) == written


def test_a_fixed_number_keeps_its_decimals() -> None:
    assert write_number(7, "en", places=2, fixed=True) == "7.00"


@pytest.mark.parametrize(
    ("share", "language", "written"),
    [(0.0321, "en", "+3.2%"), (-0.0321, "en", "-3.2%"), (0.0, "en", "0.0%"), (0.5, "fa", "\u200e+۵۰٫۰٪")],
)
def test_a_signed_share_shows_its_sign(share: float, language: str, written: str) -> None:
    assert write_share(share, language, signed=True) == written


@pytest.mark.parametrize(
    ("area_m2", "written"),
    [(0.25, "0.25 m²"), (2400.4, "2,400 m²"), (2.5e5, "0.25 km²"), (4.56e7, "45.6 km²"), (2286e6, "2,286 km²")],
)
def test_an_area_has_about_three_figures(area_m2: float, written: str) -> None:
    assert write_area(area_m2, "en") == written


@pytest.mark.parametrize(("distance_m", "written"), [(240, "۲۴۰ متر"), (1840, "۱٫۸ کیلومتر")])
def test_a_distance_is_in_metres_or_kilometres(distance_m: float, written: str) -> None:
    assert write_distance(distance_m, "fa") == written
