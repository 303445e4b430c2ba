"""Time the search by name on a register of national size, beside pg_trgm alone and rapidfuzz alone, in one run.

    python -m benchmarks.search [--variants 10000] [--list FOLDER] [--json]

Names are generated, or those of the official list of Iran in FOLDER. Each variant is spelt otherwise than its name. An
answer is right when the name meant, in the county meant where the question says one, is among the divisions that answer
as well as the first: many share a name, and no search can tell which of them is meant. How often the very first line
has that name is told beside it, and how many lines are equally first. CPU is that of this process and of the database,
added up by the query; the version of the register is read by each.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from benchmarks.search_questions import Unit, Variant, draw_variants, generate_units, read_units, thin_units
from geo.register.names import search_key
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.queries import get_register
from services.register.gazetteers import SHELF
from services.register.search import SearchAnswer, SearchHit, search_names
from services.tables.register import Register

DAY = date(2026, 1, 1)

PEER_SHARE = 19
"""Of so many variants the peers are asked one, for they are slow; no multiple of the number of kinds."""

SHARES = (4, 2, 1)
"""The growth is measured with one place of so many."""


@dataclass(frozen=True)
class Found:
    """Say how one question was answered."""

    is_first: bool
    """Whether the first line has the name meant."""
    is_among: bool
    """Whether a line that answers as well as the first has it."""
    equal: int
    """How many lines answer as well as the first."""


@dataclass(frozen=True)
class Way:
    """Hold one way to search."""

    ask: Callable[[Variant], Any]
    """Answers a question."""
    judge: Callable[[Variant, Any], Found]
    """Says whether the answer is right."""


@dataclass(frozen=True)
class Outcome:
    """Hold how one way to search did."""

    recall: dict[str, float]
    """The share of right answers by kind of variant, and of all."""
    first: dict[str, float]
    """The share whose very first line has the name meant."""
    equal: tuple[float, float]
    """How many lines are equally first: of the median question, and of one in a hundred."""
    p50_ms: float
    """CPU of the median query."""
    p99_ms: float
    """CPU of the dearest query in a hundred."""
    queries: int
    """How many were asked."""


@dataclass(frozen=True)
class Growth:
    """Hold how the search grows with the register."""

    divisions: int
    """How many there are."""
    load_s: float
    """CPU to load and index their names, once for each version."""
    arrays_mb: float
    """What the index takes in arrays."""
    memory_mb: float
    """By how much the process grew with it."""
    p50_ms: float
    """CPU of the median query."""
    p99_ms: float
    """CPU of the dearest query in a hundred."""


def fill_store(engine: Engine, units: Sequence[Unit], name: str) -> None:
    """Copy the divisions into a register of their own."""
    with open_session(engine) as session:
        session.execute(insert(Register).values(name=name, country="ir"))
        key = get_register(session, name).id
        base = int(session.scalar(text("select coalesce(max(id), 0) from division")) or 0)
    rows: dict[str, list[tuple[object, ...]]] = {
        "division (id, register_id)": [(base + u.id, key) for u in units],
        "standing (division_id, level, parent_id, valid)": [
            (base + u.id, u.level, base + u.parent if u.parent else None, "(,)") for u in units
        ],
        "code (register_id, division_id, scheme, version, code, valid)": [
            (key, base + u.id, "sci", "1399", u.code, "(,)") for u in units
        ],
        "name (division_id, language, text, key, valid)": [
            (base + u.id, "fa", u.name, search_key(u.name), "(,)") for u in units
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


def read_ticks(pid: int) -> float:
    """Read the CPU seconds of a process, to the nanosecond where the kernel tells."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def measure(variants: Sequence[Variant], way: Way, pids: Sequence[int]) -> Outcome:
    """Ask every variant and add up what it took; judging the answer does not count."""
    answers: dict[str, list[Found]] = {}
    spent = []
    for variant in variants:
        start = time.process_time() + sum(map(read_ticks, pids))
        answer = way.ask(variant)
        spent.append(time.process_time() + sum(map(read_ticks, pids)) - start)
        answers.setdefault(variant.kind, []).append(way.judge(variant, answer))
    every = [one for found in answers.values() for one in found]
    kinds = {**dict(sorted(answers.items())), "all": every}
    p50, p99 = np.percentile(np.array(spent) * 1000, [50, 99])
    equal = np.percentile([one.equal for one in every], [50, 99])
    return Outcome(
        {kind: float(np.mean([one.is_among for one in found])) for kind, found in kinds.items()},
        {kind: float(np.mean([one.is_first for one in found])) for kind, found in kinds.items()},
        (float(equal[0]), float(equal[1])),
        float(p50),
        float(p99),
        len(variants),
    )


