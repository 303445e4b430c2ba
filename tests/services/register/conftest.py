"""Import small tables into the Iranian register, whose codes hold each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fixtures.registers import invent_register
from geo.register.mapping import ColumnMapping
from services.access.roles import make_operator
from services.queries import RegisterState
from services.register.deliveries import Delivery, LayerSource
from services.register.imports import ImportOptions, ImportReport, import_delivery

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


@pytest.fixture
def drawn(session: Session, store_states: Callable[..., RegisterState]) -> RegisterState:
    """Store the register that is drawn with letters."""
    return store_states(session, invent_register())
