"""Test on random changes that replay makes the register, that undoing restores it, and that ground stays tiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import shapely
from hypothesis import given
from hypothesis import strategies as st

from fixtures.registers import CELL, ORIGIN, SCHEME, invent_register
from geo.coverage import FindingKind, Parents, audit_coverage, measure_area
from geo.errors import ChangeRefused
from geo.register.changes import (
    DivisionState,
    Effect,
    History,
    RegisterView,
    from_states,
    look_around,
    plan_change,
    read_order,
)
from geo.register.packs import load_pack

START = date(2021, 3, 21)
PACK = load_pack("ir")
STATES = invent_register()


@st.composite
def orders(draw: st.DrawFn) -> dict[str, object]:
    """Order something that may or may not be possible, with divisions told by their place among those of a level."""
    kind = draw(st.sampled_from(["rename", "split", "merge", "transfer", "rebound", "relevel", "recentre", "line"]))
    picks = draw(st.lists(st.integers(0, 7), min_size=3, max_size=3))
    spots = draw(st.lists(st.integers(0, 14), min_size=4, max_size=4))
    return {
        "kind": kind,
        "level": draw(st.sampled_from(["county", "bakhsh", "dehestan"])),
        "picks": picks,
        "spots": spots,
    }


def write_order(wish: Mapping[str, object], states: Mapping[int, DivisionState], day: date) -> dict[str, object]:
    """Write a wish about the divisions that stand on a day."""
    of_level = sorted(state.codes[SCHEME] for state in states.values() if state.level == wish["level"])
    one, other = (of_level[pick % len(of_level)] for pick in wish["picks"][:2])
    west, south, east, north = (ORIGIN[axis % 2] + spot * CELL / 2 for axis, spot in enumerate(wish["spots"]))
    order: dict[str, object] = {"effective_on": day.isoformat(), "kind": wish["kind"]}
    new = {"label": "new", "level": wish["level"], "names": {"fa": "نو"}}
    match wish["kind"]:
        case "rename":
            return {**order, "divisions": [one], "names": {"fa": f"نام {day}"}}
        case "recentre":
            return {**order, "divisions": [one], "centre": [west, south]}
        case "merge":
            return {**order, "divisions": [one], "to": other}
        case "transfer":
            above = sorted(s.codes[SCHEME] for s in states.values() if s.level in ("province", "county", "bakhsh"))
            return {**order, "divisions": [one], "to": above[wish["picks"][2] % len(above)]}
        case "relevel":
            return {**order, "divisions": [one], "level": "county", "inner": {**new, "level": "bakhsh"}}
        case "split":
            below = sorted(s.codes[SCHEME] for s in states.values() if s.codes[SCHEME].startswith(one))
            return {**order, "divisions": [one], "founded": [{**new, "children": below[1:2]}]}
        case "line":
            line = {"type": "LineString", "coordinates": [[west, ORIGIN[1] - 1], [east + 1e-4, ORIGIN[1] + 1]]}
            return {**order, "kind": "split", "divisions": [one], "founded": [{**new, "line": line}]}
    ground = shapely.box(min(west, east), min(south, north), max(west, east) + CELL / 3, max(south, north) + CELL / 3)
    return {**order, "moves": [{"from": one, "to": other, "ground": shapely.geometry.mapping(ground)}]}


def show(history: History, day: date) -> RegisterView:
    """Show all of a history, with every code that was ever given as taken."""
    states = history.show(day)
    taken = {str(one.value) for key, held in history.facts.items() if key[0] == "code" for one in held}
    codes = {state.codes[SCHEME]: key for key, state in states.items() if SCHEME in state.codes}
    return RegisterView(PACK, day, states, codes, {SCHEME: frozenset(taken)})


def carry_out(
    wishes: list[dict[str, object]],
) -> tuple[History, list[tuple[int, Effect, date, dict[int, int], dict[str, object]]]]:
    """Carry out what is possible, day after day."""
    history, done = from_states(STATES.values()), []
    for number, wish in enumerate(wishes, start=1):
        day = START + timedelta(days=number)
        view = show(history, day)
        body = write_order(wish, view.divisions, day)
        try:
            effect = plan_change(read_order(body), view)
        except ChangeRefused:
            continue
        ids = {key: 10**9 + number * 100 - key for key in effect.founded}
        history.apply(number, effect, day, ids=ids)
        done.append((number, effect, day, ids, body))
    return history, done


def test_wishes_are_often_possible():
    wishes = [
        {"kind": kind, "level": "dehestan", "picks": [0, 1, 2], "spots": [1, 0, 1, 8]}
        for kind in ("rename", "merge", "transfer", "line", "recentre")
    ]
    _, done = carry_out(wishes)
    assert len(done) >= 4


@given(st.lists(orders(), min_size=1, max_size=6))
def test_replay_makes_the_register(wishes: list[dict[str, object]]):
    history, done = carry_out(wishes)
    again = from_states(STATES.values())
    for number, effect, day, ids, body in done:
        order = read_order(body)
        codes = {state.codes[SCHEME]: key for key, state in again.show(day).items() if SCHEME in state.codes}
        references = {word: codes[word] for word in order.list_references()}
        promised = {key: state.codes for key, state in effect.after.items()}
        view = replace(look_around(again, order, references, PACK), promised=promised)
        again.apply(number, plan_change(order, view), day, ids=ids)
    assert again.list_differences(history) == ()


@given(st.lists(orders(), min_size=1, max_size=6))
def test_undoing_restores(wishes: list[dict[str, object]]):
    history, done = carry_out(wishes)
    for number, *_ in reversed(done):
        history.undo(1000 + number, number)
    assert history.list_differences(from_states(STATES.values())) == ()


@given(st.lists(orders(), min_size=1, max_size=6))
def test_every_partition_tiles_its_parents_on_every_day(wishes: list[dict[str, object]]):
    history, done = carry_out(wishes)
    for day in (START, *(day for _, _, day, *_ in done)):
        states = history.show(day)
        for level, above in (("county", "province"), ("bakhsh", "county"), ("dehestan", "bakhsh")):
            children = [state for state in states.values() if state.level == level]
            parents = [state for state in states.values() if state.level == above]
            assert count_defects(children, parents) == 0


def count_defects(children: list[DivisionState], parents: list[DivisionState]) -> int:
    """Count the defects that an audit of one level within the level above finds; parts apart are none."""
    above = Parents(
        [str(one.id) for one in parents], [one.boundary for one in parents], [str(one.parent) for one in children]
    )
    audit = audit_coverage([one.boundary for one in children], [str(one.id) for one in children], parents=above)
    defects = [one for one in audit.findings if one.kind is not FindingKind.DETACHED_PART]
    return len(defects) + (not audit.certified)


@given(st.lists(orders(), min_size=1, max_size=6))
def test_no_ground_is_lost(wishes: list[dict[str, object]]):
    history, done = carry_out(wishes)
    for _, _, day, *_ in done:
        states = history.show(day).values()
        whole = next(measure_area(state.boundary) for state in states if state.level == "province")
        areas = [measure_area(state.boundary) for state in states if state.level == "dehestan"]
        assert abs(sum(areas) - whole) < 1e-3
