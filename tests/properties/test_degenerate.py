"""Hold the audit against brute force in exact fractions on degenerate layers: an answer is right, or says it is unsure.

The suite looks at some hundred layers; `TAQSIMAT_DEGENERATE_LAYERS=10000` asks for more.
"""

from __future__ import annotations

import os

import pytest
from shapely import box

from fixtures.degenerate import SPOILERS, draw_layer
from fixtures.degenerate_verdicts import Judgement, Verdict, audit_layer, judge_layer
from geo.coverage import Audit

LAYERS = int(os.environ.get("TAQSIMAT_DEGENERATE_LAYERS", "240"))
BATCHES = 8


def judge(seed: int) -> Judgement:
    layer = draw_layer(seed)
    return judge_layer(layer, audit_layer(layer))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_answer_is_wrong_in_silence(batch: int) -> None:
    seeds = range(batch, LAYERS, BATCHES)
    assert {seed: found.wrong for seed in seeds if (found := judge(seed)).verdict is Verdict.SILENT} == {}


@pytest.mark.parametrize("batch", range(2))
def test_only_what_nobody_can_read_forbids_the_certificate(batch: int) -> None:
    seeds = range(batch, LAYERS // 4, 2)
    assert [seed for seed in seeds if (found := judge(seed)).verdict is Verdict.CAUGHT and not found.is_due] == []


def test_layers_are_the_same_for_a_seed() -> None:
    one, other = draw_layer(11), draw_layer(11)
    assert (one.shapes, one.parent_of, one.spoilt) == (other.shapes, other.parent_of, other.spoilt)


def test_everything_that_can_be_done_is_done() -> None:
    assert {name for seed in range(200) for name in draw_layer(seed).spoilt} == set(SPOILERS)


def test_judge_sees_what_is_missing() -> None:
    layer = draw_layer(0)
    layer.shapes = [box(0, 0, 1, 1), box(0.5, 0, 2, 1)]
    layer.parents, layer.parent_of = None, []
    assert judge_layer(layer, audit_layer(layer)).verdict is Verdict.EXACT
    assert judge_layer(layer, Audit(True, (), 2, 10)).verdict is Verdict.SILENT


def test_judge_sees_a_gap_that_is_missing() -> None:
    layer = draw_layer(0)
    layer.shapes = [box(0, 0, 3, 3).difference(box(1, 1, 2, 2))]
    layer.parents, layer.parent_of = None, []
    assert judge_layer(layer, Audit(True, (), 1, 10)).wrong == ("gap: 0.000e+00, not 1.000e+00 to 1.000e+00",)
