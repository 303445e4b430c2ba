"""Import small tables into the Iranian register, whose codes hold each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from geo.register.changes import DivisionState
from geo.register.changes.effects import list_held
from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.queries import RegisterState, get_register
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, ImportReport, import_delivery
from services.register.writing import Entry, open_writer, write_facts
from services.tables.register import Register

LIST = "code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n0102,shahrestan,01,شمیران\n"


class Office:
    """Bring files into the register `test` as an office would, leaving out rows that are refused."""

    list = LIST
    caller = make_operator("tests")
    today = date(2026, 11, 21)

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder

    def __call__(self, source: str | bytes | Path = LIST, *, name: str = "a.csv", **given: object) -> ImportReport:
        """Import a text, or a file; the rest are options of imports, of the layer, or of its mapping."""
        wish = {key: given.pop(key) for key in ImportOptions.__dataclass_fields__ if key in given}
        caller = given.pop("caller", self.caller)
        options = ImportOptions(**{"register": "test", "commit": True, "skip_refused": True, **wish})
        delivery = self.deliver(source, name=name, **given)
        return import_delivery(self.session, delivery, options, caller=caller, today=self.today)

    def deliver(
        self, source: str | bytes | Path, *, name: str = "a.csv", country: str = "ir", **given: object
    ) -> Delivery:
        """Describe a delivery of one file whose columns are guessed."""
        path = source if isinstance(source, Path) else self.folder / name
        if not isinstance(source, Path):
            path.write_bytes(source.encode() if isinstance(source, str) else source)
        layer, crs = given.pop("layer", None), given.pop("crs", None)
        mapping = ColumnMapping(**{"columns": {}, **given})
        return Delivery(path.name, country, (LayerSource(path, layer, mapping, crs, guess=True),))

    def at(self, session: Session) -> Office:
        """Give the same office at another session."""
        return Office(session, self.folder)


@pytest.fixture
def bring(session: Session, tmp_path: Path) -> Office:
    """Open the office."""
    return Office(session, tmp_path)


@pytest.fixture
def tell_rules() -> Callable[[ImportReport], list[tuple[int, str, str, str]]]:
    """List the problems of a report by row, field, rule and weight."""
    return lambda report: [(one.row, one.field, one.rule, str(one.weight)) for one in report.problems]


def store_register(session: Session, states: Mapping[int, DivisionState], name: str = "drawn") -> RegisterState:
    """Store invented divisions as an import would, without a date."""
    session.execute(insert(Register).values(name=name, country="ir", version=1))
    register = get_register(session, name)
    planned = {key: -number for number, key in enumerate(sorted(states), start=1)}
    with open_writer(session, Entry(register, None, date(2020, 1, 1), is_dated=False), sorted(planned.values())) as it:
        for key in sorted(states):
            parent = states[key].parent
            state = replace(states[key], id=planned[key], parent=None if parent is None else planned[parent])
            write_facts(it, list_held(state))
    return register


@pytest.fixture
def drawn(session: Session) -> RegisterState:
    """Store the register that is drawn with letters."""
    return store_register(session, invent_register())
