"""Keep why a job failed as rule and parameters, and say it again in any language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.errors import Reason, TaqsimatError, because
from geo.register.translations import Names
from services.messages import say

UNFORESEEN: Mapping[str, Any] = {"rule": "unforeseen", "params": {}}
"""What is kept of a mistake of ours; where it happened is in the log alone."""

ABANDONED: Mapping[str, Any] = {"rule": "abandoned", "params": {}}
"""What is kept of a job whose workers died again and again."""

OWN = frozenset({"unforeseen", "abandoned"})
"""The rules that no error has."""


def to_problem(error: TaqsimatError) -> dict[str, Any]:
    """Write an error as what JSON can hold."""
    return {"rule": error.rule, "params": {name: _to_plain(value) for name, value in sorted(error.params.items())}}


def _to_plain(value: object) -> Any:  # noqa: ANN401 - JSON is any of several types
    if isinstance(value, Reason):
        return {"reason": value.key, "params": {name: _to_plain(item) for name, item in value.params}}
    if isinstance(value, Names):
        return value.choose("en")
    if isinstance(value, (list, tuple)):
        return [_to_plain(item) for item in value]
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)


def explain_problem(problem: Mapping[str, Any], language: str) -> str:
    """Write the sentence of a kept problem."""
    params = {name: _to_value(value) for name, value in problem["params"].items()}
    front = "job_problem" if problem["rule"] in OWN else "error"
    return say(f"{front}.{problem['rule']}", language, **params)


def _to_value(value: object) -> object:
    if isinstance(value, dict) and "reason" in value:
        return because(value["reason"], **{name: _to_value(item) for name, item in value["params"].items()})
    return [_to_value(item) for item in value] if isinstance(value, list) else value
