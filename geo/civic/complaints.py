"""Say what a complaint is: a resident's report, demand, suggestion or objection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapely import Point


class ComplaintStatus(StrEnum):
    """Say how far a complaint has come."""

    RECEIVED = "received"
    REFERRED = "referred"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still owes the resident an answer."""
        return self in (ComplaintStatus.RECEIVED, ComplaintStatus.REFERRED)


@dataclass(frozen=True)
class Complaint:
    """Describe one complaint as it stands."""

    code: str
    """The tracking code given to the resident."""
    category: str
    """The code of its category in the country pack."""
    submitted_at: datetime
    """When it came in, in local time."""
    point: Point | None
    """What it is about, in longitude and latitude (EPSG:4326); None where only the division is known."""
    division_code: str | None
    """The division it belongs to; None until it has been located."""
    description: str
    """What the resident wrote."""
    status: ComplaintStatus
    """How far it has come."""
    synthetic: bool
    """True for an invented record, which must never be counted with real ones."""
