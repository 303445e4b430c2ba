"""Command boundaries: audit a register, check a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.language import tell
from services.cli.store import DEFECTS, choose_day, cli_caller, open_cli_session, show

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
FailOn = Annotated[list[str] | None, typer.Option("--fail-on", help=tell("help.fail_on"))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command("audit", help=tell("help.audit"))(audit)
    app.command("findings", help=tell("help.findings"))(findings)
    app.command("check", help=tell("help.check"))(check)


def audit(
    level: Annotated[list[str], typer.Argument(help=tell("help.audit_level"))],
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    as_of: Annotated[str | None, typer.Option("--as-of", help=tell("help.as_of"))] = None,
    fail_on: FailOn = None,
    as_json: Json = False,
) -> None:
    """Audit a level, or several that tile their parents together, and keep what is found."""
    from services.boundaries.audits import audit_levels
    from services.queries import get_register

    day = choose_day(as_of)
    with open_cli_session() as session:
        summary = audit_levels(session, get_register(session, register), level, day=day, caller=cli_caller())
    show(summary, as_json, lambda: _print_counts(summary.certified, summary.counts, summary.area_m2))
    _fail_on(fail_on, summary.counts, certified=summary.certified)


def findings(
    register: Annotated[str, typer.Option("--register", "-r", help=tell("help.register"))] = "dz",
    kind: Annotated[str | None, typer.Option("--kind", help=tell("help.kind"))] = None,
    level: Annotated[str | None, typer.Option("--level", help=tell("help.level"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=tell("help.limit"))] = 20,
    as_json: Json = False,
) -> None:
    """List what the latest audits have found, the largest first."""
    from services.boundaries.findings import FindingFilter, list_findings
    from services.cli.tables import print_table
    from services.queries import get_register

    with open_cli_session() as session:
        found = list_findings(session, get_register(session, register), FindingFilter(kind, level), limit=limit)
    rows = [(defect.id, tell(f"kind.{defect.kind}"), defect.area_m2, _name(defect.divisions)) for defect in found]
    headers = (tell("finding"), tell("kind_word"), tell("area_m2"), tell("divisions"))
    show(found, as_json, lambda: print_table(tell("findings"), headers, rows))


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
