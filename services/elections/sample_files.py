"""Write samples of plans while they are drawn, as JSON lines or Parquet, and read them again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from geo.errors import InvalidValue, UnreadableFile, because
from services.atomic import replace_when_whole
from services.elections.plan_files import MOST_BYTES, read_lines
from services.files import check_file_safe

ENDINGS = (".jsonl", ".parquet")
"""How the files of samples end."""

BATCH = 256
"""How many plans are written to Parquet at a time."""


@dataclass(frozen=True)
class SampleLine:
    """Hold one plan of a sample as it is written."""

    chain: int
    """Which chain, from 1."""
    step: int
    """Which step, from 1."""
    cuts: int
    """The pairs of neighbours in different districts."""
    deviation: float
    """How far the district farthest from the ideal lies from it."""
    districts: np.ndarray
    """The district of each unit, in the order of the codes."""


class SampleWriter(Protocol):
    """Write one plan after the other."""

    def write(self, line: SampleLine) -> None:
        """Write one plan."""


@contextmanager
def open_writer(out: Path, codes: tuple[str, ...], *, several: bool) -> Iterator[SampleWriter]:
    """Open a file of samples by its ending; it is there once the block ends, with all that was written."""
    if out.suffix not in ENDINGS:
        raise InvalidValue(field="out", value=out.name, reason=because("one_of", known=ENDINGS))
    with replace_when_whole(out) as draft:
        writer = open_lines(draft, codes, several=several) if out.suffix == ".jsonl" else open_parquet(draft, codes)
        with writer as opened:
            yield opened


@contextmanager
def open_lines(path: Path, codes: tuple[str, ...], *, several: bool) -> Iterator[SampleWriter]:
    """Write one JSON object a line."""

    class Lines:
        """Write lines."""

        def write(self, line: SampleLine) -> None:
            """Write one plan, with its chain where there are several."""
            held: dict[str, Any] = {"chain": line.chain} if several else {}
            held |= {"step": line.step, "cut_edges": line.cuts, "deviation": line.deviation}
            held["assignment"] = dict(zip(codes, line.districts.tolist(), strict=True))
            file.write(json.dumps(held, ensure_ascii=False, separators=(",", ":")) + "\n")

    with path.open("w", encoding="utf-8") as file:
        yield Lines()


@contextmanager
def open_parquet(path: Path, codes: tuple[str, ...]) -> Iterator[SampleWriter]:
    """Write Parquet: chain, step, cut edges, deviation, and the districts in the order of the codes in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        {
            "chain": pa.int32(),
            "step": pa.int64(),
            "cut_edges": pa.int32(),
            "deviation": pa.float64(),
            "assignment": pa.list_(pa.int32(), len(codes)),
        },
        metadata={"codes": json.dumps(codes, ensure_ascii=False)},
    )
    waiting: list[SampleLine] = []

    def flush(writer: Any) -> None:  # noqa: ANN401 - pyarrow tells no types
        if waiting:
            columns = [
                [line.chain for line in waiting],
                [line.step for line in waiting],
                [line.cuts for line in waiting],
                [line.deviation for line in waiting],
            ]
            flat = pa.array(np.concatenate([line.districts for line in waiting]).astype(np.int32))
            arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=False)]
            arrays.append(pa.FixedSizeListArray.from_arrays(flat, len(codes)))
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            waiting.clear()

    class Batches:
        """Write batches."""

        def write(self, line: SampleLine) -> None:
            """Keep one plan until a batch is full."""
            waiting.append(line)
            if len(waiting) >= BATCH:
                flush(file)

    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        yield Batches()
        flush(file)


def read_samples(path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    """Read the plans of a sample: the codes, and for each plan the districts in their order."""
    safe = check_file_safe(path, most_bytes=8 * MOST_BYTES)
    if safe.ending == ".parquet":
        return _read_parquet(safe.path)
    if safe.ending != ".jsonl":
        raise UnreadableFile(path=safe.name, reason=because("one_of", known=ENDINGS))
    lines = read_lines(path)
    codes = tuple(lines[0].get("assignment", {})) if isinstance(lines[0], dict) else ()
    rows = []
    for number, line in enumerate(lines, start=1):
        held = line.get("assignment") if isinstance(line, dict) else None
        if not isinstance(held, dict) or set(held) != set(codes) or not all(type(n) is int for n in held.values()):
            raise InvalidValue(field="assignment", value=number, reason=because("sample_line", line=number))
        rows.append([held[code] for code in codes])
    return codes, np.array(rows, dtype=np.int64)


def _read_parquet(path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=["assignment"])
        codes = tuple(json.loads((table.schema.metadata or {})[b"codes"]))
        column = table.column("assignment").combine_chunks()
        values = column.flatten().to_numpy().astype(np.int64)
        return codes, values.reshape(-1, len(codes))
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise UnreadableFile(path=path.name, reason=because("sample_parquet")) from error
