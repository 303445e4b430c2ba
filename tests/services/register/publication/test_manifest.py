"""Test that a folder is checked against its manifest, whatever somebody did to either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.errors import UnreadableFile
from services.register.publication import check_folder
from services.register.publication.manifest import MANIFEST, SUMS, hash_file, write_manifest


@pytest.fixture
def folder(content, tmp_path: Path) -> Path:
    """Make a folder of two files with its lists."""
    made = tmp_path / "edition"
    made.mkdir()
    (made / "a.csv").write_text("a", encoding="utf-8")
    (made / "b.csv").write_text("b", encoding="utf-8")
    write_manifest(made, content, number=3, digest=content.digest())
    return made


def test_folder_as_published_is_whole(folder, content):
    check = check_folder(folder)
    assert check.is_whole
    assert (check.register, check.number, check.digest, check.files) == ("test", 3, content.digest(), 2)


def delete(path: Path) -> None:
    path.unlink()


def alter(path: Path) -> None:
    path.write_text("c", encoding="utf-8")


@pytest.mark.parametrize(("harm", "field"), [(delete, "missing"), (alter, "changed")])
def test_harm_is_found(folder, harm, field):
    harm(folder / "a.csv")
    check = check_folder(folder)
    assert (getattr(check, field), check.is_whole) == (("a.csv",), False)


def test_foreign_files_are_told_and_do_no_harm(folder):
    (folder / "c.csv").write_text("c", encoding="utf-8")
    check = check_folder(folder)
    assert (check.foreign, check.is_whole) == (("c.csv",), True)


def test_sums_are_those_that_other_programs_check(folder):
    lines = dict(reversed(line.split("  ")) for line in (folder / SUMS).read_text(encoding="ascii").splitlines())
    assert lines == {name: hash_file(folder / name) for name in ("a.csv", "b.csv", MANIFEST)}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "{", '{"files": 1, "register": "x", "edition": 1, "digest": "x"}', '{"files": [{}]}'],
)
def test_what_is_no_manifest_is_refused(folder, text):
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        check_folder(folder)


@pytest.mark.parametrize("name", ["../a.csv", "/etc/passwd", "x/y", "..", "", "a\0b", 7])
def test_names_that_lead_elsewhere_are_refused(folder, name):
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["files"][0]["name"] = name
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UnreadableFile):
        check_folder(folder)


def test_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(UnreadableFile):
        check_folder(tmp_path)
