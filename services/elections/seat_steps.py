"""Tell an apportionment step by step, as sentences and tables that can be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from geo.apportionment import Method, QuotaRound, Tie, write_fraction
from geo.register import format_number, to_digits
from geo.register.digits import SEPARATORS, digits_of
from services.elections.seat_answers import SeatsAnswer, write_claim
from services.messages import say

Row = tuple[str, ...]


@dataclass(frozen=True)
class SeatStep:
    """Tell one step."""

    title: str
    """What is done in it."""
    sentences: tuple[str, ...] = ()
    """What there is to say about it."""
    headers: Row = ()
    """The heads of its table."""
    rows: tuple[Row, ...] = ()
    """Its table, each cell written for the reader."""
    words: int = 2
    """How many columns of the table, from the first, hold words; the others hold numbers."""


def list_steps(answer: SeatsAnswer, language: str) -> tuple[SeatStep, ...]:
    """List the steps of an apportionment in a language: what is set aside, rounds or claims, ties, the seats."""
    return tuple(_Teller(answer, language).tell_all())


class _Teller:
    """Write the steps of one answer in one language."""

    def __init__(self, answer: SeatsAnswer, language: str) -> None:
        self.answer = answer
        self.found = answer.found
        self.language = language

    def number(self, value: int | None) -> str:
        """Write a whole number; a dash where there is none."""
        return "—" if value is None else format_number(value, self.language)

    def decimal(self, text: str) -> str:
        """Write a decimal in the reader's digits and marks."""
        whole, _, rest = text.partition(".")
        mark = SEPARATORS[digits_of(self.language)][1]
        return format_number(int(whole), self.language) + mark + to_digits(rest, self.language)

    def fraction(self, value: Fraction | None) -> str:
        """Write a fraction as a decimal that was cut off."""
        return "—" if value is None else self.decimal(write_fraction(value))

    def named(self, codes: Sequence[str]) -> str:
        """Write units by name."""
        comma = "، " if self.language == "fa" else ", "
        return comma.join(self.answer.name_of(code) for code in codes)

    def heads(self, *keys: str) -> Row:
        """Write the heads of a table."""
        return tuple(say(f"seats.{key}", self.language) for key in keys)

    def tell_all(self) -> Iterator[SeatStep]:
        """Tell all steps in order."""
        yield self.tell_rule()
        yield from (self.tell_round(one) for one in self.found.rounds)
        if self.found.method not in (Method.BANDS, Method.HAMILTON, Method.ARTICLE_49):
            yield self.tell_awards()
        if self.found.bands:
            yield self.tell_bands()
        yield from (self.tell_tie(tie) for tie in self.found.ties)
        yield self.tell_seats()

    def tell_rule(self) -> SeatStep:
        """Tell the method, the seats, and what is set aside."""
        method = say(f"method.{self.found.method.name.lower()}", self.language)
        total, shared = self.number(self.found.seats), self.number(self.found.shared)
        sentences = [say("seats.rule", self.language, method=method, seats=total)]
        if self.answer.body:
            sentences.insert(0, f"{self.answer.body.names.choose(self.language)}: {self.answer.body.source}")
        fixed = [(self.answer.name_of(unit.code), unit.seats) for unit in self.found.units if unit.is_fixed]
        aside = [(self._name_reserve(one.key), one.seats) for one in self.found.reserved] + fixed
        if aside and self.found.method is not Method.BANDS:
            sentences.append(say("seats.set_aside", self.language, shared=shared))
        rows = tuple((name, self.number(seats)) for name, seats in aside)
        title = say("seats.step_rule", self.language)
        return SeatStep(title, tuple(sentences), self.heads("holder", "seats") if rows else (), rows, words=1)

    def _name_reserve(self, key: str) -> str:
        names = dict(self.answer.body.reserved_names) if self.answer.body else {}
        return names[key].choose(self.language) if key in names else key

    def tell_round(self, one: QuotaRound) -> SeatStep:
        """Tell one round of quotas."""
        figures = {"seats": self.number(one.seats), "people": self.number(one.people)}
        ratio = self.fraction(one.people_per_seat)
        sentences = [say("seats.quota", self.language, ratio=ratio, **figures)]
        if one.is_last:
            left = self.number(one.left_over)
            sentences.append(say("seats.left_over", self.language, left=left))
        else:
            sentences.append(say("seats.taken_out", self.language))
        rows = tuple(
            (
                *(line.code, self.answer.name_of(line.code), self.number(line.people), self.fraction(line.quota)),
                *(self.number(line.whole), self.fraction(line.remainder)),
                self.number(line.given if line.given is not None else line.seats),
            )
            for line in one.lines
        )
        headers = self.heads("code", "unit", "people", "quota_head", "whole", "remainder", "seats")
        return SeatStep(
            say("seats.step_round", self.language, number=self.number(one.number)), tuple(sentences), headers, rows
        )

    def tell_awards(self) -> SeatStep:
        """Tell which claim got each seat."""
        found = self.found
        before = sum(unit.before for unit in found.units if not unit.is_fixed)
        sentences = [say(f"divisor.{found.method.name.lower()}", self.language)]
        if before:
            sentences.append(say("seats.before", self.language, before=self.number(before)))
        rows = tuple(
            (
                *(one.code, self.answer.name_of(one.code), self.number(one.number), self.number(one.held + 1)),
                self.decimal(write_claim(found.method, one.claim)),
            )
            for one in found.awards
        )
        headers = self.heads("code", "unit", "seat_number", "seat_of_unit", "claim")
        return SeatStep(say("seats.step_awards", self.language), tuple(sentences), headers if rows else (), rows)

    def tell_bands(self) -> SeatStep:
        """Tell in which band each unit lies."""
        seats = self.found.by_code()
        rows = tuple(
            (
                *(one.code, self.answer.name_of(one.code), self.number(one.least), self.number(one.below)),
                self.number(seats[one.code]),
            )
            for one in self.found.bands
        )
        headers = self.heads("code", "unit", "band_from", "band_below", "seats")
        return SeatStep(say("seats.step_bands", self.language), (), headers, rows)

    def tell_tie(self, tie: Tie) -> SeatStep:
        """Tell who has equal claims, and what a lot decided."""
        figures = {"units": self.named(tie.codes), "seats": self.number(tie.seats)}
        sentences = [say("seats.tied", self.language, **figures)]
        if tie.winners:
            sentences.append(say("seats.lot_decided", self.language, units=self.named(tie.winners)))
        else:
            sentences.append(say("seats.lot_needed", self.language))
        return SeatStep(say("seats.step_tie", self.language), tuple(sentences))

    def tell_seats(self) -> SeatStep:
        """Tell the seats of every unit."""
        rows = [
            (unit.code, self.answer.name_of(unit.code), self.number(unit.people), self.number(unit.seats))
            for unit in self.found.units
        ]
        rows += [("—", self._name_reserve(one.key), "—", self.number(one.seats)) for one in self.found.reserved]
        if self.found.undecided:
            rows.append(("—", say("seats.undecided", self.language), "—", self.number(self.found.undecided)))
        rows.append(("", say("seats.total", self.language), "", self.number(self.found.seats)))
        headers = self.heads("code", "unit", "people", "seats")
        return SeatStep(say("seats.step_seats", self.language), (), headers, tuple(rows))
