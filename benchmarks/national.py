"""Take a whole register from import to answers at growing size, in one run: what grows, and how does it stand to peers?

    python -m benchmarks.national [--json] [--scales 0.05 0.1 0.2] [--spacing 300]

Work is in CPU seconds of this process and of its server process together, answers in milliseconds of the same, the
median of some runs. What counts are the ratios: the audit through the register beside geopandas.overlay and STRtree
on the same polygons, and every figure beside that of the smallest register.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.audit import Shapes, run_overlay, run_strtree
from benchmarks.audit import measure as measure_peer
from benchmarks.scales import run_scales
from fixtures.nation import Defects, Nation, NationPlan, build_nation, write_nation
from geo.register.periods import ALWAYS
from services.access.roles import make_operator
from services.boundaries.audits import audit_levels
from services.boundaries.findings import FindingFilter, list_findings
from services.civic.counts import count_complaints
from services.civic.density import measure_level
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.demonstration import invent
from services.elections.find import find_branch
from services.queries import RegisterState, get_register
from services.register.deliveries import load_delivery
from services.register.divisions import DivisionFilter, get_division, list_divisions
from services.register.imports import ImportOptions, import_delivery

REGISTER = "nation"
LEVELS = ("dehestan", "city")
CALLER = make_operator("benchmark")
TODAY = date(2026, 1, 1)
REPEATS = 11


@dataclass(frozen=True)
class Measurement:
    """Hold what a register of one size took."""

    scale: float
    """The share of a nation."""
    divisions: int
    """How many divisions and places it has."""
    vertices: int
    """How many vertices the audited polygons have."""
    work_s: dict[str, float]
    """CPU seconds of the work done once."""
    answer_ms: dict[str, float]
    """CPU milliseconds of the answers."""
    peers: dict[str, float]
    """How many times as long as our whole audit others took for a part of it."""


@contextmanager
def open_register(nation: Nation) -> Iterator[Session]:
    """Open a session on a throw-away store."""
    folder = Path(tempfile.mkdtemp(prefix="tq-"))
    folder.chmod(0o755)
    with Cluster(folder / "data", durable=False) as cluster:
        engine = create_store_engine(cluster.create_database(REGISTER))
        with connect(engine) as connection:
            upgrade_tables(connection)
        write_nation(nation, folder / "nation")
        with open_session(engine) as session:
            session.info["delivery"] = folder / "nation" / "delivery.toml"
            yield session
        engine.dispose()
        cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def measure(session: Session, work: Callable[[], object]) -> float:
    """Measure the CPU seconds of this process and of the session's server process."""
    server = session.scalar(text("select pg_backend_pid()"))
    start = time.process_time() + _read_process(server or 0)
    work()
    return time.process_time() + _read_process(server or 0) - start


def _read_process(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def do_work(session: Session) -> dict[str, float]:
    """Import, audit and count complaints."""
    source: Path = session.info["delivery"]
    delivery, options = load_delivery(str(source), source.parent), ImportOptions(REGISTER, commit=True)
    took = {"import": measure(session, lambda: import_delivery(session, delivery, options, caller=CALLER, today=TODAY))}
    register = get_register(session, REGISTER)
    took["audit"] = measure(session, lambda: audit_levels(session, register, LEVELS, day=TODAY, caller=CALLER))
    for subject in ("stations", "complaints", "councils"):
        invent(session, register, subject, level="dehestan", seed=1, day=TODAY, caller=CALLER)
    session.execute(text("analyze"))
    took["complaints"] = measure(session, lambda: _count_level(session, register))
    return took


def _count_level(session: Session, register: RegisterState) -> None:
    counts = count_complaints(session, register, period=ALWAYS, day=TODAY)
    measure_level(session, register, counts, level="dehestan")


def time_answers(session: Session, nation: Nation) -> dict[str, float]:
    """Time what a reader or a voter asks for."""
    register, total = get_register(session, REGISTER), len(nation.places)
    code = nation.places["code"].iloc[total // 2]
    point = nation.levels["dehestan"].geometry.iloc[0].representative_point()
    village = DivisionFilter(level="village")
    asked: dict[str, Callable[[], object]] = {
        "page, first": lambda: list_divisions(session, register, village, day=TODAY, limit=50),
        "page, deep": lambda: list_divisions(session, register, village, day=TODAY, limit=50, offset=total // 5),
        "one division": lambda: get_division(session, register, code, day=TODAY),
        "find by point": lambda: find_branch(session, REGISTER, day=TODAY, point=point),
        "find by code": lambda: find_branch(session, REGISTER, day=TODAY, code=code),
        "find by name": lambda: find_branch(session, REGISTER, day=TODAY, name="مرکزی"),
        "page of findings": lambda: list_findings(session, register, FindingFilter(), limit=50),
    }
    return {name: _time(session, ask) for name, ask in asked.items()}


def _time(session: Session, ask: Callable[[], object]) -> float:
    """Measure some runs together, for the clock of another process is coarse; after a first that fills caches."""
    ask()
    runs = [measure(session, lambda: [ask() for _ in range(REPEATS)]) / REPEATS for _ in range(3)]
    return round(1000 * median(runs), 1)


def compare_peers(shapes: Shapes, audit_s: float) -> dict[str, float]:
    """Say how many times as long as the whole audit the peers take to find overlaps alone."""
    runs = {"overlay": run_overlay, "strtree": run_strtree}
    return {name: round(measure_peer(run, shapes, runs=1).cpu_s / audit_s, 2) for name, run in runs.items()}


def measure_scale(scale: float, spacing_m: float) -> Measurement:
    """Build a share of a nation and take it all the way."""
    plan = NationPlan(spacing_m=spacing_m).scaled(scale)
    nation = build_nation(plan, seed=1, defects=Defects().scaled(scale))
    shapes = np.array(nation.read_partition().geometry)
    with open_register(nation) as session:
        work_s = {name: round(value, 2) for name, value in do_work(session).items()}
        answers = time_answers(session, nation)
    return Measurement(
        scale=scale,
        divisions=sum(map(len, nation.levels.values())) + len(nation.places),
        vertices=int(shapely.get_num_coordinates(shapes).sum()),
        work_s=work_s,
        answer_ms=answers,
        peers=compare_peers(shapes, work_s["audit"]),
    )


def write_lines(found: Measurement, first: Measurement) -> Iterator[str]:
    """Write one size as lines of text, each figure with its growth since the smallest."""
    yield f"nation x {found.scale:g}: {found.divisions} divisions, {found.vertices} vertices audited"
    yield f"  growth of divisions x {found.divisions / first.divisions:.1f}"
    for unit, figures, before in (("s", found.work_s, first.work_s), ("ms", found.answer_ms, first.answer_ms)):
        for name, value in figures.items():
            yield f"  {name:18} {value:9.2f} {unit:2}  x {value / max(before[name], 1e-3):.1f}"
    yield "  peers: " + ", ".join(f"{name} {ratio:.1f} x our audit" for name, ratio in found.peers.items())


def main() -> None:
    """Print the measurements."""
    run_scales(__doc__, measure_scale, write_lines, scales=[0.05, 0.1, 0.2], spacing=300)


if __name__ == "__main__":
    main()
