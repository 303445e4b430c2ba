"""Write the hours of branches as a feed wants them: with the offset of the country's clocks on the day of the vote."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from geo.elections.vip import Node

MIDNIGHT = "24:00:00"


def write_schedules(day: date, hours: list[tuple[time, time]], zone: ZoneInfo) -> tuple[Node, ...]:
    """Write opening hours; what goes over midnight is parted, the rest being of the day after."""
    return tuple(node for opens, closes in hours for node in _write(day, opens, closes, zone))


def _write(day: date, opens: time, closes: time, zone: ZoneInfo) -> list[Node]:
    if closes > opens:
        return [_write_schedule(day, _tell(day, opens, zone), _tell(day, closes, zone))]
    first = _write_schedule(day, _tell(day, opens, zone), MIDNIGHT + tell_offset(day, time(), zone))
    if closes == time():
        return [first]
    after = day + timedelta(days=1)
    return [first, _write_schedule(after, _tell(after, time(), zone), _tell(after, closes, zone))]


def _write_schedule(day: date, start: str, end: str) -> Node:
    hours = Node("Hours", children=(Node("StartTime", start), Node("EndTime", end)))
    return Node("Schedule", children=(hours, Node("StartDate", day.isoformat()), Node("EndDate", day.isoformat())))


def _tell(day: date, when: time, zone: ZoneInfo) -> str:
    return when.strftime("%H:%M:%S") + tell_offset(day, when, zone)


def tell_offset(day: date, when: time, zone: ZoneInfo) -> str:
    """Write how far the clocks of a zone are from UTC at a moment, as `+03:30`."""
    text = datetime.combine(day, when, zone).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
