"""Measure matching on real lists: how many rows find their division, how many of the proposals are right, and the CPU.

    python -m benchmarks.matching FOLDER [--json]

FOLDER holds `iran/` and `afghanistan/` with the lists and layers named below. Truth is, for the P-codes of Iran, what
the layer says of its own counties, which was joined by Persian name inside the province: for Persian names it is no
independent witness, for English names and points it is. For the districts of Afghanistan two layers of other makers
are held against each other: what their ground says against what their names say, and points against ground.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.register.candidates import CodeKey
from geo.register.match_directory import Directory
from geo.register.match_names import FoldedName, fold_name
from geo.register.matching import Match, MatchRules, match_rows
from geo.register.matching_scores import Asked, Listed

FIRST_ABOVE = 10_000
"""Keys of the divisions above begin here."""


@dataclass(frozen=True)
class Score:
    """Hold how good one matching was."""

    case: str
    """What was matched by what."""
    rows: int
    """How many rows there were."""
    known: int
    """Of how many of them the truth is known."""
    proposed: int
    """How many of those have a proposal."""
    right: int
    """How many of these proposals are right."""
    clear: int
    """How many of those are clear."""
    clear_right: int
    """How many of these are right."""
    cpu_s: float
    """CPU seconds."""

    @property
    def precision(self) -> float:
        """Give the share of proposals that are right."""
        return self.right / max(self.proposed, 1)

    @property
    def recall(self) -> float:
        """Give the share of known rows that are proposed right."""
        return self.right / max(self.known, 1)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a list."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fold(*texts: object) -> tuple[FoldedName, ...]:
    """Fold the names there are."""
    return tuple(dict.fromkeys(fold_name(text) for text in texts if isinstance(text, str) and text.strip()))


def find_point(row: Mapping[str, str]) -> shapely.Point | None:
    """Find the point of a row."""
    return shapely.Point(float(row["lon"]), float(row["lat"])) if row["lon"] and row["lat"] else None


def score(case: str, asked: Sequence[Asked], directory: Directory, truth: Mapping[int, int]) -> Score:
    """Match rows and hold the proposals against the truth, where that is known."""
    start = time.process_time()
    matches = match_rows(asked, directory, MatchRules())
    cpu_s = time.process_time() - start
    known = [match for match in matches if match.row in truth]

    def count(choose: Callable[[Match], bool]) -> int:
        return sum(choose(match) for match in known)

    return Score(
        case,
        len(asked),
        len(known),
        count(lambda match: match.chosen is not None),
        count(lambda match: match.chosen == truth[match.row]),
        count(lambda match: match.is_clear),
        count(lambda match: match.is_clear and match.chosen == truth[match.row]),
        round(cpu_s, 2),
    )


def load_directory(layers: Sequence[Any], columns: Mapping[str, str], levels: Sequence[str]) -> Directory:
    """Make a directory of two layers: those above, and those that rows may be of."""
    upper, lower = layers
    above = {}
    for key, row in enumerate(upper.to_dict("records"), start=FIRST_ABOVE):
        names = fold(*(row[name] for name in columns["names_above"].split()))
        code = row[columns["code_above"]]
        above[key] = Listed(key, code, levels[0], (CodeKey("own", "1", code),), names)
    parents = {one.code: key for key, one in above.items()}
    listed = {}
    for key, row in enumerate(lower.to_dict("records"), start=1):
        names = fold(*(row[name] for name in columns["names"].split()))
        code, parent = str(row[columns["code"]] or ""), parents[row[columns["parent"]]]
        listed[key] = Listed(key, code, levels[1], (), names, (parent,), row["geometry"])
    return Directory(listed, above)


def measure_iran(folder: Path) -> list[Score]:
    """Match the list of P-codes to the counties of the layer, by less and more of what it says."""
    upper, lower = (
        gpd.read_file(folder / "iran_osm_admin_2025.gpkg", layer=name) for name in ("provinces", "counties")
    )
    columns = {"code_above": "iso_3166_2", "names_above": "name_fa name_en", "code": "osm_id"}
    columns |= {"parent": "iso_province", "names": "name_fa name_en"}
    directory = load_directory((upper, lower), columns, ("province", "county"))
    places = {code: key for key, code in enumerate(lower["pcode_2019"], start=1) if isinstance(code, str)}
    rows = read_rows(folder / "iran_counties_pcodes_2019.csv")
    truth = {number: places[row["pcode"]] for number, row in enumerate(rows, start=1) if row["pcode"] in places}
    found = []
    for case, names, parents, placed in (
        ("Persian name", ("name_fa",), (), False),
        ("Persian name, province", ("name_fa",), ("parent_fa",), False),
        ("English name, province", ("name_en",), ("parent_en",), False),
        ("English name, province, point", ("name_en",), ("parent_en",), True),
        ("all", ("name_fa", "name_en"), ("parent_fa", "parent_en"), True),
    ):
        asked = [
            Asked(
                number,
                names=fold(*(row[name] for name in names)),
                level="county",
                parent_names=fold(*(row[name] for name in parents)),
                ground=find_point(row) if placed else None,
            )
            for number, row in enumerate(rows, start=1)
        ]
        found.append(score(f"Iran, P-codes: {case}", asked, directory, truth))
    return found


def measure_afghanistan(folder: Path) -> list[Score]:
    """Match one layer of districts to another, and a list in three languages to the latter."""
    upper, lower = (gpd.read_file(folder / "afg_cod_ab_2018.gpkg", layer=name) for name in ("admin1", "admin2"))
    columns = {"code_above": "adm1_pcode", "names_above": "adm1_en adm1_da", "code": "adm2_pcode"}
    columns |= {"parent": "adm1_pcode", "names": "adm2_en adm2_da adm2_alt1_en"}
    directory = load_directory((upper, lower), columns, ("province", "district"))
    other = gpd.read_file(folder / "afg_geoboundaries.gpkg", layer="admin2_2014").to_dict("records")
    grounds = [Asked(number, level="district", ground=row["geometry"]) for number, row in enumerate(other, start=1)]
    named = [Asked(number, names=fold(row["shapeName"]), level="district") for number, row in enumerate(other, start=1)]
    by_ground = {match.row: match.chosen for match in match_rows(grounds, directory, MatchRules()) if match.chosen}
    by_name = {match.row: match.chosen for match in match_rows(named, directory, MatchRules()) if match.chosen}
    return [
        score("Afghanistan, layers: ground, against names", grounds, directory, by_name),
        score("Afghanistan, layers: names, against ground", named, directory, by_ground),
        *measure_list(folder, directory),
    ]


def measure_list(folder: Path, directory: Directory) -> list[Score]:
    """Match a list by names, and hold the proposals against the district in which the point of each row lies."""
    rows = read_rows(folder / "afg_provinces_districts_trilingual.csv")
    provinces = {row["id"]: row for row in rows if row["level"] == "1"}
    districts = [row for row in rows if row["level"] == "2"]
    grounds = np.array([one.ground for _, one in sorted(directory.listed.items())], dtype=object)
    tree = shapely.STRtree(grounds)
    truth = {}
    for number, row in enumerate(districts, start=1):
        point = find_point(row)
        inside: list[int] = tree.query(point, predicate="intersects").tolist() if point else []
        if len(inside) == 1:
            truth[number] = inside[0] + 1
    found = []
    for name in ("name_en", "name_fa"):
        asked = []
        for number, row in enumerate(districts, start=1):
            parent = provinces.get(row["province_id"], {})
            parents = fold(parent.get(name))
            asked.append(Asked(number, names=fold(row[name]), level="district", parent_names=parents))
        case = f"Afghanistan, list: {'English' if name == 'name_en' else 'Dari'} name, province, against points"
        found.append(score(case, asked, directory, truth))
    return found


def write_line(found: Score) -> str:
    """Write a score as a line of a table."""
    clear = f"{found.clear_right} of {found.clear}"
    return (
        f"| {found.case} | {found.rows} | {found.known} | {found.precision:.3f} | {found.recall:.3f} | {clear} "
        f"| {found.cpu_s:.2f} |"
    )


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the lists are")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found = [*measure_iran(options.folder / "iran"), *measure_afghanistan(options.folder / "afghanistan")]
    if options.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    print("| what is matched by what | rows | known | precision | recall | clear and right | CPU s |")
    print("|---|---|---|---|---|---|---|")
    for one in found:
        print(write_line(one))


if __name__ == "__main__":
    main()
