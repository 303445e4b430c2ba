"""Test the ways in which crosswalks are made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from fixtures.letters import draw
from geo.errors import InvalidValue
from geo.register.crosswalk_ways import Descent, GroundSet, Unit, cross_areas, cross_lineage, cross_units
from geo.register.crosswalks import Crosswalk


def lay(drawing: str) -> GroundSet:
    grounds = draw(drawing)
    return GroundSet(list(grounds), np.array(list(grounds.values()), dtype=object))


def list_shares(crosswalk: Crosswalk) -> dict[str, float]:
    return {f"{cell.source}{cell.target}": round(crosswalk.share(cell), 3) for cell in crosswalk.cells}


@pytest.mark.parametrize(
    ("sources", "targets", "shares"),
    [
        ("XXYY", "AABB", {"XA": 1.0, "YB": 1.0}),
        ("XXXX", "AAAB", {"XA": 0.75, "XB": 0.25}),
        ("XXYY", "AAAB", {"XA": 1.0, "YA": 0.5, "YB": 0.5}),
        ("XXXX", "AA..", {"XA": 0.5}),
        ("XX..", "AAAA", {"XA": 1.0}),
        ("XX..", "..AA", {}),
    ],
)
def test_shared_ground_weighs(sources: str, targets: str, shares: dict[str, float]):
    assert list_shares(cross_areas(lay(sources), lay(targets))) == shares


def test_ground_outside_is_remainder():
    crosswalk = cross_areas(lay("XXXX"), lay("AAA."))
    assert crosswalk.unmatched["X"] == pytest.approx(0.25)


def test_neighbours_that_only_touch_have_no_weight():
    assert cross_areas(lay("XX.."), lay("..AA")).cells == ()


@pytest.mark.parametrize(
    ("codes", "shape"),
    [
        (["A", "A"], shapely.box(0, 0, 1, 1)),
        (["A", "B"], shapely.Point(0, 0)),
        (["A", "B"], shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
        (["A", "B"], None),
    ],
)
def test_bad_grounds_are_refused(codes: Sequence[str], shape: shapely.Geometry):
    with pytest.raises(InvalidValue):
        cross_areas(GroundSet(codes, np.array([shape, shape], dtype=object)), lay("X"))


def test_units_weigh_by_people():
    units = [Unit("X", "A", 300), Unit("X", "B", 100), Unit("X", None, 100), Unit(None, "B", 50)]
    crosswalk = cross_units(units, sources=["X", "Y"], targets=["C"])
    assert list_shares(crosswalk) == {"XA": 0.6, "XB": 0.2}
    assert crosswalk.unmatched == {"X": 0.2, "Y": 1.0}
    assert crosswalk.targets == {"A": 300, "B": 150, "C": 0}


@pytest.mark.parametrize(
    ("targets", "descents", "shares"),
    [
        ({"X": 1.0}, [], {"XX": 1.0}),
        ({"X": 30.0, "Y": 10.0}, [Descent(("X",), ("X", "Y"))], {"XX": 0.75, "XY": 0.25}),
        ({"X": 30.0, "Y": None}, [Descent(("X",), ("X", "Y"))], {"XX": 0.5, "XY": 0.5}),
        ({"Z": 1.0}, [Descent(("X",), ("Y",)), Descent(("Y",), ("Z",))], {"XZ": 1.0}),
        ({"X": 1.0}, [Descent(("X",), ("Y",)), Descent(("Y",), ("X",))], {"XX": 1.0}),
        ({"Y": 1.0}, [Descent(("X",), ())], {}),
        (
            {"X": 10.0, "Y": 30.0, "Z": 60.0},
            [Descent(("X",), ("X", "Y")), Descent(("X",), ("X", "Z"))],
            {"XX": 0.1, "XY": 0.3, "XZ": 0.6},
        ),
        (
            {"V": 10.0, "W": 30.0, "Z": 60.0},
            [Descent(("X",), ("Y", "Z")), Descent(("Y",), ("V", "W"))],
            {"XV": 0.1, "XW": 0.3, "XZ": 0.6},
        ),
    ],
)
def test_lineage_weighs(targets: dict[str, float | None], descents: list[Descent], shares: dict[str, float]):
    assert list_shares(cross_lineage({"X": 8.0}, targets, descents)) == shares


def test_merged_divisions_lead_to_one():
    crosswalk = cross_lineage({"X": 8.0, "Y": 2.0}, {"Z": 1.0}, [Descent(("X", "Y"), ("Z",))])
    assert crosswalk.targets == {"Z": 10.0}
    assert crosswalk.unmatched == {}
