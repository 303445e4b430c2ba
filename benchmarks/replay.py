"""Time the replay of changes on a register without boundaries, and its growth with their number and with the register.

    python -m benchmarks.replay [--changes 10000] [--json]

Every change is worked out anew from its order, as `changes replay` does. No other program replays administrative
changes; the peer is this planner with the whole register shown to it instead of the part a change concerns, which is
what a replay without an index of families costs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import numpy as np

from geo.register.changes import (
    ChangeOrder,
    DivisionState,
    History,
    RegisterView,
    from_states,
    look_around,
    plan_change,
    read_order,
)
from geo.register.packs import load_pack

SCHEME = "sci/1399"
START = date(1921, 3, 21)
PACK = load_pack("ir")
PEER_CHANGES = 100
"""So many changes the peer plays back, for each shows it the whole register."""


@dataclass(frozen=True)
class Line:
    """Hold one measurement."""

    divisions: int
    """How many divisions the register had at first."""
    changes: int
    """How many changes were played back."""
    cpu_s: float
    """The CPU seconds of it."""

    @property
    def per_change_ms(self) -> float:
        """Give the milliseconds of one change."""
        return 1000 * self.cpu_s / self.changes


def invent_states(bakhshes: int) -> dict[int, DivisionState]:
    """Invent provinces, counties and bakhshes, without boundaries."""
    states: dict[int, DivisionState] = {}
    for number in range(bakhshes):
        code = f"{number // 900:02}{number // 30 % 30 + 1:02}{number % 30 + 1:02}"
        for level, width in (("province", 2), ("county", 4), ("bakhsh", 6)):
            own, above = code[:width], code[: width - 2]
            parent = int(f"9{above}") if above else None
            name = {"fa": f"واحد {own}"}
            states.setdefault(int(f"9{own}"), DivisionState(int(f"9{own}"), level, parent, {SCHEME: own}, name))
    return states


def invent_orders(states: dict[int, DivisionState], changes: int, seed: int = 1) -> list[ChangeOrder]:
    """Invent renamings, and transfers of a bakhsh to another county of its province, in the order of their days."""
    dice = np.random.default_rng(seed)
    bakhshes = sorted(state.codes[SCHEME] for state in states.values() if state.level == "bakhsh")
    counties = sorted(state.codes[SCHEME] for state in states.values() if state.level == "county")
    orders = []
    for number in range(changes):
        day = (START + timedelta(days=number)).isoformat()
        bakhsh = bakhshes[int(dice.integers(len(bakhshes)))]
        body: dict[str, object] = {"kind": "rename", "names": {"fa": f"نام {number}"}}
        if number % 2:
            same = [county for county in counties if county[:2] == bakhsh[:2]]
            body = {"kind": "transfer", "to": same[int(dice.integers(len(same)))], "recode": False}
        orders.append(read_order({**body, "effective_on": day, "divisions": [bakhsh]}))
    return orders


def play(states: dict[int, DivisionState], orders: list[ChangeOrder], show: Callable[..., RegisterView]) -> float:
    """Play orders over states; those that change nothing are passed over. Give the CPU seconds."""
    references = {state.codes[SCHEME]: key for key, state in states.items()}
    parents = {key: state.parent for key, state in states.items()}
    history = from_states(states.values())
    start = time.process_time()
    for number, order in enumerate(orders, start=1):
        known = {word: references[word] for word in order.list_references()}
        if order.to is not None and parents[known[order.divisions[0]]] == known[order.to]:
            continue
        if order.to is not None:
            parents[known[order.divisions[0]]] = known[order.to]
        history.apply(number, plan_change(order, show(history, order, known, PACK)), order.effective_on)
    return time.process_time() - start


def show_whole(history: History, order: ChangeOrder, references: dict[str, int], pack: object) -> RegisterView:
    """Show the whole register, whatever the order."""
    return RegisterView(PACK, order.effective_on, history.show(order.effective_on), references)


def measure(bakhshes: int, changes: int, show: Callable[..., RegisterView] = look_around) -> Line:
    """Time one replay."""
    states = invent_states(bakhshes)
    return Line(len(states), changes, play(states, invent_orders(states, changes), show))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    by_changes = [measure(1099, asked.changes // share) for share in (4, 2, 1)]
    by_size = [measure(size, asked.changes // 4) for size in (1099, 5000, 20_000)]
    peer = measure(1099, PEER_CHANGES, show_whole)
    lines = {"by changes": by_changes, "by divisions": by_size, "whole register shown": [peer]}
    if asked.json:
        print(json.dumps({name: [asdict(line) for line in found] for name, found in lines.items()}, indent=1))
        return
    for name, found in lines.items():
        for line in found:
            print(
                f"{name:22} {line.divisions:7} divisions {line.changes:6} changes {line.cpu_s:8.2f} s CPU"
                f" {line.per_change_ms:8.3f} ms a change"
            )
    print(f"ratio of the peer to ours, a change: {peer.per_change_ms / by_changes[-1].per_change_ms:.1f}")


if __name__ == "__main__":
    main()
