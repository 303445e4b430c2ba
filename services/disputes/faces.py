"""Keep the ground that is in dispute, each piece once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.coverage import measure_area
from services.tables.disputes import DisputeFace


@dataclass(frozen=True)
class NewFace:
    """Hold ground that comes into dispute."""

    ground: BaseGeometry
    """The ground, EPSG:4326."""
    candidates: tuple[int, ...]
    """The divisions it may go to."""
    is_gap: bool = False
    """Whether no division has it."""


def hash_ground(ground: BaseGeometry) -> str:
    """Hash ground so that it does not matter where its rings begin."""
    return hashlib.sha256(shapely.to_wkb(shapely.normalize(ground))).hexdigest()


def keep_faces(session: Session, dispute: int, faces: Sequence[NewFace], *, claim: int | None = None) -> list[int]:
    """Keep faces of a dispute, but for those it has already; give the keys of the new ones."""
    known = set(session.scalars(select(DisputeFace.digest).where(DisputeFace.dispute_id == dispute)))
    fresh = {hash_ground(face.ground): face for face in faces}
    values = [
        {
            "dispute_id": dispute,
            "claim_id": claim,
            "geom": f"SRID=4326;{shapely.to_wkt(face.ground, rounding_precision=-1)}",
            "area_m2": measure_area(face.ground),
            "digest": digest,
            "is_gap": face.is_gap,
            "candidates": sorted(face.candidates),
        }
        for digest, face in fresh.items()
        if digest not in known
    ]
    if not values:
        return []
    statement = insert(DisputeFace).returning(DisputeFace.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, values))
