"""Time the ledger of a change on a register of growing size, beside the plain way to find only the ground that moves.

    python -m benchmarks.consequences [--json] [--scales 0.1 0.3 1] [--spacing 2000]

A nation is invented and imported, with stations, complaints and councils of its dehestans. Bakhshes then come under a
neighbouring county, and bakhshes become counties of their own. Figures are CPU milliseconds of this process and of its
server process together, the median of several changes. The plain way overlays all counties before the change with all
counties after it in memory: it tells the area that moves and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.national import CALLER, REGISTER, TODAY, open_register
from benchmarks.scales import run_scales
from fixtures.nation import Nation, NationPlan, build_nation
from geo.errors import TaqsimatError
from geo.register.changes import read_order
from services.consequences.ledgers import find_order_consequences, open_scene
from services.demonstration import invent
from services.queries import RegisterState, get_register
from services.register.deliveries import load_delivery
from services.register.imports import ImportOptions, import_delivery

CHANGES = 5
"""How many changes of a kind a figure is the median of."""

EQUAL_AREA = 6933


@dataclass(frozen=True)
class Measurement:
    """Hold what ledgers took in a register of one size."""

    scale: float
    """The share of a nation."""
    divisions: int
    """How many divisions and places it has."""
    answer_ms: dict[str, float]
    """CPU milliseconds of the median change."""


def list_orders(nation: Nation) -> dict[str, list[dict[str, Any]]]:
    """List transfers of bakhshes to a neighbouring county of their province, and splits of such counties."""
    counties, bakhshes = nation.levels["county"], nation.levels["bakhsh"]
    kept = counties["code"].isin(bakhshes["parent_code"].value_counts().loc[lambda count: count > 1].index)
    rich = set(counties.loc[kept, "code"])
    transfers: list[dict[str, Any]] = []
    splits: list[dict[str, Any]] = []
    for code, parent, ground in zip(bakhshes["code"], bakhshes["parent_code"], bakhshes.geometry, strict=True):
        near = counties[(counties["parent_code"] == parent[:2]) & (counties["code"] != parent)]
        touched = near[shapely.length(shapely.intersection(near.geometry.array, ground)) > 0]
        if parent in rich and len(touched) and len(transfers) < CHANGES:
            to = touched["code"].iloc[0]
            transfers.append(
                {"kind": "transfer", "effective_on": str(TODAY), "divisions": [code], "to": f"county:{to}"}
            )
            founded = [{"label": "N", "level": "county", "names": {"fa": "نو"}, "children": [f"bakhsh:{code}"]}]
            splits.append(
                {"kind": "split", "effective_on": str(TODAY), "divisions": [f"county:{parent}"], "founded": founded}
            )
    return {"transfer": transfers, "split": splits}


def measure(session: Session, work: Callable[[], object]) -> float:
    """Measure the CPU milliseconds of this process and of the session's server process."""
    server = session.scalar(text("select pg_backend_pid()")) or 0
    start = time.process_time() + _read_process(server)
    work()
    return 1000 * (time.process_time() + _read_process(server) - start)


def _read_process(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def measure_orders(session: Session, register: RegisterState, nation: Nation) -> dict[str, float]:
    """Measure the plan and the ledger of each change, and the overlay beside them."""
    took: dict[str, float] = {}
    for kind, orders in list_orders(nation).items():
        pairs = [pair for order in orders[:CHANGES] if (pair := measure_order(session, register, order))]
        took[f"{kind}, refused"] = float(len(orders[:CHANGES]) - len(pairs))
        if pairs:
            took[f"{kind}, plan only"] = median(plan for plan, _ in pairs)
            took[f"{kind}, whole ledger"] = median(ledger for _, ledger in pairs)
    took["overlay of all counties"] = measure(session, lambda: overlay_counties(nation))
    return {name: round(value, 1) for name, value in took.items()}


def measure_order(session: Session, register: RegisterState, order: dict[str, Any]) -> tuple[float, float] | None:
    """Measure one change: its plan alone, then all that follows; None when the register refuses it."""
    try:
        plan = measure(session, lambda: open_scene(session, register, read_order(order)))
    except TaqsimatError:
        return None
    return plan, measure(session, lambda: find_order_consequences(session, register, order))


def overlay_counties(nation: Nation) -> float:
    """Find the area that moves when one bakhsh changes its county, by overlaying both layers."""
    before = nation.levels["county"][["code", "geometry"]]
    bakhsh = nation.levels["bakhsh"].iloc[0]
    after = before.copy()
    is_old = after["code"] == bakhsh["parent_code"]
    after.loc[is_old, "geometry"] = after.loc[is_old, "geometry"].difference(bakhsh.geometry)
    other = after.loc[~is_old].index[0]
    after.loc[other, "geometry"] = after.loc[other, "geometry"].union(bakhsh.geometry)
    found = gpd.overlay(before, after, how="intersection", keep_geom_type=True)
    return float(found[found["code_1"] != found["code_2"]].to_crs(EQUAL_AREA).area.sum())


def measure_scale(scale: float, spacing_m: float) -> Measurement:
    """Build a share of a nation, and ask what would follow."""
    nation = build_nation(NationPlan(spacing_m=spacing_m).scaled(scale), seed=1)
    with open_register(nation) as session:
        source: Path = session.info["delivery"]
        delivery, options = load_delivery(str(source), source.parent), ImportOptions(REGISTER, commit=True)
        import_delivery(session, delivery, options, caller=CALLER, today=TODAY)
        register = get_register(session, REGISTER)
        for subject in ("stations", "complaints", "councils"):
            invent(session, register, subject, level="dehestan", seed=1, day=TODAY, caller=CALLER)
        session.execute(text("analyze"))
        took = measure_orders(session, register, nation)
    return Measurement(scale, sum(map(len, nation.levels.values())) + len(nation.places), took)


def write_lines(found: Measurement, first: Measurement) -> Iterator[str]:
    """Write one size as lines of text, each figure with its growth since the smallest and its ratio to the overlay."""
    overlay = found.answer_ms["overlay of all counties"]
    yield f"nation x {found.scale:g}: {found.divisions} divisions and places"
    yield f"  growth of divisions x {found.divisions / first.divisions:.1f}"
    for name, value in found.answer_ms.items():
        if name.endswith("refused"):
            yield f"  {name:28} {value:10.0f}"
            continue
        growth, ratio = value / max(first.answer_ms.get(name, value), 1e-3), value / overlay
        yield f"  {name:28} {value:10.1f} ms  growth x {growth:5.1f}  by the overlay {ratio:6.3f}"


def main() -> None:
    """Print the measurements."""
    run_scales(__doc__, measure_scale, write_lines, scales=[0.1, 0.3, 1.0], spacing=2000)


if __name__ == "__main__":
    main()
