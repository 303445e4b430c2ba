"""Time single look-ups over HTTP beside tipg and beside FastAPI with asyncpg, in one run over the loopback.

    python -m benchmarks.finding [--json] [--seconds 20] [--connections 16] [--hold 120]

A whole answer of this project (chain, constituencies, nearest branches, validated) is set beside what the others give:
tipg the divisions whose box holds the point, FastAPI with asyncpg the one that covers it. Rates are requests to a CPU
second of the server with its database processes; the load generator is not counted, though it runs on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import shapely
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.finding_servers import PEERS, PORT
from fixtures.divisions import GeneratorDivision
from fixtures.elections import StationPlan, generate_stations
from fixtures.nation import Defects, NationPlan, build_nation, write_nation
from services.access.roles import make_operator
from services.database.cluster import Cluster
from services.database.engine import connect, create_store_engine, open_session, upgrade_tables
from services.database.process import find_server
from services.elections.stations import record_stations
from services.lookups import list_matching
from services.queries import RegisterState, count_people, get_register, load_boundaries
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery
from services.tables.register import Standing

REGISTER, CALLER = "nation", make_operator("benchmark")
QUESTIONS = 5000
STATIONS = StationPlan(people_per_station=3_050)


@dataclass(frozen=True)
class Rate:
    """Hold how one server did."""

    server: str
    """Which one."""
    requests: int
    """How many it answered, all well."""
    per_s: float
    """How many to a second."""
    per_cpu_s: float
    """How many to a CPU second of the server and its database."""
    p50_ms: float
    """The median of the answers' times, as the load generator sees them."""
    p99_ms: float
    """What one answer in a hundred takes longer than."""


