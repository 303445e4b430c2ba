"""Publish an election as a feed of the Voting Information Project, checked before it is given out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from geo.elections.vip import check_feed
from geo.errors import ElectionNotFound
from services.elections.held_elections import list_elections
from services.elections.vip.content import gather_feed
from services.elections.vip.writing import write_texts, write_xml
from services.queries import RegisterState


class FeedFormat(StrEnum):
    """Name the forms of a feed."""

    XML = "xml"
    """One document of the schema."""
    TEXTS = "zip"
    """A ZIP of CSV texts, one for each kind of element."""


def write_feed(
    session: Session, register: RegisterState, election: int, *, form: FeedFormat, written_at: datetime
) -> bytes:
    """Write the feed of an election.

    Raises ElectionNotFound, and FeedBroken when an id of it is bad, doubled or refers to nothing.
    """
    held = next((one for one in list_elections(session, register) if one.id == election), None)
    if held is None:
        raise ElectionNotFound(election=election)
    feed = gather_feed(session, register, held, written_at=written_at)
    check_feed(feed)
    return write_xml(feed) if form is FeedFormat.XML else write_texts(feed)
