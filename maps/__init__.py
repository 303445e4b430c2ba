"""Draw the pictures of every subject as pages that need no network."""

from maps.assets import Assets, Delivery
from maps.branches import draw_branches
from maps.complaints import draw_density
from maps.dispute_overview import DisputePoint, draw_disputes
from maps.dispute_scenes import DisputeMark, DisputeScene, MarkKind, OptionDrawn, ShareDrawn
from maps.disputes import draw_dispute
from maps.findings import draw_findings
from maps.levels import draw_level
from maps.page import Page
from maps.plan_sheets import draw_plan_sheet
from maps.plans import draw_plan

__all__ = [
    "Assets",
    "Delivery",
    "DisputeMark",
    "DisputePoint",
    "DisputeScene",
    "MarkKind",
    "OptionDrawn",
    "Page",
    "ShareDrawn",
    "draw_branches",
    "draw_density",
    "draw_dispute",
    "draw_disputes",
    "draw_findings",
    "draw_level",
    "draw_plan",
    "draw_plan_sheet",
]
