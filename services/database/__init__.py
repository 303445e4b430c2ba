"""Run the private database, check a server, migrate tables, back up; import each from its own module."""

__all__: list[str] = []
