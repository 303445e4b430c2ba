"""Choose the language of the command line before anything heavy is loaded."""

from __future__ import annotations

import os
from collections.abc import Mapping

from services.messages import LANGUAGES, say


def choose_cli_language(environ: Mapping[str, str]) -> str:
    """Take the operator's setting, else the language of the terminal, else the default."""
    named = environ.get("TAQSIMAT_LANGUAGE") or environ.get("LC_ALL") or environ.get("LC_MESSAGES")
    short = (named or environ.get("LANG") or "")[:2]
    return short if short in LANGUAGES else LANGUAGES[0]


LANGUAGE = choose_cli_language(os.environ)
"""The language of this run."""


def tell(key: str, **params: object) -> str:
    """Say a text of the command line."""
    return say(f"cli.{key}", LANGUAGE, **params)
