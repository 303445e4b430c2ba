"""Check what a scheme tells of its codes."""

from __future__ import annotations

import pytest

from geo.register import load_pack


@pytest.mark.parametrize(
    ("country", "scheme", "level", "length"),
    [
        ("ir", "sci", "province", 2),
        ("ir", "sci", "county", 4),
        ("ir", "sci", "bakhsh", 6),
        ("ir", "sci", "dehestan", 10),
        ("ir", "sci", "city", 10),
        ("ir", "sci", "village", 16),
        ("ir", "pcode", "county", 8),
        ("af", "pcode", "district", 6),
        ("dz", "ons", "commune", 4),
        ("dz", "osm", "commune", None),
    ],
)
def test_length_is_that_of_the_whole_code(country: str, scheme: str, level: str, length: int | None) -> None:
    assert load_pack(country).scheme(scheme).length_of(level) == length


def test_opaque_rule_tells_nothing_of_parents() -> None:
    rule = load_pack("dz").scheme("osm").rule_of("commune")
    assert rule.is_opaque
    assert rule.prefix_of is None


def test_scheme_lists_its_levels() -> None:
    assert load_pack("af").scheme("iec", "2014").levels == ("province", "district", "nahia")
