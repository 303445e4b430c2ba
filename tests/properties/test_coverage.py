"""Hold the audit against brute force on random degenerate layers: shared, crossing, touching and repeated edges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.coverage import Audit, Parents, audit_coverage

SIDE = 5
GROUND = ("overlap", "twin", "gap")
LEAST = 1e-10

corners = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
cells = st.frozensets(st.tuples(st.integers(0, SIDE - 1), st.integers(0, SIDE - 1)), min_size=1, max_size=12)


def is_ground(shape: Polygon) -> bool:
    return shape.is_valid and shape.area > 0


rings = st.lists(corners, min_size=3, max_size=6, unique=True).map(Polygon).filter(is_ground)
blocks = cells.map(lambda chosen: shapely.union_all([box(x, y, x + 1, y + 1) for x, y in sorted(chosen)]))
bare_blocks = blocks.map(lambda shape: shapely.simplify(shape, 0))
shapes = st.one_of(rings, blocks, bare_blocks)
scattered = st.lists(shapes, min_size=1, max_size=6)


@st.composite
def partitions(draw: st.DrawFn) -> list[BaseGeometry]:
    """Deal the cells of a grid to divisions, some of which lose the vertices where they run straight."""
    owners = draw(st.lists(st.integers(0, 3), min_size=SIDE * SIDE, max_size=SIDE * SIDE))
    dealt: dict[int, list[BaseGeometry]] = defaultdict(list)
    for place, owner in enumerate(owners):
        dealt[owner].append(box(place % SIDE, place // SIDE, place % SIDE + 1, place // SIDE + 1))
    whole = [shapely.union_all(dealt[owner]) for owner in sorted(dealt)]
    return [shapely.simplify(shape, 0) if draw(st.booleans()) else shape for shape in whole]


layers = st.one_of(scattered, partitions(), st.tuples(partitions(), scattered).map(lambda two: two[0] + two[1]))


def audit(layer: list[BaseGeometry]) -> Audit:
    return audit_coverage(layer, [str(row) for row in range(len(layer))])


def list_faces(layer: Iterable[BaseGeometry]) -> dict[tuple[str, ...], list[BaseGeometry]]:
    """Node every edge of every polygon and ask every polygon about every face."""
    polygons = list(layer)
    faces: dict[tuple[str, ...], list[BaseGeometry]] = defaultdict(list)
    lines = shapely.get_parts(shapely.union_all(shapely.boundary(polygons)))
    for face in shapely.get_parts(shapely.polygonize(lines)):
        inside = face.representative_point()
        faces[tuple(str(row) for row, shape in enumerate(polygons) if shape.contains(inside))].append(face)
    return faces


def sum_found(layer: list[BaseGeometry]) -> tuple[Counter[tuple[str, ...]], dict[tuple[str, ...], float]]:
    pieces: Counter[tuple[str, ...]] = Counter()
    areas: dict[tuple[str, ...], float] = defaultdict(float)
    for finding in audit(layer).findings:
        if finding.kind in GROUND and finding.geometry is not None:
            owners = () if finding.kind == "gap" else finding.divisions
            pieces[owners] += shapely.get_num_geometries(finding.geometry)
            areas[owners] += finding.geometry.area
    return pieces, areas


@settings(max_examples=150, deadline=None)
@given(layers)
def test_faces_are_those_of_brute_force(layer: list[BaseGeometry]) -> None:
    pieces, areas = sum_found(layer)
    wanted = {
        owners: [part for part in shapely.get_parts(shapely.union_all(faces)) if part.area > LEAST]
        for owners, faces in list_faces(layer).items()
        if len(owners) != 1
    }
    assert pieces == {owners: len(parts) for owners, parts in wanted.items() if parts}
    assert areas == pytest.approx(
        {owners: sum(part.area for part in parts) for owners, parts in wanted.items() if parts}
    )


@settings(max_examples=100, deadline=None)
@given(layers)
def test_pairs_share_what_their_intersection_covers(layer: list[BaseGeometry]) -> None:
    _, areas = sum_found(layer)
    for left, right in combinations(range(len(layer)), 2):
        found = sum(area for owners, area in areas.items() if {str(left), str(right)} <= set(owners))
        assert found == pytest.approx(layer[left].intersection(layer[right]).area, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(layers)
def test_answer_is_certified(layer: list[BaseGeometry]) -> None:
    assert audit(layer).certified


@settings(max_examples=60, deadline=None)
@given(layers, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(layer: list[BaseGeometry], chance: object) -> None:
    rows = [(shape, str(row)) for row, shape in enumerate(layer)]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    shuffled = audit_coverage([shape for shape, _ in rows], [key for _, key in rows])
    assert shuffled.findings == audit(layer).findings


@settings(max_examples=60, deadline=None)
@given(layers)
def test_unmatched_vertices_are_those_of_brute_force(layer: list[BaseGeometry]) -> None:
    findings = audit(layer).findings
    reported = shapely.union_all([finding.geometry for finding in findings if finding.kind in GROUND])
    vertices = [{tuple(spot) for spot in shapely.get_coordinates(shape).tolist()} for shape in layer]
    wanted = {
        spot
        for mine, other in ((mine, other) for mine in range(len(layer)) for other in range(len(layer)) if mine != other)
        for spot in vertices[mine] - vertices[other]
        if layer[other].boundary.distance(shapely.Point(spot)) < LEAST and reported.disjoint(shapely.Point(spot))
    }
    assert {finding.point for finding in findings if finding.kind == "unmatched_vertex"} == wanted


@settings(max_examples=100, deadline=None)
@given(layers, scattered, st.data())
def test_misfits_are_those_of_brute_force(
    children: list[BaseGeometry], above: list[BaseGeometry], data: st.DataObject
) -> None:
    rows = st.integers(0, len(above) - 1)
    parent = data.draw(st.lists(rows, min_size=len(children), max_size=len(children)))
    keys = [f"parent {row}" for row in range(len(above))]
    found = audit_coverage(
        children,
        [f"child {row}" for row in range(len(children))],
        parents=Parents(keys, above, [keys[row] for row in parent]),
    )
    wanted = {f"child {row}": shape.difference(above[parent[row]]).area for row, shape in enumerate(children)}
    for row, shape in enumerate(above):
        own = [child for child, place in zip(children, parent, strict=True) if place == row]
        wanted[keys[row]] = shape.difference(shapely.union_all(np.array(own, dtype=object))).area
    areas = {
        str(finding.detail.get("child") or finding.detail["parent"]): finding.geometry.area
        for finding in found.findings
        if finding.kind == "misfit" and finding.geometry is not None
    }
    assert found.certified
    assert areas == pytest.approx({key: area for key, area in wanted.items() if area > LEAST})
