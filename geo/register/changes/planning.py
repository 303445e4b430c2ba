"""Work out what an order does to a register, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shapely.geometry import Point

from geo.register.changes.drafts import Draft
from geo.register.changes.effects import Effect
from geo.register.changes.inserting import insert_ordered
from geo.register.changes.kinds import ChangeKind
from geo.register.changes.orders import ChangeOrder, Founded
from geo.register.changes.problems import ChangeProblem, refuse_change
from geo.register.changes.recoding import Recoder
from geo.register.changes.rules import check_effect, check_parties
from geo.register.changes.settling import settle_order
from geo.register.changes.states import DivisionState, RegisterView


@dataclass(frozen=True)
class Work:
    """Hold what the plan of one kind of change works with."""

    order: ChangeOrder
    """What is ordered."""
    draft: Draft
    """The register as the change leaves it so far."""

    @property
    def parties(self) -> tuple[DivisionState, ...]:
        """List the divisions the change is done to, as they were."""
        return tuple(self.draft.view.divisions[self.draft.labels[word]] for word in self.order.divisions)


def plan_change(order: ChangeOrder, view: RegisterView) -> Effect:
    """Work out what an order does to a register.

    `view` shows the register on the day the order takes effect. Raises ChangeRefused with every rule it breaks and
    the divisions that break it; the view is left as it is.
    """
    check_parties(order, view)
    work = Work(order, Draft(view))
    before = dict(work.draft.states)
    successors = PLANS[order.kind](work)
    problems = _give_codes(work, before)
    predecessors = [work.draft.labels[word] for word in _list_predecessors(order)]
    effect = work.draft.finish(predecessors, successors)
    found = (*check_effect(effect, work.draft), *problems)
    if found:
        raise refuse_change(*found)
    return effect


def _list_predecessors(order: ChangeOrder) -> tuple[str, ...]:
    """Name the divisions an order is done to; whoever gains and loses ground is one of them."""
    gains = (order.to,) if order.kind is ChangeKind.MERGE and order.to else ()
    moving = (word for move in order.moves for word in (move.source, move.target))
    return (*order.divisions, *gains, *moving, *(word for parties in order.list_settled() for word in parties))


def _give_codes(work: Work, before: Mapping[int, DivisionState]) -> tuple[ChangeProblem, ...]:
    """Give ordered codes, then those of new divisions, then those that the change has made outdated."""
    draft, order = work.draft, work.order
    ordered = {draft.labels[word]: codes for word, codes in order.codes.items() if word in draft.labels}
    recoder = Recoder(draft, {key: codes for key, codes in ordered.items() if key in draft.states})
    recoder.give_ordered()
    hung = {key for key, state in before.items() if _has_moved(state, draft.states.get(key))}
    roots = hung | (ordered.keys() & draft.states.keys()) if order.recode else set()
    recoder.give_rest(roots, {key for key in hung if before[key].level != draft.states[key].level})
    return tuple(recoder.problems)


def _has_moved(before: DivisionState, after: DivisionState | None) -> bool:
    return after is not None and (before.parent, before.level) != (after.parent, after.level)


def _create(work: Work) -> tuple[int, ...]:
    keys = []
    for founded in work.order.founded:
        parent = work.draft.find(founded.parent).id if founded.parent else None
        key = work.draft.found(founded, parent).id
        if founded.drawn is not None:
            if founded.drawn.ground is None or founded.children:
                work.draft.refuse("create_is_split", founded.label)
            work.draft.move(founded.drawn.ground, None, key)
        keys.append(key)
    return tuple(keys)


def _abolish(work: Work) -> tuple[int, ...]:
    (division,) = work.parties
    if division.boundary is not None:
        work.draft.refuse("has_ground", work.order.divisions[0])
    work.draft.end(division.id)
    return ()


def _merge(work: Work) -> tuple[int, ...]:
    order, draft = work.order, work.draft
    first = work.parties[0]
    if order.to is not None:
        heir = draft.find(order.to).id
    else:
        founded = order.founded[0]
        heir = draft.found(founded, draft.find(founded.parent).id if founded.parent else first.parent).id
    for division in work.parties:
        if division.level != draft.states[heir].level:
            draft.refuse("merge_levels", draft.tell(division.id), level=draft.tell_level(draft.states[heir].level))
        _absorb(draft, division.id, heir)
    return (heir,)


def _absorb(draft: Draft, division: int, heir: int) -> None:
    """Give the ground and the children of a division to its heir, and end it."""
    if division == heir:
        draft.refuse("merge_with_itself", draft.tell(division))
    ground = draft.states[division].boundary
    if ground is not None:
        draft.move(ground, division, heir)
    for child in draft.children_of(division):
        draft.hang(child, heir)
    draft.resized.add(heir)
    draft.end(division)


def _split(work: Work) -> tuple[int, ...]:
    (whole,) = work.parties
    keys = [_cut_off(work, whole.id, founded) for founded in work.order.founded]
    if not work.order.ends:
        _check_rest(work.draft, whole)
        return (whole.id, *keys)
    left = work.draft.states[whole.id].boundary
    if left is not None and not left.is_empty:
        work.draft.refuse("ground_left", work.order.divisions[0])
    work.draft.end(whole.id)
    return tuple(keys)


def _cut_off(work: Work, whole: int, founded: Founded) -> int:
    """Found a part of a division, with the children it takes and the ground that is drawn or that they stand on."""
    draft = work.draft
    parent = draft.find(founded.parent).id if founded.parent else draft.states[whole].parent
    part = draft.found(founded, parent)
    children = [draft.find(word).id for word in founded.children]
    for child in children:
        if whole not in draft.list_above(child):
            draft.refuse("not_below", draft.tell(child), above=draft.tell(whole))
    if draft.states[whole].boundary is not None:
        ground = draft.take_drawn(founded.drawn, whole) if founded.drawn else draft.join(children)
        if ground is None:
            draft.refuse("no_ground", founded.label)
        draft.move(ground, whole, part.id)
    elif founded.drawn is not None:
        draft.refuse("no_boundary", draft.tell(whole))
    for child in children:
        draft.hang(child, part.id)
    return part.id


def _check_rest(draft: Draft, whole: DivisionState) -> None:
    if whole.boundary is not None and draft.states[whole.id].boundary is None:
        draft.refuse("nothing_left", draft.tell(whole.id))


def _transfer(work: Work) -> tuple[int, ...]:
    draft = work.draft
    target = draft.find(work.order.to or "").id
    for division in work.parties:
        _carry(draft, division, target)
    _move_drawn(work)
    return tuple(division.id for division in work.parties)


def _carry(draft: Draft, division: DivisionState, target: int) -> None:
    """Put a division with its ground under another parent."""
    if division.parent == target:
        draft.refuse("already_there", draft.tell(division.id), parent=draft.tell(target))
    if division.id in draft.list_above(target):
        draft.refuse("parent_cycle", draft.tell(division.id), parent=draft.tell(target))
    draft.carry(division.id, target)


def _move_drawn(work: Work) -> None:
    """Move the ground that the order draws."""
    draft = work.draft
    for move in work.order.moves:
        source, target = draft.find(move.source).id, draft.find(move.target).id
        if source == target:
            draft.refuse("move_to_itself", move.source)
        draft.move(draft.take_drawn(move.drawn, source), source, target)


def _rename(work: Work) -> tuple[int, ...]:
    (division,) = work.parties
    if all(division.names.get(language) == text for language, text in work.order.names.items()):
        work.draft.refuse("nothing_new", work.order.divisions[0])
    work.draft.put(division.id, names={**division.names, **work.order.names})
    return (division.id,)


def _recode(work: Work) -> tuple[int, ...]:
    (division,) = work.parties
    codes = work.order.codes.get(work.order.divisions[0], {})
    if set(work.order.codes) != {work.order.divisions[0]}:
        work.draft.refuse("codes_of_others", work.order.divisions[0])
    if all(division.codes.get(word) == code for word, code in codes.items()):
        work.draft.refuse("nothing_new", work.order.divisions[0])
    return (division.id,)


def _relevel(work: Work) -> tuple[int, ...]:
    order, draft = work.order, work.draft
    (division,) = work.parties
    level = draft.view.pack.level(order.level or "").key
    if level == division.level:
        draft.refuse("nothing_new", order.divisions[0])
    if order.inner is not None:
        _put_between(draft, division.id, order.inner)
    parent = draft.find(order.parent).id if order.parent else _find_parent(draft, division, level)
    if parent is not None and division.id in draft.list_above(parent):
        draft.refuse("parent_cycle", order.divisions[0], parent=draft.tell(parent))
    if parent != division.parent:
        draft.carry(division.id, parent)
    draft.put(division.id, level=level, names={**division.names, **order.names})
    _move_drawn(work)
    return (division.id,)


def _find_parent(draft: Draft, division: DivisionState, level: str) -> int | None:
    """Find the nearest division above that may be the parent of a level; None at the top."""
    allowed = draft.view.pack.level(level).parents
    above = division.parent
    while above is not None and draft.states[above].level not in allowed:
        above = draft.states[above].parent
    if above is None and allowed:
        draft.refuse("no_parent", draft.tell(division.id), level=draft.tell_level(level))
    return above


def _put_between(draft: Draft, division: int, inner: Founded) -> None:
    """Let a new division on the same ground take over the children of one that rises above them."""
    children = draft.children_of(division)
    between = draft.found(inner, division)
    draft.put(between.id, boundary=draft.states[division].boundary)
    for child in children:
        draft.put(child, parent=between.id)


def _recentre(work: Work) -> tuple[int, ...]:
    (division,) = work.parties
    centre = work.order.centre
    point = centre if isinstance(centre, Point) else work.draft.find(centre or "").position
    if point is None:
        work.draft.refuse("no_position", str(centre))
    work.draft.put(division.id, position=point)
    return (division.id,)


def _rebound(work: Work) -> tuple[int, ...]:
    _move_drawn(work)
    words = dict.fromkeys(word for move in work.order.moves for word in (move.source, move.target))
    return tuple(work.draft.find(word).id for word in words)


def _annex(work: Work) -> tuple[int, ...]:
    draft = work.draft
    city = draft.find(work.order.to or "").id
    _move_drawn(work)
    for place in work.parties:
        if place.boundary is not None:
            draft.refuse("annex_places_only", draft.tell(place.id))
        draft.hang(place.id, city)
        draft.end(place.id)
    return (city,)


def _settle(work: Work) -> tuple[int, ...]:
    met = insert_ordered(work.draft, work.order)
    return tuple(dict.fromkeys((*settle_order(work.draft, work.order), *met)))


PLANS: Mapping[ChangeKind, Callable[[Work], tuple[int, ...]]] = {
    ChangeKind.CREATE: _create,
    ChangeKind.ABOLISH: _abolish,
    ChangeKind.MERGE: _merge,
    ChangeKind.SPLIT: _split,
    ChangeKind.TRANSFER: _transfer,
    ChangeKind.RENAME: _rename,
    ChangeKind.RECODE: _recode,
    ChangeKind.RELEVEL: _relevel,
    ChangeKind.RECENTRE: _recentre,
    ChangeKind.REBOUND: _rebound,
    ChangeKind.ANNEX: _annex,
    ChangeKind.SETTLE: _settle,
}
"""How each kind is worked out; what it gives back are the divisions that come out of it."""
