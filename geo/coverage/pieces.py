"""Cut ground along the boundaries that run through it, so that each of some divisions has a piece whole or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from geo.coverage.accounts import Account
from geo.coverage.chains import Chain, join_chains, list_faces, make_chain, match_edges, number_edges
from geo.coverage.containment import Relation, Tract

Piece = tuple[Tract, frozenset[int]]
"""Ground, and which of the divisions have it."""


def cut_pieces(account: Account, divisions: Sequence[int], ground: Tract) -> Iterator[Piece]:
    """Cut ground into pieces that each division has whole or not at all."""
    relations = {key: account.relate(ground, key) for key in divisions}
    across = [key for key in divisions if relations[key] is Relation.ACROSS]
    held = {key for key in divisions if relations[key] is Relation.WITHIN}
    if not across:
        yield ground, frozenset(held)
        return
    for piece in _cut(ground, [account.find_tract(key).chain for key in across]):
        own = {key for key in across if account.relate(piece, key) is Relation.WITHIN}
        yield piece, frozenset(held | own)


def _cut(ground: Tract, borders: Sequence[Chain]) -> Iterator[Tract]:
    """Cut ground along the edges of borders inside it."""
    inner = join_chains([border.select(border.find_near(ground.chain)) for border in borders])
    lone = inner.select(match_edges(inner, ground.chain).lone)
    inside = _keep_first(lone.select(ground.covers(lone)))
    for face in list_faces(join_chains([ground.chain, inside])):
        # A hole of the ground is a face too, on the wrong side of its border.
        if not match_edges(make_chain(face), ground.chain).against.any():
            yield Tract(face)


def _keep_first(chain: Chain) -> Chain:
    """Keep of edges that several borders have the first, in whichever direction."""
    ends = np.sort(np.stack(number_edges([chain]), axis=1), axis=1)
    return chain.select(np.sort(np.unique(ends, axis=0, return_index=True)[1]))
