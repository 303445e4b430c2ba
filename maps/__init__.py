"""Draw the pictures of every subject as pages that need no network."""

from maps.assets import Assets, Delivery
from maps.branches import draw_branches
from maps.complaints import draw_density
from maps.findings import draw_findings
from maps.page import Page
from maps.plans import draw_plan

__all__ = ["Assets", "Delivery", "Page", "draw_branches", "draw_density", "draw_findings", "draw_plan"]
