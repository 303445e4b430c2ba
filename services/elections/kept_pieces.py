"""Keep located parts in a folder until all are there, so that work can be shared out, stopped and taken up again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from geo.locate import Locator
from services.atomic import replace_when_whole
from services.elections.located_points import LocateReport, PointColumns, locate_piece
from services.elections.locator_file import open_locator
from services.elections.point_files import Part, PointFile
from services.elections.point_output import encode_head, encode_rows, open_output

QUESTION = "question.json"


@dataclass(frozen=True)
class PartTask:
    """Hold what somebody must know who locates a part, maybe on another machine that sees the same files."""

    source: PointFile
    """The points."""
    columns: PointColumns
    """Their coordinates."""
    schema: pa.Schema
    """The columns of the output."""
    folder: Path
    """Where finished parts are kept."""
    coverage: str
    """What the coverage was read from, as its locator says."""
    is_csv: bool
    """Whether parts are kept as lines of text."""

    @property
    def index(self) -> Path:
        """Name the file of the locator, by the coverage too, since processes keep what they have mapped."""
        return self.folder / f"{hashlib.sha256(self.coverage.encode()).hexdigest()}.index"

    def name_part(self, part: Part) -> Path:
        """Give the file of one finished part."""
        return self.folder / f"{part.number:08}{'.csv' if self.is_csv else '.arrow'}"

    def find_report(self, part: Part) -> LocateReport | None:
        """Find the counts of a part, when it is finished."""
        path = self.name_part(part).with_suffix(".json")
        return LocateReport(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def open_folder(out: Path, question: dict[str, object], *, resume: bool) -> Path:
    """Give the folder beside `out` for its parts; what another question left there is thrown away."""
    folder = out.resolve().with_name(f".{out.name}.pieces")
    asked, kept = json.dumps(question, sort_keys=True), folder / QUESTION
    if not (resume and kept.exists() and kept.read_text(encoding="utf-8") == asked):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        kept.write_text(asked, encoding="utf-8")
    return folder


def keep_part(task: PartTask, part: Part) -> LocateReport:
    """Locate one part and keep it; the counts are written last and say that it is whole."""
    path, report = task.name_part(part), LocateReport()
    locator = map_locator(task.index)
    located = (locate_piece(locator, piece, task.columns, task.schema) for piece in task.source.read(part))
    with replace_when_whole(path) as draft, pa.OSFile(str(draft), "wb") as file:
        writer = None if task.is_csv else pa.ipc.new_file(file, task.schema)
        for rows, counts in located:
            if writer is None:
                file.write(encode_rows(rows))
            else:
                writer.write_batch(rows)
            report = report.add(counts)
        if writer is not None:
            writer.close()
    told = {name: value for name, value in asdict(report).items() if name != "out"}
    with replace_when_whole(path.with_suffix(".json")) as draft:
        draft.write_text(json.dumps(told), encoding="utf-8")
    return report


@lru_cache(maxsize=2)
def map_locator(path: Path) -> Locator:
    """Map the index of the coverage once in each process."""
    return open_locator(path)


def join_parts(task: PartTask, parts: Iterable[Part], draft: Path) -> None:
    """Join the parts in order into one file."""
    if task.is_csv:
        with draft.open("wb") as whole:
            whole.write(encode_head(task.schema))
            for part in parts:
                with task.name_part(part).open("rb") as lines:
                    shutil.copyfileobj(lines, whole)
        return
    with open_output(draft, task.schema) as write:
        for part in parts:
            with pa.memory_map(str(task.name_part(part))) as file:
                reader = pa.ipc.open_file(file)
                for number in range(reader.num_record_batches):
                    write(reader.get_batch(number))
