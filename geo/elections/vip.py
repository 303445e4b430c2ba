"""Hold a feed of the Voting Information Project 6.0, and say what is wrong with its ids before anybody reads it.

A schema does not notice a reference to nothing, and an id may not begin with a digit though codes of stations do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.errors import FeedBroken, Reason, because

KINDS = (
    *("Source", "Election", "State", "Locality", "Precinct"),
    *("PollingLocation", "HoursOpen", "ElectoralDistrict"),
)
"""The elements of a feed, in the order in which they are written."""

SINGLE = ("Source", "Election")
"""The elements that stand exactly once."""

NAME = re.compile(r"[^\W\d][\w.\-]*")
"""What an xs:ID is made of: a letter or an underscore first, then digits, points and hyphens as well."""


@dataclass(frozen=True)
class Node:
    """Hold an element with its text or the elements in it."""

    tag: str
    """Its name in the schema."""
    text: str | None = None
    """Its text; None where it has elements."""
    children: tuple[Node, ...] = ()
    """The elements in it, in the order of the schema."""
    language: str | None = None
    """The language of its text, where the schema asks for it."""


@dataclass(frozen=True)
class Item:
    """Hold one thing of a feed under its id."""

    kind: str
    """One of `KINDS`."""
    id: str
    """Its id, unique in the feed."""
    fields: tuple[Node, ...]
    """What is said of it, in the order of the schema."""


@dataclass(frozen=True)
class Feed:
    """Hold everything of one election."""

    items: tuple[Item, ...]
    """Its things, in the order of `KINDS`."""

    def list_kind(self, kind: str) -> tuple[Item, ...]:
        """List the things of one kind."""
        return tuple(item for item in self.items if item.kind == kind)


def make_id(letters: str, code: str) -> str:
    """Make an id of a kind's letters and a code: what no id may hold is written by its number.

    Examples
    --------
    >>> make_id("pl", "0101001"), make_id("pl", "16/2")
    ('pl0101001', 'pl16_2f_2')
    """
    return letters + "".join(sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):x}_" for sign in code)


def check_feed(feed: Feed) -> None:
    """Refuse a feed with bad, doubled or dangling ids, or without its one source and election; FeedBroken names all."""
    problems = tuple(_list_problems(feed))
    if problems:
        raise FeedBroken(count=len(problems), reasons=problems[:20])


def _list_problems(feed: Feed) -> Iterator[Reason]:
    for kind in SINGLE:
        if len(feed.list_kind(kind)) != 1:
            yield because("vip_single", kind=kind, count=len(feed.list_kind(kind)))
    known: set[str] = set()
    for item in feed.items:
        if not NAME.fullmatch(item.id):
            yield because("vip_bad_id", kind=item.kind, id=item.id)
        if item.id in known:
            yield because("vip_id_twice", kind=item.kind, id=item.id)
        known.add(item.id)
    for item in feed.items:
        for tag, wanted in list_references(item.fields):
            if wanted not in known:
                yield because("vip_dangling", kind=item.kind, id=item.id, field=tag, wanted=wanted)


def list_references(nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """List the ids that elements refer to, with the elements' names."""
    for node in nodes:
        if node.text is not None and node.tag.endswith(("Id", "Ids")) and node.tag != "VipId":
            yield from ((node.tag, wanted) for wanted in node.text.split())
        yield from list_references(node.children)
