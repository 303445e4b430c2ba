"""Make the register and the questions of the benchmark of the search: generated, or the official list of Iran."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fixtures.names import invent_regions, invent_settlements
from geo.register.names import search_key
from geo.register.packs import load_pack
from geo.register.slips import MOST_LETTERS

SIZES = {"province": 31, "county": 429, "bakhsh": 1_057, "dehestan": 2_637, "village": 98_100}
"""How many divisions each level has; places as many as the official list of Iran."""

KINDS = ("letters", "non_joiner", "digits", "typo", "no_spaces", "parent")
"""How a variant is made."""

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
"""What a slip puts into a name."""


@dataclass(frozen=True)
class Unit:
    """Hold one division."""

    id: int
    """Its number."""
    code: str
    """Its code."""
    level: str
    """Its level."""
    parent: int | None
    """The division above."""
    name: str
    """Its name."""


@dataclass(frozen=True)
class Variant:
    """Hold one question and what it means."""

    kind: str
    """How it was made."""
    asked: str
    """What is typed."""
    key: str
    """The search key of the name meant."""
    county: str
    """The name of the county meant; empty where the question names none."""


def generate_units(dice: np.random.Generator) -> list[Unit]:
    """Generate the divisions of a nation; those of a level are shared evenly among those above."""
    units: list[Unit] = []
    above: list[int] = []
    for level, count in SIZES.items():
        names = invent_regions(count, dice) if level == "province" else invent_names(count, dice)
        first = len(units) + 1
        for at, name in enumerate(names.tolist()):
            parent = above[at * len(above) // count] if above else None
            units.append(Unit(first + at, str(first + at), level, parent, name))
        above = list(range(first, first + count))
    return units


def invent_names(count: int, dice: np.random.Generator) -> NDArray[np.str_]:
    """Name settlements: one in three by the common words, the others by syllables, so that they are rare."""
    onsets = list("بپتجچخدرزسشغفقکگلمنه")
    syllables = [onset + rest for onset in onsets for rest in ("ا", "ی", "و", "ر", "ان", "ار", "ن", "ل")]
    first, second, third = (dice.choice(syllables, count) for _ in range(3))
    coined = np.strings.add(np.strings.add(first, second), np.where(dice.random(count) < 0.6, third, ""))
    ending = dice.choice(["", "", "", " بالا", " پایین", "\u200cآباد", " کوچک", "ه"], count)
    rare = np.strings.add(coined, ending)
    return np.where(dice.random(count) < 0.33, invent_settlements(count, dice), rare)


def read_units(folder: Path) -> list[Unit]:
    """Read the divisions and places of the official list of Iran of 1399."""
    pack, ids, units = load_pack("ir"), {"IR": 0}, list[Unit]()
    with (folder / "iran_divisions_1399.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["code"], row["level"], row["parent_code"], row["name_fa"]) for row in csv.DictReader(file)]
    places = pq.read_table(folder / "iran_abadi_1399.parquet", columns=["code", "dehestan_code", "name_fa"])
    rows += [(row["code"], "village", row["dehestan_code"], row["name_fa"]) for row in places.to_pylist()]
    for code, word, parent, name in rows:
        level = pack.find_level(word)
        if code and name and level and parent in ids:
            ids[code] = len(units) + 1
            units.append(Unit(ids[code], code, level.key, ids[parent] or None, name))
    return units


def thin_units(units: Sequence[Unit], share: int) -> list[Unit]:
    """Keep one place of so many, and all that places stand in."""
    return [unit for unit in units if unit.level != "village" or unit.id % share == 0]


def draw_variants(units: Sequence[Unit], count: int, dice: np.random.Generator) -> list[Variant]:
    """Draw places and spell each otherwise."""
    by_id = {unit.id: unit for unit in units}
    places = [unit for unit in units if unit.level == "village"]
    variants = []
    for number, at in enumerate(dice.integers(0, len(places), count).tolist()):
        kind, place = KINDS[number % len(KINDS)], places[at]
        county = by_id[by_id[by_id[place.parent or 0].parent or 0].parent or 0].name if kind == "parent" else ""
        variants.append(Variant(kind, spell(place.name, kind, county, dice), search_key(place.name), county))
    return variants


def spell(name: str, kind: str, county: str, dice: np.random.Generator) -> str:
    """Spell a name as somebody in a hurry or at another keyboard does."""
    changes: dict[str, Callable[[], str]] = {
        "letters": lambda: name.translate(str.maketrans("یکآ", "يكا")),
        "non_joiner": lambda: name.replace("\u200c", " ") if "\u200c" in name else name.replace("آباد", "\u200cآباد"),
        "digits": lambda: name.translate(str.maketrans("0123456789۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩" * 2)),
        "typo": lambda: slip(name, dice),
        "no_spaces": lambda: name.replace(" ", "").replace("\u200c", ""),
        "parent": lambda: f"{name}{dice.choice(['، شهرستان ', '، ', ' '])}{county}",
    }
    return changes[kind]()


def slip(name: str, dice: np.random.Generator) -> str:
    """Drop, double, change or exchange one letter after the first."""
    at = int(dice.integers(1, max(2, min(len(name), MOST_LETTERS) - 1)))
    letter = str(dice.choice(list(LETTERS)))
    ends = (
        name[at + 1 :],
        letter + name[at:],
        letter + name[at + 1 :],
        name[at + 1 : at + 2] + name[at] + name[at + 2 :] if at < len(name) else letter,
    )
    return name[:at] + ends[int(dice.integers(0, 4))]
