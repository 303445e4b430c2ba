"""Test that the log only grows, that tampering is found, and that many writers keep one chain."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import InvalidValue
from services.access.log import LogHead, list_entries, read_head, record_write, verify_log
from services.access.roles import Caller, make_operator
from services.database.engine import open_session


def write(session: Session, *subjects: str) -> None:
    for subject in subjects:
        record_write(session, caller=make_operator("tester"), action="run_audit", subject=subject, detail={"n": 1})


def tamper(session: Session, statement: str) -> None:
    session.execute(text("alter table audit_log disable trigger all"))
    session.execute(text(statement))
    session.execute(text("alter table audit_log enable trigger all"))


def test_entry_says_who_what_and_where(session: Session, operator: Caller):
    record_write(session, caller=operator, action="run_audit", subject="letters", detail={"findings": 3})
    (entry,) = list_entries(session)
    assert (entry.id, entry.actor, entry.action, entry.subject) == (1, "cli:tester", "run_audit", "letters")
    assert entry.detail == {"findings": 3}


def test_each_entry_holds_the_hash_of_the_one_before(session: Session):
    write(session, "a", "b")
    first, second = list_entries(session)
    assert (first.previous, second.previous) == ("", first.hash)


@pytest.mark.parametrize(
    ("after", "limit", "expected"), [(0, 2, ["a", "b"]), (2, 2, ["c"]), (3, 2, []), (1, 100, ["b", "c"])]
)
def test_entries_come_in_pages(session: Session, after: int, limit: int, expected: list[str]):
    write(session, "a", "b", "c")
    assert [entry.subject for entry in list_entries(session, after=after, limit=limit)] == expected


@pytest.mark.parametrize(
    "statement",
    ["update audit_log set actor = 'nobody'", "delete from audit_log", "truncate audit_log"],
)
def test_log_refuses_to_be_rewritten(session: Session, statement: str):
    write(session, "a")
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))
    assert [entry.actor for entry in list_entries(session)] == ["cli:tester"]


def test_writer_cannot_choose_place_time_or_hash(session: Session):
    forged = "insert into audit_log values (77, '1999-01-01', 'a', 'b', 'c', '{}', 'previous', 'hash')"
    session.execute(text(forged))
    (entry,) = list_entries(session)
    assert (entry.id, entry.previous, entry.at.year > 1999, len(entry.hash)) == (1, "", True, 64)


@pytest.mark.parametrize("subjects", [(), ("a",), ("a", "b", "c")])
def test_untouched_log_is_whole(session: Session, subjects: tuple[str, ...]):
    write(session, *subjects)
    check = verify_log(session)
    assert check.is_whole
    assert (check.entries, check.head.id) == (len(subjects), len(subjects))


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("update audit_log set actor = 'nobody' where id = 2", 2),
        ("update audit_log set detail = '{}' where id = 3", 3),
        ("update audit_log set at = at - interval '1 day' where id = 1", 1),
        ("update audit_log set previous = '' where id = 2", 2),
        ("delete from audit_log where id = 2", 2),
        ("delete from audit_log where id = 1", 1),
        ("update audit_log set id = 9 where id = 4", 4),
        # whoever also mends the hash of the entry breaks the link to the next
        ("update audit_log a set actor = 'x', hash = audit_log_hash((id, at, 'x', action, subject, detail, previous, "
         "'')::audit_log) where id = 2", 3),
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_place(session: Session, statement: str, place: int):
    write(session, "a", "b", "c", "d")
    tamper(session, statement)
    assert verify_log(session).broken_at == place


def test_cut_end_shows_against_a_kept_head(session: Session):
    write(session, "a", "b", "c")
    kept = verify_log(session).head
    tamper(session, "delete from audit_log where id = 3")
    assert verify_log(session).is_whole
    assert verify_log(session, kept=kept).broken_at == 3


def test_log_that_grew_still_holds_a_kept_head(session: Session):
    write(session, "a")
    kept = verify_log(session).head
    write(session, "b")
    assert verify_log(session, kept=kept).is_whole


def test_head_is_read_as_it_is_written():
    head = LogHead(7, "a" * 64)
    assert read_head(str(head)) == head


@pytest.mark.parametrize("wrong", ["", "7", "7:abc", "x:" + "a" * 64, "-1:" + "a" * 64])
def test_malformed_head_is_refused(wrong: str):
    with pytest.raises(InvalidValue):
        read_head(wrong)


def test_entry_goes_with_the_write_it_tells_of(fresh_engine: Engine):
    with pytest.raises(RuntimeError), open_session(fresh_engine) as session:
        write(session, "a")
        raise RuntimeError("the write failed")
    with open_session(fresh_engine) as session:
        assert list_entries(session) == ()


def test_concurrent_writers_keep_one_chain(fresh_engine: Engine):
    def write_some(writer: int) -> None:
        for number in range(10):
            with open_session(fresh_engine) as session:
                write(session, f"{writer}/{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_some, range(4)))
    with open_session(fresh_engine) as session:
        check = verify_log(session)
    assert (check.entries, check.head.id, check.broken_at) == (40, 40, None)
