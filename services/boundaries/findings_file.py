"""Write findings to a file that is either whole or not there."""

from __future__ import annotations

import errno
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from geo.coverage import Finding
from geo.errors import DiskFull, FolderUnfit, InvalidValue, because

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
"""The formats findings can be written in, by the ending of the file."""

LAYER = "findings"
"""The name of the layer."""


def check_output(path: Path | str) -> Path:
    """Check that findings can be written to a path before any work is done; an existing file is replaced.

    Raises InvalidValue for an unknown ending or folder.
    """
    target = Path(path).expanduser()
    if target.suffix.lower() not in DRIVERS:
        raise InvalidValue(field="out", value=str(path), reason=because("out_ending", known=tuple(DRIVERS)))
    if not target.parent.is_dir() or target.is_dir():
        raise InvalidValue(field="out", value=str(path), reason=because("out_folder"))
    return target


def write_findings(findings: Sequence[Finding], target: Path) -> None:
    """Write findings beside the target and put them in its place when they are complete.

    Raises DiskFull or FolderUnfit; an existing file is then as it was.
    """
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".taqsimat-") as folder:
            draft = Path(folder) / f"{LAYER}{target.suffix.lower()}"
            _write(findings, draft)
            draft.replace(target)
    except DataSourceError as error:
        raise FolderUnfit(path=str(target.parent), reason=because("out_failed", detail=str(error))) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=str(target)) from error
        raise FolderUnfit(
            path=str(target.parent), reason=because("out_failed", detail=error.strerror or str(error))
        ) from error


def _write(findings: Sequence[Finding], draft: Path) -> None:
    columns = _list_columns(findings)
    pyogrio.raw.write(
        str(draft),
        geometry=shapely.to_wkb(np.array([finding.geometry for finding in findings], dtype=object)),
        field_data=[np.array(values, dtype=kind) for values, kind in columns.values()],
        fields=list(columns),
        geometry_type="Unknown",
        crs="EPSG:4326",
        driver=DRIVERS[draft.suffix],
        layer=LAYER,
    )


def _list_columns(findings: Sequence[Finding]) -> dict[str, tuple[list[object], str]]:
    points = [finding.point or (None, None) for finding in findings]
    return {
        "kind": ([finding.kind.value for finding in findings], "object"),
        "severity": ([finding.severity.value for finding in findings], "object"),
        "divisions": ([", ".join(finding.divisions) for finding in findings], "object"),
        "area_m2": ([finding.area_m2 for finding in findings], "float64"),
        "length_m": ([finding.length_m for finding in findings], "float64"),
        "width_m": ([finding.width_m for finding in findings], "float64"),
        "lon": ([point[0] for point in points], "float64"),
        "lat": ([point[1] for point in points], "float64"),
        "fingerprint": ([finding.fingerprint for finding in findings], "object"),
        "detail": ([json.dumps(dict(f.detail), ensure_ascii=False, sort_keys=True) for f in findings], "object"),
    }