@contextmanager
def open_nation(scale: float) -> Iterator[Cluster]:
    """Fill a throw-away store with a nation and its stations."""
    with tempfile.TemporaryDirectory(prefix="tq-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Cluster(folder / "data", durable=False) as cluster:
            fill_store(cluster.create_database(REGISTER), folder, scale)
            yield cluster
            cluster.stop()


def fill_store(url: str, folder: Path, scale: float) -> None:
    """Import the nation, invent its stations, and give the peers a plain table of the leaves."""
    plan = NationPlan(spacing_m=500, villages=3_000, farms=3_000).scaled(scale)
    write_nation(build_nation(plan, seed=1, defects=Defects().scaled(0)), folder / "nation")
    source, engine = folder / "nation" / "delivery.toml", create_store_engine(url)
    with connect(engine) as connection:
        upgrade_tables(connection)
    with open_session(engine) as session:
        options = ImportOptions(REGISTER, commit=True)
        import_delivery(session, load_delivery(str(source), source.parent), options, caller=CALLER, today=date.today())
        register = get_register(session, REGISTER)
        for level in ("dehestan", "city"):
            invent_stations(session, register, level)
        session.execute(text(LEAVES))
    engine.dispose()


def invent_stations(session: Session, register: RegisterState, level: str) -> None:
    """Invent the stations of one level by its people."""
    day, own = date.today(), Standing.level == level
    people = count_people(session, register, day)
    grounds = {
        key: MultiPolygon(shapely.get_parts(shape).tolist())
        for key, shape in load_boundaries(session, register, day, own).items()
    }
    divisions = [
        GeneratorDivision(one.code, one.code, grounds[one.id], people.get(one.id, 0))
        for one in list_matching(session, register, day, own)
        if one.id in grounds
    ]
    record_stations(session, register, generate_stations(divisions, seed=1, plan=STATIONS), caller=CALLER)


LEAVES = """
create schema peer;
create table peer.leaf as select b.division_id as id, c.code, b.geom from boundary b
  join standing s on s.division_id = b.division_id join code c on c.division_id = b.division_id
  where s.level in ('dehestan', 'city');
alter table peer.leaf add primary key (id);
create index on peer.leaf using gist (geom);
analyze;
"""


def draw_points(url: str) -> list[tuple[float, float]]:
    """Draw points in the country, at random."""
    engine = create_store_engine(url)
    with connect(engine) as connection:
        rows = connection.execute(text("select st_asbinary(geom) from peer.leaf order by id")).scalars()
        shapes = shapely.from_wkb([bytes(row) for row in rows])
    engine.dispose()
    dice = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(shapes)
    xy = dice.uniform((west, south), (east, north), (8 * QUESTIONS, 2)).round(6)
    inside = np.unique(shapely.STRtree(shapes).query(shapely.points(xy), predicate="within")[0])
    return [(float(x), float(y)) for x, y in xy[inside][:QUESTIONS]]


Ask = Callable[[float, float], bytes]


def ask_by_post(path: str) -> Ask:
    """Give the question as a body."""

    def ask(lon: float, lat: float) -> bytes:
        body = b'{"lon":%r,"lat":%r}' % (lon, lat)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return ask


def ask_by_box(path: str) -> Ask:
    """Give the question as a box of nothing."""
    return lambda lon, lat: f"GET {path}?bbox={lon!r},{lat!r},{lon!r},{lat!r} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


SERVERS: dict[str, Ask] = {
    "taqsimat": ask_by_post(f"/api/v1/registers/{REGISTER}/find"),
    "asyncpg": ask_by_post("/find"),
    "tipg": ask_by_box("/collections/peer.leaf/items"),
}


class Asker(asyncio.Protocol):
    """Ask again as soon as an answer is whole, over one connection."""

    def __init__(self, questions: list[bytes], end: float, took: list[float], *, first: int) -> None:
        self.questions, self.end, self.took, self.at = questions, end, took, first
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._ask()

    def _ask(self) -> None:
        self.at = (self.at + 1) % len(self.questions)
        self.start = time.perf_counter()
        self.transport.write(self.questions[self.at])

    def data_received(self, data: bytes) -> None:
        """Take an answer; anything but a good one ends the run."""
        self.seen += data
        head, mark, body = self.seen.partition(b"\r\n\r\n")
        if not mark or not _is_whole(head.lower(), body):
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        self.took.append(time.perf_counter() - self.start)
        self.seen = b""
        if time.perf_counter() < self.end:
            self._ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self.done.set_result(None)


def _is_whole(head: bytes, body: bytes) -> bool:
    _, mark, rest = head.partition(b"content-length:")
    return len(body) >= int(rest.partition(b"\r")[0]) if mark else body.endswith(b"0\r\n\r\n")


async def load(port: int, questions: list[bytes], *, seconds: float, connections: int) -> list[float]:
    """Ask over some connections at once, and give how long each answer took."""
    took: list[float] = []
    end, step = time.perf_counter() + seconds, len(questions) // connections
    askers = [Asker(questions, end, took, first=number * step) for number in range(connections)]
    for asker in askers:
        await asyncio.get_running_loop().create_connection(partial(_take, asker), "127.0.0.1", port)
    await asyncio.gather(*(asker.done for asker in askers))
    return took


def _take(asker: Asker) -> Asker:
    return asker


@contextmanager
def run_server(name: str, url: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Run a server in a process of its own, and give its process and port."""
    port = PORT + list(SERVERS).index(name)
    words = [sys.executable, "-m", "benchmarks.finding_servers", name, url, str(folder), str(port)]
    with subprocess.Popen(words) as process:
        try:
            yield process.pid, port
        finally:
            process.terminate()


def wait_until_warm(name: str, port: int) -> None:
    """Wait until the server answers, and for ours until it answers from memory."""
    for _ in range(600):
        try:
            with urlopen(Request(f"http://127.0.0.1:{port}/ready", method="GET"), timeout=5) as answer:
                if json.load(answer)["ready"]:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(name)


def read_cpu(pids: list[int]) -> float:
    """Add up the CPU seconds of processes."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def list_backends(cluster: Cluster) -> list[int]:
    """List the processes of the database."""
    postmaster = find_server(cluster.layout.data)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="utf-8")
    return [int(pid) for pid in children.split()]


def measure(name: str, cluster: Cluster, points: list[tuple[float, float]], options: argparse.Namespace) -> Rate:
    """Measure one server."""
    questions = [SERVERS[name](lon, lat) for lon, lat in points]
    url = cluster.find_url(REGISTER)
    with tempfile.TemporaryDirectory() as folder, run_server(name, url, Path(folder)) as (pid, port):
        wait_until_warm(name, port)
        asyncio.run(load(port, questions, seconds=3, connections=options.connections))
        pids = [pid, *list_backends(cluster)]
        start, clock = read_cpu(pids), time.perf_counter()
        seconds = options.hold if name == "taqsimat" and options.hold else options.seconds
        took = sorted(asyncio.run(load(port, questions, seconds=seconds, connections=options.connections)))
        spent, cpu_s = time.perf_counter() - clock, read_cpu(pids) - start
    print(f"{name}: {len(took) / cpu_s:.0f} answers to a CPU second", file=sys.stderr, flush=True)
    p50, p99 = (1000 * took[int(len(took) * share)] for share in (0.5, 0.99))
    return Rate(name, len(took), len(took) / spent, len(took) / cpu_s, p50, p99)


def main() -> None:
    """Print the rates and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--scale", type=float, default=1.0, help="the share of a nation")
    parser.add_argument("--seconds", type=float, default=20, help="how long each server is asked")
    parser.add_argument("--hold", type=float, default=0, help="how long ours is asked, when longer")
    parser.add_argument("--connections", type=int, default=16, help="how many ask at once")
    options = parser.parse_args()
    with open_nation(options.scale) as cluster:
        url = cluster.find_url(REGISTER)
        points = draw_points(url)
        engine = create_store_engine(url)
        with connect(engine) as connection:
            branches = connection.execute(text("select count(*) from branch")).scalar()
        engine.dispose()
        rates = [measure(name, cluster, points, options) for name in ("taqsimat", *PEERS)]
    ratios = {rate.server: rates[0].per_cpu_s / rate.per_cpu_s for rate in rates[1:]}
    if options.json:
        print(json.dumps({"branches": branches, "rates": [asdict(rate) for rate in rates], "ratios": ratios}, indent=2))
        return
    print(f"{branches} branches")
    for rate in rates:
        print(
            f"{rate.server:10} {rate.per_s:8.0f}/s {rate.per_cpu_s:8.0f} to a CPU second, "
            f"p50 {rate.p50_ms:.2f} ms, p99 {rate.p99_ms:.2f} ms, ours {ratios.get(rate.server, 1):.1f} x"
        )


if __name__ == "__main__":
    main()
