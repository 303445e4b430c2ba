"""Give commands their settings, their session and their way of answering."""

from __future__ import annotations

import getpass
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from geo.errors import EnvironmentFault, Infeasible, TaqsimatError
from services.cli.language import LANGUAGE, tell
from services.messages import explain

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from services.access.roles import Caller
    from services.settings import Settings

FINE, DEFECTS, USAGE, ENVIRONMENT, INFEASIBLE, UNFORESEEN, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 4, 70, 130, 143
"""What the exit codes mean."""


def read_settings() -> Settings:
    """Read the operator's settings, once."""
    from services.settings import load_settings

    return load_settings(os.environ)


KNOWN_AT: ContextVar[datetime | None] = ContextVar("known_at", default=None)
"""The moment whose record the command reads; None is the present one."""


def choose_record(recorded: str | None) -> None:
    """Let the command read what was recorded at an earlier moment, if one is given."""
    from geo.register.spans import parse_moment

    KNOWN_AT.set(parse_moment(recorded, datetime.now(UTC)) if recorded else None)


@contextmanager
def open_cli_session() -> Iterator[Session]:
    """Open the store, bring its tables up to date, and give one session that commits when the command is done."""
    from services.database.engine import open_session, open_store

    with open_store(read_settings(), upgrade=True) as engine, open_session(engine, KNOWN_AT.get()) as session:
        yield session


def cli_caller() -> Caller:
    """Stand for the operator of this machine, as the log names him or her."""
    from services.access.roles import make_operator

    return make_operator(getpass.getuser())


def parse_day(text: str | None) -> date | None:
    """Read a date, Jalali or Gregorian; None stays None."""
    from geo.register.calendars import parse_date

    return parse_date(text) if text else None


def choose_day(as_of: str | None) -> date:
    """Read the day a command asks about: a date, the end of a month or year, or today.

    What was chosen from more days than one is said aside, where it does not disturb an answer for machines.
    """
    from geo.register.calendars import format_date
    from geo.register.spans import choose_day, parse_span

    today = datetime.now(UTC).date()
    if not as_of:
        return today
    span = parse_span(as_of)
    day = choose_day(span, today)
    if span.start != day or span.end is None or (span.end - day).days > 1:
        print(tell("as_of_chosen", asked=as_of, day=format_date(day, LANGUAGE)), file=sys.stderr)
    return day


def show(value: object, as_json: bool, render: Callable[[], None]) -> None:
    """Print a value as JSON for machines, or let `render` print it for people."""
    if as_json:
        print(json.dumps(to_plain(value), ensure_ascii=False, indent=1))
    else:
        render()


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON is any of several types
    """Turn dataclasses, dates, geometries and tuples into what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(item) for name, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item) for item in value]
    if hasattr(value, "__geo_interface__"):
        return value.__geo_interface__
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


@contextmanager
def answer_errors() -> Iterator[None]:
    """Print what went wrong in the reader's language and end with the exit code of its kind."""
    try:
        yield
    except TaqsimatError as error:
        print(explain(error, LANGUAGE), file=sys.stderr)
        raise SystemExit(exit_code(error)) from error
    except KeyboardInterrupt as error:
        print(tell("interrupted"), file=sys.stderr)
        raise SystemExit(INTERRUPTED) from error
    except SystemExit as end:
        if end.code in (INTERRUPTED, TERMINATED):
            print(tell("interrupted"), file=sys.stderr)
        raise
    except BrokenPipeError as error:
        # the reader of our output has left; nothing can be said any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FINE) from error
    except Exception as error:
        print(tell("unforeseen", details=_keep_details(error)), file=sys.stderr)
        raise SystemExit(UNFORESEEN) from error


def _keep_details(error: Exception) -> str:
    """Keep where a mistake of ours happened, without values; who debugs gets the whole traceback at once."""
    import tempfile
    import traceback

    from services.traces import describe_trace

    if os.environ.get("TAQSIMAT_LOG_LEVEL") == "debug":
        traceback.print_exception(error)
    try:
        handle, path = tempfile.mkstemp(prefix="taqsimat-mistake-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(describe_trace(error) + "\n")
    except OSError:
        return describe_trace(error)
    return path


@contextmanager
def end_on_signals() -> Iterator[None]:
    """Let a request to end, or a terminal that is closed, unwind the command, so that it leaves nothing running."""

    def end(_number: int, _frame: object) -> None:
        raise SystemExit(TERMINATED)

    def pass_on(_number: int, _frame: object) -> None:
        # the web server knows how to end when it is terminated, and ends untidily by an exception
        signal.raise_signal(signal.SIGTERM)

    wanted = {signal.SIGTERM: end, signal.SIGHUP: pass_on}
    # what is ignored already was started with nohup, and is to outlive its terminal
    heeded = [number for number in wanted if signal.getsignal(number) is not signal.SIG_IGN]
    kept = {number: signal.signal(number, wanted[number]) for number in heeded}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def exit_code(error: TaqsimatError) -> int:
    """Give the exit code of an error."""
    if isinstance(error, EnvironmentFault):
        return ENVIRONMENT
    return INFEASIBLE if isinstance(error, Infeasible) else USAGE
