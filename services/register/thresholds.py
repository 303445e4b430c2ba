"""Test figures of a proposed division against the thresholds of the law, and say the verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.errors import InvalidValue, Reason, because
from geo.register.countries import CountryPack
from geo.register.digits import format_number, from_digits
from geo.register.threshold_entries import KINDS
from geo.register.thresholds import MEASURES, Proposal, Verdict, check_proposal
from services.messages import say

FIGURE = re.compile(r"([a-z0-9_]{1,40})=([0-9]{1,15}(?:\.[0-9]{1,6})?)")
"""How a figure is written."""


@dataclass(frozen=True)
class Statement:
    """Hold what an officer says of a proposal and no table knows."""

    circumstances: frozenset[str] = frozenset()
    """The circumstances that hold."""
    density: str | None = None
    """The density class, where the pack's table does not tell."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Figures that go before those of the register, such as the households."""


NOTHING_SAID = Statement()
"""What is said when nobody says anything."""


def read_figure(text: str) -> tuple[str, float]:
    """Read a measure with its number, written as `people=31000` in any digits."""
    found = FIGURE.fullmatch(from_digits(text))
    if found is None:
        raise InvalidValue(field="figure", value=text[:40].replace("\0", ""), reason=because("figure_pair"))
    return found[1], float(found[2])


def check_statement(pack: CountryPack, statement: Statement) -> None:
    """Refuse words that the pack does not know, and figures that nothing is measured by."""
    known = tuple(pack.thresholds.circumstances)
    for word in sorted(statement.circumstances - set(known)):
        reason = because("circumstance_unknown", country=pack.country, known=known)
        raise InvalidValue(field="circumstance", value=word[:40], reason=reason)
    classes = pack.thresholds.densities.classes
    if statement.density is not None and statement.density not in classes:
        reason = because("density_unknown", country=pack.country, known=classes)
        raise InvalidValue(field="density", value=statement.density[:40], reason=reason)
    for name, number in sorted(statement.figures.items()):
        if name not in MEASURES:
            raise InvalidValue(field="figure", value=name[:40], reason=because("measure_unknown", known=MEASURES))
        # also false for what is not a number
        if not 0 <= number < float("inf"):
            raise InvalidValue(field=name, value=number, reason=because("below_least", least=0))


def check_figures(pack: CountryPack, *, level: str, kind: str, statement: Statement) -> tuple[Verdict, ...]:
    """Check a division that only its figures tell of against the thresholds of a country."""
    check_statement(pack, statement)
    key = pack.level(level).key
    if kind not in KINDS:
        raise InvalidValue(field="kind", value=kind[:40], reason=because("threshold_kind", known=KINDS))
    people, area_m2 = (statement.figures.get(name) for name in ("people", "area_m2"))
    density = statement.density or pack.thresholds.densities.find_class((), people=people, area_m2=area_m2)
    return check_proposal(pack.thresholds, Proposal(key, kind, statement.figures, statement.circumstances, density))


def say_verdict(verdict: Verdict, language: str) -> str:
    """Say a verdict in the reader's language and digits."""
    return say_reason(verdict.sentence, language)


def say_reason(reason: Reason, language: str) -> str:
    """Say a reason with its numbers in the reader's digits."""
    written = _write(reason, language)
    assert isinstance(written, Reason)
    return say(f"reason.{written.key}", language, **dict(written.params))


def _write(value: object, language: str) -> object:
    if isinstance(value, Reason):
        return Reason(value.key, tuple((name, _write(part, language)) for name, part in value.params))
    if isinstance(value, tuple):
        return tuple(_write(part, language) for part in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return format_number(value, language, decimals=0 if value == int(value) else 2)
    return value
