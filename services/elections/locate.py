"""Locate the points of a file in the coverage of another, without any database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from geo.errors import InvalidValue, MissingColumn, UnknownColumn, because
from geo.locate import Locator, build_locator
from services.atomic import replace_when_whole
from services.elections.cluster_parts import keep_on_cluster
from services.elections.kept_pieces import PartTask, join_parts, keep_part, open_folder
from services.elections.located_points import LocateReport, PointColumns, extend_schema, locate_piece
from services.elections.locator_file import open_locator, write_locator
from services.elections.point_files import choose_format, open_points
from services.elections.point_output import open_output
from services.files import check_file_safe, split_layer
from services.layers import Layer, read_layer, to_lonlat

MOST_BYTES = 1024**4
"""The largest file, unpacked, that is read; points are read piece by piece."""

Progress = Callable[[int, int | None], None]
"""Is told how many points are done, and of how many where that is known."""


@dataclass(frozen=True)
class CoverageFile:
    """Say where a coverage is and which of its columns count."""

    path: str
    """The file, or FILE:LAYER."""
    key: str
    """The column that names the divisions."""
    others: tuple[str, ...] = ()
    """Columns to be written as well, such as the parents' codes."""
    index: Path | None = None
    """Where the index is kept from one run to the next."""


@dataclass(frozen=True)
class Manner:
    """Say how the work is to be done; the answer is the same, byte for byte."""

    progress: Progress | None = None
    """Is told how far it is."""
    resume: bool = False
    """Keep finished parts beside the output until it is whole, and use those that an interrupted run has left."""
    scheduler: str | None = None
    """The address of a Dask scheduler whose workers do it, as tcp://…; here without."""

    def tell(self, report: LocateReport, total: int | None) -> None:
        """Tell how far it is."""
        if self.progress:
            self.progress(report.points, total)


def locate_points(
    coverage: CoverageFile, points: Path, *, columns: PointColumns, out: Path, manner: Manner | None = None
) -> LocateReport:
    """Write the rows of `points` to `out`, one for one and in order, with the key of the division each lies in.

    Raises FileRefused, WrongCrs, MissingColumn, UnknownColumn, InvalidGeometry, InvalidValue, or AlreadyExists where
    the points have a column of a name that is to be added. `out` is written whole or not at all.
    """
    choose_format(out)
    choose_format(points)
    source = open_points(check_file_safe(points, most_bytes=MOST_BYTES))
    schema = extend_schema(source.schema, columns, coverage.others)
    how, locator = manner or Manner(), find_locator(coverage)
    if how.resume or how.scheduler:
        task = PartTask(source, columns, schema, Path(), locator.source, out.suffix.lower() == ".csv")
        return _locate_in_parts(locator, task, out, how)
    report = LocateReport(out=out)
    with replace_when_whole(out) as draft, open_output(draft, schema) as write:
        for part in source.list_parts():
            for piece in source.read(part):
                rows, counts = locate_piece(locator, piece, columns, schema)
                write(rows)
                report = report.add(counts)
                how.tell(report, source.total)
    return report


def _locate_in_parts(locator: Locator, task: PartTask, out: Path, manner: Manner) -> LocateReport:
    """Locate part by part into a folder, here or elsewhere, and join what is there."""
    parts, report = tuple(task.source.list_parts()), LocateReport(out=out)
    with _keep_folder(out, _name_question(locator, task), manner) as folder:
        task = replace(task, folder=folder)
        write_locator(locator, task.index)
        kept = {part: counts for part in parts if (counts := task.find_report(part))}
        for counts in kept.values():
            report = report.add(counts)
        rest = [part for part in parts if part not in kept]
        here = (keep_part(task, part) for part in rest)
        for counts in keep_on_cluster(task, rest, manner.scheduler) if manner.scheduler else here:
            report = report.add(counts)
            manner.tell(report, task.source.total)
        with replace_when_whole(out) as draft:
            join_parts(task, parts, draft)
    return report


@contextmanager
def _keep_folder(out: Path, question: dict[str, object], manner: Manner) -> Iterator[Path]:
    """Hand out the folder of the parts; after a failure it stays where the work shall be taken up again."""
    folder = open_folder(out, question, resume=manner.resume)
    is_whole = False
    try:
        yield folder
        is_whole = True
    finally:
        if is_whole or not manner.resume:
            shutil.rmtree(folder, ignore_errors=True)


def _name_question(locator: Locator, task: PartTask) -> dict[str, object]:
    """Name all that the answer follows from; parts of another question are of no use."""
    file = task.source.file.path
    found = file.stat()
    own = {"coverage": locator.source, "columns": asdict(task.columns), "schema": task.schema.to_string()}
    return {**own, "points": [str(file), found.st_size, found.st_mtime_ns], "csv": task.is_csv}


def find_locator(coverage: CoverageFile) -> Locator:
    """Open the index that is kept when it is of this very coverage, else build it, and keep it where asked."""
    path, layer = split_layer(coverage.path)
    file = check_file_safe(path, most_bytes=MOST_BYTES)
    source = "\n".join((file.digest(), layer or "", coverage.key, *coverage.others))
    if coverage.index is not None and coverage.index.exists():
        kept = open_locator(coverage.index)
        if kept.source == source:
            return kept
    built = replace(_build(read_layer(file, layer), coverage), source=source)
    if coverage.index is not None:
        write_locator(built, coverage.index)
    return built


def _build(layer: Layer, coverage: CoverageFile) -> Locator:
    shapes = to_lonlat(layer)
    if shapes is None:
        raise MissingColumn(field="geometry", columns=layer.columns)
    for name in (coverage.key, *coverage.others):
        if name not in layer.columns:
            raise UnknownColumn(column=name, columns=layer.columns)
    texts = {name: [_write(value) for value in layer.column(name)] for name in (coverage.key, *coverage.others)}
    return build_locator(shapes, texts[coverage.key], parents={name: texts[name] for name in coverage.others})


def _write(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        raise InvalidValue(field="key", value=value, reason=because("locate_key_number"))
    return str(value)
