"""Say what somebody asks of an apportionment, and settle it with the rule of a body."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.apportionment import CHOICES, MOST_SEATS, Reserve, SeatBand, SeatRule, find_method
from geo.errors import InvalidValue, because
from geo.register import Body

Settled = SeatRule | tuple[SeatBand, ...]
"""What seats go by: a rule that shares a number of them, or bands that size each unit."""


@dataclass(frozen=True)
class SeatOrder:
    """Say how seats are wanted; what is left open is the body's."""

    method: str | None = None
    """The method by any of its names."""
    seats: int | None = None
    """All seats, the reserved and fixed ones included."""
    floor: int | None = None
    """The fewest seats of a unit; in article 49 what a too small one gets."""
    cap: int | None = None
    """The most seats of a unit."""
    trigger: int | None = None
    """In article 49, a unit whose quota is under this is too small."""
    reserved: tuple[Reserve, ...] = ()
    """Seats set aside before all sharing."""
    lot: tuple[str, ...] = ()
    """The codes of units in the order of a drawn lot."""

    def settle(self, body: Body | None) -> Settled:
        """Join what is asked with the rule of the body, or raise InvalidValue where something is still open."""
        if body is not None and body.bands:
            return self._settle_bands(body)
        if body is not None and body.rule is not None:
            return self._change(body.rule)
        if self.method is None:
            raise InvalidValue(field="method", value="-", reason=because("one_of_methods", known=CHOICES))
        if self.seats is None:
            raise InvalidValue(field="seats", value="-", reason=because("outside_range", least=1, most=MOST_SEATS))
        method = find_method(self.method)
        return SeatRule(method, self.seats, self.floor, self.cap, self.trigger, self.reserved, self.lot)

    def _change(self, rule: SeatRule) -> SeatRule:
        method = find_method(self.method) if self.method is not None else rule.method
        asked = {"seats": self.seats, "floor": self.floor, "cap": self.cap, "trigger": self.trigger}
        changes = {name: value for name, value in asked.items() if value is not None}
        # another method has other limits: those of the body's own do not go over to it
        kept = rule if method is rule.method else replace(rule, floor=None, cap=None, trigger=None)
        return replace(kept, method=method, lot=self.lot, reserved=self.reserved or rule.reserved, **changes)

    def _settle_bands(self, body: Body) -> Settled:
        """Take the bands as they are: they leave nothing to choose."""
        for field in ("method", "seats", "floor", "cap", "trigger"):
            value = getattr(self, field)
            if value is not None:
                raise InvalidValue(field=field, value=value, reason=because("bands_share_nothing"))
        return body.bands
