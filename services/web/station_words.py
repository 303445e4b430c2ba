"""Say of a polling station what a voter wants to know: hours, for whom, access, and whether it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from geo.register.digits import to_digits
from services.elections.answers import StationLine
from services.messages import say


def list_facts(line: StationLine, language: str) -> tuple[str, ...]:
    """List what is known of the branches of a station."""
    facts = [_tell_hours(opens, closes, language) for opens, closes in _list_hours(line)]
    sexes = {branch.sex for branch in line.branches}
    if sexes == {"male", "female"}:
        facts.append(_say("both", language))
    elif len(sexes) == 1 and "any" not in sexes:
        facts.append(_say(sexes.pop(), language))
    if any(branch.mobile for branch in line.branches):
        facts.append(_say("mobile", language))
    return (*facts, *_tell_access(line, language))


def _say(word: str, language: str, **params: object) -> str:
    return say(f"page.find_station.{word}", language, **params)


def _list_hours(line: StationLine) -> list[tuple[time, time]]:
    known = {(one.opens, one.closes) for one in line.branches if one.opens is not None and one.closes is not None}
    return sorted(known)


def _tell_hours(opens: time, closes: time, language: str) -> str:
    first, last = (to_digits(when.strftime("%H:%M"), language) for when in (opens, closes))
    return _say("hours", language, opens=first, closes=last)


def _tell_access(line: StationLine, language: str) -> tuple[str, ...]:
    """Tell the access of a station; where branches differ, a voter finds one that can be entered."""
    facts = {branch.accessible for branch in line.branches}
    if not facts:
        return ()
    word = "accessible" if True in facts else "access_unknown" if None in facts else "not_accessible"
    return (_say(word, language),)


def tell_closure(line: StationLine, stations: Sequence[StationLine], language: str) -> str:
    """Say that a station is closed or has moved, why, and where to go instead; nothing of one that is open."""
    if line.status == "open":
        return ""
    told = _say("why", language, status=_say(line.status, language), reason=line.notice).strip()
    if line.replacement is None:
        return told
    name = next((one.name for one in stations if one.code == line.replacement), line.replacement)
    return f"{told} {_say('instead', language, station=name)}"
