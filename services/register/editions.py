"""Publish editions of a register: its state on a date under a running number, as files that never change again."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from geo.errors import EditionNotFound, FolderUnfit, InvalidValue, UnreadableFile, because
from services.access.log import record_write
from services.access.roles import Action, Caller, check_permitted
from services.atomic import DRAFTS, fill_when_whole
from services.queries import RegisterState
from services.register.publication import (
    MANIFEST,
    EditionContent,
    EditionFile,
    FolderCheck,
    check_folder,
    list_files,
    load_content,
    write_files,
)
from services.tables.changes import Edition
from services.tables.register import Register

FOLDER = "editions"
"""The folder of all editions inside the data folder."""


@dataclass(frozen=True)
class EditionOrder:
    """Say what is to be published, and where its files are kept."""

    day: date
    """The date whose state is published."""
    today: date
    """The present day, which `day` may not lie after."""
    store: Path
    """The data folder; the files lie in it by register and number."""


@dataclass(frozen=True)
class EditionState:
    """Hold what is kept of an edition."""

    register: str
    """The register."""
    number: int
    """Its running number in the register, from 1."""
    as_of: date
    """The date whose state it holds."""
    register_version: int
    """The version of the register it was first made from."""
    digest: str
    """The hash of its content, whatever programs write the files."""
    files: tuple[EditionFile, ...]
    """Its files with their hashes."""
    published_by: str
    """Who published it."""
    published_at: datetime
    """When."""


@dataclass(frozen=True)
class Publication:
    """Say what publishing came to."""

    edition: EditionState
    """The edition."""
    is_new: bool
    """Whether it was published now; otherwise the same content had been published before."""
    folder: str
    """Where its files are."""
    divisions: int
    """How many divisions it holds."""
    changed: tuple[str, ...] = ()
    """Files that another version of the program now writes with other bytes than those first published."""


def publish_edition(session: Session, register: RegisterState, order: EditionOrder, *, caller: Caller) -> Publication:
    """Publish the state of a register on a date; the same content keeps its number and its files.

    The register is locked until the commit. Raises NotPermitted, and InvalidValue for a day that has not come or
    on which the register holds nothing.
    """
    check_permitted(session, caller, Action.PUBLISH_EDITION, register)
    session.execute(select(Register.id).where(Register.id == register.id).with_for_update(key_share=True))
    content = _load_content(session, register, order)
    digest = content.digest()
    known = _find_same(session, register, order.day, digest)
    number = known.number if known else _find_next(session, register)
    folder = _find_folder(order.store, register, number)
    if known and _is_kept(folder, known):
        return Publication(known, False, str(folder), len(content.divisions))
    files = _keep_files(folder, content, number=number, digest=digest)
    if known is None:
        _insert(
            session,
            register,
            {"number": number, "as_of": order.day, "digest": digest, "files": _to_json(files)},
            caller,
        )
    edition = known or get_edition(session, register, number)
    changed = tuple(sorted(one.name for one in set(edition.files) - set(files)))
    return Publication(edition, known is None, str(folder), len(content.divisions), changed)


def _load_content(session: Session, register: RegisterState, order: EditionOrder) -> EditionContent:
    if order.day > order.today:
        raise InvalidValue(field="as_of", value=order.day, reason=because("edition_ahead", today=order.today))
    content = load_content(session, register, order.day)
    if not content.divisions:
        raise InvalidValue(field="as_of", value=order.day, reason=because("edition_empty", register=register.name))
    return content


def _find_same(session: Session, register: RegisterState, day: date, digest: str) -> EditionState | None:
    row = session.execute(_select(register).where(Edition.as_of == day, Edition.digest == digest)).first()
    return _to_state(register, row) if row else None


def _find_next(session: Session, register: RegisterState) -> int:
    last = session.scalar(select(func.max(Edition.number)).where(Edition.register_id == register.id))
    return (last or 0) + 1


def _find_folder(store: Path, register: RegisterState, number: int) -> Path:
    """Name the folder of an edition by numbers alone; a register's name could mean anything to a file system."""
    return store / FOLDER / str(register.id) / str(number)


