"""Read what the operator decided, once at the edge, from the environment and a settings file."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from geo.errors import InvalidSetting, Reason, because

PREFIX = "TAQSIMAT_"
"""What every variable of the program begins with."""

FILE_VARIABLE = "TAQSIMAT_SETTINGS"
"""The variable that names the settings file."""

TEST_PREFIX = "TAQSIMAT_TEST_"
"""Variables of the test suite, which the program does not read."""

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder the program was cloned into."""

SHARED_DATA = Path("/var/lib/taqsimat")
"""Where root keeps the data of a checkout that the database's own user cannot reach."""


class Settings(BaseSettings):
    """Hold every decision of the operator; `services/locale` says each in the reader's language as `setting.NAME`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    database_url: str | None = Field(default=None, repr=False)
    """An existing PostgreSQL server with PostGIS, as postgresql://…; without it the program runs its own."""
    read_url: str | None = Field(default=None, repr=False)
    """A read-only replica for look-ups, as postgresql://…; without it reads go to the main server."""
    data_folder: Path = CHECKOUT / ".taqsimat"
    """The folder of the private database, attachments and other data of this installation."""
    language: Literal["fa", "en"] = "fa"
    """The language of messages and pages for callers who ask for none."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """The address the web service listens on."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port the web service listens on; 0 takes any free one."""
    import_max_bytes: int = Field(default=512 * 1024**2, ge=1)
    """The largest file, unpacked, that an import reads, in bytes."""
    import_max_vertices: int = Field(default=5_000_000, ge=4)
    """The most vertices that one imported geometry may have."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important kind of event that is logged."""
    durable: bool = True
    """Whether the private database survives a power cut; only tests and trials may say no."""

    @field_validator("database_url", "read_url")
    @classmethod
    def _normalise_url(cls, url: str | None) -> str | None:
        scheme, mark, rest = (url or "").partition("://")
        # a port that is no number and a bracket left open are refused here, with the name of the setting
        _ = urlsplit(url or "").port
        if url is None or (mark and scheme in ("postgresql", "postgres", "postgresql+psycopg")):
            return f"postgresql://{rest}" if url else None
        raise ValueError("not a postgresql:// address")

    @field_validator("data_folder")
    @classmethod
    def _make_absolute(cls, folder: Path) -> Path:
        return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - a link stays a link: it may move with its disk

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from `load_settings` alone, so that the process environment is read in one place."""
        return (init_settings,)


def load_settings(environ: Mapping[str, str], *, checkout: Path = CHECKOUT) -> Settings:
    """Read the settings file, then the environment over it; refuse what is unknown or cannot be used."""
    values = _read_file(environ, checkout)
    values.update(_read_environment(environ))
    values.setdefault("data_folder", choose_data_folder(environ, checkout=checkout))
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidSetting(name=to_variable(str(first["loc"][0])), reason=_explain(first)) from error


def list_variables() -> tuple[str, ...]:
    """List the variables the program reads, sorted."""
    return tuple(sorted([FILE_VARIABLE, *map(to_variable, Settings.model_fields)]))


def to_variable(name: str) -> str:
    """Name the environment variable of a setting."""
    return PREFIX + name.upper()


def choose_data_folder(environ: Mapping[str, str], *, checkout: Path = CHECKOUT, user: int | None = None) -> Path:
    """Choose where the data live when nobody said: in the checkout, else where the database's user can write.

    Root starts the database as another user, who must be able to walk to the folder; an ordinary user may run a
    checkout that belongs to somebody else. Both get a folder named after the checkout, so that clones stay apart.
    """
    inside = checkout / ".taqsimat"
    user = os.geteuid() if user is None else user
    if inside.exists() or (_is_open(checkout) if user == 0 else os.access(checkout, os.W_OK)):
        return inside
    name = f"{checkout.name}-{hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]}"
    if user == 0:
        return SHARED_DATA / name
    home = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME") or Path.home()) / ".local/share")
    return Path(home) / "taqsimat" / name


def _is_open(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def _read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    ours = (name for name in environ if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX))
    # An empty variable is how a shell or a unit file says "not set".
    return {
        name.removeprefix(PREFIX).lower(): environ[name] for name in ours if name != FILE_VARIABLE and environ[name]
    }


def _read_file(environ: Mapping[str, str], checkout: Path) -> dict[str, Any]:
    named = environ.get(FILE_VARIABLE)
    path = Path(named) if named else checkout / "taqsimat.toml"
    if not named and not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = because("settings_file_unreadable", path=str(path), detail=str(error))
        raise InvalidSetting(name=FILE_VARIABLE, reason=reason) from error
    if isinstance(values.get("data_folder"), str):
        values["data_folder"] = path.parent / values["data_folder"]
    return values


def _explain(error: ErrorDetails) -> Reason:
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return because("setting_unknown", known=list_variables())
        case "literal_error":
            return because("setting_choice", expected=str(context["expected"]).replace(" or ", ", "))
        case "greater_than_equal" | "less_than_equal":
            bounds = {"bound": next(iter(context.values()))}
            return because(f"setting_{'low' if error['type'].startswith('greater') else 'high'}", **bounds)
        case "int_parsing" | "int_type" | "int_from_float":
            return because("setting_number")
        case "bool_parsing" | "bool_type":
            return because("setting_switch")
        case "value_error":
            return because("setting_url")
    return because("setting_other", detail=error["msg"])
