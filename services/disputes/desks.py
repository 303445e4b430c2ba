"""Lay the faces of a dispute out, with the boundaries around them and the places in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shapely import LineString
from sqlalchemy.orm import Session

from geo.coverage import DisputedFace, Sheet, lay_face
from geo.coverage.cautions import list_cautions
from geo.coverage.ways import DrawnLine, list_ways
from geo.errors import Reason
from geo.register.changes import read_order
from services.disputes.combining import JoinedWay, join_ways
from services.disputes.knowledge import KnownLine, gather_knowledge, list_insiders, list_known_lines
from services.disputes.orders import write_open
from services.disputes.parts import Face, Insider
from services.disputes.records import Dispute
from services.queries import RegisterState
from services.register.surroundings import load_view


@dataclass(frozen=True)
class Desk:
    """Hold the faces of a dispute as they lie in the register on a day."""

    faces: tuple[tuple[Face, DisputedFace], ...]
    """Each face with what was laid of it."""
    insiders: tuple[Insider, ...]
    """The places in them."""
    lines: tuple[KnownLine, ...]
    """The lines that the dispute and the register know."""

    def join_ways(self, dispute: Dispute, drawn: DrawnLine | LineString | None) -> tuple[JoinedWay, ...]:
        """List the ways to settle all of them at once."""
        ways = [
            list_ways(laid, gather_knowledge(dispute, face, self.insiders, lines=self.lines, drawn=drawn))
            for face, laid in self.faces
        ]
        return join_ways([face.id for face, _ in self.faces], ways)

    def list_cautions(self) -> tuple[Reason, ...]:
        """List what speaks against settling them without looking, each reason once."""
        found: dict[Reason, None] = {}
        for face, laid in self.faces:
            inside = [one for one in self.insiders if one.face == face.id]
            people = sum(one.people or 0 for one in inside)
            found |= dict.fromkeys(list_cautions(laid, people=people, places=len(inside)))
        return tuple(found)


def lay_out(session: Session, register: RegisterState, dispute: Dispute, *, day: date) -> Desk:
    """Lay the faces of a dispute out; raises Infeasible when one is no longer in dispute as it was."""
    sheet = load_sheet(session, register, dispute, day=day)
    laid = tuple((face, lay_face(sheet, face.ground, face.candidates)) for face in dispute.summary.faces)
    insiders = list_insiders(session, register, dispute, day=day)
    return Desk(laid, insiders, list_known_lines(session, register, dispute))


def load_sheet(session: Session, register: RegisterState, dispute: Dispute, *, day: date) -> Sheet:
    """Load the boundaries of all levels around the faces of a dispute."""
    order = read_order(write_open(session, register, dispute.summary.faces, day=day))
    states = load_view(session, register, order).divisions
    shapes = {key: state.boundary for key, state in states.items() if state.boundary is not None}
    parents = {key: state.parent for key, state in states.items()}
    return Sheet(shapes, parents, {key: state.level for key, state in states.items()})
