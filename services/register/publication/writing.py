"""Write all files of an edition into a folder."""

from __future__ import annotations

from pathlib import Path

from services.messages import LANGUAGES
from services.register.publication.content import EditionContent
from services.register.publication.geopackage import write_geopackage
from services.register.publication.manifest import EditionFile, write_manifest
from services.register.publication.ocd import write_ocd
from services.register.publication.parquet import write_parquet
from services.register.publication.statistics_page import write_statistics
from services.register.publication.tables import write_csv, write_geojson
from services.register.publication.tiles import write_tiles


def write_files(folder: Path, content: EditionContent, *, number: int, digest: str) -> tuple[EditionFile, ...]:
    """Write every format, the statistics in every language, and last the list of all files with their hashes.

    The names are fixed and take nothing from the register, so that no name can lead outside the folder.
    """
    write_csv(folder / "divisions.csv", content)
    write_geojson(folder / "divisions.geojson", content)
    write_parquet(folder / "divisions.parquet", content)
    write_geopackage(folder / "divisions.gpkg", content)
    write_ocd(folder / "ocd-divisions.csv", content)
    write_tiles(folder, content)
    for language in LANGUAGES:
        write_statistics(folder / f"statistics.{language}.html", content, number=number, language=language)
    return write_manifest(folder, content, number=number, digest=digest)
