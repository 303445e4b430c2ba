"""Check that a density class is told by the table first and by people to the square kilometre else."""

from __future__ import annotations

import pytest

from geo.register.densities import Densities, DensityBand
from geo.register.translations import Names

NAMES = Names((("en", "class"),))
DENSITIES = Densities(
    names={"dense": NAMES, "sparse": NAMES},
    level="province",
    by_code={"23": "dense"},
    bands=(DensityBand(0, "sparse"), DensityBand(100, "dense")),
)


@pytest.mark.parametrize(
    ("codes", "people", "area_m2", "name"),
    [
        (("23", "2301"), None, None, "dense"),
        (("10",), 99, 1e6, "sparse"),
        (("10",), 100, 1e6, "dense"),
        (("10",), None, 1e6, None),
        (("10",), 100, None, None),
        (("10",), 100, 0.0, None),
    ],
)
def test_class(codes: tuple[str, ...], people: float | None, area_m2: float | None, name: str | None) -> None:
    assert DENSITIES.find_class(codes, people=people, area_m2=area_m2) == name


def test_iran_leaves_the_class_open() -> None:
    from geo.register.packs import load_pack

    assert load_pack("ir").thresholds.densities.find_class(["23"], people=1e6, area_m2=1e6) is None
