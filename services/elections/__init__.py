"""Hold the use cases of elections: stations, the finder and district plans; import each from its own module."""

__all__: list[str] = []
