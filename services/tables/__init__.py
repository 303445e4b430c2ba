"""Describe what the store keeps, one module a subject; `Table` is what every table stands on."""

from services.tables.schema import Table

__all__ = ["Table"]
