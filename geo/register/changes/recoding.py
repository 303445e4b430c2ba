"""Give codes to new divisions, and to those whose code began with that of a parent they have left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from geo.errors import CodesExhausted, InvalidCode, because
from geo.register.changes.drafts import Draft
from geo.register.changes.problems import ChangeProblem
from geo.register.changes.states import DivisionState
from geo.register.codes import check_code, segment_of
from geo.register.issuing import issue_code
from geo.register.schemes import Scheme


@dataclass
class Recoder:
    """Issue codes for one change, none of them twice."""

    draft: Draft
    """The register as the change leaves it."""
    ordered: Mapping[int, Mapping[str, str]]
    """The codes the order itself gives, by division."""
    problems: list[ChangeProblem] = field(default_factory=list)
    """The divisions that could get no code."""
    taken: dict[str, set[str]] = field(default_factory=dict)
    """By scheme the codes that are not free, with those given so far."""

    def give_ordered(self) -> None:
        """Write down the codes the order itself gives."""
        for division, codes in self.ordered.items():
            self.draft.put(division, codes={**self.draft.states[division].codes, **codes})
            for word, code in codes.items():
                self.taken.setdefault(word, set(self.draft.view.taken.get(word, ()))).add(code)

    def give_rest(self, roots: Collection[int], relevelled: Collection[int]) -> None:
        """Issue the codes of new divisions, and renew those at and below the roots that have become outdated.

        Parents come before their children, whose codes begin with theirs. A division of another level gets a new
        number; any other keeps its own where that is free.
        """
        new = {key for key in self.draft.states if key < 0}
        below = {key for root in roots for key in (root, *self.draft.list_below(root))}
        for key in sorted(new | below, key=lambda key: (len(self.draft.list_above(key)), abs(key))):
            if key in new:
                self._give_new(key)
            else:
                self._renew(key, is_other=key in relevelled)

    def _give_new(self, division: int) -> None:
        state = self.draft.states[division]
        scheme = self.draft.view.pack.primary_scheme(state.level)
        if scheme.word not in self.ordered.get(division, {}):
            self._give(scheme, state)

    def _renew(self, division: int, *, is_other: bool) -> None:
        codes = self.draft.states[division].codes
        for word in sorted(codes.keys() - self.ordered.get(division, {}).keys()):
            scheme, state = self._find_scheme(word), self.draft.states[division]
            if scheme and self._is_outdated(scheme, state, is_other=is_other):
                self._give(scheme, state, keeps_number=not is_other)

    def _find_scheme(self, word: str) -> Scheme | None:
        return next((scheme for scheme in self.draft.view.pack.schemes if scheme.word == word), None)

    def _is_outdated(self, scheme: Scheme, state: DivisionState, *, is_other: bool) -> bool:
        rule = scheme.find_rule(state.level)
        if rule is None:
            return is_other
        if rule.is_opaque:
            return False
        above = self._find_above(scheme, state)
        return is_other or (rule.prefix_of is not None and not state.codes[scheme.word].startswith(above or "\0"))

    def _find_above(self, scheme: Scheme, state: DivisionState) -> str | None:
        """Find the code in which a division's own begins: that of the nearest division above of the rule's level."""
        wanted = scheme.rule_of(state.level).prefix_of
        parent = state.parent
        while parent is not None and parent in self.draft.states:
            above = self.draft.states[parent]
            if above.level == wanted or wanted is None:
                return above.codes.get(scheme.word)
            parent = above.parent
        return None

    def _give(self, scheme: Scheme, state: DivisionState, *, keeps_number: bool = False) -> None:
        codes = {word: code for word, code in state.codes.items() if word != scheme.word}
        if scheme.find_rule(state.level) is None:
            self.draft.put(state.id, codes=codes)  # the scheme has no codes for the new level
            return
        try:
            code = self._issue(scheme, state, keeps_number=keeps_number)
        except (CodesExhausted, InvalidCode) as error:
            reason = because("change_no_code", level=self.draft.tell_level(state.level), scheme=scheme.word)
            found = error.params.get("reason", reason)
            self.problems.append(ChangeProblem("no_code", self.draft.tell(state.id), found))  # type: ignore[arg-type]
            return
        self._list_taken(scheme).add(code)
        self.draft.put(state.id, codes={**codes, scheme.word: code})

    def _issue(self, scheme: Scheme, state: DivisionState, *, keeps_number: bool) -> str:
        promised = self.draft.view.promised.get(state.id, {}).get(scheme.word)
        if promised is not None:
            return promised
        taken, above = self._list_taken(scheme), self._find_above(scheme, state)
        rule, old = scheme.rule_of(state.level), state.codes.get(scheme.word, "")
        if keeps_number and above is not None:
            same = above + rule.joined_by + segment_of(scheme, state.level, old)
            if same not in taken and check_code(scheme, state.level, same) is None:
                return same
        return issue_code(scheme, state.level, parent_code=above, taken=taken).code

    def _list_taken(self, scheme: Scheme) -> set[str]:
        """List the codes that are not free, those given by this change among them."""
        if scheme.word not in self.taken:
            self.taken[scheme.word] = set(self.draft.view.taken.get(scheme.word, ()))
        return self.taken[scheme.word]
