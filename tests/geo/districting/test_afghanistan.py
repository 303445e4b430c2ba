"""Draw plans over real districts of Afghanistan, where they are at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pyogrio
import pytest

from geo.districting import PlanRule, UnitGraph, build_graph, draw_districts, measure_plan


def load_province(folder: Path, province: str) -> UnitGraph:
    """Make the graph of a province's districts of 2018 with the people estimated for 2016/17."""
    with (folder / "afg_admin2_population.csv").open(encoding="utf-8") as file:
        people = {row["adm2_pcode"]: float(row["pop_16_17_399_CSO_OCHA"] or 0) for row in csv.DictReader(file)}
    units = pyogrio.read_dataframe(folder / "afg_cod_ab_2018.gpkg", layer="admin2")
    units = units[units.adm1_pcode == province].sort_values("adm2_pcode")
    codes = units.adm2_pcode.tolist()
    return build_graph(codes, units.geometry.tolist(), [int(people.get(code, 0)) for code in codes])


@pytest.mark.parametrize(
    ("province", "districts", "tolerance"),
    [("AF06", 4, 0.2), ("AF11", 5, 0.1), ("AF17", 4, 0.1), ("AF32", 2, 0.1)],
)
def test_plan_of_a_province(real_data: Path, province: str, districts: int, tolerance: float) -> None:
    graph = load_province(real_data / "afghanistan", province)
    plan = draw_districts(graph, PlanRule(districts, tolerance), seed=1)
    network = nx.Graph(graph.edges.tolist())
    assert measure_plan(plan).deviation <= tolerance
    for number in range(1, districts + 1):
        assert nx.is_connected(network.subgraph(np.flatnonzero(plan.districts == number).tolist()))
