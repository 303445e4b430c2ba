"""Test that editions are numbered, kept, found again, copied and refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from geo.errors import EditionNotFound, FolderUnfit, InvalidValue, NotPermitted
from services.access.log import list_entries
from services.access.roles import ANONYMOUS
from services.queries import get_register
from services.register import editions
from services.register.editions import (
    EditionOrder,
    Publication,
    check_target,
    copy_edition,
    find_file,
    get_edition,
    list_editions,
    publish_edition,
    verify_edition,
)

ROWS = "code,level,parent,name_fa\n01,ostan,,تهران\n0101,shahrestan,01,ری\n"


@pytest.fixture
def publish(bring, session, tmp_path):
    """Import two divisions and publish them."""
    bring(ROWS)

    def run(day: date = bring.today, register: str = "test", caller=bring.caller) -> Publication:
        order = EditionOrder(day, bring.today, tmp_path / "store")
        return publish_edition(session, get_register(session, register), order, caller=caller)

    return run


def test_first_edition_is_number_one(publish, session):
    made = publish()
    assert (made.is_new, made.edition.number, made.divisions, made.edition.register_version) == (True, 1, 2, 1)
    assert get_edition(session, get_register(session, "test"), 1) == made.edition


def test_same_content_keeps_its_number_and_files(publish):
    first = publish()
    times = {path.name: path.stat().st_mtime_ns for path in Path(first.folder).iterdir()}
    again = publish()
    assert (again.is_new, again.edition) == (False, first.edition)
    assert {path.name: path.stat().st_mtime_ns for path in Path(again.folder).iterdir()} == times


def test_lost_files_are_written_anew_with_the_same_bytes(publish):
    first = publish()
    for path in Path(first.folder).iterdir():
        path.unlink()
    again = publish()
    assert (again.is_new, again.changed, verify_edition(Path(again.folder)).is_whole) == (False, (), True)


def test_other_days_and_other_content_get_the_next_number(publish, bring, session):
    numbers = [publish().edition.number, publish(bring.today - timedelta(1)).edition.number]
    bring("code,level,parent,name_fa\n0102,shahrestan,01,شمیران\n")
    numbers.append(publish().edition.number)
    assert numbers == [1, 2, 3]
    assert [one.number for one in list_editions(session, get_register(session, "test"))] == [3, 2, 1]


def test_registers_are_numbered_apart(publish, bring):
    bring(ROWS, register="other")
    assert [publish().edition.number, publish(register="other").edition.number] == [1, 1]


def test_name_of_a_register_leads_nowhere(publish, bring, tmp_path):
    bring(ROWS, register="../../evil")
    folder = Path(publish(register="../../evil").folder)
    assert folder.is_relative_to(tmp_path / "store" / "editions")


@pytest.mark.parametrize("days", [1, 400])
def test_day_that_has_not_come_is_refused(publish, bring, days):
    with pytest.raises(InvalidValue) as caught:
        publish(bring.today + timedelta(days))
    assert caught.value.params["reason"].key == "edition_ahead"


def test_day_on_which_the_register_is_empty_is_refused(publish, bring):
    bring("code,level,name_fa\n01,ostan,تهران\n", register="late", valid_from=date(2026, 1, 1))
    with pytest.raises(InvalidValue) as caught:
        publish(date(2025, 1, 1), register="late")
    assert caught.value.params["reason"].key == "edition_empty"


def test_only_who_may_publishes(publish, tmp_path):
    with pytest.raises(NotPermitted):
        publish(caller=ANONYMOUS)
    assert not (tmp_path / "store").exists()


def test_publishing_is_logged_once(publish, session):
    publish(), publish()
    entries = [entry for entry in list_entries(session, limit=1000) if entry.action == "publish_edition"]
    assert [(entry.subject, entry.detail["edition"]) for entry in entries] == [("test", 1)]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_interrupted_publishing_leaves_nothing(publish, session, tmp_path, monkeypatch, interruption):
    def stop(draft: Path, *_: object, **__: object) -> None:
        (draft / "half.csv").write_text("half", encoding="utf-8")
        raise interruption

    monkeypatch.setattr(editions, "write_files", stop)
    with pytest.raises(interruption):
        publish()
    assert list((tmp_path / "store" / "editions").rglob("*.csv")) == []
    assert list_editions(session, get_register(session, "test")) == ()


def test_what_a_killed_publication_left_is_cleared(publish, bring):
    left = Path(publish().folder).parent / ".taqsimat-killed"
    left.mkdir()
    publish(bring.today - timedelta(1))
    assert not left.exists()


def test_file_of_an_edition_is_found(publish, session, tmp_path):
    edition, register = publish().edition, get_register(session, "test")
    assert find_file(tmp_path / "store", register, edition, "divisions.csv").is_file()


@pytest.mark.parametrize("name", ["manifest.json", "../1/divisions.csv", "nothing", ".", "a\0b"])
def test_files_that_are_not_listed_are_not_given(publish, session, tmp_path, name):
    edition, register = publish().edition, get_register(session, "test")
    with pytest.raises(EditionNotFound):
        find_file(tmp_path / "store", register, edition, name)


def test_unknown_number_is_refused(publish, session):
    with pytest.raises(EditionNotFound):
        get_edition(session, get_register(session, "test"), 9)


@pytest.mark.parametrize("prepare", [lambda out: None, lambda out: out.mkdir()], ids=["new", "empty"])
def test_copy_is_whole(publish, tmp_path, prepare):
    out = tmp_path / "خروجی"
    prepare(out)
    check_target(out)
    copy_edition(publish(), out)
    assert verify_edition(out).is_whole


def test_copy_may_be_made_again(publish, tmp_path):
    made = publish()
    copy_edition(made, tmp_path / "out")
    (tmp_path / "out" / "divisions.csv").write_text("spoilt", encoding="utf-8")
    copy_edition(made, tmp_path / "out")
    assert verify_edition(tmp_path / "out").is_whole


def test_folder_with_something_else_is_left_alone(publish, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderUnfit):
        check_target(tmp_path)
    with pytest.raises(FolderUnfit):
        copy_edition(publish(), tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_folder_of_another_edition_is_left_alone(publish, bring, tmp_path):
    copy_edition(publish(), tmp_path / "out")
    with pytest.raises(FolderUnfit):
        copy_edition(publish(bring.today - timedelta(1)), tmp_path / "out")


def test_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(FolderUnfit):
        check_target(tmp_path / "out")
    with pytest.raises(FolderUnfit):
        verify_edition(tmp_path / "out")
