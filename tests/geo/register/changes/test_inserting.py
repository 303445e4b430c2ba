"""Test orders that insert vertices where one of the divisions that meet has none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely

from fixtures.registers import invent_register, show_register
from fixtures.torn import tear_register
from geo.errors import ChangeRefused, InvalidChange
from geo.register.changes import RegisterView, plan_change, read_order

POINT = [51.035, 35.02]
MET = {"divisions": ["0101020001", "0102010001"], "point": POINT}


def order(*vertices: Any, **parts: Any) -> dict[str, Any]:
    return {"kind": "settle", "effective_on": "2022-03-21", "vertices": list(vertices), **parts}


@pytest.fixture(scope="module")
def view() -> RegisterView:
    """Show the torn register, where one district has a vertex that its neighbour lacks."""
    return show_register(tear_register(invent_register()), date(2022, 3, 21))


def test_the_vertex_comes_into_every_boundary_that_passes(view: RegisterView):
    effect = plan_change(read_order(order(MET)), view)
    changed = {state.level for state in effect.after.values()}
    assert changed == {"dehestan", "bakhsh", "county"}
    assert all(POINT in shapely.get_coordinates(state.boundary).tolist() for state in effect.after.values())
    assert (effect.moved_m2, effect.resized) == (0, ())


@pytest.mark.parametrize("point", [[51.036, 35.0201], [51.03, 35.02]])
def test_a_vertex_that_nobody_lacks_is_refused(view: RegisterView, point: list[float]):
    with pytest.raises(ChangeRefused) as caught:
        plan_change(read_order(order({**MET, "point": point})), view)
    assert [problem.rule for problem in caught.value.params["problems"]] == ["vertex_not_lacking"]


@pytest.mark.parametrize(
    ("vertex", "field"),
    [
        ({"divisions": [], "point": POINT}, "vertices.0.divisions"),
        ({"divisions": "0101", "point": POINT}, "vertices.0.divisions"),
        ({"divisions": ["0101"]}, "vertices.0.point"),
        ({"divisions": ["0101"], "point": [51]}, "vertices.0.point"),
        ({"divisions": ["0101"], "point": [510, 35]}, "vertices.0.point"),
        ({"divisions": ["0101"], "point": ["51", 35]}, "vertices.0.point"),
        ({"divisions": ["0101"], "point": [float("nan"), 35]}, "vertices.0.point"),
        ({"divisions": ["0101"], "point": POINT, "more": 1}, "vertices.0.more"),
        ("0101", "vertices.0"),
    ],
)
def test_a_wrong_vertex_is_named(vertex: Any, field: str):
    with pytest.raises(InvalidChange) as caught:
        read_order(order(vertex))
    assert caught.value.params["field"] == field


def test_an_order_of_nothing_is_refused():
    with pytest.raises(InvalidChange):
        read_order(order())
