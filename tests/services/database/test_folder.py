"""Check which folders are refused as the place of a private cluster."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import DiskFull, FolderUnfit
from services.database import folder as folder_module
from services.database.folder import LONGEST_SOCKET_PATH, SOCKET_NAME, Layout, find_fault, prepare_folder
from services.database.programs import Owner, find_owner

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def place() -> Iterator[Path]:
    """Offer a folder that the database's user can walk to."""
    folder = Path(tempfile.mkdtemp(prefix="taqsimat-folder-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def refuse(folder: Path, owner: Owner | None = None) -> str:
    with pytest.raises(FolderUnfit) as caught:
        prepare_folder(Layout(folder), owner or find_owner())
    return caught.value.params["reason"].key


def test_new_folders_are_the_owners_alone(place):
    layout = Layout(place / "deep" / "data")
    prepare_folder(layout, find_owner())
    found = layout.server.stat()
    assert (found.st_mode & 0o777, found.st_uid) == (0o700, find_owner().user)


@pytest.mark.parametrize("inside", ["", "below"])
def test_file_in_the_way(place, inside):
    (place / "data").write_text("mine", encoding="utf-8")
    assert refuse(place / "data" / inside) == "folder_is_file"


def test_link_that_leads_nowhere(place):
    (place / "data").symlink_to(place / "gone")
    assert refuse(place / "data") == "folder_is_file"


def test_link_in_the_place_of_the_server(place):
    (place / "data").mkdir()
    (place / "data" / "server").symlink_to("/tmp")
    assert refuse(place / "data") == "folder_is_file"


def test_server_folder_open_to_others(place):
    layout = Layout(place / "data")
    prepare_folder(layout, find_owner())
    layout.server.chmod(0o755)
    assert refuse(place / "data") == "folder_open"


@as_root
def test_folder_of_another_user(place):
    (place / "data").mkdir()
    os.chown(place / "data", 65534, -1)
    assert refuse(place / "data") == "folder_foreign"


def test_server_folder_of_another_user(place):
    prepare_folder(Layout(place / "data"), find_owner())
    owner = find_owner()
    assert refuse(place / "data", Owner("other", owner.user + 1, owner.group)) == "folder_foreign"


@as_root
def test_folder_the_servers_user_cannot_walk_to(place):
    place.chmod(0o700)
    with pytest.raises(FolderUnfit) as caught:
        prepare_folder(Layout(place / "data"), find_owner())
    assert dict(caught.value.params["reason"].params)["blocked"] == str(place)


@as_user
def test_folder_that_may_not_be_written(place):
    place.chmod(0o555)
    assert refuse(place / "data") == "folder_not_writable"


def test_place_where_nothing_can_be_made():
    assert refuse(Path("/proc/taqsimat")) in ("folder_refused", "folder_not_writable")


def test_network_disk(place, monkeypatch):
    monkeypatch.setattr(folder_module, "_find_filesystem", lambda _folder: "nfs4")
    assert find_fault(place).key == "folder_on_network"


def test_local_disk_has_no_fault(place):
    assert find_fault(place / "data") is None


def test_filesystem_is_that_of_the_nearest_mount():
    assert folder_module._find_filesystem(Path("/proc/self")) == "proc"


def test_nearly_full_disk(place, monkeypatch):
    monkeypatch.setattr(folder_module, "LEAST_FREE_BYTES", 2**62)
    with pytest.raises(DiskFull):
        folder_module.check_room(place)


@pytest.mark.parametrize("name", ["x" * 120, "پوشه", "with space", 'quote"d', "comma,d"])
def test_socket_moves_where_its_path_fits(name):
    socket = Layout(Path("/srv") / name).socket
    assert len(os.fsencode(socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert socket.parent == Path("/tmp")


def test_socket_stays_beside_the_data_where_it_can():
    layout = Layout(Path("/srv/taqsimat"))
    assert layout.socket == layout.server


def test_socket_folder_planted_by_somebody_else(place, monkeypatch):
    monkeypatch.setattr(folder_module, "SHORT_FOLDER", place)
    layout = Layout(place / "با فاصله")
    layout.socket.symlink_to("/tmp")
    assert refuse(layout.folder) == "folder_is_file"
