"""Check the life of a private cluster: born, used, killed, recovered, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geo.errors import ClusterFailed, DatabaseDown, DiskFull, FolderUnfit, ProgramMissing
from services.database import cluster as cluster_module
from services.database import programs as programs_module
from services.database.cluster import DATABASE, EXTENSIONS, Cluster
from services.database.process import find_server, list_processes


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Offer a folder that the database's user can walk to, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="taqsimat-life-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def life(place: Path) -> Iterator[Cluster]:
    """Make one cluster whose tests each start from wherever the last one left it."""
    made = Cluster(place / "data", durable=False)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def spare(place: Path) -> Iterator[Cluster]:
    """Name a cluster that is not there yet."""
    yield Cluster(place / "spare", durable=False)
    shutil.rmtree(place / "spare", ignore_errors=True)


def ask(cluster: Cluster, statement: str) -> object:
    with psycopg.connect(cluster.url) as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def test_new_cluster_has_the_extensions(life):
    life.start()
    found = ask(life, "select array_agg(extname::text) from pg_extension")
    assert set(EXTENSIONS) <= set(found)


def test_persian_letters_are_letters(life):
    life.start()
    assert ask(life, "select show_trgm('خراسان')")


def test_no_port_is_open(life):
    life.start()
    assert ask(life, "show listen_addresses") == ""


def test_only_the_owner_reaches_the_socket(life):
    life.start()
    assert life.layout.socket.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("durable", "expected"), [(True, {"fsync": "on", "synchronous_commit": "on"}), (False, {"fsync": "off"})]
)
def test_durability_is_the_callers_choice(life, durable, expected):
    life.stop()
    Cluster(life.folder, durable=durable).start()
    assert {name: ask(life, f"show {name}") for name in expected} == expected


def test_second_start_changes_nothing(life):
    life.start()
    before = life.status()
    life.start()
    assert life.status() == before


def test_stop_says_whether_it_ran(life):
    life.start()
    assert [life.stop(), life.stop()] == [True, False]


def test_status_of_a_stopped_cluster(life):
    life.stop()
    status = life.status()
    assert (status.state, status.pid, life.is_ready()) == ("stopped", None, False)


def test_status_of_a_folder_that_is_not_there(spare):
    assert (spare.status().state, spare.status().major, spare.stop()) == ("absent", None, False)


def test_killed_server_is_recovered_with_what_was_committed(life):
    Cluster(life.folder).start()
    with psycopg.connect(life.url) as connection:
        connection.execute("create table kept as select 1 as a")
    os.kill(life.status().pid, signal.SIGKILL)
    life.start()
    assert ask(life, "select a from kept") == 1


def test_pid_file_of_another_process_is_stale(life):
    life.stop()
    pid_file = life.layout.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{life.layout.data}\n1\n5432\n\n\n\n", encoding="ascii")
    os.chown(pid_file, life.layout.data.stat().st_uid, -1)
    assert life.status().state == "stopped"
    life.start()
    assert life.is_ready()


def test_start_waits_for_a_server_under_way(life):
    life.start()
    os.kill(life.status().pid, signal.SIGINT)
    life.start()
    assert life.is_ready()


def test_half_made_cluster_is_begun_again(spare):
    half = spare.layout.server / "new-half"
    spare.start()
    spare.stop()
    shutil.rmtree(spare.layout.data)
    half.mkdir()
    spare.start()
    assert (spare.is_ready(), half.exists(), spare.stop()) == (True, False, True)


def test_last_user_stops_it(life):
    life.stop()
    with life as outer:
        with Cluster(life.folder, durable=False) as inner:
            assert inner.is_ready()
        assert outer.is_ready()
    assert life.status().state == "stopped"


def test_kept_cluster_outlives_its_users(life):
    life.start(keep=True)
    with life:
        pass
    assert (life.status().state, life.status().kept) == ("running", True)
    life.stop()
    assert not life.status().kept


def test_failed_use_stops_it_too(life):
    life.stop()
    with pytest.raises(ValueError, match="mine"), life:
        raise ValueError("mine")
    assert life.status().state == "stopped"


def test_processes_that_start_together_share_one_server(spare):
    code = "import sys; from pathlib import Path; from services.database.cluster import Cluster\n"
    code += "with Cluster(Path(sys.argv[1]), durable=False) as c: print(c.status().pid, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(spare.folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(command, **pipes) for _ in range(3)]
    pids = {child.stdout.readline() for child in children}
    codes = [(child.communicate()[1], child.returncode)[1] for child in children]
    assert (len(pids), codes, spare.status().state) == (1, [0, 0, 0], "stopped")


def test_copy_of_a_database_has_its_tables(life):
    life.start()
    life.create_database("model")
    with psycopg.connect(life.find_url("model")) as connection:
        connection.execute("create table place (g geometry)")
    with psycopg.connect(life.create_database("copy of it", template="model")) as connection:
        assert connection.execute("select count(*) from place").fetchone() == (0,)


def test_dropping_sends_users_away(life):
    life.start()
    with psycopg.connect(life.create_database("doomed")) as connection:
        life.drop_database("doomed")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_stopped_cluster_does_not_answer(life):
    life.stop()
    with pytest.raises(DatabaseDown):
        life.create_database("x")


def test_other_major_version_is_refused(life):
    life.stop()
    version = life.layout.data / "PG_VERSION"
    found = version.read_text(encoding="ascii")
    version.write_text("9\n", encoding="ascii")
    with pytest.raises(FolderUnfit, match="folder_version"):
        life.start()
    version.write_text(found, encoding="ascii")


def test_something_else_in_the_place_of_the_data_is_refused(life):
    life.stop()
    aside = life.layout.server / "aside"
    life.layout.data.rename(aside)
    life.layout.data.mkdir()
    with pytest.raises(FolderUnfit, match="folder_not_cluster"):
        life.start()
    life.layout.data.rmdir()
    aside.rename(life.layout.data)


def test_server_that_does_not_come_up_shows_its_log(life):
    life.stop()
    settings = life.layout.data / "postgresql.conf"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\nno_such_setting = 1\n", encoding="utf-8")
    with pytest.raises(ClusterFailed, match="no_such_setting"):
        life.start()
    settings.write_text(text, encoding="utf-8")


def test_full_disk_is_refused_before_anything_is_made(spare, monkeypatch):
    monkeypatch.setattr("services.database.folder.LEAST_FREE_BYTES", 2**62)
    with pytest.raises(DiskFull):
        spare.start()
    assert not spare.layout.data.exists()


def test_disk_that_fills_up_is_told_from_other_failures(life, monkeypatch):
    life.stop()
    said = subprocess.CompletedProcess(["pg_ctl"], 1, stdout="FATAL: could not write: No space left on device")
    monkeypatch.setattr(cluster_module, "run_as", lambda *_given, **_named: said)
    with pytest.raises(DiskFull):
        life.start()


def test_long_log_is_put_aside(life, monkeypatch):
    life.stop()
    monkeypatch.setattr(cluster_module, "LONGEST_LOG_BYTES", 1)
    life.start()
    assert life.layout.log.with_suffix(".old").exists()


def test_missing_programs_are_named_with_the_command(spare, monkeypatch):
    monkeypatch.setattr(programs_module, "LIBRARY_FOLDER", Path("/nowhere"))
    with pytest.raises(ProgramMissing, match="apt-get install postgresql-postgis"):
        spare.start()


@pytest.mark.parametrize("name", ["پوشه داده", "with space & $sign", "long" * 40])
def test_any_name_of_a_folder_will_do(place, name):
    cluster = Cluster(place / name, durable=False)
    cluster.start()
    assert (ask(cluster, "select current_database()"), cluster.stop()) == (DATABASE, True)
    shutil.rmtree(cluster.layout.socket)


def test_processes_are_known_by_their_folder(life):
    life.start()
    assert find_server(life.layout.data) in list_processes(life.layout.data)
    assert list_processes(life.folder) == set()
