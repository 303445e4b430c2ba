"""Time look-ups of codes on registers of three sizes, in one run.

    python -m benchmarks.codes [--places 98100] [--asked 2000] [--json]

A register of a province, counties and villages is made at each size, every division with a code of a second scheme in
two versions, before and after a day. Asked are: a code with its scheme, a bare code of two schemes, a code of a past
day, and one that spreadsheets robbed of its zeros. CPU is that of this process and of the database's, added up.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.queries import RegisterState, get_register
from services.register.code_issue import CodeWish, find_next_code
from services.register.codes import resolve_code
from services.tables.register import Register

DAY, BEFORE = date(2026, 1, 1), date(2015, 1, 1)
SHARES = (16, 4, 1)
"""The growth is measured with one place of so many."""

FILL = """
with one as (select nextval(pg_get_serial_sequence('division', 'id')) id, n from generate_series(1, :places) n),
made as (insert into division (id, register_id) select id, :register from one),
stood as (insert into standing (division_id, level, valid) select id, 'village', '(,)' from one),
named as (
    insert into name (division_id, language, text, key, official, valid)
    select id, 'fa', 'n' || n, 'n' || n, true, '(,)' from one
),
coded as (
    insert into code (register_id, division_id, scheme, version, code, valid)
    select :register, id, 'sci', '1399', '0601010001' || lpad(n::text, 6, '0'), '(,)' from one
)
insert into code (register_id, division_id, scheme, version, code, valid)
select :register, id, 'osm', 'relation', (10000000 + n)::text, '[,2020-01-01)'::daterange from one
"""


@dataclass(frozen=True)
class Timing:
    """Say how long one kind of question took, in milliseconds."""

    places: int
    """The places of the register."""
    question: str
    """The kind of question."""
    cpu_ms: float
    """CPU of the program and the database, on average."""
    wall_median_ms: float
    """The clock, half of the questions."""
    wall_p99_ms: float
    """The clock, all but one of a hundred."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=98_100)
    parser.add_argument("--asked", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open_store() as engine:
        found = [one for share in SHARES for one in measure_size(engine, options.places // share, options.asked)]
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return
    print(f"{'places':>8} {'question':<12} {'CPU ms':>8} {'median ms':>10} {'p99 ms':>8}")
    for one in found:
        wall = f"{one.wall_median_ms:>10.3f} {one.wall_p99_ms:>8.3f}"
        print(f"{one.places:>8} {one.question:<12} {one.cpu_ms:>8.3f} {wall}")


@contextmanager
def open_store() -> Iterator[Engine]:
    """Run a private cluster for the time of the measurement."""
    folder = Path(tempfile.mkdtemp(prefix="taqsimat-codes-"))
    folder.chmod(0o755)
    try:
        with Cluster(folder / "data", durable=False) as cluster:
            engine = create_store_engine(cluster.create_database("codes"))
            with connect(engine) as connection:
                upgrade_tables(connection)
            yield engine
            engine.dispose()
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_size(engine: Engine, places: int, asked: int) -> Iterator[Timing]:
    """Make a register of a size, and time every kind of question on it."""
    name = f"codes-{places}"
    with open_session(engine) as session:
        session.execute(insert(Register).values(name=name, country="ir"))
        register = get_register(session, name)
        session.execute(text(FILL), {"places": places, "register": register.id})
        session.execute(text("analyze"))
    numbers = np.random.default_rng(7).integers(1, places + 1, asked)
    with open_session(engine) as session:
        for question, questions, day in list_questions(numbers):
            yield measure(session, register, questions, day=day, label=f"{places}:{question}")
        yield measure_issue(session, register, places)


def list_questions(numbers: np.ndarray) -> Iterator[tuple[str, list[str], date]]:
    """List the kinds of question, each with its questions and day."""
    whole = [f"0601010001{number:06}" for number in numbers]
    yield "with scheme", [f"sci:{code}" for code in whole], DAY
    yield "bare", whole, DAY
    yield "past day", [f"osm:{10_000_000 + number}" for number in numbers], BEFORE
    yield "no zeros", [f"sci:{int(code)}" for code in whole], DAY


def measure(session: Session, register: RegisterState, questions: Sequence[str], *, day: date, label: str) -> Timing:
    """Ask every question, one after another, after some that do not count."""
    for question in questions[:50]:
        resolve_code(session, register, question, day=day)
    walls: list[float] = []
    before = read_cpu(session)
    for question in questions:
        started = time.perf_counter()
        answer = resolve_code(session, register, question, day=day)
        walls.append(time.perf_counter() - started)
        assert len(answer.meanings) == 1
    return summarize(label, walls, read_cpu(session) - before)


def measure_issue(session: Session, register: RegisterState, places: int) -> Timing:
    """Ask for the next free code, which looks at every code of the scheme."""
    walls: list[float] = []
    before = read_cpu(session)
    for _ in range(5):
        started = time.perf_counter()
        find_next_code(session, register, CodeWish("province"))
        walls.append(time.perf_counter() - started)
    return summarize(f"{places}:next", walls, read_cpu(session) - before)


def summarize(label: str, walls: Sequence[float], cpu: float) -> Timing:
    """Sum up what was measured."""
    places, _, question = label.partition(":")
    median, p99 = (float(value) * 1000 for value in np.percentile(walls, (50, 99)))
    return Timing(int(places), question, round(cpu / len(walls) * 1000, 4), round(median, 4), round(p99, 4))


def read_cpu(session: Session) -> float:
    """Read the CPU seconds of this process and of the backend that serves it."""
    backend = session.scalar(text("select pg_backend_pid()"))
    fields = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime + (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
