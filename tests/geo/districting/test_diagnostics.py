"""Tell chains that agree from those that do not, and count what they know."""

from __future__ import annotations

import numpy as np
import pytest

from geo.districting import diagnose
from geo.districting.diagnostics import correlate


def draw(chains: int, steps: int, *, memory: float = 0.0) -> np.ndarray:
    """Draw chains each of whose values keeps a share of the one before."""
    dice = np.random.default_rng(3)
    values = dice.normal(size=(chains, steps))
    for step in range(1, steps):
        values[:, step] += memory * values[:, step - 1]
    return values


def test_independent_chains_are_trusted():
    found = diagnose(draw(4, 2000).tolist())
    assert found.rhat == pytest.approx(1, abs=0.005) and found.is_trusted
    assert found.effective_size == pytest.approx(8000, rel=0.1)


@pytest.mark.parametrize("memory", [0.3, 0.6, 0.9])
def test_memory_lowers_the_effective_size(memory: float):
    found = diagnose(draw(4, 8000, memory=memory).tolist())
    assert found.effective_size == pytest.approx(32_000 * (1 - memory) / (1 + memory), rel=0.2)


def test_error_of_the_mean_covers_the_truth():
    found = diagnose(draw(4, 8000, memory=0.8).tolist())
    assert found.error == pytest.approx(5 / np.sqrt(32_000), rel=0.25)
    assert abs(found.mean) < 4 * found.error


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_chains_apart_are_not_trusted(shift: float):
    values = draw(4, 500)
    values[0] += shift
    found = diagnose(values.tolist())
    assert found.rhat > 1.05 and not found.is_trusted


def test_a_chain_that_drifts_disagrees_with_itself():
    assert diagnose([np.linspace(0, 3, 500) + draw(1, 500)[0]]).rhat > 1.1


@pytest.mark.parametrize("values", [[[1.0] * 50] * 2, [[1.0, 2.0]], [[]]])
def test_nothing_is_said_of_what_does_not_vary(values: list[list[float]]):
    found = diagnose(values)
    assert (found.rhat, found.effective_size, found.is_trusted) == (None, None, False)


def test_longer_chains_are_cut():
    assert diagnose([[1.0, 2.0] * 10, [2.0, 1.0] * 9]).steps == 18


def test_autocovariance_is_that_of_the_definition():
    values = draw(1, 30)
    centred = values[0] - values.mean()
    expected = [float((centred[: 30 - lag] * centred[lag:]).sum() / 29) for lag in range(30)]
    assert correlate(values)[0] == pytest.approx(expected)
