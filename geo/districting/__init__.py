"""Gather units into districts of equal people: the graph of units, the rule, first plans, searched and sampled ones."""

from geo.districting.aims import AIMS, Aim, PlanTask, parse_aims
from geo.districting.bound import bound_cuts
from geo.districting.certificates import check_pockets
from geo.districting.comparison import Comparison, Flow, compare_plans
from geo.districting.conditions import Conditions, check_conditions, join_units
from geo.districting.diagnostics import Diagnosis, diagnose
from geo.districting.edits import Broken, list_broken, move_units
from geo.districting.ensemble import CITATIONS, Standing, list_measures, place_plan
from geo.districting.enumeration import TooMany, list_plans
from geo.districting.graph import Link, UnitGraph, build_graph
from geo.districting.measures import PlanMeasures, measure_plan
from geo.districting.optimum import optimise_plan
from geo.districting.plain import parse_graph
from geo.districting.plan import DistrictPlan, PlanRule, check_rule
from geo.districting.recombination import Pairing
from geo.districting.sampling import Chain, Sample, Sampling, find_pairing, read_plan, sample_plans
from geo.districting.shapes import DistrictShape, measure_reach, measure_shapes
from geo.districting.solution import PlanStatus, Solution, count_cuts, solve_plan
from geo.districting.split import draw_districts
from geo.districting.splits import LevelSplits, measure_splits
from geo.districting.votes import VoteMeasures, measure_votes

__all__ = [
    "AIMS",
    "CITATIONS",
    "Aim",
    "Broken",
    "Chain",
    "Comparison",
    "Conditions",
    "Diagnosis",
    "DistrictPlan",
    "DistrictShape",
    "Flow",
    "LevelSplits",
    "Link",
    "Pairing",
    "PlanMeasures",
    "PlanRule",
    "PlanStatus",
    "PlanTask",
    "Sample",
    "Sampling",
    "Solution",
    "Standing",
    "TooMany",
    "UnitGraph",
    "VoteMeasures",
    "bound_cuts",
    "build_graph",
    "check_conditions",
    "check_pockets",
    "check_rule",
    "compare_plans",
    "count_cuts",
    "diagnose",
    "draw_districts",
    "find_pairing",
    "join_units",
    "list_broken",
    "list_measures",
    "list_plans",
    "measure_plan",
    "measure_reach",
    "measure_shapes",
    "measure_splits",
    "measure_votes",
    "move_units",
    "optimise_plan",
    "parse_aims",
    "parse_graph",
    "place_plan",
    "read_plan",
    "sample_plans",
    "solve_plan",
]
