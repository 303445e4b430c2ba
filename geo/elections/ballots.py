"""Hold the kinds of election a country holds: who is elected, and who may vote where."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.elections.elector_tests import FIGURES, TESTS
from geo.elections.eligibility import Contest, Elector, Rule, Verdict, judge_elector
from geo.register.entries import Entry
from geo.register.translations import Names

RULE_KEYS = ("test", "article", "source", "verified")
MOST_FIGURE = 10**9


@dataclass(frozen=True)
class Ballot:
    """Describe one kind of election, or one round of it."""

    key: str
    """Its lasting key."""
    names: Names
    """What people call it, by language."""
    body: str | None
    """The elected body, where the pack knows it."""
    rules: tuple[Rule, ...] = field(default=())
    """Who may vote, and where."""

    def judge(self, elector: Elector, contest: Contest) -> Verdict:
        """Say whether an elector may vote in a contest of this kind."""
        return judge_elector(self.rules, elector, contest, tests=TESTS)


def read_ballots(entry: Entry | None, bodies: tuple[str, ...], *, languages: tuple[str, ...]) -> tuple[Ballot, ...]:
    """Read the kinds of election of a pack; it may have none."""
    pairs = entry.tables() if entry else ()
    return tuple(_read_ballot(item.item("key", key).keyword(), item, bodies, languages) for key, item in pairs)


def _read_ballot(key: str, entry: Entry, bodies: tuple[str, ...], languages: tuple[str, ...]) -> Ballot:
    entry.check_keys("names", "body", "rules")
    body = entry.find("body")
    rules = tuple(_read_rule(name, item) for name, item in entry.get("rules").tables())
    return Ballot(key, entry.get("names").names(languages), body.one_of(bodies) if body else None, rules)


def _read_rule(name: str, entry: Entry) -> Rule:
    test = entry.get("test").one_of(tuple(TESTS))
    figures = FIGURES.get(test, ())
    entry.check_keys(*RULE_KEYS, *figures)
    verified = entry.find("verified")
    return Rule(
        key=entry.item("key", name).keyword(),
        test=test,
        article=entry.get("article").text(),
        source=entry.get("source").text(),
        verified=verified.flag() if verified else True,
        figures={figure: _read_figure(entry.get(figure)) for figure in figures},
    )


def _read_figure(entry: Entry) -> int:
    figure = entry.whole()
    if figure > MOST_FIGURE:
        entry.refuse("pack_over_most", most=MOST_FIGURE)
    return figure
