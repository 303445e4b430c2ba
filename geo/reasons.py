"""Say why something is so without a language: a key of the message catalogue and what fills its sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Say why, as a key of the message catalogue under `reason.` and its parameters."""

    key: str
    """The lasting name of the reason."""
    params: tuple[tuple[str, object], ...] = ()
    """What fills the sentence, as sorted pairs."""


def because(key: str, **params: object) -> Reason:
    """Make a reason from its key and parameters."""
    return Reason(key, tuple(sorted(params.items())))
