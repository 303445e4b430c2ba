"""Know which units share how much boundary."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely import Polygon, box

from fixtures.letters import draw
from geo.districting import UnitGraph, build_graph
from geo.errors import InvalidValue


def make_graph(drawing: str, *, link_pieces: bool = True) -> UnitGraph:
    """Make the graph of a drawing in which everybody has a hundred people."""
    grounds = draw(drawing)
    return build_graph(list(grounds), list(grounds.values()), [100] * len(grounds), link_pieces=link_pieces)


def pairs_of(graph: UnitGraph) -> set[str]:
    return {"".join(sorted(graph.keys[unit] for unit in edge)) for edge in graph.edges}


@pytest.mark.parametrize(
    ("drawing", "pairs"),
    [
        pytest.param("AB", {"AB"}, id="side by side"),
        pytest.param("AB\nCD", {"AB", "AC", "BD", "CD"}, id="corners do not touch"),
        pytest.param("AAA\nABA\nAAA", {"AB"}, id="inside another"),
        pytest.param("A.B", set(), id="apart"),
        pytest.param("A.\n.B", set(), id="only a corner"),
        pytest.param("ABA", {"AB"}, id="in two parts"),
    ],
)
def test_neighbours_share_an_edge(drawing: str, pairs: set[str]) -> None:
    assert pairs_of(make_graph(drawing, link_pieces=False)) == pairs


def test_shared_length_is_geodesic() -> None:
    graph = make_graph("AB\nAB")
    assert graph.lengths_m[0] == pytest.approx(Geod(ellps="WGS84").inv(1, 0, 1, 2)[2], rel=1e-4)


def test_areas_and_perimeters_are_geodesic() -> None:
    grounds = draw("AAA\nABA\nAAA")
    graph = make_graph("AAA\nABA\nAAA")
    ring, hole = (Geod(ellps="WGS84").geometry_area_perimeter(ring) for ring in _list_rings(grounds["A"]))
    assert graph.areas_m2.tolist() == pytest.approx([abs(ring[0]) - abs(hole[0]), abs(hole[0])])
    assert graph.perimeters_m.tolist() == pytest.approx([ring[1] + hole[1], hole[1]])


def _list_rings(ground: Polygon) -> list[Polygon]:
    return [Polygon(ring) for ring in (ground.exterior, *ground.interiors)]


@pytest.mark.parametrize(("drawing", "pieces"), [("AB", 1), ("A.B", 2), ("A.B.C", 3), ("AB.C", 2), ("A.\n.B", 2)])
def test_pieces(drawing: str, pieces: int) -> None:
    assert len(np.unique(make_graph(drawing, link_pieces=False).pieces)) == pieces


@pytest.mark.parametrize("drawing", ["A.B", "AB..C.DE", "A.\n.B", "A..B\n....\nC..D"])
def test_linked_graph_is_one_piece(drawing: str) -> None:
    assert len(np.unique(make_graph(drawing).pieces)) == 1


def test_link_goes_to_the_nearest_and_is_declared() -> None:
    graph = make_graph("AA.B...CC")
    linked = {graph.keys[link.unit] + graph.keys[link.to]: link.distance_m for link in graph.links}
    assert {"".join(sorted(pair)) for pair in linked} == {"AB", "BC"}
    assert min(linked.values()) == pytest.approx(Geod(ellps="WGS84").inv(2, 1, 3, 1)[2], abs=100)


def test_link_shares_no_boundary() -> None:
    graph = make_graph("A.B")
    assert graph.lengths_m.tolist() == [0.0]


@pytest.mark.parametrize(("bridges", "links"), [([("a", "c")], [(0, 2, True)]), ([("a", "b")], [])])
def test_declared_bridges_tie_what_shares_no_boundary(
    bridges: list[tuple[str, str]], links: list[tuple[int, int, bool]]
):
    grounds = [box(at, 0, at + 1, 1) for at in range(3)]
    graph = build_graph("abc", grounds, [1, 1, 1], bridges=bridges)
    assert [(link.unit, link.to, link.is_declared) for link in graph.links] == links


def test_a_bridge_comes_before_what_is_nearest():
    grounds = [box(at, 0, at + 1, 1) for at in (0, 1, 5)]
    links = build_graph("abc", grounds, [1, 1, 1], bridges=[("a", "c")]).links
    assert [(link.unit, link.to, link.is_declared) for link in links] == [(0, 2, True)]


@pytest.mark.parametrize("bridge", [("a", "z"), ("b", "b"), ("", "a")])
def test_bridges_without_meaning_are_refused(bridge: tuple[str, str]):
    with pytest.raises(InvalidValue):
        build_graph("ab", [box(0, 0, 1, 1), box(1, 0, 2, 1)], [1, 1], bridges=[bridge])
