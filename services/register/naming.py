"""Check the names of a register by the naming rules of its country, and propose how names are written in Latin letters.

Nothing is changed: a finding says what is wrong, by which rule, and what the name might be instead.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from geo.errors import InvalidValue, Reason, because
from geo.register.divisions import Division
from geo.register.gazetteer import Gazetteer
from geo.register.naming import NamingFinding, check_naming
from geo.register.naming_rules import NamingRule
from geo.register.packs import load_pack
from geo.register.romanization import romanize
from geo.register.skeletons import count_contradictions
from services.lookups import NUL, get_coded
from services.queries import RegisterState
from services.register.gazetteers import SHELF

MOST_TEXT = 200
"""So many characters a name to be romanized has at most."""


@dataclass(frozen=True)
class NamingFilter:
    """Say which findings are wanted; None leaves a side open."""

    rule: str | None = None
    """Only of this rule of the pack."""
    level: str | None = None
    """Only of divisions of this level."""
    within: str | None = None
    """Only of the division with this code and those that lie in it."""


@dataclass(frozen=True)
class NamingLine:
    """Hold one name that breaks a rule."""

    rule: str
    """The key of the rule."""
    division: Division
    """The division."""
    language: str
    """The language of the name."""
    text: str
    """The name; empty where it is missing."""
    reasons: tuple[Reason, ...]
    """What is wrong with it."""
    proposal: str
    """What it might be instead; empty where only people can tell."""


@dataclass(frozen=True)
class NamingAnswer:
    """Hold what the naming rules find in a register."""

    register: str
    """The register."""
    day: date
    """The day whose names were checked."""
    rules: tuple[NamingRule, ...]
    """The rules of its country."""
    counts: dict[str, int]
    """How many findings each rule has, in the levels and the division asked for."""
    total: int
    """How many findings there are in all that was asked for."""
    findings: tuple[NamingLine, ...]
    """Those of this page, by rule and then as divisions follow each other."""


@dataclass(frozen=True)
class LatinProposal:
    """Propose how a name is written in Latin letters, and tell whether a Latin form agrees with it."""

    name: str
    """The name."""
    proposal: str
    """The name in Latin letters; a dot stands for what may be a short vowel."""
    complete: bool
    """Whether nothing had to be left open."""
    open_words: tuple[str, ...]
    """The words whose short vowels nothing tells."""
    contradictions: int | None
    """How many consonants of the Latin form given differ; None where none was given."""
    system: str
    """The table."""
    source: str
    """Where it was published."""


def check_names(
    session: Session,
    register: RegisterState,
    wanted: NamingFilter,
    *,
    day: date,
    limit: int = 100,
    offset: int = 0,
) -> NamingAnswer:
    """Check all names of a register on a day, and give one page of what was found."""
    rules = {rule.key: rule for rule in register.pack.naming.rules}
    if wanted.rule is not None and wanted.rule not in rules:
        known = because("naming_unknown_rule", known=tuple(rules))
        raise InvalidValue(field="rule", value=wanted.rule, reason=known)
    gazetteer = SHELF.fetch(session, register, day)
    stretch = _find_stretch(session, register, gazetteer, wanted=wanted, day=day)
    level = register.pack.level(wanted.level).key if wanted.level else None
    found = [
        one
        for one in _check_all(gazetteer, register.country)
        if one.place in stretch and level in (None, gazetteer.level_keys[int(gazetteer.divisions.levels[one.place])])
    ]
    counted = Counter(one.rule for one in found)
    shown = [one for one in found if wanted.rule in (None, one.rule)]
    return NamingAnswer(
        register=register.name,
        day=day,
        rules=register.pack.naming.rules,
        counts={key: counted[key] for key in rules if counted[key]},
        total=len(shown),
        findings=tuple(_to_line(gazetteer, one) for one in shown[offset : offset + limit]),
    )


@lru_cache(maxsize=2)
def _check_all(gazetteer: Gazetteer, country: str) -> tuple[NamingFinding, ...]:
    """Check a gazetteer once for all pages of its findings."""
    return check_naming(gazetteer, load_pack(country))


def _find_stretch(
    session: Session, register: RegisterState, gazetteer: Gazetteer, *, wanted: NamingFilter, day: date
) -> range:
    """Find the places of the divisions asked about."""
    if wanted.within is None:
        return range(len(gazetteer))
    division = get_coded(session, register, wanted.within, day=day)
    place = gazetteer.divisions.ids.tolist().index(division.id)
    return range(place, int(gazetteer.ends[place]))


def _to_line(gazetteer: Gazetteer, finding: NamingFinding) -> NamingLine:
    return NamingLine(
        rule=finding.rule,
        division=gazetteer.describe(finding.place),
        language=finding.language,
        text=finding.text,
        reasons=finding.reasons,
        proposal=finding.proposal,
    )


def propose_latin(country: str, name: str, *, latin: str = "") -> LatinProposal:
    """Propose how a name of a country is written in Latin letters by the table of its pack.

    `latin`, a Latin form somebody uses, lends its short vowels, and is checked for consonants that contradict.
    """
    for field, text in (("text", name), ("latin", latin)):
        if len(text) > MOST_TEXT or NUL in text:
            reason = because("search_text", most=MOST_TEXT)
            raise InvalidValue(field=field, value=because("not_repeated"), reason=reason)
    system = load_pack(country).naming.romanization
    if system is None:
        raise InvalidValue(field="country", value=country, reason=because("naming_no_romanization"))
    written = romanize(name, known=system.words, latin=latin)
    differing = count_contradictions(name, latin, translated=system.translated) if latin.strip() else None
    return LatinProposal(name, written.text, written.complete, written.words, differing, system.system, system.source)
