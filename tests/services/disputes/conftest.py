"""Draw a county of Iran in which two dehestans overlap and two leave a gap, and put it before its officers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import update
from sqlalchemy.orm import Session

from services.access.roles import Caller, RoleGrant, make_operator
from services.boundaries.audits import audit_levels
from services.boundaries.findings import FindingFilter, list_findings
from services.disputes.claims import ClaimText
from services.disputes.decisions import DecisionText, apply_decision, approve_decision, propose_decision
from services.disputes.opening import OpeningText, open_from_claim, open_from_findings
from services.disputes.options import OptionsWish, prepare_options
from services.disputes.records import Dispute, get_dispute
from services.queries import RegisterState, get_register
from services.register.decrees import DecreeText, record_decree
from services.tables.register import Name

DAY = date(2026, 1, 1)
FIRST = Caller(None, "first", (RoleGrant("national_officer"),))
SECOND = Caller(None, "second", (RoleGrant("national_officer"),))
OPERATOR = make_operator("tests")

CODES = {"K": "060101", "L": "060102"} | {
    letter: f"0601{bakhsh}{number:04}"
    for bakhsh, letters in (("01", "QVW"), ("02", "STU"))
    for number, letter in enumerate(letters, start=1)
}
EDGES = (50.0, 50.019, 50.02, 50.04, 50.06, 50.061, 50.08)
BOXES = {"Q": (50.0, 50.02), "S": (50.019, 50.04), "T": (50.04, 50.06), "U": (50.061, 50.08)}
OVERLAP = shapely.box(50.019, 30.0, 50.02, 30.02)
GAP = shapely.box(50.06, 30.0, 50.061, 30.02)


def make_band(low: float, high: float) -> shapely.Polygon:
    """Make a band along all of the others, with a vertex wherever one of them begins."""
    inner = 30.0 if high == 30.0 else 30.02
    outer = low if high == 30.0 else high
    edge = [(x, inner) for x in EDGES]
    return shapely.Polygon([*edge, (EDGES[-1], outer), (EDGES[0], outer)])


@pytest.fixture
def country(build: Callable[..., Any]) -> Any:
    """Draw the county; three villages lie in the overlap, two of Q and one of S."""
    drawn = build("ir")
    grounds = {letter: shapely.box(west, 30.0, east, 30.02) for letter, (west, east) in BOXES.items()}
    grounds |= {"V": make_band(29.99, 30.0), "W": make_band(30.02, 30.03)}
    drawn.add("06", "province", ground=shapely.box(50.0, 29.99, 50.08, 30.03))
    drawn.add("0601", "county", parent="06", ground=shapely.box(50.0, 29.99, 50.08, 30.03))
    for bakhsh, letters in (("K", "QVW"), ("L", "STU")):
        whole = shapely.union_all([grounds[letter] for letter in letters])
        drawn.add(CODES[bakhsh], "bakhsh", parent="0601", ground=whole, name=bakhsh)
    for letter, ground in sorted(grounds.items()):
        bakhsh = "K" if letter in "QVW" else "L"
        drawn.add(CODES[letter], "dehestan", parent=CODES[bakhsh], ground=ground, name=letter)
    for number, (letter, lat, people) in enumerate((("Q", 30.004, 10), ("Q", 30.008, 20), ("S", 30.012, 500)), 1):
        code = f"{CODES[letter]}{number:06}"
        point = shapely.Point(50.0195, lat)
        drawn.add(code, "village", parent=CODES[letter], position=point, people=people, name=f"village {number}")
    own = Name.division_id.in_(sorted(drawn.ids.values()))
    drawn.session.execute(update(Name).where(own).values(language="fa"))
    return drawn


@pytest.fixture
def register(country: Any) -> RegisterState:
    """Name the drawn register."""
    return country.register  # type: ignore[no-any-return]


class Office:
    """Bring disputes of the drawn county through their steps, each on the version it stands at."""

    first, second, operator = FIRST, SECOND, OPERATOR
    day, overlap, gap = DAY, OVERLAP, GAP

    def __init__(self, session: Session, country: Any) -> None:
        self.session = session
        self.country = country
        self.name = country.register.name
        self.decrees = 0

    @property
    def register(self) -> RegisterState:
        """Give the register as it is."""
        return get_register(self.session, self.name)

    def id(self, letter: str) -> int:
        """Give the key of a division."""
        return self.country.ids[CODES[letter]]  # type: ignore[no-any-return]

    def see(self, key: int, reader: Caller = OPERATOR) -> Dispute:
        """Read a dispute."""
        return get_dispute(self.session, self.register, key, reader=reader)

    def find(self, kind: str, level: str = "dehestan") -> list[int]:
        """Audit the dehestans, and list the findings of a kind."""
        audit_levels(self.session, self.register, [level], day=DAY, caller=OPERATOR)
        found = list_findings(self.session, self.register, FindingFilter(kind=kind, level=level))
        return [one.id for one in found]

    def open(self, kind: str = "overlap", *, caller: Caller = OPERATOR, **text: Any) -> int:
        """Open a dispute on the only finding of a kind."""
        findings = self.find(kind)
        return open_from_findings(self.session, self.register, findings, OpeningText(**text), caller=caller).id

    def open_twin(self) -> int:
        """Open a dispute on the overlap by a claim, beside the one from its finding."""
        claim = ClaimText(CODES["Q"], CODES["S"], shapely.box(50.019, 30.0, 50.03, 30.02))
        text, named = OpeningText(), {"day": DAY, "caller": OPERATOR}
        return open_from_claim(self.session, self.register, claim, text, **named).id

    def step(
        self, use_case: Callable[..., Dispute], key: int, *given: Any, caller: Caller = FIRST, **named: Any
    ) -> Dispute:
        """Take a step on the version the dispute is at."""
        version = self.see(key).version
        return use_case(self.session, self.register, key, *given, based_on=version, caller=caller, **named)

    def prepare(self, key: int, **wish: Any) -> Dispute:
        """Work the options out."""
        return self.step(prepare_options, key, OptionsWish(DAY, **wish))

    def pick(self, key: int, kind: str, letter: str | None = None) -> int:
        """Give the number of an option that can be had."""
        taker = None if letter is None else self.id(letter)
        return next(
            one.number
            for one in self.see(key).options
            if one.kind == kind and one.refused is None and (letter is None or one.taker == taker)
        )

    def decree(self, day: date = DAY) -> int:
        """Record another decree."""
        self.decrees += 1
        text = DecreeText(str(self.decrees), "هیئت وزیران", day, day)
        return record_decree(self.session, self.register, text, caller=OPERATOR).id

    def propose(self, key: int, kind: str = "adopt", letter: str | None = "Q") -> Dispute:
        """Propose an option under a new decree."""
        wish = DecisionText(self.decree(), "reasons", self.pick(key, kind, letter))
        return self.step(propose_decision, key, wish)

    def settle(self, kind: str = "adopt", letter: str | None = "Q", *, finding: str = "overlap") -> int:
        """Bring a dispute from its finding into the register."""
        key = self.open(finding)
        self.prepare(key)
        self.propose(key, kind, letter)
        self.step(approve_decision, key, caller=SECOND)
        self.step(apply_decision, key, caller=SECOND)
        return key


@pytest.fixture
def office(session: Session, country: Any) -> Office:
    """Open the office."""
    return Office(session, country)