def use_search(session: Session, register: str) -> Way:
    """Ask the search by name for its first twenty lines; all that are equally first are looked at to judge them."""

    def ask(variant: Variant, limit: int = 20) -> SearchAnswer:
        return search_names(session, get_register(session, register), variant.asked, day=DAY, limit=limit)

    def is_right(variant: Variant, hit: SearchHit) -> bool:
        above = [one.name_in("fa") for one in hit.chain]
        return search_key(hit.name) == variant.key and (not variant.county or variant.county in above)

    def judge(variant: Variant, answer: SearchAnswer) -> Found:
        first = [hit for hit in answer.hits if hit.score == answer.hits[0].score]
        if answer.equal > len(first):
            first = [hit for hit in ask(variant, 100).hits if hit.score == answer.hits[0].score]
        right = [is_right(variant, hit) for hit in first]
        return Found(any(right[:1]), any(right), answer.equal)

    return Way(ask, judge)


def judge_keys(variant: Variant, found: Sequence[str]) -> Found:
    """Judge names that are equally first."""
    return Found(variant.key in found[:1], variant.key in found, len(found))


def use_trgm(session: Session) -> Way:
    """Ask the database for the names with most letter triples in common; it knows nothing of parents."""
    query = text(
        "select key from name where key % :key order by similarity(key, :key) desc fetch first 1 rows with ties"
    )
    return Way(lambda variant: list(session.scalars(query, {"key": search_key(variant.asked)})), judge_keys)


def use_rapidfuzz(keys: Sequence[str]) -> Way:
    """Compare with every name in memory; nothing is known of parents."""

    def ask(variant: Variant) -> list[str]:
        likeness = process.cdist([search_key(variant.asked)], keys, scorer=fuzz.ratio, dtype=np.float32)[0]
        return [keys[at] for at in np.flatnonzero(likeness == likeness.max()).tolist()]

    return Way(ask, judge_keys)


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


def run_comparison(units: Sequence[Unit], variants: Sequence[Variant]) -> dict[str, Outcome]:
    """Ask the same questions three ways."""
    few = variants[::PEER_SHARE]
    with open_engine() as engine:
        fill_store(engine, units, "whole")
        with open_session(engine) as session:
            pids = [int(session.scalar(text("select pg_backend_pid()")) or 0)]
            measure(variants[:20], use_search(session, "whole"), pids)
            found = {"search": measure(variants, use_search(session, "whole"), pids)}
            found["pg_trgm"] = measure(few, use_trgm(session), pids)
    return found | {"rapidfuzz": measure(few, use_rapidfuzz([search_key(unit.name) for unit in units]), [])}


def run_growth(units: Sequence[Unit], count: int, seed: int) -> list[Growth]:
    """Search ever larger parts of the register."""
    grown = []
    with open_engine() as engine:
        for share in SHARES:
            fill_store(engine, thin_units(units, share), f"part-{share}")
            grown.append(measure_size(engine, thin_units(units, share), f"part-{share}", (count, seed)))
    return grown


def measure_size(engine: Engine, units: Sequence[Unit], name: str, draw: tuple[int, int]) -> Growth:
    """Load one register and search it."""
    count, seed = draw
    variants = draw_variants(units, count, np.random.default_rng(seed))
    with open_session(engine) as session:
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        gazetteer = SHELF.fetch(session, get_register(session, name), DAY)
        load, after = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        pids = [int(session.scalar(text("select pg_backend_pid()")) or 0)]
        found = measure(variants, use_search(session, name), pids)
    return Growth(len(gazetteer), load, gazetteer.size_bytes / 1e6, (after - before) / 1024, found.p50_ms, found.p99_ms)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--variants", type=int, default=10_000, help="how many questions")
    parser.add_argument("--list", type=Path, help="the folder of the official list of Iran of 1399")
    parser.add_argument("--seed", type=int, default=1, help="another seed asks other questions")
    options = parser.parse_args()
    dice = np.random.default_rng(options.seed)
    units = read_units(options.list) if options.list else generate_units(dice)
    growth = run_growth(units, max(200, options.variants // 10), options.seed)
    found = run_comparison(units, draw_variants(units, options.variants, dice))
    if options.json:
        outcomes = {name: asdict(outcome) for name, outcome in found.items()}
        print(json.dumps({**outcomes, "growth": [asdict(one) for one in growth]}, indent=2))
        return
    for name, outcome in found.items():
        print(f"{name:10} p50 {outcome.p50_ms:7.2f} ms  p99 {outcome.p99_ms:7.2f} ms  equally first {outcome.equal}")
        print("   recall@1:", " ".join(f"{kind} {share:.4f}" for kind, share in outcome.recall.items()))
        print("   first line:", " ".join(f"{kind} {share:.4f}" for kind, share in outcome.first.items()))
    for one in growth:
        print(" ".join(f"{name} {value:.2f}" for name, value in asdict(one).items()))


if __name__ == "__main__":
    main()
