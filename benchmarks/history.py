"""Time questions about the past on a register of growing size that has a past, in one run.

    python -m benchmarks.history [--json] [--scales 0.25 0.5 1] [--spacing 2000]

A nation is invented and imported, then aged: one in five names, one in ten codes and parents, and one in five
boundaries has changed on some day of thirty years, and one name in twenty was corrected in the record. Figures are
CPU milliseconds of this process and of its server process together, the median of many different questions; beside
each stands the same question about today, which reads as it would without any past.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.national import CALLER, REGISTER, TODAY, open_register
from benchmarks.scales import run_scales
from fixtures.nation import Nation, NationPlan, build_nation
from geo.register.periods import Period
from services.database.engine import open_session
from services.lookups import get_coded, list_coded
from services.queries import RegisterState, get_register
from services.register.deliveries import load_delivery
from services.register.divisions import list_divisions_at
from services.register.history import describe_history
from services.register.imports import ImportOptions, import_delivery
from services.register.lineages import trace_lineage
from services.register.timelines import list_between, list_days

FIRST = date(1996, 3, 20)
"""The first day on which something may have changed."""

DAYS = 30 * 365
QUESTIONS = 200
"""How many different questions a figure is the median of."""

FEW = 9
"""As many of the slow ones."""

AGEING = (("name", 5), ("code", 10), ("standing", 10), ("boundary", 5))
"""Of which table one fact in how many has changed."""

CHOOSE = """
create temporary table aged on commit drop as
select {columns}, id as old, '{first}'::date + (abs(hashint8(id * 31)) % {days}) as day
from {table} where valid = '(,)' and upper_inf(recorded) and abs(hashint8(id)) % {share} = 0
"""

AGE = (
    "update {table} t set valid = daterange(null, aged.day) from aged where aged.old = t.id",
    "insert into {table} ({columns}, valid) select {columns}, daterange(day, null) from aged",
    "drop table aged",
)

CORRECT = (
    "create temporary table wrong on commit drop as select *, clock_timestamp() as at from name"
    " where upper_inf(recorded) and abs(hashint8(id)) % 20 = 1",
    "update name n set recorded = tstzrange(lower(n.recorded), wrong.at) from wrong where wrong.id = n.id",
    "insert into name (division_id, language, text, key, official, valid, recorded)"
    " select division_id, language, text || '2', key || '2', official, valid, tstzrange(at, null) from wrong",
)

COLUMNS = """
select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
where table_schema = 'public' and table_name = :table and column_name not in ('id', 'valid', 'recorded')
"""


@dataclass(frozen=True)
class Measurement:
    """Hold what questions took in a register of one size."""

    scale: float
    """The share of a nation."""
    divisions: int
    """How many divisions and places it has."""
    facts: int
    """How many dated facts."""
    answer_ms: dict[str, float]
    """CPU milliseconds of the median question."""


def age_register(session: Session) -> int:
    """Give the register a past, and count its facts."""
    for table, share in AGEING:
        columns = session.scalar(text(COLUMNS), {"table": table})
        values = {"table": table, "share": share, "first": FIRST, "days": DAYS, "columns": columns}
        for step in (CHOOSE, *AGE):
            session.execute(text(step.format(**values)))
    for step in CORRECT:
        session.execute(text(step))
    session.execute(text("analyze"))
    return sum(session.scalar(text(f"select count(*) from {table}")) or 0 for table, _ in AGEING)


def read_ticks(pid: int) -> float:
    """Read the CPU seconds of a process, to the nanosecond where the kernel tells."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def measure(session: Session, asked: Sequence[Callable[[], object]]) -> float:
    """Give the CPU milliseconds of the median question."""
    server = session.scalar(text("select pg_backend_pid()")) or 0
    spent = []
    for ask in asked:
        start = time.process_time() + read_ticks(server)
        ask()
        spent.append(time.process_time() + read_ticks(server) - start)
    return round(1000 * median(spent[len(spent) // 10 :]), 2)


@dataclass(frozen=True)
class Sample:
    """Hold what is asked about."""

    codes: tuple[str, ...]
    """Codes of places."""
    above: tuple[str, ...]
    """Codes of divisions with a boundary."""
    points: tuple[shapely.Point, ...]
    """Points inside divisions."""
    days: tuple[date, ...]
    """Days of thirty years."""
    province: str
    """The code of a province."""


def draw_sample(nation: Nation, dice: np.random.Generator) -> Sample:
    """Draw what is asked about."""
    places = nation.places["code"].to_numpy()
    dehestans = nation.levels["dehestan"]
    chosen = dice.integers(0, len(dehestans), QUESTIONS)
    return Sample(
        codes=tuple(places[dice.integers(0, len(places), QUESTIONS)].tolist()),
        above=tuple(dehestans["code"].to_numpy()[chosen].tolist()),
        points=tuple(dehestans.geometry.iloc[at].representative_point() for at in chosen.tolist()),
        days=tuple(FIRST + timedelta(days=int(day)) for day in dice.integers(0, DAYS, QUESTIONS)),
        province=str(nation.levels["province"]["code"].iloc[0]),
    )


def list_questions(session: Session, sample: Sample, *, is_past: bool) -> dict[str, list[Callable[[], object]]]:
    """List the questions that are asked of today and of the past alike."""
    register = get_register(session, REGISTER)
    days = sample.days if is_past else (TODAY,) * QUESTIONS
    by_code = [_ask_code(session, register, code, day) for code, day in zip(sample.codes, days, strict=True)]
    above = [_ask_code(session, register, code, day) for code, day in zip(sample.above, days, strict=True)]
    at = [_ask_point(session, register, point, day) for point, day in zip(sample.points, days, strict=True)]
    return {"place by code": by_code, "dehestan by code": above, "point": at}


def _ask_code(session: Session, register: RegisterState, code: str, day: date) -> Callable[[], object]:
    # a code may have been another's, or nobody's, on a day of the past: that is an answer as well
    return lambda: list_coded(session, register, code, day=day)


def _ask_point(session: Session, register: RegisterState, point: shapely.Point, day: date) -> Callable[[], object]:
    return lambda: list_divisions_at(session, register, point, day=day)


def list_stories(session: Session, sample: Sample) -> dict[str, list[Callable[[], object]]]:
    """List the questions that only a past can answer."""
    register = get_register(session, REGISTER)
    held = [code for code in sample.above[: 4 * FEW] if get_coded(session, register, code, day=TODAY)][:FEW]
    year = Period(date(2010, 3, 21), date(2011, 3, 21))

    def tell(code: str) -> Callable[[], object]:
        return lambda: describe_history(session, register, code, day=TODAY, last=True)

    def trace(code: str) -> Callable[[], object]:
        return lambda: trace_lineage(session, register, code, day=FIRST, until=TODAY, last=True)

    return {
        "life of a division": [tell(code) for code in held],
        "what it became": [trace(code) for code in held],
        "a year of a province": [lambda: list_between(session, register, year, code=sample.province)] * FEW,
        "a year of the nation": [lambda: list_between(session, register, year)] * FEW,
        "timeline of the nation": [lambda: list_days(session, register)] * FEW,
    }


def measure_scale(scale: float, spacing_m: float) -> Measurement:
    """Build a share of a nation, give it a past, and ask."""
    nation = build_nation(NationPlan(spacing_m=spacing_m).scaled(scale), seed=1)
    sample = draw_sample(nation, np.random.default_rng(1))
    with open_register(nation) as session:
        source: Path = session.info["delivery"]
        delivery, options = load_delivery(str(source), source.parent), ImportOptions(REGISTER, commit=True)
        import_delivery(session, delivery, options, caller=CALLER, today=TODAY)
        facts = age_register(session)
        engine = session.get_bind().engine
        session.commit()
        took = ask_all(engine, sample)
    divisions = sum(map(len, nation.levels.values())) + len(nation.places)
    return Measurement(scale, divisions, facts, took)


def ask_all(engine: Engine, sample: Sample) -> dict[str, float]:
    """Ask everything of today, of the past, and of the past as it was recorded before the corrections."""
    took = {}
    with open_session(engine) as session:
        for name, asked in list_questions(session, sample, is_past=False).items():
            took[f"{name}, today"] = measure(session, asked)
        for name, asked in list_questions(session, sample, is_past=True).items():
            took[f"{name}, as of"] = measure(session, asked)
        for name, asked in list_stories(session, sample).items():
            took[name] = measure(session, asked)
    with open_session(engine, datetime.now(UTC)) as session:
        for name, asked in list_questions(session, sample, is_past=True).items():
            took[f"{name}, as recorded"] = measure(session, asked)
    return took


def write_lines(found: Measurement, first: Measurement) -> Iterator[str]:
    """Write one size as lines of text, each figure with its growth since the smallest."""
    yield f"nation x {found.scale:g}: {found.divisions} divisions and places, {found.facts} dated facts"
    yield f"  growth of divisions x {found.divisions / first.divisions:.1f}"
    for name, value in found.answer_ms.items():
        yield f"  {name:32} {value:9.2f} ms  x {value / max(first.answer_ms[name], 1e-3):.1f}"


def main() -> None:
    """Print the measurements."""
    run_scales(__doc__, measure_scale, write_lines, scales=[0.25, 0.5, 1.0], spacing=2000)


if __name__ == "__main__":
    main()
