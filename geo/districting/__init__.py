"""Gather units into districts of equal people: the graph of units, the rule, the plan and its measures."""

from geo.districting.graph import Link, UnitGraph, build_graph
from geo.districting.measures import PlanMeasures, measure_plan
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.districting.split import draw_districts

__all__ = [
    "DistrictPlan",
    "Link",
    "PlanMeasures",
    "PlanRule",
    "UnitGraph",
    "build_graph",
    "check_rule",
    "draw_districts",
    "measure_plan",
]
