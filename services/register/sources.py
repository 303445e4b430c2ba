"""Read the layers of a delivery into an import plan."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.coverage import guess_parents
from geo.errors import MissingColumn, because
from geo.register.candidates import Candidate, CodeKey
from geo.register.ground import check_ground, digest_grounds, lay_ground
from geo.register.mapping import ColumnMapping, check_mapping, guess_mapping
from geo.register.plan import Fact, ImportPlan, plan_layer
from geo.register.problems import Problem, Weight
from geo.register.reading import CandidateReader
from services.files import check_file_safe
from services.layers import Layer, lay_rows, read_layer
from services.queries import RegisterState, load_boundaries
from services.register.deliveries import LayerSource
from services.tables.register import Standing


@dataclass(frozen=True)
class SourceReader:
    """Take layers into a plan, under the limits the operator set."""

    session: Session
    """Where the register is read."""
    register: RegisterState
    """The register the plan is for."""
    plan: ImportPlan
    """The plan that grows."""
    day: date
    """The day on which the plan is compared with the register."""
    most_bytes: int
    """The largest file read, unpacked."""
    most_vertices: int
    """The most vertices of one geometry."""
    digests: dict[str, str] = field(default_factory=dict)
    """The digest of each file read, by its path."""

    def take(self, source: LayerSource) -> tuple[str, dict[str, str]]:
        """Read one layer and plan its rows; return its name and the columns that were guessed."""
        file = check_file_safe(source.path, most_bytes=self.most_bytes)
        if str(file.path) not in self.digests:
            self.digests[str(file.path)] = file.digest()
        layer = read_layer(file, source.layer)
        mapping = _complete_mapping(layer, self.plan, source)
        rows = lay_rows(layer, columns=dict(mapping.columns), crs=source.crs)
        reader = CandidateReader(self.plan.pack, mapping, layer.name, rows)
        reader.problems.extend(Problem(layer.name, 0, "file", note.key, Weight.NOTED, note) for note in layer.notes)
        candidates = self._read_candidates(reader)
        if mapping.parent_by_position:
            candidates = self._place(reader, candidates)
        self.plan.problems += reader.problems
        plan_layer(self.plan, layer.name, candidates, population_source=mapping.population_source)
        return layer.name, {name: mapping.columns[name] for name in mapping.columns.keys() - source.mapping.columns}

    def digest(self) -> str:
        """Name all files read by their bytes."""
        total = hashlib.sha256("".join(digest for _, digest in sorted(self.digests.items())).encode())
        return total.hexdigest()

    def _read_candidates(self, reader: CandidateReader) -> list[Candidate]:
        """Read the rows whose fields and geometry stand, and count the others as refused."""
        found = reader.read()
        levels = [self.plan.pack.level(candidate.level) if candidate else None for candidate in found]
        ground = lay_ground(reader.rows, levels, pack=self.plan.pack, most_vertices=self.most_vertices)
        problems = check_ground(ground, reader.layer)
        reader.problems.extend(problems)
        bad = {problem.row for problem in problems if problem.weight is Weight.REFUSED}
        kept = [index for index, row in enumerate(reader.rows.numbers) if found[index] and row not in bad]
        for index in sorted({*range(len(found))} - {*kept}):
            self._refuse(reader, found[index])
        candidates = [candidate for index in kept if (candidate := found[index])]
        return candidates if reader.rows.shapes is None else _add_ground(candidates, ground.shapes[kept])

    def _refuse(self, reader: CandidateReader, candidate: Candidate | None) -> None:
        level = candidate.level if candidate else reader.mapping.level or "-"
        self.plan.refuse(level, candidate.key if candidate else None)

    def _place(self, reader: CandidateReader, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Put candidates without a parent code under the division that holds most of their ground, and say so."""
        wanting = [index for index, candidate in enumerate(candidates) if self._wants_parent(candidate)]
        levels = sorted({level for i in wanting for level in self.plan.pack.level(candidates[i].level).parents})
        parents = [pair for level in levels for pair in self._list_parents(level)]
        grounds = np.array([candidates[index].ground for index in wanting], dtype=object)
        best, shares = find_holders(grounds, np.array([shape for _, shape in parents], dtype=object))
        placed = list(candidates)
        for index, parent, share in zip(wanting, best, shares, strict=True):
            if parent >= 0:
                placed[index] = replace(candidates[index], parent=parents[parent][0])
                reader.problems.append(_tell_placed(reader.layer, placed[index], share))
        return placed

    def _wants_parent(self, candidate: Candidate) -> bool:
        return (
            candidate.parent is None
            and candidate.ground is not None
            and bool(self.plan.pack.level(candidate.level).parents)
        )

    def _list_parents(self, level: str) -> list[tuple[CodeKey, shapely.Geometry]]:
        """List the boundaries of a level, stored or planned, by a code of their division."""
        grounds = load_boundaries(self.session, self.register, self.day, Standing.level == level)
        planned = (write for write in self.plan.writes.values() if write.fact is Fact.BOUNDARY)
        grounds.update({w.division: w.value for w in planned if self.plan.known[w.division].level == level})  # type: ignore[misc]
        known = self.plan.known
        coded = {division: min(known[division].codes.items()) for division in grounds if known[division].codes}
        keys = {division: CodeKey(*issue, code) for division, (issue, code) in coded.items()}
        return [(keys[division], grounds[division]) for division in sorted(keys, key=lambda d: str(keys[d]))]


def _add_ground(candidates: Sequence[Candidate], shapes: np.ndarray) -> list[Candidate]:
    drawn = zip(candidates, shapes, digest_grounds(shapes), strict=True)
    return [replace(candidate, ground=shape, digest=digest) for candidate, shape, digest in drawn]


def find_holders(grounds: np.ndarray, parents: np.ndarray) -> tuple[list[int], list[float]]:
    """Find the parent that holds most of each polygon, or each point; -1 where none does."""
    best, shares = guess_parents(grounds, parents)
    points = np.flatnonzero(shapely.get_type_id(grounds) == 0)
    children, holders = shapely.STRtree(parents).query(grounds[points], predicate="intersects")
    for child, holder in sorted(zip(children.tolist(), holders.tolist(), strict=True), reverse=True):
        best[points[child]], shares[points[child]] = holder, 1.0
    return best.tolist(), shares.tolist()


def _complete_mapping(layer: Layer, plan: ImportPlan, source: LayerSource) -> ColumnMapping:
    mapping = source.mapping
    check_mapping(mapping, plan.pack, layer.columns)
    if source.guess:
        mapping = guess_mapping(layer.columns, plan.pack, mapping)
    if "code" not in mapping.columns:
        raise MissingColumn(field="code", columns=layer.columns)
    if mapping.level is None and "level" not in mapping.columns:
        raise MissingColumn(field="level", columns=layer.columns)
    return mapping


def _tell_placed(layer: str, candidate: Candidate, share: float) -> Problem:
    reason = because("parent_by_position", parent=str(candidate.parent), share=round(share, 4))
    return Problem(layer, candidate.row, "parent", "parent_by_position", Weight.NOTED, reason)
