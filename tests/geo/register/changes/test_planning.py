"""Test what each kind of change does to a register drawn with letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import shapely

from fixtures.registers import CELL, ORIGIN, SCHEME, invent_register, key_of, show_register
from geo.errors import ChangeRefused
from geo.register.changes import Effect, plan_change, read_order

STATES = invent_register()
VIEW = show_register(STATES)
BARE = show_register({key: replace(one, boundary=None) for key, one in STATES.items()})


def plan(view: Any = VIEW, **order: object) -> Effect:
    return plan_change(read_order({"effective_on": "1400-01-01", **order}), view)


def refuse(view: Any = VIEW, **order: object) -> list[tuple[str, str]]:
    with pytest.raises(ChangeRefused) as caught:
        plan(view, **order)
    return [(problem.rule, problem.subject) for problem in caught.value.params["problems"]]


def cells(shape: Any) -> float:
    return round(shape.area / CELL**2, 6)


def box(west: int, south: int, east: int, north: int) -> dict[str, object]:
    corners = (ORIGIN[0] + west * CELL, ORIGIN[1] + south * CELL, ORIGIN[0] + east * CELL, ORIGIN[1] + north * CELL)
    return shapely.geometry.mapping(shapely.box(*corners))


def new(level: str, **parts: object) -> dict[str, object]:
    return {"label": "new", "level": level, "names": {"fa": "نو"}, **parts}


def test_a_split_by_children_carries_their_ground_and_their_codes():
    effect = plan(kind="split", divisions=["0102"], founded=[new("county", children=["010202"])])
    (county,) = effect.founded
    assert effect.after[county].codes == {SCHEME: "0103"}
    assert cells(effect.after[county].boundary) == 8
    assert cells(effect.after[key_of("0102")].boundary) == 6
    assert effect.after[key_of("010202")].codes == {SCHEME: "010302"}
    assert effect.after[key_of("0102020001")].codes == {SCHEME: "0103020001"}
    assert (effect.predecessors, effect.successors) == ((key_of("0102"),), (key_of("0102"), county))


def test_a_split_without_boundaries_moves_what_stands_below():
    effect = plan(BARE, kind="split", divisions=["0102"], founded=[new("county", children=["010202"])])
    assert effect.after[key_of("010202")].parent == effect.founded[0]
    assert not effect.moved


def test_a_division_that_ends_must_leave_nothing():
    whole = {"kind": "split", "divisions": ["0102"], "ends": True}
    assert refuse(**whole, founded=[new("county", children=["010202"])]) == [("ground_left", "0102")]
    parts = [new("county", children=["010201"]), {**new("county", children=["010202"]), "label": "b"}]
    effect = plan(**whole, founded=parts)
    assert effect.ended == (key_of("0102"),)
    assert [effect.after[key].codes[SCHEME] for key in effect.founded] == ["0103", "0104"]


def test_a_merger_takes_ground_children_and_codes():
    effect = plan(kind="merge", divisions=["0101"], to="0102")
    assert effect.ended == (key_of("0101"),)
    assert cells(effect.after[key_of("0102")].boundary) == 28
    assert effect.after[key_of("010101")].codes == {SCHEME: "010203"}
    assert set(effect.predecessors) == {key_of("0101"), key_of("0102")}


def test_a_transfer_moves_ground_between_parents():
    effect = plan(kind="transfer", divisions=["010201"], to="0101")
    assert cells(effect.after[key_of("0101")].boundary) == 20
    assert effect.after[key_of("010201")].codes == {SCHEME: "010103"}
    assert effect.resized == (key_of("0101"), key_of("0102"))
    assert key_of("01") not in effect.after


def test_places_are_transferred_without_ground():
    village = next(key for key, one in STATES.items() if one.level == "village")
    effect = plan(kind="transfer", divisions=[STATES[village].codes[SCHEME]], to="0102010001")
    assert effect.after[village].codes == {SCHEME: f"0102010001{STATES[village].codes[SCHEME][-6:]}"}
    assert not effect.moved


def test_codes_stay_when_the_order_says_so():
    effect = plan(kind="transfer", divisions=["010201"], to="0101", recode=False)
    assert effect.after[key_of("010201")].codes == {SCHEME: "010201"}


def test_limits_are_corrected_at_every_level():
    move = {"from": "0101020001", "to": "0102010001", "ground": box(3, 1, 4, 2)}
    with pytest.raises(ChangeRefused):
        plan(kind="rebound", moves=[{**move, "to": "0101020001"}])
    effect = plan(kind="rebound", moves=[{**move, "ground": box(3, 2, 4, 3)}])
    assert cells(effect.after[key_of("0102")].boundary) == 15
    assert cells(effect.after[key_of("010102")].boundary) == 3
    assert effect.moved_m2 > 0


def test_a_line_cuts_ground_off():
    line = {"type": "LineString", "coordinates": [[51.005, 34.99], [51.005, 35.05]]}
    effect = plan(kind="split", divisions=["0101010001"], founded=[new("dehestan", line=line)])
    assert cells(effect.after[effect.founded[0]].boundary) == 1
    assert cells(effect.after[key_of("0101010001")].boundary) == 5


def test_a_village_becomes_a_city():
    village = next(one for one in STATES.values() if one.level == "village")
    code = village.codes[SCHEME]
    effect = plan(kind="relevel", divisions=[code], level="city", names={"fa": "شهر نو"})
    city = effect.after[village.id]
    assert (city.level, city.parent) == ("city", key_of(code[:6]))
    assert city.codes == {SCHEME: f"{code[:6]}1001"}


def test_a_bakhsh_becomes_a_county_over_a_bakhsh_of_its_own():
    effect = plan(kind="relevel", divisions=["010202"], level="county", inner=new("bakhsh"))
    county, inner = effect.after[key_of("010202")], effect.after[effect.founded[0]]
    assert (county.parent, inner.parent) == (key_of("01"), county.id)
    assert county.codes == {SCHEME: "0103"}
    assert inner.codes == {SCHEME: "010301"}
    assert cells(effect.after[key_of("0102")].boundary) == 6
    assert effect.after[key_of("0102020001")].parent == inner.id


def test_a_level_that_may_not_have_its_children_is_refused():
    problems = refuse(kind="relevel", divisions=["010202"], level="county")
    assert problems[:2] == [("child_level", "0102020001"), ("child_level", "0102020002")]


def test_places_are_annexed_with_ground():
    village = next(one for one in STATES.values() if one.level == "village")
    code = village.codes[SCHEME]
    city = plan(kind="relevel", divisions=[code], level="city")
    view = show_register({**STATES, **city.after})
    other = next(one for one in STATES.values() if one.level == "village" and one.id != village.id)
    effect = plan(view, kind="annex", divisions=[other.codes[SCHEME]], to=city.after[village.id].codes[SCHEME])
    assert effect.ended == (other.id,)
    assert effect.successors == (village.id,)


@pytest.mark.parametrize(
    ("order", "problems"),
    [
        ({"kind": "rename", "divisions": ["0199"], "names": {"fa": "نو"}}, [("unknown", "0199")]),
        ({"kind": "rename", "divisions": ["0101"], "names": {"fa": "county 0101"}}, [("nothing_new", "0101")]),
        ({"kind": "rename", "divisions": ["0101"], "names": {"xx": "نو"}}, [("language_unknown", "0101")]),
        ({"kind": "rename", "divisions": ["0101"], "names": {"fa": "---"}}, [("name_empty", "0101")]),
        ({"kind": "abolish", "divisions": ["0101"]}, [("has_ground", "0101")]),
        ({"kind": "transfer", "divisions": ["0101"], "to": "010201"}, [("parent_level", "0101")]),
        ({"kind": "transfer", "divisions": ["0101"], "to": "010101"}, [("parent_cycle", "0101")]),
        ({"kind": "transfer", "divisions": ["010101"], "to": "0101"}, [("already_there", "010101")]),
        ({"kind": "merge", "divisions": ["0101"], "to": "010201"}, [("merge_levels", "0101")]),
        ({"kind": "merge", "divisions": ["0101", "0102"], "to": "0102"}, [("merge_with_itself", "0102")]),
        ({"kind": "recentre", "divisions": ["0101"], "centre": [0, 0]}, [("position_abroad", "0101")]),
        ({"kind": "recentre", "divisions": ["0101"], "centre": "0102"}, [("no_position", "0102")]),
        ({"kind": "split", "divisions": ["0101"], "founded": [new("county")]}, [("no_ground", "new")]),
        (
            {"kind": "split", "divisions": ["0101"], "founded": [new("county", children=["010201"])]},
            [("not_below", "010201")],
        ),
        (
            {"kind": "create", "founded": [new("county", names={"zz": "x"})]},
            [("parent_level", "x"), ("no_official_name", "x"), ("language_unknown", "x"), ("no_code", "x")],
        ),
        (
            {"kind": "recode", "divisions": ["0101"], "codes": {"0101": {"sci/1399": "0102"}}},
            [("code_taken", "0102")],
        ),
        ({"kind": "recode", "divisions": ["0101"], "codes": {"0101": {"sci/1399": "x"}}}, [("code_rule", "x")]),
        ({"kind": "recode", "divisions": ["0101"], "codes": {"0101": {"zz/1": "x"}}}, [("scheme_unknown", "0101")]),
        (
            {"kind": "recode", "divisions": ["0101"], "codes": {"0102": {"sci/1399": "0109"}}},
            [("codes_of_others", "0101")],
        ),
    ],
)
def test_rules_are_named_with_the_division_that_breaks_them(order: dict[str, Any], problems: list[tuple[str, str]]):
    assert refuse(**order)[: len(problems)] == problems


def test_a_register_that_knows_later_facts_is_not_changed_before_them():
    settled = replace(VIEW, settled=frozenset({key_of("0101")}))
    assert refuse(settled, kind="transfer", divisions=["010201"], to="0101") == [("later_facts", "0101")]
