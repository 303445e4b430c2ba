"""Run a measurement over registers of growing size, and print each as soon as it is there."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any


def run_scales(
    description: str | None,
    measure: Callable[[float, float], Any],
    write: Callable[[Any, Any], Iterator[str]],
    *,
    scales: Sequence[float],
    spacing: float,
) -> None:
    """Read the options, measure each size and print it: `write` is given a size and the smallest."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.add_argument("--scales", type=float, nargs="+", default=list(scales), help="shares of a nation")
    parser.add_argument("--spacing", type=float, default=spacing, help="metres between vertices")
    options = parser.parse_args()
    found: list[Any] = []
    for scale in options.scales:
        found.append(measure(scale, options.spacing))
        if not options.json:
            print(*write(found[-1], found[0]), sep="\n", flush=True)
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
