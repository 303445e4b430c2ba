"""Say things in the caller's language from the catalogue in `services/locale`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from geo.errors import Reason, TaqsimatError
from geo.register.translations import Names

LANGUAGES = ("fa", "en")
"""The languages of the interface, the default first."""

LOCALE_FOLDER = Path(__file__).parent / "locale"


@cache
def load_catalogue(language: str) -> dict[str, str]:
    """Read every text of one language as dotted key to template; a text found twice is a mistake."""
    catalogue: dict[str, str] = {}
    for path in sorted((LOCALE_FOLDER / language).glob("*.toml")):
        for key, text in _flatten(tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in catalogue:
                raise KeyError(f"{path.name}: {key} is said twice")
            catalogue[key] = text
    return catalogue


def _flatten(table: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flatten(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, str(value)))
    return found


def say(key: str, language: str = LANGUAGES[0], /, **params: object) -> str:
    """Fill the template of `key` in `language` with `params`; a reason or names among them are said in turn."""
    return load_catalogue(language)[key].format(**{name: _speak(value, language) for name, value in params.items()})


def _speak(value: object, language: str) -> object:
    if isinstance(value, Reason):
        return say(f"reason.{value.key}", language, **dict(value.params))
    if isinstance(value, Names):
        return value.choose(language)
    if isinstance(value, (list, tuple)):
        return ("، " if language == "fa" else ", ").join(str(_speak(item, language)) for item in value)
    return value


def explain(error: TaqsimatError, language: str = LANGUAGES[0]) -> str:
    """Write the sentence of an error in `language`."""
    return say(f"error.{error.rule}", language, **error.params)


def choose_language(accepted: str | None) -> str:
    """Pick the first language of an `Accept-Language` value that the catalogue has, else the default."""
    for part in (accepted or "").split(","):
        language = part.split(";")[0].strip().lower().split("-")[0]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
