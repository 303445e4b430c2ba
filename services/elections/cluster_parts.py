"""Share parts of a file of points out to the workers of a Dask cluster, who see the same files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from geo.errors import InvalidValue, ProgramMissing, because
from services.elections.kept_pieces import PartTask, keep_part
from services.elections.located_points import LocateReport
from services.elections.point_files import Part

PATIENCE_S = 10
"""So long the scheduler may take to answer."""
AHEAD = 2
"""Parts that wait for each thread of a worker, beside the one it has in hand."""


def keep_on_cluster(task: PartTask, parts: Sequence[Part], scheduler: str) -> Iterator[LocateReport]:
    """Have parts located by the workers of a scheduler, in whatever order they finish.

    Raises ProgramMissing without Dask, and InvalidValue when the scheduler does not answer.
    """
    client = _reach(scheduler)
    try:
        yield from _share_out(client, task, parts)
    finally:
        client.close()


def _reach(scheduler: str) -> Any:  # noqa: ANN401 - a client of a library that is not always there
    try:
        return _load_dask().Client(scheduler, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InvalidValue(field="scheduler", value=scheduler, reason=because("scheduler_silent")) from error


def _load_dask() -> Any:  # noqa: ANN401
    try:
        return import_module("distributed")
    except ImportError as error:
        raise ProgramMissing(program="dask.distributed", command="pip install 'taqsimat[cluster]'") from error


def _share_out(client: Any, task: PartTask, parts: Sequence[Part]) -> Iterator[LocateReport]:  # noqa: ANN401
    """Keep every thread busy without telling the scheduler of all parts at once."""
    threads = sum(client.nthreads().values())
    rest = iter(parts)
    first = [client.submit(keep_part, task, part, pure=False) for part in islice(rest, max(1, threads * AHEAD))]
    running = _load_dask().as_completed(first, loop=client.loop)
    try:
        for future in running:
            yield future.result()
            for part in islice(rest, 1):
                running.add(client.submit(keep_part, task, part, pure=False))
    finally:
        client.cancel(list(running.futures), force=True)
