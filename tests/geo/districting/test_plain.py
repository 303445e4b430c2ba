"""Take graphs from plain values, and refuse what cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.graphs import list_rook_grid
from geo.districting import parse_graph
from geo.errors import InvalidValue


def test_graph_keeps_codes_and_people():
    graph = parse_graph({"units": [{"code": "007", "population": 5}, {"code": "010", "population": 0}], "edges": []})
    assert (graph.keys, graph.people.tolist(), len(graph.edges)) == (("007", "010"), [5, 0], 0)


def test_neighbours_count_once():
    plain = list_rook_grid(2, 1) | {"edges": [[1, 0], [0, 1]]}
    assert parse_graph(plain).edges.tolist() == [[0, 1]]


def test_whole_numbers_may_have_a_point():
    assert parse_graph({"units": [{"code": "a", "population": 5.0}], "edges": []}).people.tolist() == [5]


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        pytest.param([], "graph_shape", id="a list"),
        pytest.param({"edges": []}, "graph_list", id="no units"),
        pytest.param({"units": [], "edges": []}, "graph_list", id="empty units"),
        pytest.param({"units": [{"code": "a", "population": 1}]}, "graph_list", id="no edges"),
        pytest.param({"units": ["a"], "edges": []}, "graph_unit", id="a unit that is a text"),
    ],
)
def test_other_shapes_are_refused(plain: Any, reason: str):
    with pytest.raises(InvalidValue) as raised:
        parse_graph(plain)
    assert raised.value.params["reason"].key == reason


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ({"code": 7, "population": 1}, "graph_code"),
        ({"code": " ", "population": 1}, "graph_code"),
        ({"code": "\ud800", "population": 1}, "graph_code"),
        ({"population": 1}, "graph_code"),
        ({"code": "000000", "population": 1}, "graph_code_twice"),
        ({"code": "b"}, "graph_population"),
        ({"code": "b", "population": None}, "graph_population"),
        ({"code": "b", "population": "5"}, "graph_population"),
        ({"code": "b", "population": True}, "graph_population"),
        ({"code": "b", "population": 1.5}, "graph_population"),
        ({"code": "b", "population": float("nan")}, "graph_population"),
        ({"code": "b", "population": -1}, "outside_range"),
        ({"code": "b", "population": 10**30}, "outside_range"),
    ],
)
def test_units_that_cannot_be_used_are_named(unit: dict[str, Any], reason: str):
    plain = list_rook_grid(2, 1)
    plain["units"].append(unit)
    with pytest.raises(InvalidValue) as raised:
        parse_graph(plain)
    assert raised.value.params["reason"].key == reason
    assert raised.value.params["field"].startswith("units[2]")


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ([0], "graph_edge"),
        ("01", "graph_edge"),
        ([0, True], "graph_edge"),
        ([0, 1.0], "graph_edge"),
        ([0, 4], "graph_edge_outside"),
        ([-1, 0], "graph_edge_outside"),
        ([1, 1], "graph_loop"),
    ],
)
def test_edges_that_cannot_be_used_are_named(edge: Any, reason: str):
    with pytest.raises(InvalidValue) as raised:
        parse_graph(list_rook_grid(2, 2) | {"edges": [[0, 1], edge]})
    assert (raised.value.params["reason"].key, raised.value.params["field"]) == (reason, "edges[1]")
