"""Command disputes on boundaries, from their opening to a decision in force."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.changes import Json, Key, Register, open_work, read_json
from services.cli.dispute_tables import print_conflicts, print_dispute, print_disputes, print_history, print_options
from services.cli.language import tell
from services.cli.store import choose_day, parse_day, show

if TYPE_CHECKING:
    from services.disputes.claims import ClaimText
    from services.disputes.records import Dispute

disputes = typer.Typer(help=tell("disputes.help"), no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, help=tell("disputes.number_help"))]
Version = Annotated[int | None, typer.Option("--version", min=1, help=tell("disputes.version_help"))]
Day = Annotated[str | None, typer.Option("--as-of", help=tell("disputes.as_of_help"))]
By = Annotated[str | None, typer.Option("--by", help=tell("disputes.by_help"))]
Against = Annotated[str | None, typer.Option("--against", help=tell("disputes.against_help"))]
Reason = Annotated[str, typer.Option("--reason", help=tell("disputes.reason_help"))]
Decree = Annotated[int, typer.Option("--decree", min=1, help=tell("disputes.decree_help"))]
Words = Annotated[str, typer.Option("--text", help=tell("disputes.text_help"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.add_typer(disputes, name="disputes")


@disputes.command("open", help=tell("disputes.open_help"))
def open_dispute(
    finding: Annotated[list[int] | None, typer.Option("--finding", min=1, help=tell("disputes.finding_help"))] = None,
    division: Annotated[list[str] | None, typer.Option("--division", help=tell("disputes.division_help"))] = None,
    claim: Annotated[str | None, typer.Option("--claim", help=tell("disputes.claim_file_help"))] = None,
    by: By = None,
    against: Against = None,
    title: Annotated[str, typer.Option("--title", help=tell("disputes.title_help"))] = "",
    text: Words = "",
    kind: Annotated[str | None, typer.Option("--type", help=tell("disputes.type_help"))] = None,
    confidential: Annotated[bool, typer.Option("--confidential", help=tell("disputes.confidential_help"))] = False,
    register: Register = "dz",
    as_of: Day = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Open a dispute."""
    from services.disputes.opening import Beginning, OpeningText
    from services.disputes.opening import open_dispute as open_with

    drawn = _read_claim(claim, by, against, text) if claim else None
    begin, about = Beginning(finding or (), drawn, division or ()), OpeningText(title, text, kind, confidential)
    with open_work(register, key) as (session, state, caller):
        opened = open_with(session, state, begin, about, day=choose_day(as_of), caller=caller)
    show(opened, as_json, lambda: print_dispute(opened))


def _read_claim(path: str, by: str | None, against: str | None, text: str) -> ClaimText:
    from geo.errors import InvalidValue, because
    from services.disputes.claims import ClaimText, read_drawn

    if not by or not against:
        raise InvalidValue(field="by", value="", reason=because("claim_same_side"))
    return ClaimText(by, against, read_drawn("drawn", read_json(path)), text)


