"""Lay a graph of units out for kernels: neighbours side by side in flat arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.districting.graph import Integers, UnitGraph

Narrow = NDArray[np.int32]


class Network(NamedTuple):
    """Hold a graph in compressed rows: the neighbours of a unit stand from its start to the start of the next."""

    starts: Narrow
    """Where the neighbours of each unit begin; one more than there are units."""
    neighbours: Narrow
    """The neighbours, unit after unit."""
    edge_of: Narrow
    """The edge that leads to each neighbour."""
    first: Narrow
    """One end of each edge."""
    second: Narrow
    """The other end."""
    people: Integers
    """The people of each unit."""


def build_network(graph: UnitGraph) -> Network:
    """Lay a graph out; the neighbours of a unit come in the order of the edges."""
    size, count = len(graph.keys), len(graph.edges)
    sources = np.concatenate([graph.edges[:, 0], graph.edges[:, 1]])
    targets = np.concatenate([graph.edges[:, 1], graph.edges[:, 0]])
    edge_of = np.tile(np.arange(count), 2)
    order = np.lexsort((edge_of, sources))
    starts = np.concatenate([[0], np.cumsum(np.bincount(sources, minlength=size))])
    return Network(
        narrow(starts),
        narrow(targets[order]),
        narrow(edge_of[order]),
        narrow(graph.edges[:, 0]),
        narrow(graph.edges[:, 1]),
        graph.people.astype(np.int64),
    )


def narrow(row: Integers) -> Narrow:
    """Copy numbers into half the room."""
    return np.ascontiguousarray(row, dtype=np.int32)
