"""Gather units into districts of equal people: the graph of units, the rule, first plans, searched and sampled ones."""

from geo.districting.bound import bound_cuts
from geo.districting.certificates import check_pockets
from geo.districting.enumeration import TooMany, list_plans
from geo.districting.graph import Link, UnitGraph, build_graph
from geo.districting.measures import PlanMeasures, measure_plan
from geo.districting.plain import parse_graph
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.districting.recombination import Pairing
from geo.districting.sampling import Sample, Sampling, find_pairing, sample_plans
from geo.districting.solution import PlanStatus, Solution, count_cuts, solve_plan
from geo.districting.split import draw_districts

__all__ = [
    "DistrictPlan",
    "Link",
    "Pairing",
    "PlanMeasures",
    "PlanRule",
    "PlanStatus",
    "Sample",
    "Sampling",
    "Solution",
    "TooMany",
    "UnitGraph",
    "bound_cuts",
    "build_graph",
    "check_pockets",
    "check_rule",
    "count_cuts",
    "draw_districts",
    "find_pairing",
    "list_plans",
    "measure_plan",
    "parse_graph",
    "sample_plans",
    "solve_plan",
]
