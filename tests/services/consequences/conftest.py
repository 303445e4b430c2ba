"""Build a small province of Iran in the store, with what every subject keeps there, and draft changes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import shapely
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from fixtures.letters import draw
from geo.civic.complaints import Complaint, ComplaintStatus
from geo.elections.stations import Branch, Sex, Station, Visibility
from services.access.roles import make_operator
from services.civic.complaints import record_complaints
from services.consequences.ledgers import apply_with_ledger
from services.elections.stations import record_stations
from services.queries import RegisterState, get_register
from services.register.change_records import get_change
from services.register.changes import approve_change, check_change, draft_change
from services.register.decrees import DecreeText, record_decree
from services.tables.civic import Council, Membership
from services.tables.elections import Constituency, ConstituencyDivision

LEVELS = {"county": "AAAABB\nAAAABB", "bakhsh": "KKLLMM\nKKLLMM", "dehestan": "QRSTUV\nQRSTUV"}
CODES = {"P": "06", "A": "0601", "B": "0602", "K": "060101", "L": "060102", "M": "060201"} | {
    "Q": "0601010001",
    "R": "0601010002",
    "S": "0601020001",
    "T": "0601020002",
    "U": "0602010001",
    "V": "0602010002",
}
PARENTS = {"A": "P", "B": "P", "K": "A", "L": "A", "M": "B"} | dict(zip("QRSTUV", "KKLLMM", strict=True))
OPERATOR = make_operator("tests")


@pytest.fixture
def country(build: Callable[..., Any]) -> Any:
    """Draw a province of two counties, three bakhsh and six dehestans with a village each."""
    drawn = build("ir")
    grounds = {level: draw(drawing, origin=(50.0, 30.0)) for level, drawing in LEVELS.items()}
    whole = shapely.union_all(list(grounds["county"].values()))
    drawn.add("06", "province", ground=whole, name="استان")
    for level, letters in grounds.items():
        for letter, ground in letters.items():
            drawn.add(CODES[letter], level, parent=CODES[PARENTS[letter]], ground=ground, name=letter)
    for place, letter in enumerate("QRSTUV"):
        code, point = f"{CODES[letter]}{place + 1:06d}", shapely.Point(50.5 + place, 30.5)
        drawn.add(code, "village", parent=CODES[letter], position=point, people=100 * (place + 1), name=letter.lower())
    _add_official_names(drawn)
    return drawn


def _add_official_names(drawn: Any) -> None:
    from sqlalchemy import update

    from services.tables.register import Name

    own = Name.division_id.in_(sorted(drawn.ids.values()))
    drawn.session.execute(update(Name).where(own).values(language="fa"))


@pytest.fixture
def register(country: Any) -> RegisterState:
    """Name the drawn register."""
    return country.register  # type: ignore[no-any-return]


@pytest.fixture
def subjects(session: Session, country: Any, register: RegisterState) -> None:
    """Keep a station in S and one in R, councils of A and L, two constituencies, and complaints."""
    stations = [_open_station("s-1", 52.5, "S", branches=2), _open_station("r-1", 51.5, "R", branches=1)]
    record_stations(session, register, stations, caller=OPERATOR, catchments={"s-1": [CODES["L"]]})
    _seat_councils(session, country)
    _draw_constituencies(session, country)
    complaints = [_complain(number, 52.2 + number / 100) for number in range(12)]
    complaints += [_complain(number, 50.5) for number in range(100, 103)]
    record_complaints(session, register, complaints, caller=OPERATOR)


@pytest.fixture
def complain(session: Session, register: RegisterState) -> Callable[[int, float], None]:
    """Give the way to record some complaints at a longitude."""

    def put(number: int, lon: float) -> None:
        drafts = [_complain(int(lon * 1000) + one, lon) for one in range(number)]
        record_complaints(session, register, drafts, caller=OPERATOR)

    return put


def _open_station(code: str, lon: float, letter: str, *, branches: int) -> Station:
    boxes = [
        Branch(str(n + 1), Sex.ANY, mobile=False, capacity=100, opens=time(8), closes=time(18), accessible=None)
        for n in range(branches)
    ]
    return Station(
        code=code,
        name=code,
        point=shapely.Point(lon, 30.5),
        division_code=CODES[letter],
        branches=tuple(boxes),
        visibility=Visibility.PUBLIC,
        synthetic=True,
    )


def _complain(number: int, lon: float) -> Complaint:
    return Complaint(
        code=f"c-{number}",
        category="water",
        submitted_at=datetime(2025, 1, 1, tzinfo=UTC),
        point=shapely.Point(lon, 31.0),
        division_code=None,
        description="",
        status=ComplaintStatus.RECEIVED,
        synthetic=True,
    )


def _seat_councils(session: Session, country: Any) -> None:
    for letter in "AL":
        values = {"division_id": country.ids[CODES[letter]], "code": f"council-{letter}", "name": letter, "seats": 5}
        key = session.scalar(insert(Council).values(register_id=country.register.id, **values).returning(Council.id))
        term = Range(date(2024, 1, 1), date(2028, 1, 1))
        session.execute(insert(Membership).values(council_id=key, seat=1, person="م", role="chair", term=term))


def _draw_constituencies(session: Session, country: Any) -> None:
    for letter in "AB":
        values = {"body": "majles", "code": letter, "name": letter, "seats": 1}
        key = session.scalar(
            insert(Constituency).values(register_id=country.register.id, **values).returning(Constituency.id)
        )
        division = country.ids[CODES[letter]]
        session.execute(insert(ConstituencyDivision).values(constituency_id=key, division_id=division))


@pytest.fixture
def decree(session: Session, register: RegisterState) -> int:
    """Record a decree."""
    text = DecreeText("1", "هیئت وزیران", date(2025, 3, 1), date(2025, 3, 1))
    return record_decree(session, register, text, caller=OPERATOR).id


@pytest.fixture
def draft(session: Session, register: RegisterState, decree: int) -> Callable[[dict[str, Any]], int]:
    """Give the way to draft an order under the decree."""
    return lambda order: draft_change(session, register, order, decree_id=decree, caller=OPERATOR).id


@pytest.fixture
def carry_out(session: Session, register: RegisterState) -> Callable[[int], None]:
    """Give the way to bring a draft into the register, by two officers."""
    second = make_operator("second")

    def go(key: int) -> None:
        check_change(session, register, key, based_on=get_change(session, register, key).version, caller=OPERATOR)
        approve_change(session, register, key, based_on=get_change(session, register, key).version, caller=second)
        state, version = get_register(session, register.name), get_change(session, register, key).version
        apply_with_ledger(session, state, key, based_on=version, caller=second)

    return go