@disputes.command("list", help=tell("disputes.list_help"))
def list_all(
    register: Register = "dz",
    state: Annotated[str | None, typer.Option("--state", help=tell("disputes.state_help"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("disputes.level_help"))] = None,
    kind: Annotated[str | None, typer.Option("--type", help=tell("disputes.type_help"))] = None,
    division: Annotated[str | None, typer.Option("--division", help=tell("disputes.division_help"))] = None,
    as_of: Day = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """List disputes."""
    from services.disputes.records import MOST_DISPUTES, DisputeFilter, list_disputes
    from services.lookups import get_coded

    with open_work(register, key) as (session, asked, caller):
        side = get_coded(session, asked, division, day=choose_day(as_of)).id if division else None
        wanted = DisputeFilter(state, level, side, kind)
        found = list_disputes(session, asked, wanted, reader=caller, limit=MOST_DISPUTES)
    show(found, as_json, lambda: print_disputes(found))


def _read(register: str, number: int, key: str | None) -> Dispute:
    from services.disputes.records import get_dispute

    with open_work(register, key) as (session, state, caller):
        return get_dispute(session, state, number, reader=caller)


@disputes.command("show", help=tell("disputes.show_help"))
def show_dispute(number: Number, register: Register = "dz", key: Key = None, as_json: Json = False) -> None:
    """Show a dispute."""
    found = _read(register, number, key)
    show(found, as_json, lambda: print_dispute(found))


@disputes.command("history", help=tell("disputes.history_help"))
def show_history(number: Number, register: Register = "dz", key: Key = None, as_json: Json = False) -> None:
    """List the steps of a dispute."""
    found = _read(register, number, key)
    show(found.history, as_json, lambda: print_history(found))


@disputes.command("conflicts", help=tell("disputes.conflicts_help"))
def show_conflicts(number: Number, register: Register = "dz", key: Key = None, as_json: Json = False) -> None:
    """List the open disputes on the same ground."""
    from services.disputes.conflicts import find_conflicts
    from services.disputes.records import get_dispute

    with open_work(register, key) as (session, state, caller):
        dispute = get_dispute(session, state, number, reader=caller)
        found = find_conflicts(session, state, dispute, reader=caller)
    show(found, as_json, lambda: print_conflicts(found))


def _take(
    use_case: Callable[..., Dispute], number: int, register: str, *, version: int | None, key: str | None
) -> Dispute:
    """Take a step, on the version that is named or on the present one."""
    from services.disputes.records import get_dispute

    with open_work(register, key) as (session, state, caller):
        based_on = version or get_dispute(session, state, number, reader=caller).version
        return use_case(session, state, number, based_on=based_on, caller=caller)


@disputes.command("claim", help=tell("disputes.claim_help"))
def claim_ground(
    number: Number,
    drawn: Annotated[str, typer.Argument(metavar="FILE", help=tell("disputes.claim_file_help"))],
    by: By = None,
    against: Against = None,
    text: Words = "",
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Keep what a side claims."""
    from services.disputes.claims import add_claim

    use_case = partial(add_claim, claim=_read_claim(drawn, by, against, text))
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("evidence", help=tell("disputes.evidence_help"))
def bring_evidence(
    number: Number,
    kind: Annotated[str, typer.Option("--kind", help=tell("disputes.kind_help"))],
    title: Annotated[str, typer.Option("--title", help=tell("disputes.title_help"))],
    file: Annotated[str | None, typer.Option("--file", help=tell("disputes.file_help"))] = None,
    line: Annotated[str | None, typer.Option("--line", help=tell("disputes.line_help"))] = None,
    accuracy: Annotated[float | None, typer.Option("--accuracy", help=tell("disputes.accuracy_help"))] = None,
    rank: Annotated[int | None, typer.Option("--rank", help=tell("disputes.rank_help"))] = None,
    side: Annotated[str | None, typer.Option("--side", help=tell("disputes.side_help"))] = None,
    name: Annotated[str, typer.Option("--number", help=tell("disputes.name_help"))] = "",
    issued: Annotated[str | None, typer.Option("--issued", help=tell("disputes.issued_help"))] = None,
    article: Annotated[str, typer.Option("--article", help=tell("disputes.article_help"))] = "",
    sheet: Annotated[str, typer.Option("--sheet", help=tell("disputes.sheet_help"))] = "",
    text: Words = "",
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Keep a piece of evidence."""
    from services.disputes.claims import read_line
    from services.disputes.evidence import EvidenceText, add_evidence

    about = EvidenceText(
        kind=kind,
        title=title,
        rank=rank,
        side=side,
        number=name,
        issued_on=parse_day(issued),
        article=article,
        sheet=sheet,
        text=text,
        line=read_line("line", read_json(line)) if line else None,
        accuracy_m=accuracy,
    )
    use_case = partial(add_evidence, text=about, file=_read_file(file))
    print_dispute(_take(use_case, number, register, version=version, key=key))


def _read_file(path: str | None) -> Any:  # noqa: ANN401 - a sent file, whose module is loaded when it is needed
    from pathlib import Path

    from geo.errors import UnreadableFile, because
    from services.disputes.evidence import SentFile
    from services.disputes.evidence_files import MOST_BYTES

    if path is None:
        return None
    try:
        with Path(path).open("rb") as opened:
            return SentFile(Path(path).name, opened.read(MOST_BYTES + 1))
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise UnreadableFile(path=path, reason=because("evidence_broken", detail=detail)) from error


@disputes.command("review", help=tell("disputes.review_help"))
def review(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Take an open dispute up."""
    from services.disputes.closing import start_review

    print_dispute(_take(start_review, number, register, version=version, key=key))


@disputes.command("options", help=tell("disputes.options_help"))
def compute_options(
    number: Number,
    effective: Annotated[str | None, typer.Option("--effective", help=tell("disputes.effective_help"))] = None,
    line: Annotated[str | None, typer.Option("--line", help=tell("disputes.drawn_help"))] = None,
    left: Annotated[str | None, typer.Option("--left", help=tell("disputes.left_help"))] = None,
    right: Annotated[str | None, typer.Option("--right", help=tell("disputes.right_help"))] = None,
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Work out the ways to settle a dispute."""
    from services.disputes.claims import read_line
    from services.disputes.options import OptionsWish, prepare_options

    drawn = read_line("line", read_json(line)) if line else None
    wish = OptionsWish(choose_day(effective), drawn, left, right)
    found = _take(partial(prepare_options, wish=wish), number, register, version=version, key=key)
    show(found.options, as_json, lambda: print_options(found))


@disputes.command("propose", help=tell("disputes.propose_help"))
def propose(
    number: Number,
    option: Annotated[int, typer.Option("--option", min=1, help=tell("disputes.option_help"))],
    decree: Decree,
    text: Words,
    effective: Annotated[str | None, typer.Option("--effective", help=tell("disputes.effective_help"))] = None,
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Propose an option under a decree."""
    from services.disputes.decisions import DecisionText, propose_decision

    use_case = partial(propose_decision, wish=DecisionText(decree, text, option, parse_day(effective)))
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("undo", help=tell("disputes.undo_help"))
def undo(
    number: Number, decree: Decree, text: Words, register: Register = "dz", version: Version = None, key: Key = None
) -> None:
    """Propose under another decree to take the applied decision back."""
    from services.disputes.decisions import DecisionText, propose_undoing

    use_case = partial(propose_undoing, wish=DecisionText(decree, text))
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("withdraw", help=tell("disputes.withdraw_help"))
def withdraw(
    number: Number, reason: Reason, register: Register = "dz", version: Version = None, key: Key = None
) -> None:
    """Withdraw one's own proposal, or refuse that of another."""
    from services.disputes.decisions import withdraw_decision

    use_case = partial(withdraw_decision, reason=reason)
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("approve", help=tell("disputes.approve_help"))
def approve(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Approve a proposal."""
    from services.disputes.decisions import approve_decision

    print_dispute(_take(approve_decision, number, register, version=version, key=key))


@disputes.command("apply", help=tell("disputes.apply_help"))
def apply(number: Number, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Write an approved decision into the register."""
    from services.disputes.decisions import apply_decision

    print_dispute(_take(apply_decision, number, register, version=version, key=key))


@disputes.command("dismiss", help=tell("disputes.dismiss_help"))
def dismiss(
    number: Number, reason: Reason, register: Register = "dz", version: Version = None, key: Key = None
) -> None:
    """Dismiss a dispute."""
    from services.disputes.closing import dismiss_dispute

    use_case = partial(dismiss_dispute, reason=reason)
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("accept", help=tell("disputes.accept_help"))
def accept(
    number: Number,
    reason: Reason,
    decree: Annotated[int | None, typer.Option("--decree", min=1, help=tell("disputes.decree_help"))] = None,
    until: Annotated[str | None, typer.Option("--until", help=tell("disputes.until_help"))] = None,
    register: Register = "dz",
    version: Version = None,
    key: Key = None,
) -> None:
    """Accept what is in dispute as lawful."""
    from services.disputes.closing import Acceptance, accept_lawful

    use_case = partial(accept_lawful, wish=Acceptance(reason, decree, parse_day(until)))
    print_dispute(_take(use_case, number, register, version=version, key=key))


@disputes.command("reopen", help=tell("disputes.reopen_help"))
def reopen(number: Number, reason: Reason, register: Register = "dz", version: Version = None, key: Key = None) -> None:
    """Open a closed dispute again, or appeal against a decision in force."""
    from services.disputes.closing import reopen_dispute

    use_case = partial(reopen_dispute, reason=reason)
    print_dispute(_take(use_case, number, register, version=version, key=key))
