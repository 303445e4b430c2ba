"""Hold the use cases of councils and complaints; import each from its own module."""

__all__: list[str] = []
