"""Measure what starting the command line costs, beside bare Python and beside a heavy import, in one run.

    python -m benchmarks.start [--repeats N]

Commands take turns, so that a busy moment of the machine meets all of them alike; the smallest figure of each counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")

COMMANDS = {
    "./taqsimat --help": [str(ROOT / "taqsimat"), "--help"],
    "python -c pass": [PYTHON, "-c", "pass"],
    "python -c 'import geopandas'": [PYTHON, "-c", "import geopandas"],
}
"""What is started: ours first, then what it is compared with."""

LIMIT_S = 0.5
"""CPU seconds that our start may take."""


def measure_cpu(command: list[str]) -> float:
    """Run a command and give the CPU seconds that it and its children took."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def measure_all(repeats: int) -> dict[str, float]:
    """Measure every command `repeats` times in turn and keep the smallest figure of each."""
    rounds = [{name: measure_cpu(command) for name, command in COMMANDS.items()} for _ in range(repeats)]
    return {name: min(figures[name] for figures in rounds) for name in COMMANDS}


def main() -> None:
    """Print a table and end with 1 when our start is over the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    figures = measure_all(parser.parse_args().repeats)
    ours = next(iter(figures.values()))
    print("| command | CPU s | ours / this |\n|---|---|---|")
    for name, cpu_s in figures.items():
        print(f"| `{name}` | {cpu_s:.3f} | {ours / cpu_s:.2f} |")
    sys.exit(ours > LIMIT_S)


if __name__ == "__main__":
    main()
