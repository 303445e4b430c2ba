"""Find divisions and branches from a point, a code or a name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pyproj import Geod
from shapely import Point
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.elections.stations import Sex, Station, Visibility
from geo.errors import DivisionNotFound, InvalidValue, RegisterNotFound, UnknownLevel
from services.elections.answers import Basis, BranchAnswer, Origin, Tie
from services.elections.find import find_branch
from services.messages import explain
from services.queries import RegisterState
from services.tables.elections import Constituency, ConstituencyDivision

DAY = date(2026, 1, 1)
Make = Callable[..., Station]
Record = Callable[..., int]
Ask = Callable[..., BranchAnswer]


@pytest.fixture
def ask(session: Session, register: RegisterState) -> Ask:
    """Ask in the drawn register on one day."""

    def find(at: tuple[float, float] | None = None, **asked: Any) -> BranchAnswer:
        point = Point(at) if at is not None else None
        return find_branch(session, register.name, **({"point": point, "day": DAY} | asked))

    return find


def chain_of(answer: BranchAnswer) -> str:
    return "".join(link.division.code for link in answer.chain)


@pytest.mark.parametrize(
    ("at", "chain", "ties"),
    [
        pytest.param((0.5, 0.5), "XPA", [None, None, None], id="inside"),
        pytest.param((0.0, 0.0), "XPA", [None, None, None], id="outer corner"),
        pytest.param((1.0, 1.0), "XPA", [None, None, Tie.EDGE], id="between communes"),
        pytest.param((2.0, 1.0), "XPB", [Tie.EDGE, None, None], id="between wilayas"),
        pytest.param((3.0, 2.0), "YQC", [None, Tie.EDGE, None], id="between dairas"),
    ],
)
def test_chain_at_a_point(ask: Ask, at: tuple[float, float], chain: str, ties: list[Tie | None]) -> None:
    answer = ask(at)
    assert chain_of(answer) == chain
    assert [link.tie for link in answer.chain] == ties


def test_others_at_an_edge_are_named(ask: Ask) -> None:
    answer = ask((1.0, 1.0))
    assert [one.code for one in answer.chain[-1].others] == ["B"]
    assert answer.is_on_boundary


def test_overlap_is_not_called_an_edge(ask: Ask, country: Any) -> None:
    country.add("Z", "commune", parent="P", ground=draw("Z")["Z"])
    answer = ask((0.5, 0.5))
    assert (answer.leaf.code, answer.chain[-1].tie, answer.is_on_boundary) == ("A", Tie.OVERLAP, False)


def test_child_of_another_parent_is_a_misfit(ask: Ask, country: Any) -> None:
    country.add("M", "wilaya", ground=draw("....M")["M"])
    country.add("N", "commune", parent="R", ground=draw("....N")["N"])
    answer = ask((4.5, 0.5))
    assert chain_of(answer) == "MN"
    assert answer.chain[-1].tie is Tie.MISFIT


def test_boundaries_of_another_day_are_not_used(ask: Ask, country: Any) -> None:
    country.add("O", "wilaya", ground=draw("....O")["O"], valid=Range(None, date(2020, 1, 1)))
    assert chain_of(ask((4.5, 0.5), day=date(2019, 12, 31))) == "O"
    with pytest.raises(DivisionNotFound):
        ask((4.5, 0.5), day=date(2020, 1, 1))


def test_point_outside_names_the_nearest_division(ask: Ask) -> None:
    with pytest.raises(DivisionNotFound) as raised:
        ask((4.25, 1.5))
    reason = dict(raised.value.params["asked"].params)
    expected = Geod(ellps="WGS84").inv(4.0, 1.5, 4.25, 1.5)[2] / 1000
    assert (reason["code"], reason["distance_km"]) == ("Y", pytest.approx(expected, abs=0.1))


def test_register_without_boundaries_says_so(session: Session, build: Any) -> None:
    with pytest.raises(DivisionNotFound) as raised:
        find_branch(session, build().register.name, point=Point(1, 1), day=DAY)
    assert raised.value.params["asked"].key == "register_without_boundaries"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"at": (float("nan"), 1)}, "point_not_finite"),
        ({"at": (181, 0)}, "point_off_earth"),
        ({"at": (36.7, 3.0)}, "point_swapped"),
        ({}, "ask_one_thing"),
        ({"code": "A", "name": "A"}, "ask_one_thing"),
        ({"code": "A", "count": 0}, "outside_range"),
    ],
)
def test_useless_questions_are_refused(ask: Ask, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        ask(**asked)
    assert raised.value.params["reason"].key == reason


@pytest.mark.parametrize("asked", [{"at": (9.87654, 8.7654)}, {"name": "کوچه نهان"}, {"code": "9182736"}])
def test_question_is_neither_repeated_nor_logged(
    ask: Ask, asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(DivisionNotFound) as raised:
        ask(**asked)
    told = " ".join((str(raised.value), explain(raised.value, "fa"), explain(raised.value, "en"), caplog.text))
    assert not any(part in told for part in ("9.87", "8.76", "کوچه", "9182736"))


def test_unknown_register(session: Session) -> None:
    with pytest.raises(RegisterNotFound):
        find_branch(session, "nowhere", code="A", day=DAY)


def test_code_gives_the_chain_above(ask: Ask) -> None:
    assert chain_of(ask(code="C")) == "YQC"


def test_name_is_found_however_spelt(ask: Ask, country: Any) -> None:
    country.add("900", "commune", parent="P", name="علی‌آباد")
    assert chain_of(ask(name="علي اباد")) == "XP900"


def test_common_name_is_answered_with_all_candidates(ask: Ask, country: Any) -> None:
    country.add("7", "commune", parent="R", name="Centre")
    country.add("6", "daira", parent="X", name="Centre")
    answer = ask(name="centre")
    assert [one.code for one in answer.candidates] == ["6", "7"]
    assert answer.is_ambiguous and not answer.chain and answer.candidate_count == 2


def test_level_narrows_a_name(ask: Ask, country: Any) -> None:
    country.add("7", "commune", parent="R", name="Centre")
    country.add("6", "daira", parent="X", name="Centre")
    assert ask(name="centre", level="commune").leaf.code == "7"


def test_unknown_level_is_refused(ask: Ask) -> None:
    with pytest.raises(UnknownLevel):
        ask(name="A", level="ostan")


def test_nearest_stations_come_first(ask: Ask, record: Record, make_station: Make) -> None:
    record(*(make_station(str(x), "A", at=(x / 10, 1.0)) for x in (1, 9, 5)))
    answer = ask((0.3, 1.0), count=2)
    assert [line.code for line in answer.stations] == ["1", "5"]
    assert answer.stations[0].distance_m == pytest.approx(Geod(ellps="WGS84").inv(0.3, 1, 0.1, 1)[2], abs=0.1)


def test_catchment_wins_over_nearness(ask: Ask, record: Record, make_station: Make) -> None:
    record(make_station("near", "A"), make_station("far", "D", at=(3.5, 1.5)), catchments={"far": ["A"]})
    answer = ask((0.5, 0.5))
    assert (answer.basis, answer.basis_division.code) == (Basis.CATCHMENT, "A")
    assert [line.code for line in answer.stations] == ["far"]


def test_catchment_of_the_lowest_division_wins(ask: Ask, record: Record, make_station: Make) -> None:
    record(make_station("a", "A"), make_station("x", "A"), catchments={"a": ["A"], "x": ["X"]})
    assert [line.code for line in ask((0.5, 0.5)).stations] == ["a"]
    assert [line.code for line in ask((1.5, 0.5)).stations] == ["x"]


def test_constituency_wins_over_division(
    session: Session, ask: Ask, record: Record, make_station: Make, country: Any
) -> None:
    record(make_station("a", "A"), make_station("c", "C", at=(2.5, 1.0)))
    values = {"register_id": country.register.id, "body": "majlis", "code": "1", "name": "یکم", "seats": 2}
    seat = session.scalar(insert(Constituency).values(**values).returning(Constituency.id))
    held = [{"constituency_id": seat, "division_id": country.ids[code]} for code in ("B", "Q")]
    session.execute(insert(ConstituencyDivision), held)
    answer = ask((1.5, 0.5))
    assert (answer.basis, [line.code for line in answer.stations]) == (Basis.CONSTITUENCY, ["c"])
    assert [line.name for line in answer.constituencies] == ["یکم"]


@pytest.mark.parametrize(("division", "basis"), [("B", "B"), ("A", "P"), ("P", "P"), ("X", "X")])
def test_lowest_division_with_a_station_is_taken(
    ask: Ask, record: Record, make_station: Make, division: str, basis: str
) -> None:
    record(make_station("one", division), make_station("other", "D"))
    answer = ask((1.5, 0.5))
    assert (answer.basis, answer.basis_division.code) == (Basis.DIVISION, basis)
    assert [line.code for line in answer.stations] == ["one"]


def test_no_station_anywhere(ask: Ask) -> None:
    answer = ask((0.5, 0.5))
    assert (answer.basis, answer.stations, answer.origin) == (None, (), None)


def test_withheld_stations_are_only_counted(ask: Ask, record: Record, make_station: Make) -> None:
    record(make_station("hidden", "A", visibility=Visibility.WITHHELD))
    answer = ask((0.5, 0.5))
    assert (answer.stations, answer.withheld) == ((), 1)


def test_site_known_by_name_only_leaves_no_trace_of_where(ask: Ask, record: Record, make_station: Make) -> None:
    places = {"c": (0.5, 0.6), "b": (0.9, 1.9), "a": (0.1, 0.1)}
    record(*(make_station(code, "A", at=at, visibility=Visibility.NAME_ONLY) for code, at in places.items()))
    answers = [ask(at) for at in ((0.5, 0.5), (0.1, 1.9))]
    assert [line.code for line in answers[0].stations] == ["a", "b", "c"]
    assert answers[0].stations == answers[1].stations
    assert {(line.lon, line.lat, line.distance_m) for line in answers[0].stations} == {(None, None, None)}


@pytest.mark.parametrize(
    ("sex", "stations"), [(Sex.FEMALE, {"both": [2], "any": [1]}), (Sex.MALE, {"both": [1], "men": [1], "any": [1]})]
)
def test_branches_for_one_sex(
    ask: Ask, record: Record, make_station: Make, sex: Sex, stations: dict[str, list[int]]
) -> None:
    record(
        make_station("both", "A", sexes=(Sex.MALE, Sex.FEMALE)),
        make_station("men", "A", sexes=(Sex.MALE,)),
        make_station("any", "A"),
    )
    answer = ask((0.5, 0.5), sex=sex)
    assert {line.code: [branch.number for branch in line.branches] for line in answer.stations} == stations


def test_distance_from_the_centre_of_a_division(ask: Ask, record: Record, make_station: Make, country: Any) -> None:
    country.add("V", "commune", parent="P", position=Point(0.5, 0.5))
    record(make_station("v", "V", at=(0.5, 0.6)))
    answer = ask(code="V")
    assert answer.origin is Origin.POSITION
    assert answer.stations[0].distance_m == pytest.approx(Geod(ellps="WGS84").inv(0.5, 0.5, 0.5, 0.6)[2], abs=0.1)


def test_distance_from_inside_a_division_without_centre(ask: Ask, record: Record, make_station: Make) -> None:
    record(make_station("a", "A"))
    assert ask(code="A").origin is Origin.INSIDE


def test_nothing_is_measured_from_a_division_without_ground(
    ask: Ask, record: Record, make_station: Make, country: Any
) -> None:
    country.add("V", "commune", parent="P")
    record(make_station("v", "V"))
    answer = ask(code="V")
    assert (answer.origin, answer.stations[0].distance_m) == (None, None)


def test_finding_writes_nothing(session: Session, ask: Ask, record: Record, make_station: Make) -> None:
    record(make_station("a", "A"))
    session.flush()
    session.execute(text("SET TRANSACTION READ ONLY"))
    assert ask((0.5, 0.5)).stations
