"""Command jobs: list them, look at one, end it, and do those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import cli_caller, open_cli_session, read_settings, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.jobs import JobState

app = typer.Typer(help=tell("jobs.help"), no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=tell("help.json"))]
Number = Annotated[int, typer.Argument(min=1, help=tell("jobs.number_help"))]


@app.command("list", help=tell("jobs.list_help"))
def list_all(
    register: Annotated[str | None, typer.Option("--register", "-r", help=tell("jobs.register_help"))] = None,
    state: Annotated[str | None, typer.Option("--state", help=tell("jobs.state_help"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=tell("help.limit"))] = 20,
    as_json: Json = False,
) -> None:
    """List the jobs, the latest first."""
    from services.jobs import list_jobs
    from services.queries import get_register

    with open_cli_session() as session:
        asked = get_register(session, register) if register else None
        found = list_jobs(session, asked, caller=cli_caller(), state=state, limit=limit)
    show(found, as_json, lambda: print_jobs(found))


@app.command("show", help=tell("jobs.show_help"))
def show_one(job: Number, as_json: Json = False) -> None:
    """Show a job with its progress and its outcome."""
    from services.jobs import get_job

    with open_cli_session() as session:
        found = get_job(session, job, caller=cli_caller())
    show(found, as_json, lambda: print_jobs([found]))


@app.command("cancel", help=tell("jobs.cancel_help"))
def cancel(job: Number, as_json: Json = False) -> None:
    """End a job that waits, or ask one that runs to end."""
    from services.jobs import cancel_job

    with open_cli_session() as session:
        found = cancel_job(session, job, caller=cli_caller())
    show(found, as_json, lambda: print_jobs([found]))


@app.command("work", help=tell("jobs.work_help"))
def work(once: Annotated[bool, typer.Option("--once", help=tell("jobs.once_help"))] = False) -> None:
    """Do the jobs that wait, until interrupted."""
    from threading import Event

    import services.job_kinds  # noqa: F401 - every subject brings in its kinds
    from services.database.engine import open_store
    from services.jobs import work_jobs
    from services.jobs.worker import PAUSE_S

    pause = Event()
    with open_store(read_settings(), upgrade=True) as engine:
        count = work_jobs(engine)
        while not once:
            pause.wait(PAUSE_S)
            count += work_jobs(engine)
    print(tell("jobs.worked", count=count))


def print_jobs(jobs: Sequence[JobState]) -> None:
    """Print jobs as a table, and why those failed that did."""
    from services.cli.tables import print_table
    from services.jobs import explain_problem

    rows = [
        (one.id, one.register, tell_kind(one.kind), _tell_state(one), _tell_progress(one), one.actor, one.created_at)
        for one in jobs
    ]
    words = ("number", "register", "kind", "state", "progress", "actor", "created")
    print_table(tell("jobs.title"), [tell(f"jobs.{word}") for word in words], rows)
    for one in jobs:
        if one.problem:
            print(tell("jobs.problem", problem=explain_problem(one.problem, LANGUAGE)))


def tell_kind(kind: str) -> str:
    """Name a kind of job."""
    from services.messages import say

    return say(f"job_kind.{kind}", LANGUAGE)


def _tell_state(job: JobState) -> str:
    from services.messages import say

    state = say(f"job_state.{job.state}", LANGUAGE)
    return f"{state}, {tell('jobs.cancelling')}" if job.is_cancelling else state


def _tell_progress(job: JobState) -> str | None:
    from services.messages import say

    if not job.total and not job.word:
        return None
    word = f" {say(f'job_word.{job.word}', LANGUAGE)}" if job.word else ""
    return f"{job.done}/{job.total}{word}"
