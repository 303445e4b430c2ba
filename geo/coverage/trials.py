"""Hold the edges that families have gained and lost against each other: in each of them all must be answered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.coverage.chains import Chain, join_chains
from geo.coverage.edges import Ints, hash_vertices
from geo.errors import GroundNotExact, because

_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass
class Trial:
    """Collect edges, each with its family and how often it counts."""

    families: dict[int | None, int] = field(default_factory=dict)
    """The families, numbered."""
    chains: list[Chain] = field(default_factory=list)
    """The edges."""
    weights: list[tuple[int, int]] = field(default_factory=list)
    """For each chain the number of its family, and 1 or -1."""

    def add(self, family: int | None, chain: Chain, sign: int) -> None:
        """Add edges to a family, or take them away."""
        self.chains.append(chain)
        self.weights.append((self.families.setdefault(family, len(self.families)), sign))

    def check(self) -> None:
        """Refuse an edge that no other of its family answers."""
        left = self._find_left()
        if len(left):
            keys = {number: family for family, number in self.families.items()}
            broken = tuple(key for number in left.tolist() if (key := keys[number]) is not None)
            raise GroundNotExact(reason=because("ground_tiling"), divisions=broken)

    def _find_left(self) -> Ints:
        """Find the families with edges that are left over."""
        sizes = [chain.size for chain in self.chains]
        number, sign = np.repeat(np.array(self.weights, dtype=np.int64).reshape(-1, 2), sizes, axis=0).T
        whole = join_chains(self.chains)
        tail, head = hash_vertices(whole.tail), hash_vertices(whole.head)
        low, high = np.minimum(tail, head), np.maximum(tail, head)
        key = (
            (low ^ (high >> np.uint64(1))) * _ODD
            + high
            + (number.astype(np.uint64) + np.uint64(1)) * (_ODD >> np.uint64(7))
        )
        edge, place = np.unique(key, return_inverse=True)
        net = np.zeros(len(edge), dtype=np.int64)
        np.add.at(net, place.reshape(-1), np.where(tail < head, sign, -sign))
        return np.unique(number[net[place.reshape(-1)] != 0])
