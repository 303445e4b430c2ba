"""Time the search by name on a register of national size, beside pg_trgm alone and rapidfuzz alone, in one run.

    python -m benchmarks.search [--variants 2000] [--json]

Names are generated: many repeated, as in real registers, most rare. Each variant is spelt otherwise than its name.
An answer is right when the first hit has the name meant and, where the question says so, lies in the county meant.
CPU is that of this process and of the database's, added up by the query.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from fixtures.names import invent_regions, invent_settlements
from geo.register.names import search_key
from geo.register.search import ARABIC_LETTERS
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.queries import RegisterState, get_register
from services.register.search import search_names
from services.tables.register import Register

SIZES = {"province": 31, "county": 429, "bakhsh": 1_057, "dehestan": 2_637, "village": 98_100}
"""How many divisions each level has; places as many as the official list of Iran."""

DAY = date(2026, 1, 1)
KINDS = ("letters", "non_joiner", "digits", "typo", "no_spaces", "parent")
"""How a variant is made."""

PEER_SHARE = 19
"""Of so many variants the peers are asked one, for they are slow; no multiple of the number of kinds."""


@dataclass(frozen=True)
class Unit:
    """Hold one generated division."""

    id: int
    """Its number, which is also its code."""
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


@dataclass(frozen=True)
class Outcome:
    """Hold how one way to search did."""

    recall: dict[str, float]
    """The share of right first hits by kind of variant, and of all."""
    p50_ms: float
    """CPU of the median query."""
    p99_ms: float
    """CPU of the dearest query in a hundred."""
    queries: int
    """How many were asked."""


def generate_units(dice: np.random.Generator) -> list[Unit]:
    """Generate the divisions of a nation; those of a level are shared evenly among those above."""
    units: list[Unit] = []
    above: list[int] = []
    for level, count in SIZES.items():
        names = invent_regions(count, dice) if level == "province" else invent_names(count, dice)
        first = len(units) + 1
        for at, name in enumerate(names.tolist()):
            units.append(Unit(first + at, level, above[at * len(above) // count] if above else None, name))
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


def fill_store(engine: Engine, units: Sequence[Unit]) -> RegisterState:
    """Copy the divisions into a fresh store."""
    with open_session(engine) as session:
        session.execute(insert(Register).values(name="ir", country="ir"))
        register = get_register(session, "ir")
    rows: dict[str, list[tuple[object, ...]]] = {
        "division (id, register_id)": [(u.id, register.id) for u in units],
        "standing (division_id, level, parent_id, valid)": [(u.id, u.level, u.parent, "(,)") for u in units],
        "code (register_id, division_id, scheme, version, code, valid)": [
            (register.id, u.id, "sci", "1399", str(u.id), "(,)") for u in units
        ],
        "name (division_id, language, text, key, valid)": [
            (u.id, "fa", u.name, search_key(u.name), "(,)") for u in units
        ],
    }
    with connect(engine) as connection:
        cursor = connection.connection.cursor()
        for table, values in rows.items():
            with cursor.copy(f"copy {table} from stdin") as copy:
                for row in values:
                    copy.write_row(row)
        for table in ("division", "standing", "code", "name"):
            connection.execute(text(f"analyze {table}"))
    return register


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
    at = int(dice.integers(1, max(2, len(name) - 1)))
    letter = str(dice.choice(list(ARABIC_LETTERS[:32])))
    ends = (
        name[at + 1 :],
        letter + name[at:],
        letter + name[at + 1 :],
        name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    )
    return name[:at] + ends[int(dice.integers(0, 4))]


def read_ticks(pid: int) -> float:
    """Read the CPU seconds of a process, to the nanosecond where the kernel tells."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def measure(variants: Sequence[Variant], ask: Callable[[Variant], bool], pids: Sequence[int]) -> Outcome:
    """Ask every variant and add up what it took."""
    right: dict[str, list[bool]] = {}
    spent = []
    for variant in variants:
        start = time.process_time() + sum(map(read_ticks, pids))
        found = ask(variant)
        spent.append(time.process_time() + sum(map(read_ticks, pids)) - start)
        right.setdefault(variant.kind, []).append(found)
    recall = {kind: float(np.mean(found)) for kind, found in sorted(right.items())}
    recall["all"] = float(np.mean([one for found in right.values() for one in found]))
    p50, p99 = np.percentile(np.array(spent) * 1000, [50, 99])
    return Outcome(recall, float(p50), float(p99), len(variants))


def ask_search(session: Session, register: RegisterState) -> Callable[[Variant], bool]:
    """Ask the search by name."""

    def ask(variant: Variant) -> bool:
        hits = search_names(session, register, variant.asked, day=DAY).hits
        if not hits or search_key(hits[0].division.name_in("fa")) != variant.key:
            return False
        return not variant.county or variant.county in [one.name_in("fa") for one in hits[0].chain]

    return ask


def ask_trgm(session: Session) -> Callable[[Variant], bool]:
    """Ask the database for the name with most letter triples in common; it knows nothing of parents."""
    query = text("select key from name where key % :key order by similarity(key, :key) desc, division_id limit 1")

    def ask(variant: Variant) -> bool:
        return bool(session.scalar(query, {"key": search_key(variant.asked)}) == variant.key)

    return ask


def ask_rapidfuzz(keys: Sequence[str]) -> Callable[[Variant], bool]:
    """Compare with every name in memory; nothing is known of parents."""

    def ask(variant: Variant) -> bool:
        found = process.extractOne(search_key(variant.asked), keys, scorer=fuzz.ratio)
        return found is not None and found[0] == variant.key

    return ask


@contextmanager
def open_engine() -> Iterator[Engine]:
    """Run a cluster of this benchmark's own."""
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with Cluster(folder / "data", durable=False) as cluster:
        engine = create_store_engine(cluster.create_database("search"))
        with connect(engine) as connection:
            upgrade_tables(connection)
        yield engine
        engine.dispose()
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def run_comparison(count: int, seed: int) -> dict[str, Outcome]:
    """Ask the same questions three ways."""
    dice = np.random.default_rng(seed)
    units = generate_units(dice)
    variants = draw_variants(units, count, dice)
    few = variants[::PEER_SHARE]
    with open_engine() as engine:
        register = fill_store(engine, units)
        with open_session(engine) as session:
            pids = [int(session.scalar(text("select pg_backend_pid()")) or 0)]
            measure(variants[:20], ask_search(session, register), pids)
            found = {"search": measure(variants, ask_search(session, register), pids)}
            found["pg_trgm"] = measure(few, ask_trgm(session), pids)
    keys = [search_key(unit.name) for unit in units]
    return found | {"rapidfuzz": measure(few, ask_rapidfuzz(keys), [])}


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--variants", type=int, default=10_000, help="how many questions")
    parser.add_argument("--seed", type=int, default=1, help="another seed asks other questions")
    options = parser.parse_args()
    found = run_comparison(options.variants, options.seed)
    if options.json:
        print(json.dumps({name: asdict(outcome) for name, outcome in found.items()}, indent=2))
        return
    for name, outcome in found.items():
        recall = " ".join(f"{kind} {share:.3f}" for kind, share in outcome.recall.items())
        print(f"{name:10} p50 {outcome.p50_ms:7.2f} ms  p99 {outcome.p99_ms:7.2f} ms  recall@1: {recall}")


if __name__ == "__main__":
    main()
