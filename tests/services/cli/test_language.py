"""Test that the command line speaks the language of its operator."""

from __future__ import annotations

import pytest

from services.cli.language import choose_cli_language


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "fa"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "fa_IR.UTF-8"}, "fa"),
        ({"LANG": "C.UTF-8"}, "fa"),
        ({"LANG": "fa_IR", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LC_ALL": "fa_AF", "LC_MESSAGES": "en_GB"}, "fa"),
        ({"LC_ALL": "fa_IR", "TAQSIMAT_LANGUAGE": "en"}, "en"),
        ({"LC_ALL": "en_US", "TAQSIMAT_LANGUAGE": ""}, "en"),
        ({"TAQSIMAT_LANGUAGE": "de"}, "fa"),
    ],
)
def test_setting_wins_over_terminal_over_default(environ, language):
    assert choose_cli_language(environ) == language
