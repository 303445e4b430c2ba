"""Hold the audit against brute force in exact fractions on random degenerate layers: is it ever wrong in silence?

    python -m benchmarks.degenerate [--layers 10000] [--first 0] [--json]

Ends with exit code 1 when a certified answer was wrong, or when one broken boundary cost a finding elsewhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter

from fixtures.degenerate import SPOILERS, draw_layer
from fixtures.degenerate_verdicts import Verdict, audit_layer, judge_layer


def judge_layers(first: int, count: int) -> tuple[Counter[str], Counter[str], list[str], float]:
    """Judge layers of consecutive seeds: verdicts, what was done to the layers, what is wrong, CPU of the audits."""
    verdicts: Counter[str] = Counter({str(verdict): 0 for verdict in Verdict})
    spoilt: Counter[str] = Counter(dict.fromkeys(SPOILERS, 0))
    wrong: list[str] = []
    cpu_s = 0.0
    for seed in range(first, first + count):
        layer = draw_layer(seed)
        start = time.process_time()
        audit = audit_layer(layer)
        cpu_s += time.process_time() - start
        found = judge_layer(layer, audit)
        verdicts[str(found.verdict)] += 1
        verdicts["caught, though every boundary can be read"] += not audit.certified and not found.is_due
        spoilt.update(set(layer.spoilt))
        wrong += [f"layer {seed}: {reason}" for reason in found.wrong if found.verdict is Verdict.SILENT]
    return verdicts, spoilt, wrong, cpu_s


def main() -> None:
    """Print how many answers were exact, caught and wrong in silence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=10_000, help="how many layers")
    parser.add_argument("--first", type=int, default=0, help="the seed of the first")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    verdicts, spoilt, wrong, cpu_s = judge_layers(options.first, options.layers)
    if options.json:
        print(json.dumps({"verdicts": verdicts, "spoilt": spoilt, "wrong": wrong, "audit_cpu_s": round(cpu_s, 1)}))
    else:
        print(", ".join(f"{name} {number}" for name, number in verdicts.items()), f"| audits {cpu_s:.1f} s of CPU")
        print(*wrong, sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
