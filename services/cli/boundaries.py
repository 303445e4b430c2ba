"""Command boundaries: audit a register, check a file."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import tell
from services.cli.store import DEFECTS, choose_day, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.boundaries.audits import AuditSummary, CountryAudit

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
FailOn = Annotated[list[str] | None, typer.Option("--fail-on", help=tell("help.fail_on"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("audit", help=tell("help.audit"))(audit)
    app.command("findings", help=tell("help.findings"))(findings)
    app.command("check", help=tell("help.check"))(check)


def audit(
    level: Annotated[list[str] | None, typer.Argument(help=tell("help.audit_level"))] = None,
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    within: Annotated[str | None, typer.Option("--within", help=tell("audits.within_help"))] = None,
    later: Annotated[bool, typer.Option("--later", help=tell("audits.later_help"))] = False,
    fail_on: FailOn = None,
    as_json: Json = False,
) -> None:
    """Audit a level, several that tile their parents together, or all of them, and keep what is found."""
    from services.boundaries.audit_grounds import AuditScope
    from services.boundaries.audits import audit_country, audit_levels, submit_audit
    from services.lookups import get_coded
    from services.queries import get_register

    day, caller = choose_day(as_of), cli_caller()
    with open_cli_session() as session:
        asked = get_register(session, register)
        inside = get_coded(session, asked, within, day=day).id if within else None
        if later:
            job = submit_audit(session, asked, AuditScope(tuple(level or ()), day, inside), caller=caller)
        elif level:
            summary = audit_levels(session, asked, level, day=day, caller=caller, within=inside)
        else:
            whole = audit_country(session, asked, day=day, caller=caller, within=inside)
    if later:
        show(job, as_json, lambda: print(tell("jobs.submitted", job=job.id)))
    elif level:
        show(summary, as_json, lambda: _print_summary(summary))
        _fail_on(fail_on, summary.counts, certified=summary.certified)
    else:
        show(whole, as_json, lambda: _print_whole(whole))
        _fail_on(fail_on, _add_up(whole.parts), certified=whole.certified)


def _print_whole(whole: CountryAudit) -> None:
    for part in whole.parts:
        print(f"# {', '.join(part.levels)}")
        _print_summary(part)


def _print_summary(summary: AuditSummary) -> None:
    _print_counts(summary.certified, summary.counts, summary.area_m2)
    if summary.excepted:
        print(tell("audits.excepted_count", count=sum(summary.excepted.values())))


def _add_up(parts: Sequence[AuditSummary]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part.counts)
    return dict(total)


def findings(
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    kind: Annotated[str | None, typer.Option("--kind", help=tell("help.kind"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=tell("help.limit"))] = 20,
    run: Annotated[int | None, typer.Option("--run", min=1, help=tell("audits.of_run_help"))] = None,
    status: Annotated[str | None, typer.Option("--status", help=tell("audits.status_help"))] = None,
    as_json: Json = False,
) -> None:
    """List what the latest audits have found, or one run, the largest first."""
    from services.boundaries.findings import FindingFilter, list_findings
    from services.cli.tables import print_table
    from services.queries import get_register

    with open_cli_session() as session:
        wanted = FindingFilter(kind, level, run=run, status=status)
        found = list_findings(session, get_register(session, register), wanted, limit=limit)
    rows = [
        (one.id, tell(f"kind.{one.kind}"), _tell_status(one.status), one.area_m2, one.people, _name(one.divisions))
        for one in found
    ]
    words = ("finding", "kind_word", "audits.status", "area_m2", "audits.people", "divisions")
    headers = [tell(word) for word in words]
    show(found, as_json, lambda: print_table(tell("findings"), headers, rows))


def _tell_status(status: str) -> str:
    from services.cli.language import LANGUAGE
    from services.messages import say

    return say(f"finding_status.{status}", LANGUAGE)


def _name(divisions: tuple) -> str:  # type: ignore[type-arg]
    from services.cli.language import LANGUAGE

    return "، ".join(f"{division.name_in(LANGUAGE, 'fa-AF', 'ar')} ({division.code})" for division in divisions)


def check(
    file: Annotated[str, typer.Argument(help=tell("help.check_file"))],
    layer: Annotated[str | None, typer.Option("--layer", help=tell("help.layer"))] = None,
    key: Annotated[str | None, typer.Option("--key", help=tell("help.key"))] = None,
    parents: Annotated[str | None, typer.Option("--parents", help=tell("help.parents"))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=tell("help.check_out"))] = None,
    fail_on: FailOn = None,
    as_json: Json = False,
) -> None:
    """Check the coverage in a file, without any database."""
    from services.boundaries.check import check_file

    report = check_file(file, layer=layer, key=key, parents=parents, out=out)
    plain = report.to_json()
    show(plain, as_json, lambda: _print_counts(plain["certified"], plain["counts"], plain["area_m2"]))
    _fail_on(fail_on, plain["counts"], certified=plain["certified"])


def _print_counts(certified: bool, counts: dict[str, int], area_m2: dict[str, float]) -> None:
    from services.cli.tables import print_table

    rows = [(tell(f"kind.{kind}"), count, area_m2.get(kind)) for kind, count in sorted(counts.items())]
    if rows:
        print_table(tell("findings"), (tell("kind_word"), tell("count"), tell("area_m2")), rows)
    elif certified:
        print(tell("audit.clean"))
    print(tell("audit.certified" if certified else "audit.uncertified"), file=sys.stderr)


def _fail_on(kinds: list[str] | None, counts: dict[str, int], *, certified: bool) -> None:
    """End with the exit code of defects when a kind the caller named was found, or nothing is certain."""
    if kinds and (not certified or ("any" in kinds and counts) or any(counts.get(kind) for kind in kinds)):
        raise SystemExit(DEFECTS)
