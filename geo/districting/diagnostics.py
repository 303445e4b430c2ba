"""Say whether chains have run long enough to be believed (Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from geo.districting.graph import Floats

FEWEST = 8
"""A chain with fewer steps says nothing about itself."""

GOOD_RHAT, GOOD_SIZE = 1.01, 400
"""The largest R-hat and the smallest effective sample size at which chains are commonly believed."""


@dataclass(frozen=True)
class Diagnosis:
    """Say how far chains agree about one measure, and how much they know."""

    chains: int
    """How many chains there are."""
    steps: int
    """How many steps of each were looked at."""
    mean: float
    """The mean of the measure over all of them."""
    error: float | None
    """The standard error of that mean; None where there are too few steps."""
    rhat: float | None
    """How much wider all chains spread together than each by itself: 1 where they agree; None where nothing varies."""
    effective_size: float | None
    """How many independent samples would know as much; None where nothing varies."""

    @property
    def is_trusted(self) -> bool:
        """Say whether the chains agree and know enough."""
        if self.rhat is None or self.effective_size is None:
            return False
        return self.rhat <= GOOD_RHAT and self.effective_size >= GOOD_SIZE


def diagnose(chains: Sequence[Sequence[float]]) -> Diagnosis:
    """Diagnose chains of one measure; longer ones are cut to the shortest.

    R-hat is that of rank-normalised halves, the effective size that of the bulk.

    >>> diagnose([[1.0, 2.0] * 8, [2.0, 1.0] * 8]).rhat < 1.1
    True
    """
    steps = min((len(chain) for chain in chains), default=0)
    values = np.array([list(chain)[:steps] for chain in chains], dtype=np.float64)
    mean = float(values.mean()) if values.size else float("nan")
    if steps < FEWEST or np.ptp(values) == 0:
        return Diagnosis(len(chains), steps, mean, None, None, None)
    halves = split_chains(values)
    ranks = normalise_ranks(halves)
    error = float(values.std(ddof=1) / np.sqrt(measure_size(halves)))
    return Diagnosis(len(chains), steps, mean, error, measure_rhat(ranks), measure_size(ranks))


def split_chains(values: Floats) -> Floats:
    """Cut each chain in two halves, so that one that drifts disagrees with itself."""
    half = values.shape[1] // 2
    return np.concatenate([values[:, :half], values[:, -half:]])


def normalise_ranks(values: Floats) -> Floats:
    """Replace each value by the normal deviate of its rank among all."""
    ranks = rankdata(values, method="average").reshape(values.shape)
    scores: Floats = ndtri((ranks - 0.375) / (values.size + 0.25))
    return scores


def measure_rhat(values: Floats) -> float | None:
    """Compare the variance of all chains with that inside each."""
    steps = values.shape[1]
    inside = values.var(axis=1, ddof=1).mean()
    between = values.mean(axis=1).var(ddof=1) if len(values) > 1 else 0.0
    if inside == 0:
        return None
    return float(np.sqrt(((steps - 1) / steps * inside + between) / inside))


def measure_size(values: Floats) -> float:
    """Count the independent samples that would know as much, by autocorrelations until their pairs turn negative."""
    count, steps = values.shape
    inside = values.var(axis=1, ddof=1).mean()
    if inside == 0:
        return 1.0
    between = values.mean(axis=1).var(ddof=1) if count > 1 else 0.0
    whole = (steps - 1) / steps * inside + between
    shares = 1 - (inside - correlate(values).mean(axis=0)) / whole
    shares[0] = 1.0
    pairs = shares[: steps // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    kept = np.minimum.accumulate(pairs[: ends[0] if len(ends) else len(pairs)])
    spread = max(2 * float(kept.sum()) - 1, 1 / np.log10(count * steps))
    return float(count * steps / spread)


def correlate(values: Floats) -> Floats:
    """Give the autocovariance of each chain at every lag, by Fourier transform."""
    steps = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    size = 1 << (2 * steps - 1).bit_length()
    spectrum = np.fft.rfft(centred, size, axis=1)
    found: Floats = np.fft.irfft(spectrum * spectrum.conj(), size, axis=1)[:, :steps] / (steps - 1)
    return found
