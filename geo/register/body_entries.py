"""Read the elected bodies of a country pack and check that their rules can be followed."""

from __future__ import annotations

from geo.apportionment.bands import SeatBand
from geo.apportionment.methods import CHOICES, Method
from geo.apportionment.rules import GIVEN_TO_SMALL, Reserve, SeatRule
from geo.apportionment.units import MOST_SEATS
from geo.register.bodies import Body
from geo.register.entries import Entry
from geo.register.levels import Level

RULE_KEYS = ("seats", "method", "floor", "cap", "trigger", "reserved")


def read_bodies(entry: Entry | None, levels: tuple[Level, ...], *, languages: tuple[str, ...]) -> tuple[Body, ...]:
    """Read all bodies; a pack may have none."""
    pairs = entry.tables() if entry else ()
    keys = tuple(level.key for level in levels)
    return tuple(_read_body(item, keys, languages=languages) for _, item in pairs)


def _read_body(entry: Entry, levels: tuple[str, ...], *, languages: tuple[str, ...]) -> Body:
    bands = entry.find("bands")
    entry.check_keys("names", "level", "source", *(("bands",) if bands else RULE_KEYS))
    key = entry.key.rpartition(".")[2]
    reserved = entry.find("reserved")
    names = tuple((name, item.get("names").names(())) for name, item in reserved.tables()) if reserved else ()
    return Body(
        key=entry.item("key", key).keyword(),
        names=entry.get("names").names(languages),
        level=entry.get("level").one_of(levels),
        source=entry.get("source").text(),
        rule=None if bands else _read_rule(entry),
        bands=_read_bands(bands) if bands else (),
        reserved_names=names,
    )


def _read_rule(entry: Entry) -> SeatRule:
    method = Method(entry.get("method").one_of(CHOICES))
    seats = _read_seats(entry.get("seats"), least=1)
    floor, cap, trigger = (entry.find(name) for name in ("floor", "cap", "trigger"))
    rule = SeatRule(
        method=method,
        seats=seats,
        floor=_read_seats(floor) if floor else None,
        cap=_read_seats(cap) if cap else None,
        trigger=_read_seats(trigger, least=1) if trigger else None,
        reserved=_read_reserved(entry.find("reserved")),
    )
    most = GIVEN_TO_SMALL if rule.floor is None else rule.floor
    if trigger and (method is not Method.ARTICLE_49 or (rule.trigger or 0) > most):
        trigger.refuse("pack_trigger_unfit", most=most)
    if cap and rule.cap is not None and rule.cap < (rule.floor or 0):
        cap.refuse("pack_over_most", most=rule.cap)
    if sum(one.seats for one in rule.reserved) > seats:
        entry.get("reserved").refuse("pack_over_most", most=seats)
    return rule


def _read_seats(entry: Entry, *, least: int = 0) -> int:
    seats = entry.whole(least=least)
    if seats > MOST_SEATS:
        entry.refuse("pack_over_most", most=MOST_SEATS)
    return seats


def _read_reserved(entry: Entry | None) -> tuple[Reserve, ...]:
    found = []
    for key, item in entry.tables() if entry else ():
        item.check_keys("names", "seats")
        found.append(Reserve(item.item("key", key).keyword(), _read_seats(item.get("seats"), least=1)))
    return tuple(found)


def _read_bands(entry: Entry) -> tuple[SeatBand, ...]:
    """Read pairs of a population and the seats from it on; they begin at 0 and rise."""
    bands: list[SeatBand] = []
    for item in entry.list_items():
        pair = item.list_items()
        if len(pair) != 2:
            item.refuse("pack_wants_pair")
        bands.append(SeatBand(pair[0].whole(), _read_seats(pair[1], least=1)))
    starts = [band.least for band in bands]
    if starts[:1] != [0] or sorted(set(starts)) != starts:
        entry.refuse("pack_bands_unsorted")
    return tuple(bands)
