"""Check that an answer is certified only when its areas balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely import box

from geo.coverage import Balance
from geo.coverage.cover import Cover
from geo.coverage.examination import NO_FACES, examine, join_balances
from geo.coverage.faces import Faces

CROSSED = np.array([box(0, 0, 2, 2), box(1, 1, 3, 3)], dtype=object)


class Forgetful(Cover):
    """Count ground that is not there."""

    def find_difference(self, faces: Faces, areas: np.ndarray) -> float:
        """Add one to the difference."""
        return super().find_difference(faces, areas) + 1


def test_areas_of_faces_and_polygons_balance() -> None:
    balance = examine(Cover(CROSSED), floor=1e-9).balance
    assert balance.is_certain
    assert balance.polygons == 8
    assert (balance.faces, balance.residual_edges) == (3, 8)


def test_imbalance_is_not_certified() -> None:
    assert not examine(Forgetful(CROSSED), floor=1e-9).balance.is_certain


def test_keys_that_collide_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    monkeypatch.setattr("geo.coverage.examination.is_closed", lambda *_: len(seeds) > 1)
    monkeypatch.setattr(Cover, "list_layers", _spy(Cover.list_layers, seeds))
    assert examine(Cover(CROSSED), floor=1e-9).balance.is_closed
    assert len(set(seeds)) == 2


def test_keys_that_always_collide_are_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.coverage.examination.is_closed", lambda *_: False)
    assert not examine(Cover(CROSSED), floor=1e-9).balance.is_certain


def _spy(method, seeds):
    def listen(self, seed):
        seeds.append(seed)
        return method(self, seed)

    return listen


@pytest.mark.parametrize(
    "fault", [{"difference": 2.0}, {"is_closed": False}, {"undecided": 1}], ids=["areas", "loose ends", "undecided"]
)
def test_one_uncertain_examination_makes_the_whole_uncertain(fault: dict[str, float]) -> None:
    sure = Balance(polygons=1.0, allowed=1.0)
    assert join_balances([sure, sure], undecided=0).is_certain
    assert not join_balances([sure, replace(sure, **fault)], undecided=0).is_certain  # type: ignore[arg-type]


def test_nothing_encloses_nothing() -> None:
    assert NO_FACES.count == 0
