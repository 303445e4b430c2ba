"""Check that the right version of PostgreSQL is found and that nothing of the caller's leaks into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.errors import ProgramMissing
from services.database import programs as programs_module
from services.database.programs import (
    Owner,
    find_client,
    find_owner,
    find_programs,
    is_disk_full,
    list_programs,
    run_as,
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that 14 and 16 are installed with PostGIS, 9 without, and 17 as a client only."""
    library, share = tmp_path / "lib", tmp_path / "share"
    for major, programs in (("14", "initdb pg_dump"), ("16", "initdb pg_dump"), ("9", "initdb"), ("17", "pg_dump")):
        (library / major / "bin").mkdir(parents=True)
        for program in programs.split():
            (library / major / "bin" / program).touch()
    for major in ("14", "16"):
        (share / major / "extension").mkdir(parents=True)
        (share / major / "extension" / "postgis.control").touch()
    monkeypatch.setattr(programs_module, "LIBRARY_FOLDER", library)
    monkeypatch.setattr(programs_module, "SHARE_FOLDER", share)
    return library


def test_versions_without_postgis_do_not_count(installed):
    assert [programs.major for programs in list_programs()] == [16, 14]


@pytest.mark.parametrize(("asked", "major"), [(None, 16), (14, 14), (16, 16)])
def test_version_is_the_clusters_own_or_the_newest(installed, asked, major):
    assert find_programs(asked).path("initdb") == str(installed / str(major) / "bin" / "initdb")


def test_version_that_is_not_there_is_named(installed):
    with pytest.raises(ProgramMissing, match="postgresql-15-postgis-3"):
        find_programs(15)


@pytest.mark.parametrize(("server", "client"), [(13, "14"), (14, "14"), (15, "16"), (17, "17")])
def test_client_is_as_new_as_the_server(installed, server, client):
    assert find_client("pg_dump", at_least=server) == str(installed / client / "bin" / "pg_dump")


def test_client_too_old_is_refused_with_the_command(installed):
    with pytest.raises(ProgramMissing, match="postgresql-client-18"):
        find_client("pg_dump", at_least=18)


def test_server_never_runs_as_root():
    assert find_owner().user != 0


def test_callers_variables_stay_out(tmp_path, monkeypatch):
    monkeypatch.setenv("PGHOST", "elsewhere")
    said = run_as(Owner("self", os.geteuid(), os.getegid()), ["env"], folder=tmp_path).stdout
    assert "PGHOST" not in said
    assert f"HOME={tmp_path}" in said


@pytest.mark.parametrize(
    ("said", "full"),
    [("could not write: No space left on device", True), ("Disk quota exceeded", True), ("syntax error", False)],
)
def test_full_disk_is_recognised(said, full):
    assert is_disk_full(said) is full
