"""Gather the commands under one name."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli import (
    accounts,
    apportionment,
    audits,
    ballots,
    boundaries,
    changes,
    civic,
    codes,
    consequences,
    control,
    crosswalks,
    database,
    demonstration,
    disputes,
    districting,
    editions,
    elections,
    eligibility,
    exceptions,
    history,
    indices,
    jobs,
    kept_plans,
    locate,
    matching,
    naming,
    plan_pictures,
    plan_reports,
    register,
    renewals,
    repairs,
    search,
    stations,
    thresholds,
    web,
)
from services.cli.language import tell
from services.cli.store import answer_errors, choose_record, end_on_signals

app = typer.Typer(
    help=tell("help.app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def choose_store(
    recorded: Annotated[str | None, typer.Option("--recorded", help=tell("help.recorded"))] = None,
) -> None:
    """Read what every command is told before its name."""
    choose_record(recorded)


for commands in (
    demonstration,
    web,
    register,
    changes,
    editions,
    search,
    naming,
    boundaries,
    disputes,
    elections,
    locate,
    apportionment,
    civic,
):
    commands.add_to(app)
control.add_to(changes.decrees)
renewals.add_to(audits.app)
districting.add_to(elections.plans)
plan_reports.add_to(elections.plans)
kept_plans.add_to(elections.plans)
plan_pictures.add_to(elections.plans)
app.add_typer(matching.app, name="match")
app.add_typer(codes.app, name="codes")
app.add_typer(crosswalks.app, name="crosswalk")
app.add_typer(history.app, name="history")
app.add_typer(ballots.app, name="elections")
app.add_typer(stations.app, name="stations")
app.add_typer(eligibility.app, name="eligibility")
app.add_typer(thresholds.app, name="thresholds")
app.add_typer(indices.app, name="indices")
app.add_typer(consequences.app, name="consequences")
app.add_typer(audits.app, name="audits")
app.add_typer(exceptions.app, name="exceptions")
app.add_typer(repairs.app, name="repairs")
app.add_typer(jobs.app, name="jobs")
app.add_typer(database.app, name="db")
app.add_typer(accounts.app, name="accounts")
app.add_typer(accounts.log, name="log")


def main() -> None:
    """Run one command; errors become sentences and exit codes."""
    with answer_errors(), end_on_signals():
        app(prog_name="./taqsimat")
