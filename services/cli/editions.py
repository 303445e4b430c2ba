"""Command the editions of a register and its statistics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import DEFECTS, choose_day, cli_caller, open_cli_session, parse_day, read_settings, show

if TYPE_CHECKING:
    from geo.register.statistics import CountTable
    from services.queries import RegisterState
    from services.register.editions import EditionState, Publication
    from services.register.publication import FolderCheck

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Register = Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))]

editions = typer.Typer(help=tell("help.editions"), no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("publish", help=tell("help.publish"))(publish)
    app.command("statistics", help=tell("help.statistics"))(count)
    editions.command("list", help=tell("help.editions_list"))(list_all)
    editions.command("verify", help=tell("help.editions_verify"))(verify)
    app.add_typer(editions, name="editions")


def publish(
    register: Register = "dz",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.publish_as_of"))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=tell("help.publish_out"))] = None,
    as_json: Json = False,
) -> None:
    """Publish an edition of a register."""
    from datetime import UTC, datetime

    from services.queries import get_register
    from services.register.editions import EditionOrder, check_target, copy_edition, publish_edition

    today = datetime.now(UTC).date()
    order = EditionOrder(parse_day(as_of) or today, today, read_settings().data_folder)
    if out is not None:
        check_target(out)
    with open_cli_session() as session:
        publication = publish_edition(session, get_register(session, register), order, caller=cli_caller())
        if out is not None:
            copy_edition(publication, out)
    show(publication, as_json, lambda: print_publication(publication, out))


def print_publication(publication: Publication, out: Path | None) -> None:
    """Print what was published."""
    from geo.register.calendars import format_date
    from geo.register.digits import format_number

    edition = publication.edition
    known = {
        "number": format_number(edition.number, LANGUAGE),
        "register": edition.register,
        "day": format_date(edition.as_of, LANGUAGE),
        "divisions": format_number(publication.divisions, LANGUAGE),
    }
    print(tell("editions.published" if publication.is_new else "editions.same", **known))
    print(tell("editions.digest", digest=edition.digest))
    for one in edition.files:
        print(f"  {one.sha256}  {one.name}")
    print(tell("editions.folder", folder=str(out or publication.folder)))
    if publication.changed:
        print(tell("editions.changed", names=", ".join(publication.changed)))


def list_all(register: Register = "dz", as_json: Json = False) -> None:
    """List the editions of a register, the latest first."""
    from services.queries import get_register
    from services.register.editions import list_editions

    with open_cli_session() as session:
        found = list_editions(session, get_register(session, register))
    show(found, as_json, lambda: print_editions(register, found))


def print_editions(register: str, found: tuple[EditionState, ...]) -> None:
    """Print editions."""
    from geo.register.calendars import format_date
    from services.cli.tables import print_table

    if not found:
        print(tell("editions.none", register=register))
        return
    headers = tuple(tell(f"editions.{key}") for key in ("number", "as_of", "content", "by"))
    rows = [(one.number, format_date(one.as_of, LANGUAGE), one.digest, one.published_by) for one in found]
    print_table(tell("editions.title", register=register), headers, rows)


def verify(
    folder: Annotated[Path, typer.Argument(help=tell("help.edition_folder"))],
    as_json: Json = False,
) -> None:
    """Check that the files of a folder are those that were published; end with 1 when they are not."""
    from services.register.editions import verify_edition

    check = verify_edition(folder)
    show(check, as_json, lambda: print_check(check))
    if not check.is_whole:
        raise typer.Exit(DEFECTS)


def print_check(check: FolderCheck) -> None:
    """Print whether a folder is whole."""
    from geo.register.digits import format_number

    if check.is_whole:
        number, files = format_number(check.number, LANGUAGE), format_number(check.files, LANGUAGE)
        print(tell("editions.whole", number=number, register=check.register, files=files))
    for key, names in {"missing": check.missing, "altered": check.changed, "foreign": check.foreign}.items():
        if names:
            print(tell(f"editions.{key}", names=", ".join(names)))


def count(
    register: Register = "dz",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    as_json: Json = False,
) -> None:
    """Count the divisions by level and by division of the top level."""
    from geo.register.calendars import format_date
    from services.queries import get_register
    from services.register.statistics import count_statistics

    day = choose_day(as_of)
    with open_cli_session() as session:
        state = get_register(session, register)
        table = count_statistics(session, state, day=day)
    title = tell("editions.statistics", register=register, day=format_date(day, LANGUAGE))
    show(table, as_json, lambda: print_counts(title, state, table))


def print_counts(title: str, register: RegisterState, table: CountTable) -> None:
    """Print the closing table."""
    from geo.register.digits import format_number
    from services.cli.tables import print_table
    from services.messages import say

    pack = register.pack
    tops = ", ".join(pack.level(level).names.choose(LANGUAGE) for level in table.top)
    rows = [
        (
            row.division.code if row.division else "",
            row.division.name_in(LANGUAGE, *pack.languages) if row.division else say("statistics.none", LANGUAGE),
            *row.counts,
        )
        for row in table.rows
    ]
    total = say("statistics.total", LANGUAGE, count=format_number(table.tops, LANGUAGE))
    names = (pack.level(level).names.choose(LANGUAGE) for level in table.levels)
    print_table(title, (tell("code"), tops, *names), [*rows, ("", total, *table.totals)])
