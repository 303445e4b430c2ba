"""Bring in the kinds of jobs of every subject, for whoever queues or does them."""

import services.boundaries.audits
import services.elections.plan_jobs

__all__ = ["services"]
