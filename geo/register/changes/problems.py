"""Say why a change cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import ChangeRefused, Reason, because


@dataclass(frozen=True)
class ChangeProblem:
    """Name one rule that a change breaks, and the division that breaks it."""

    rule: str
    """The lasting name of the rule."""
    subject: str
    """The division, as the order names it, or its code; empty when the change as a whole is meant."""
    reason: Reason
    """Why, for people."""


def find_problem(rule: str, subject: str = "", **params: object) -> ChangeProblem:
    """Make a problem whose sentence stands under the rule's own name."""
    return ChangeProblem(rule, subject, because(f"change_{rule}", **params))


def refuse_change(*problems: ChangeProblem) -> ChangeRefused:
    """Make the error of a change that breaks rules."""
    return ChangeRefused(problems=problems, reasons=tuple(problem.reason for problem in problems))
