"""Command the thresholds of the law: list them, test figures against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.register.thresholds import Verdict
    from services.register.thresholds import Statement

app = typer.Typer(help=tell("help.thresholds"), no_args_is_help=True)

Country = Annotated[str, typer.Option("--country", help=tell("help.country"))]
Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Circumstances = Annotated[list[str] | None, typer.Option("--circumstance", help=tell("help.circumstance"))]
Density = Annotated[str | None, typer.Option("--density", help=tell("help.density_class"))]
Figures = Annotated[list[str] | None, typer.Option("--figure", help=tell("help.figure"))]


@app.command("list", help=tell("help.thresholds_list"))
def list_thresholds(country: Country = "ir", as_json: Json = False) -> None:
    """List what the law of a country asks of divisions."""
    from geo.register.packs import load_pack
    from services.cli.tables import print_table

    pack = load_pack(country)
    rows = [
        (
            rule.article,
            way.note or None,
            pack.level(rule.level).names.choose(LANGUAGE),
            tell(f"measure.{way.measure}") if way.measure else None,
            None if way.least is None else int(way.least),
            ", ".join((*way.all_of, *way.any_of)) or None,
            pack.thresholds.approvals[way.approval].choose(LANGUAGE) if way.approval else None,
            tell("thresholds.yes" if way.verified else "thresholds.no"),
        )
        for rule in pack.thresholds.rules
        for way in rule.ways
    ]
    words = ("article", "note", "level", "measure", "least", "when", "approval", "verified")
    headers = [tell(f"thresholds.{word}") for word in words]
    show(pack.thresholds.rules, as_json, lambda: print_table(tell("thresholds.title"), headers, rows))


@app.command("check", help=tell("help.thresholds_check"))
def check(
    level: Annotated[str, typer.Argument(help=tell("help.level"))],
    country: Country = "ir",
    kind: Annotated[str, typer.Option("--kind", help=tell("help.change_kind"))] = "create",
    figure: Figures = None,
    circumstance: Circumstances = None,
    density: Density = None,
    as_json: Json = False,
) -> None:
    """Test the figures of a proposed division against the law, article by article."""
    from geo.register.packs import load_pack
    from services.register.thresholds import check_figures

    statement = read_statement(figure, circumstance, density)
    verdicts = check_figures(load_pack(country), level=level, kind=kind, statement=statement)
    show(list(map(describe_verdict, verdicts)), as_json, lambda: print_verdicts(verdicts))


def read_statement(figures: list[str] | None, circumstances: list[str] | None, density: str | None) -> Statement:
    """Read what is said of a proposal."""
    from services.register.thresholds import Statement, read_figure

    return Statement(frozenset(circumstances or ()), density, dict(map(read_figure, figures or ())))


def describe_verdict(verdict: Verdict) -> dict[str, object]:
    """Write a verdict for machines."""
    from services.register.thresholds import say_verdict

    return {
        "threshold": verdict.threshold.key,
        "article": verdict.threshold.article,
        "note": verdict.way.note,
        "outcome": str(verdict.outcome),
        "approval": verdict.way.approval if verdict.outcome == "met_with_approval" else None,
        "required": verdict.way.least,
        "found": verdict.found,
        "missing": list(verdict.missing),
        "verified": verdict.way.verified,
        "sentence": say_verdict(verdict, LANGUAGE),
    }


def print_verdicts(verdicts: Iterable[Verdict]) -> None:
    """Print verdicts, article by article."""
    from services.cli.tables import print_table
    from services.messages import say
    from services.register.thresholds import say_verdict

    rows = [
        (
            one.threshold.article,
            one.threshold.names.choose(LANGUAGE),
            say(f"outcome.{one.outcome}", LANGUAGE),
            say_verdict(one, LANGUAGE),
            tell("thresholds.yes" if one.way.verified else "thresholds.no"),
        )
        for one in verdicts
    ]
    if not rows:
        print(tell("thresholds.none"))
        return
    headers = [tell(f"thresholds.{word}") for word in ("article", "asks", "outcome", "why", "verified")]
    print_table(tell("thresholds.checked"), headers, rows)
