"""Work out what a decree does to a register: orders in, effects out; and play effects back."""

from geo.register.changes.effects import Effect, End, MovedGround
from geo.register.changes.kinds import KIND_RULES, ChangeKind
from geo.register.changes.order_entries import read_order
from geo.register.changes.orders import ChangeOrder, Drawn, Founded, Move, SettledFace, SettledShare, Side
from geo.register.changes.planning import plan_change
from geo.register.changes.problems import ChangeProblem
from geo.register.changes.replay import History, from_states, look_around
from geo.register.changes.settlement_entries import write_settlement
from geo.register.changes.states import DivisionState, RegisterView

__all__ = [
    "KIND_RULES",
    "ChangeKind",
    "ChangeOrder",
    "ChangeProblem",
    "DivisionState",
    "Drawn",
    "Effect",
    "End",
    "Founded",
    "History",
    "Move",
    "MovedGround",
    "RegisterView",
    "SettledFace",
    "SettledShare",
    "Side",
    "from_states",
    "look_around",
    "plan_change",
    "read_order",
    "write_settlement",
]
