"""Relate counts to people and ground."""

from __future__ import annotations

import pytest

from geo.civic.density import measure_density


@pytest.mark.parametrize(
    ("count", "people", "area_m2", "per_1000", "per_km2"),
    [
        (12, 4_000, 6e6, 3.0, 2.0),
        (0, 4_000, 6e6, 0.0, 0.0),
        (12, None, 6e6, None, 2.0),
        (12, 0, 6e6, None, 2.0),
        (12, 4_000, None, 3.0, None),
        (None, 4_000, 6e6, None, None),
    ],
)
def test_rates(
    count: int | None, people: int | None, area_m2: float | None, per_1000: float | None, per_km2: float | None
) -> None:
    density = measure_density(count, people=people, area_m2=area_m2)
    assert (density.count, density.per_1000, density.per_km2) == (count, per_1000, per_km2)


@pytest.mark.parametrize(("count", "is_hidden"), [(None, True), (0, False), (7, False)])
def test_missing_count_is_a_hidden_one(count: int | None, is_hidden: bool) -> None:
    assert measure_density(count, people=10, area_m2=1e6).is_hidden is is_hidden