def _keep_files(folder: Path, content: EditionContent, *, number: int, digest: str) -> tuple[EditionFile, ...]:
    """Write the files, whole or not at all, and clear what a killed publication left; the lock keeps others out."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left in sorted(folder.parent.glob(f"{DRAFTS}*")):
            shutil.rmtree(left)
    except OSError as error:
        reason = because("file_system", detail=error.strerror or "")
        raise FolderUnfit(path=str(folder.parent), reason=reason) from error
    with fill_when_whole(folder) as draft:
        return write_files(draft, content, number=number, digest=digest)


def _to_json(files: Iterable[EditionFile]) -> dict[str, Any]:
    return {one.name: {"size_bytes": one.size_bytes, "sha256": one.sha256} for one in files}


def _is_kept(folder: Path, edition: EditionState) -> bool:
    """Tell whether the files of an edition are there with the bytes that were first published."""
    return folder.is_dir() and set(list_files(folder)) == set(edition.files)


def _insert(session: Session, register: RegisterState, told: Mapping[str, Any], caller: Caller) -> None:
    """Keep what is told of an edition, and log it."""
    values = {**told, "register_id": register.id, "register_version": register.version, "published_by": caller.name}
    session.execute(insert(Edition).values(values))
    detail = {"edition": told["number"], "as_of": told["as_of"].isoformat(), "digest": told["digest"]}
    record_write(session, caller=caller, action=Action.PUBLISH_EDITION, subject=register.name, detail=detail)


def list_editions(session: Session, register: RegisterState) -> tuple[EditionState, ...]:
    """List the editions of a register, the latest first."""
    rows = session.execute(_select(register).order_by(Edition.number.desc()))
    return tuple(_to_state(register, row) for row in rows)


def get_edition(session: Session, register: RegisterState, number: int) -> EditionState:
    """Give the edition of that number, or raise EditionNotFound."""
    row = session.execute(_select(register).where(Edition.number == number)).one_or_none()
    if row is None:
        raise EditionNotFound(edition=number)
    return _to_state(register, row)


def find_file(store: Path, register: RegisterState, edition: EditionState, name: str) -> Path:
    """Find one file of an edition, by a name that it lists; raises EditionNotFound when it is not there."""
    path = _find_folder(store, register, edition.number) / name
    if name not in {one.name for one in edition.files} or not path.is_file():
        raise EditionNotFound(edition=f"{edition.number}/{name}")
    return path


def check_target(out: Path) -> None:
    """Refuse a folder that holds something else than an edition, before anything is written."""
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (out / MANIFEST).is_file())):
        raise FolderUnfit(path=str(out), reason=because("folder_taken"))


def copy_edition(publication: Publication, out: Path) -> None:
    """Copy the files of an edition into a folder that is not there yet, is empty or holds this very edition."""
    if out.exists() and not _is_free(out, publication.edition):
        raise FolderUnfit(path=str(out), reason=because("folder_taken"))
    source = Path(publication.folder)
    with fill_when_whole(out) as draft:
        for path in sorted(source.iterdir()):
            shutil.copyfile(path, draft / path.name)


def _is_free(out: Path, edition: EditionState) -> bool:
    if not out.is_dir():
        return False
    if not any(out.iterdir()):
        return True
    try:
        check = check_folder(out)
    except UnreadableFile:
        return False
    same = (check.register, check.number, check.digest) == (edition.register, edition.number, edition.digest)
    return same and not check.foreign


def verify_edition(folder: Path) -> FolderCheck:
    """Compare the files of a folder with the hashes of its manifest; no store is needed for it."""
    if not folder.is_dir():
        raise FolderUnfit(path=str(folder), reason=because("folder_absent"))
    return check_folder(folder)


def _select(register: RegisterState) -> Select[Any]:
    return select(
        Edition.number,
        Edition.as_of,
        Edition.register_version,
        Edition.digest,
        Edition.files,
        Edition.published_by,
        Edition.published_at,
    ).where(Edition.register_id == register.id)


def _to_state(register: RegisterState, row: Any) -> EditionState:  # noqa: ANN401 - a row of `_select`
    files = tuple(EditionFile(name, **kept) for name, kept in sorted(row.files.items()))
    return EditionState(
        register.name,
        row.number,
        row.as_of,
        row.register_version,
        row.digest,
        files,
        row.published_by,
        row.published_at,
    )
