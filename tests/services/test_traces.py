"""Test that traces tell kinds and places, and no values."""

from __future__ import annotations

from services.traces import describe_trace


def raise_chain() -> None:
    try:
        raise KeyError("secret")
    except KeyError as error:
        raise ValueError("secret") from error


def catch(raising) -> Exception:
    try:
        raising()
    except ValueError as error:
        return error
    raise AssertionError


def test_trace_follows_causes_without_values():
    told = describe_trace(catch(raise_chain))
    assert told.startswith("builtins.ValueError at") and "<- builtins.KeyError at" in told
    assert "test_traces.py" in told and "secret" not in told


def test_error_that_is_its_own_cause_is_told_once():
    error = catch(raise_chain)
    error.__cause__ = error
    assert describe_trace(error).count("ValueError") == 1
