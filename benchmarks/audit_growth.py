"""Audit ever larger meshes in one piece, up to 50,000 polygons with 18 million vertices: does time grow as n log n?

    python -m benchmarks.audit_growth [--sides 56 112 224]

Each mesh has a process of its own. The last column is CPU time over n log n, n the number of vertices, beside that of
the smallest mesh: 1 means that it grows just so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from math import log
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage import audit_coverage

STEPS = 92
"""Vertices along each side of a polygon."""
CELL = 0.02
"""Degrees from one node of the mesh to the next."""
WRONG = 0.01
"""The share of polygons one of whose vertices is moved, so that an overlap or a gap comes to be."""


def weave_mesh(side: int, seed: int) -> tuple[NDArray[np.object_], int]:
    """Make a mesh of polygons with winding borders that neighbours share, and move vertices of some."""
    dice = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1)), axis=-1).astype(np.float64)
    swayed = grid * CELL + (44.0, 25.0) + dice.uniform(-0.2, 0.2, grid.shape) * CELL
    nodes: NDArray[np.float64] = np.asarray(np.round(swayed, 9), dtype=np.float64)
    across, along = _wind(nodes[:, :-1], nodes[:, 1:], dice), _wind(nodes[:-1], nodes[1:], dice)
    sides = (across[:-1], along[:, 1:], across[1:, :, ::-1], along[:, :-1, ::-1])
    rings = np.concatenate([part[:, :, :-1] for part in sides], axis=2).reshape(side * side, -1, 2)
    chosen = dice.choice(side * side, max(1, round(WRONG * side * side)), replace=False)
    spot = dice.integers(1, STEPS - 1, len(chosen)) + STEPS * dice.integers(0, 4, len(chosen))
    rings[chosen, spot] += dice.choice([-1e-4, 1e-4], (len(chosen), 2))
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    return np.asarray(shapely.polygons(closed)), len(chosen)


def _wind(start: NDArray[np.float64], end: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.float64]:
    """Draw a winding line from each start to each end; both stay as they are."""
    share = np.linspace(0, 1, STEPS + 1)[:, None]
    straight = start[..., None, :] + (end - start)[..., None, :] * share
    sway = dice.uniform(-0.1, 0.1, (*straight.shape[:-1], 2)) * CELL / STEPS
    wave = np.sin(share * np.pi * 6) * dice.uniform(-0.02, 0.02, (*start.shape[:-1], 1, 2)) * CELL
    lines = np.round(straight + (sway + wave) * (np.minimum(share, 1 - share) > 0), 9)
    lines[..., 0, :], lines[..., -1, :] = start, end
    return np.asarray(lines)


def audit_mesh(side: int) -> dict[str, float]:
    """Audit one mesh."""
    shapes, moved = weave_mesh(side, side)
    keys = [str(row) for row in range(len(shapes))]
    base_mb = _read_memory("VmRSS")
    start = time.process_time()
    audit = audit_coverage(shapes, keys)
    cpu_s = time.process_time() - start
    ground = sum(audit.counts.get(kind, 0) for kind in ("overlap", "gap"))
    figures = {"moved": moved, "found": ground, "certified": audit.certified, "layer_mb": base_mb}
    return {"polygons": len(shapes), "vertices": audit.vertices, "cpu_s": cpu_s, **figures, "mb": _read_memory("VmHWM")}


def _read_memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sides", type=int, nargs="+", default=[56, 112, 224], help="polygons along a side of the mesh"
    )
    parser.add_argument("--one", type=int, help="audit one mesh in this process and print its figures as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(audit_mesh(options.one)))
        return
    print("| polygons | vertices | CPU s | MB, of them the layer | moved | found | certified | growth / n log n |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    unit = 0.0
    for side in options.sides:
        command = [sys.executable, "-m", "benchmarks.audit_growth", "--one", str(side)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        rate = found["cpu_s"] / (found["vertices"] * log(found["vertices"]))
        unit = unit or rate
        cells = (
            found["polygons"],
            found["vertices"],
            f"{found['cpu_s']:.2f}",
            f"{found['mb']:.0f}, {found['layer_mb']:.0f}",
            found["moved"],
            found["found"],
            found["certified"],
            f"{rate / unit:.2f}",
        )
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
