"""Test that a locator in a file is shared, replaced whole, and refused when it cannot be trusted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fixtures.letters import draw
from geo.errors import EmptyFile, FolderUnfit, UnreadableFile
from geo.locate import Locator, build_locator
from services.elections.locator_file import open_locator, write_locator


def build(drawing: str) -> Locator:
    grounds = draw(drawing)
    return build_locator(list(grounds.values()), list(grounds))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "communes.index"
    write_locator(build("AB"), file)
    return file


def test_kept_locator_answers(path: Path):
    assert open_locator(path).list_candidates(1.0, 0.5) == ("A", "B")


def test_arrays_are_mapped_and_not_read(path: Path):
    array = open_locator(path).index.crossing
    while array.base is not None and not isinstance(array, np.memmap):
        array = array.base
    assert isinstance(array, np.memmap)


def test_reader_of_the_old_file_is_not_disturbed(path: Path):
    old = open_locator(path)
    write_locator(build("C"), path)
    assert old.list_candidates(0.5, 0.5) == ("A",)
    assert open_locator(path).list_candidates(0.5, 0.5) == ("C",)


@pytest.mark.parametrize("cut", [0, 10, 3000])
def test_damaged_file_is_refused_by_name(path: Path, cut: int):
    path.write_bytes(path.read_bytes()[: cut or -1])
    with pytest.raises(UnreadableFile) as refusal:
        open_locator(path)
    assert refusal.value.params["path"] == "communes.index"


def test_empty_file_is_refused(path: Path):
    path.write_bytes(b"")
    with pytest.raises(EmptyFile):
        open_locator(path)


def test_absent_file_is_refused(tmp_path: Path):
    with pytest.raises(UnreadableFile):
        open_locator(tmp_path / "none.index")


def test_file_that_cannot_be_written_is_told(tmp_path: Path):
    with pytest.raises(FolderUnfit):
        write_locator(build("A"), tmp_path / "none" / "a.index")
