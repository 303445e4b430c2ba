"""Check what an order is done to, and what it would leave behind."""

from __future__ import annotations

from collections.abc import Iterator

from geo.errors import UnknownScheme
from geo.register.changes.drafts import Draft
from geo.register.changes.effects import Effect
from geo.register.changes.orders import ChangeOrder
from geo.register.changes.problems import ChangeProblem, find_problem, refuse_change
from geo.register.changes.states import DivisionState, RegisterView
from geo.register.codes import check_code
from geo.register.names import search_key


def check_parties(order: ChangeOrder, view: RegisterView) -> None:
    """Refuse an order on divisions that are not there on its day, or of which later facts are known."""
    words = order.list_references()
    unknown = [word for word in words if view.references.get(word) not in view.divisions]
    settled = [word for word in words if view.references.get(word) in view.settled]
    problems = (
        *(find_problem("unknown", word, division=word, day=view.day.isoformat()) for word in unknown),
        *(find_problem("later_facts", word, division=word, day=view.day.isoformat()) for word in settled),
    )
    if problems:
        raise refuse_change(*problems)


def check_effect(effect: Effect, draft: Draft) -> tuple[ChangeProblem, ...]:
    """List the rules that the register would break after a change."""
    day = draft.view.day.isoformat()
    settled = sorted(draft.view.settled & effect.before.keys())
    found = [find_problem("later_facts", draft.tell(key), division=draft.tell(key), day=day) for key in settled]
    for key, state in sorted(effect.after.items()):
        before = effect.before.get(key)
        if before is None or (before.level, before.parent) != (state.level, state.parent):
            found.extend(_check_standing(draft, state))
        if before is None or before.codes != state.codes:
            found.extend(_check_codes(draft, state, before))
        if before is None or before.names != state.names:
            found.extend(_check_names(draft, state))
        if before is None or before.position != state.position:
            found.extend(_check_position(draft, state))
    return (*found, *_check_ground(effect, draft))


def _check_ground(effect: Effect, draft: Draft) -> Iterator[ChangeProblem]:
    """Refuse what leaves a division without its ground, or ground without the divisions that tile it elsewhere."""
    bounded = [state for state in draft.states.values() if state.boundary is not None]
    tiled = {state.parent for state in bounded}
    tiled_levels = {draft.states[key].level for key in tiled if key in draft.states}
    for key, state in sorted(effect.after.items()):
        before = effect.before.get(key)
        if state.boundary is None and before is not None and before.boundary is not None:
            yield find_problem("ground_lost", draft.tell(key))
        is_new = before is None or before.level != state.level
        if is_new and state.boundary is not None and state.level in tiled_levels and key not in tiled:
            yield find_problem("not_tiled", draft.tell(key), level=draft.tell_level(state.level))


def _check_standing(draft: Draft, state: DivisionState) -> Iterator[ChangeProblem]:
    """Hold the levels of a division, its parent and its children against the pack."""
    pack = draft.view.pack
    allowed = pack.level(state.level).parents
    parent = draft.states.get(state.parent) if state.parent is not None else None
    if state.parent is not None and state.id in draft.list_above(state.parent):
        yield find_problem("parent_cycle", draft.tell(state.id), parent=draft.tell(state.parent))
    elif (parent.level if parent else None) not in (allowed or (None,)):
        words = {"level": draft.tell_level(state.level), "allowed": tuple(map(draft.tell_level, allowed))}
        found = draft.tell_level(parent.level) if parent else "-"
        yield find_problem("parent_level", draft.tell(state.id), found=found, **words)
    for child in draft.children_of(state.id):
        if state.level not in pack.level(draft.states[child].level).parents:
            level = draft.tell_level(draft.states[child].level)
            yield find_problem("child_level", draft.tell(child), level=level, parent=draft.tell_level(state.level))


def _check_codes(draft: Draft, state: DivisionState, before: DivisionState | None) -> Iterator[ChangeProblem]:
    pack = draft.view.pack
    old = before.codes if before else {}
    for word, code in sorted(state.codes.items()):
        if old.get(word) == code:
            continue
        key, _, version = word.partition("/")
        try:
            scheme = pack.scheme(key, version)
        except UnknownScheme as error:
            yield find_problem("scheme_unknown", draft.tell(state.id), scheme=word, known=error.params["known"])
            continue
        reason = check_code(scheme, state.level, code)
        if reason is not None:
            yield ChangeProblem("code_rule", code, reason)
        if code in draft.view.taken.get(word, frozenset()) or _count_holders(draft, word, code) > 1:
            yield find_problem("code_taken", code, code=code, scheme=word)


def _count_holders(draft: Draft, word: str, code: str) -> int:
    return sum(state.codes.get(word) == code for state in draft.states.values())


def _check_names(draft: Draft, state: DivisionState) -> Iterator[ChangeProblem]:
    pack = draft.view.pack
    if not set(state.names) & set(pack.languages):
        yield find_problem("no_official_name", draft.tell(state.id), languages=pack.languages)
    for language, text in sorted(state.names.items()):
        if language not in {*pack.languages, *pack.names}:
            yield find_problem("language_unknown", draft.tell(state.id), language=language, known=pack.languages)
        if not search_key(text):
            yield find_problem("name_empty", draft.tell(state.id), name=text)


def _check_position(draft: Draft, state: DivisionState) -> Iterator[ChangeProblem]:
    point, bounds = state.position, draft.view.pack.bounds
    if point is not None and not bounds.has_point(point.x, point.y):
        yield find_problem("position_abroad", draft.tell(state.id), lon=point.x, lat=point.y)
