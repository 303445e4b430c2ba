"""Keep the values of indices by division, with the record of what was said before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.tables.schema import Table


class IndexValue(Table):
    """Give a division its value of one index."""

    __tablename__ = "index_value"
    __table_args__ = (
        ExcludeConstraint(
            ("division_id", "="),
            ("index_set", "="),
            ("leaf", "="),
            ("recorded", "&&"),
            name="ex_index_value_leaf",
            using="gist",
        ),
        # the present values of a whole set
        Index("ix_index_value_set", "register_id", "index_set", postgresql_where=text("upper_inf(recorded)")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"))
    index_set: Mapped[str]
    leaf: Mapped[str]
    value: Mapped[float]
    source: Mapped[str]
    actor: Mapped[str]
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, server_default=text("tstzrange(now(), NULL)"))
