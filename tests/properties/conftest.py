"""Let properties take their time: a busy machine must not fail what is true."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
