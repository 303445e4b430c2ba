"""Print tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.register.digits import format_number
from services.cli.language import LANGUAGE


def print_table(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headers; numbers in the reader's digits."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for header in headers:
        table.add_column(header)
    for row in rows:
        table.add_row(*(write_cell(cell) for cell in row))
    Console(highlight=False, markup=False, emoji=False).print(table)


def write_cell(value: object) -> str:
    """Write one value in the reader's language."""
    if value is None:
        return "-"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    decimals = 0 if isinstance(value, int) or abs(value) >= 1000 else 2
    return format_number(value, LANGUAGE, decimals=decimals)
