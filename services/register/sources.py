"""Read the layers of a delivery into an import plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.coverage import guess_parents
from geo.errors import MissingColumn, because
from geo.register.candidates import Candidate, CandidateReader, CodeKey, Row
from geo.register.ground import check_ground, lay_ground
from geo.register.mapping import ColumnMapping, check_mapping, guess_mapping
from geo.register.plan import Fact, ImportPlan, Outcome, plan_layer
from geo.register.problems import Problem, Weight
from services.files import check_file_safe
from services.layers import Layer, list_rows, read_layer
from services.queries import RegisterState
from services.register.deliveries import LayerSource
from services.register.knowledge import load_grounds


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

    def take(self, source: LayerSource) -> tuple[str, dict[str, str]]:
        """Read one layer and plan its rows; return its name and the columns that were guessed."""
        layer = read_layer(check_file_safe(source.path, most_bytes=self.most_bytes), source.layer)
        mapping = _complete_mapping(layer, self.plan, source)
        reader = CandidateReader(self.plan.pack, mapping, layer.name)
        reader.problems.extend(Problem(layer.name, 0, "file", note.key, Weight.NOTED, note) for note in layer.notes)
        rows = list(list_rows(layer, columns=dict(mapping.columns), crs=source.crs))
        candidates = self._read_candidates(reader, rows)
        if mapping.parent_by_position:
            candidates = self._place(reader, candidates)
        self.plan.problems += reader.problems
        plan_layer(self.plan, layer.name, candidates, population_source=mapping.population_source)
        return layer.name, {name: mapping.columns[name] for name in mapping.columns.keys() - source.mapping.columns}

    def _read_candidates(self, reader: CandidateReader, rows: Sequence[Row]) -> list[Candidate]:
        """Read the rows whose fields and geometry stand, and count the others as refused."""
        found = [reader.read(row) for row in rows]
        levels = [self.plan.pack.level(candidate.level) if candidate else None for candidate in found]
        ground = lay_ground(rows, levels, pack=self.plan.pack, most_vertices=self.most_vertices)
        problems = check_ground(ground, reader.layer)
        reader.problems.extend(problems)
        bad = {problem.row for problem in problems if problem.weight is Weight.REFUSED}
        kept: list[Candidate] = []
        for row, candidate, shape in zip(rows, found, ground.shapes, strict=True):
            if candidate is None or row.number in bad:
                level = candidate.level if candidate else reader.mapping.level or "-"
                self.plan.count(level, Outcome.REFUSED)
            else:
                kept.append(replace(candidate, ground=shape))
        return kept

    def _place(self, reader: CandidateReader, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Put candidates without a parent code under the division that holds most of their ground, and say so."""
        wanting = [index for index, candidate in enumerate(candidates) if self._wants_parent(candidate)]
        levels = sorted({level for i in wanting for level in self.plan.pack.level(candidates[i].level).parents})
        parents = [pair for level in levels for pair in self._list_parents(level)]
        grounds = np.array([candidates[index].ground for index in wanting], dtype=object)
        best, shares = guess_parents(grounds, np.array([shape for _, shape in parents], dtype=object))
        placed = list(candidates)
        for index, parent, share in zip(wanting, best.tolist(), shares.tolist(), strict=True):
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
        grounds = load_grounds(self.session, self.register, self.day, level=level)
        planned = (write for write in self.plan.writes if write.fact is Fact.BOUNDARY)
        grounds.update({w.division: w.value for w in planned if self.plan.known[w.division].level == level})  # type: ignore[misc]
        keys = {division: CodeKey(*pair, code) for division in grounds for pair, code in self._codes(division)}
        return [(keys[division], grounds[division]) for division in sorted(grounds, key=lambda d: str(keys[d]))]

    def _codes(self, division: int) -> list[tuple[tuple[str, str], str]]:
        return sorted(self.plan.known[division].codes.items(), reverse=True)


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
