"""Test that the service is commanded from a shell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import Result

from services.settings import Settings
from services.web import server


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Note with which settings the service would run, instead of running it."""
    noted: list[Settings] = []
    monkeypatch.setattr(server, "serve_until_stopped", noted.append)
    return noted


@pytest.mark.parametrize(
    ("arguments", "host", "port"),
    [
        ((), "127.0.0.1", 8123),
        (("--port", "9000"), "127.0.0.1", 9000),
        (("--port", "0"), "127.0.0.1", 0),
        (("--host", "::1"), "::1", 8123),
    ],
)
def test_options_win_over_settings(run: Callable[..., Result], served, monkeypatch, arguments, host, port):
    monkeypatch.setenv("TAQSIMAT_PORT", "8123")
    monkeypatch.delenv("TAQSIMAT_HOST", raising=False)
    assert run("serve", *arguments).exit_code == 0
    assert [(settings.host, settings.port) for settings in served] == [(host, port)]


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_port_that_is_none_is_misuse(run: Callable[..., Result], served, port):
    assert run("serve", "--port", port).exit_code == 2
    assert served == []
