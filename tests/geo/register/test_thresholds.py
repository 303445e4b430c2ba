"""Check the thresholds of the law on real divisions, and what is said when a figure is missing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geo.register.packs import load_pack
from geo.register.thresholds import Outcome, Proposal, Verdict, check_proposal
from services.messages import say

IRAN = load_pack("ir").thresholds
MET, APPROVED, NOT_MET, UNKNOWN = Outcome.MET, Outcome.MET_WITH_APPROVAL, Outcome.NOT_MET, Outcome.UNKNOWN


def judge(level: str, people: float | None, *words: str, density: str | None = None, **figures: float) -> Verdict:
    known = figures | ({} if people is None else {"people": people})
    (verdict,) = check_proposal(IRAN, Proposal(level, "create", known, frozenset(words), density))
    return verdict


@pytest.fixture(scope="module")
def census(real_data: Path) -> dict[str, int]:
    """Count the people of each county, and of each province under two digits, in the census of 1395."""
    found: dict[str, int] = {}
    with (real_data / "iran" / "iran_2016_census_county.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["county_code"]] = int(row["total"])
            found[row["county_code"][:2]] = found.get(row["county_code"][:2], 0) + int(row["total"])
    return found


@pytest.mark.parametrize(
    ("level", "code", "words", "density", "outcome"),
    [
        # article 9: Ilam had 580,158 people, Yazd 1,138,533
        ("province", "16", (), None, NOT_MET),
        ("province", "21", (), None, MET),
        # article 7: Arak had 591,756 people, Ashtian 16,357
        ("county", "0001", (), "dense", MET),
        ("county", "0002", (), None, NOT_MET),
        # article 6: the island of Abu Musa had 7,402 people, Ashtian would do with the cabinet in a deprived area
        ("bakhsh", "2201", ("island",), None, APPROVED),
        ("bakhsh", "0002", ("deprived",), "medium", APPROVED),
        ("bakhsh", "0002", (), "medium", NOT_MET),
        ("bakhsh", "0001", (), "medium", MET),
        # article 4: Abu Musa is a city because it is the centre of its bakhsh
        ("city", "2201", (), None, NOT_MET),
        ("city", "2201", ("bakhsh_centre",), None, MET),
        ("city", "2201", ("eligible_village",), None, MET),
        # article 3: all of Abu Musa would be a dehestan where few live, not where many do
        ("dehestan", "2201", (), "sparse", MET),
        ("dehestan", "2201", (), "dense", NOT_MET),
        ("dehestan", "2201", (), None, UNKNOWN),
        # article 2
        ("village", "2201", ("farming",), None, MET),
        ("village", "2201", (), None, NOT_MET),
    ],
)
def test_real_divisions(
    census: dict[str, int], level: str, code: str, words: tuple[str, ...], density: str | None, outcome: Outcome
) -> None:
    assert judge(level, census[code], *words, density=density).outcome is outcome


@pytest.mark.parametrize(
    ("people", "words", "by"),
    [(12_000, ("border",), "cabinet"), (9_999, ("border",), "parliament"), (10_000, ("nomads",), "cabinet")],
)
def test_who_must_approve_depends_on_the_people(people: int, words: tuple[str, ...], by: str) -> None:
    verdict = judge("bakhsh", people, *words, density="medium")
    assert (verdict.outcome, verdict.way.approval) == (APPROVED, by)


@pytest.mark.parametrize(
    ("level", "people", "density", "missing"),
    [
        ("bakhsh", 25_000, None, ("density",)),
        ("bakhsh", None, "medium", ("people",)),
        ("bakhsh", None, None, ("density", "people")),
        ("county", 100_000, None, ("density",)),
        ("province", None, None, ("people",)),
    ],
)
def test_missing_figures_are_named(level: str, people: int | None, density: str | None, missing: tuple[str, ...]):
    verdict = judge(level, people, density=density)
    assert (verdict.outcome, verdict.missing) == (UNKNOWN, missing)


@pytest.mark.parametrize(("people", "outcome"), [(130_000, MET), (70_000, NOT_MET)])
def test_class_need_not_be_said_where_all_agree(people: int, outcome: Outcome) -> None:
    assert judge("county", people).outcome is outcome


def test_one_open_way_is_enough_whatever_else_is_missing() -> None:
    assert judge("village", 120, "farming").outcome is MET
    assert judge("village", None, "farming", households=20).outcome is MET


def test_edge_is_inside() -> None:
    assert judge("bakhsh", 20_000, density="medium").outcome is MET
    assert judge("bakhsh", 19_999, density="medium").outcome is NOT_MET


@pytest.mark.parametrize(
    ("words", "outcome"),
    [(("inside_limits", "governor_request"), MET), (("inside_limits",), NOT_MET), ((), NOT_MET)],
)
def test_annexation_needs_limits_and_the_governors_request(words: tuple[str, ...], outcome: Outcome) -> None:
    (verdict,) = check_proposal(IRAN, Proposal("city", "annex", {}, frozenset(words)))
    assert verdict.outcome is outcome


def test_kinds_that_need_not_heed_it_are_not_asked() -> None:
    assert check_proposal(IRAN, Proposal("bakhsh", "rename", {"people": 1})) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "not met: found 12000; the law asks people of at least 20000, medium density",
        ),
        ("fa", "احراز نشد: مقدار موجود 12000؛ قانون می‌خواهد: جمعیت حداقل 20000، تراکم متوسط"),
    ],
)
def test_verdict_is_said(language: str, text: str) -> None:
    sentence = judge("bakhsh", 12_000, density="medium").sentence
    assert say(f"reason.{sentence.key}", language, **dict(sentence.params)) == text


@pytest.mark.parametrize("country", ["af", "dz"])
def test_country_without_thresholds_asks_nothing(country: str) -> None:
    assert check_proposal(load_pack(country).thresholds, Proposal("province", "create", {"people": 1})) == ()
