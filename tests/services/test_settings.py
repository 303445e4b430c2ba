"""Check where settings come from and how a bad one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from geo.errors import InvalidSetting
from services.messages import explain, load_catalogue
from services.settings import (
    CHECKOUT,
    FILE_VARIABLE,
    Settings,
    choose_data_folder,
    list_variables,
    load_settings,
    to_variable,
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Offer a folder that stands for a fresh clone."""
    folder = tmp_path / "clone"
    folder.mkdir()
    return folder


def test_nothing_set_means_the_private_database_and_persian(checkout):
    settings = load_settings({"HOME": "/home/somebody"}, checkout=checkout)
    assert (settings.database_url, settings.language, settings.host, settings.durable) == (
        None,
        "fa",
        "127.0.0.1",
        True,
    )


@pytest.mark.parametrize(
    ("variable", "value", "name", "expected"),
    [
        ("TAQSIMAT_PORT", "9000", "port", 9000),
        ("TAQSIMAT_LANGUAGE", "en", "language", "en"),
        ("TAQSIMAT_DURABLE", "false", "durable", False),
        ("TAQSIMAT_DATA_FOLDER", "/srv/taqsimat", "data_folder", Path("/srv/taqsimat")),
        ("TAQSIMAT_DATABASE_URL", "postgres://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("TAQSIMAT_DATABASE_URL", "postgresql+psycopg://h/d", "database_url", "postgresql://h/d"),
        ("TAQSIMAT_DATABASE_URL", "", "database_url", None),
        ("TAQSIMAT_TEST_ANYTHING", "x", "port", 8000),
    ],
)
def test_environment_is_read(checkout, variable, value, name, expected):
    assert getattr(load_settings({variable: value}, checkout=checkout), name) == expected


def test_environment_wins_over_the_file(checkout):
    (checkout / "taqsimat.toml").write_text('port = 1\nhost = "::1"\n', encoding="utf-8")
    settings = load_settings({"TAQSIMAT_PORT": "2"}, checkout=checkout)
    assert (settings.host, settings.port) == ("::1", 2)


def test_named_file_is_read_and_its_folder_is_relative_to_it(checkout, tmp_path):
    (tmp_path / "office.toml").write_text('data_folder = "data"\n', encoding="utf-8")
    settings = load_settings({FILE_VARIABLE: str(tmp_path / "office.toml")}, checkout=checkout)
    assert settings.data_folder == tmp_path / "data"


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("TAQSIMAT_PORT", "many", "setting_number"),
        ("TAQSIMAT_PORT", "70000", "setting_high"),
        ("TAQSIMAT_IMPORT_MAX_BYTES", "0", "setting_low"),
        ("TAQSIMAT_DURABLE", "perhaps", "setting_switch"),
        ("TAQSIMAT_LANGUAGE", "de", "setting_choice"),
        ("TAQSIMAT_DATABASE_URL", "mysql://h/d", "setting_url"),
        ("TAQSIMAT_READ_URL", "host=h", "setting_url"),
        ("TAQSIMAT_DATABSE_URL", "x", "setting_unknown"),
        ("TAQSIMAT_SETTINGS", "/there/is/none.toml", "settings_file_unreadable"),
    ],
)
def test_bad_value_is_refused_by_its_name(checkout, variable, value, reason):
    with pytest.raises(InvalidSetting) as caught:
        load_settings({variable: value}, checkout=checkout)
    assert (caught.value.params["name"], caught.value.params["reason"].key) == (variable, reason)


def test_refusal_does_not_repeat_a_password(checkout):
    with pytest.raises(InvalidSetting) as caught:
        load_settings({"TAQSIMAT_DATABASE_URL": "http://u:secret@h/d"}, checkout=checkout)
    assert "secret" not in explain(caught.value, "en") + explain(caught.value, "fa")


def test_broken_file_is_refused(checkout):
    (checkout / "taqsimat.toml").write_text("port: 1", encoding="utf-8")
    with pytest.raises(InvalidSetting, match="settings_file_unreadable"):
        load_settings({}, checkout=checkout)


def test_settings_do_not_change(checkout):
    settings = load_settings({}, checkout=checkout)
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


def test_url_is_not_shown(checkout):
    settings = load_settings({"TAQSIMAT_DATABASE_URL": "postgresql://u:secret@h/d"}, checkout=checkout)
    assert "secret" not in repr(settings)


def test_ordinary_user_keeps_data_in_the_checkout(checkout):
    assert choose_data_folder({"HOME": "/h"}, checkout=checkout, user=1000) == checkout / ".taqsimat"


def test_root_keeps_data_where_the_database_user_can_go(checkout):
    checkout.chmod(0o700)
    chosen = choose_data_folder({"HOME": "/root"}, checkout=checkout, user=0)
    assert chosen.parent == Path("/var/lib/taqsimat")
    assert chosen.name.startswith("clone-")


def test_clones_of_one_name_stay_apart(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "clone").mkdir(mode=0o700, parents=True)
    chosen = {choose_data_folder({}, checkout=tmp_path / name / "clone", user=0) for name in ("a", "b")}
    assert len(chosen) == 2


def test_folder_that_is_there_already_is_kept(checkout):
    checkout.chmod(0o700)
    (checkout / ".taqsimat").mkdir()
    assert choose_data_folder({}, checkout=checkout, user=0) == checkout / ".taqsimat"


@pytest.mark.parametrize(
    ("environ", "parent"),
    [({"HOME": "/home/a"}, "/home/a/.local/share/taqsimat"), ({"XDG_DATA_HOME": "/data"}, "/data/taqsimat")],
)
def test_read_only_checkout_sends_data_home(environ, parent):
    chosen = choose_data_folder(environ, checkout=Path("/proc/sys"), user=1000)
    assert str(chosen.parent) == parent


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_said_in_both_languages(language, name):
    assert load_catalogue(language)[f"setting.{name}"]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_has_a_description(name):
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("variable", list_variables())
def test_every_variable_is_in_the_docs(variable):
    assert f"| `{variable}` |" in (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["language", "host", "port", "import_max_bytes", "import_max_vertices", "log_level"])
def test_docs_tell_the_default(name):
    row = f"| `{to_variable(name)}` | `{Settings.model_fields[name].default}` |"
    assert row in (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_variables_are_listed():
    assert to_variable("database_url") in list_variables()
    assert FILE_VARIABLE in list_variables()
