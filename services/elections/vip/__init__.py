"""Write feeds of the Voting Information Project 6.0; import each part from its own module."""

__all__: list[str] = []
