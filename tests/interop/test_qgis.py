"""Test that QGIS opens an edition with its labels, and reads the layers; it needs QGIS and its Python here."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

PYTHON = Path("/usr/bin/python3")
"""The Python that Debian's QGIS belongs to."""

SCRIPT = """
import json, os, sys
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsMapRendererSequentialJob, QgsMapSettings,
                       QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
package, address, picture = sys.argv[1:]
QgsApplication.setPrefixPath("/usr", True)
program = QgsApplication([], False)
program.initQgis()

def draw(layer, labelled):
    layer.setLabelsEnabled(labelled)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(500, 400))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setExtent(layer.extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()

file = QgsVectorLayer(package + "|layername=province", "file", "ogr")
link = f"url='{address}' typename='ir.province' restrictToRequestBBOX='0'"
service = QgsVectorLayer(link, "service", "OAPIF")
told = {
    "valid": [file.isValid(), service.isValid()],
    "labelled": file.labelsEnabled(),
    "field": file.labeling().settings().fieldName if file.labeling() else None,
    "names": [[feature["name_fa"] for feature in layer.getFeatures()] for layer in (file, service)],
}
with_labels, without = draw(file, True), draw(file, False)
with_labels.save(picture)
told["drawn"] = with_labels != without
print(json.dumps(told), flush=True)
# the order in which Python lets go of Qt's objects at its end can fell the process
os._exit(0)
"""

ENVIRONMENT = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


@cache
def has_qgis() -> bool:
    tried = PYTHON.exists() and subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    return bool(tried) and tried.returncode == 0


@pytest.fixture(scope="module")
def told(edition, address, tmp_path_factory) -> dict:
    """Let QGIS open both, and tell what it found."""
    if not has_qgis():
        pytest.skip("QGIS with its Python is not on this machine (Debian: python3-qgis, qgis-providers)")
    home = tmp_path_factory.mktemp("home")
    command = [PYTHON, "-c", SCRIPT, edition[1] / "divisions.gpkg", address, home / "picture.png"]
    given = {**ENVIRONMENT, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    run = subprocess.run(command, env=given, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_qgis_opens_file_and_service(told):
    assert told["valid"] == [True, True]


def test_qgis_reads_persian_names_from_both(told):
    assert [sorted(names) for names in told["names"]] == [sorted(["خراسان رضوی", "چهارمحال و بختیاری"])] * 2


def test_qgis_labels_an_edition_without_being_told(told):
    assert (told["labelled"], told["field"], told["drawn"]) == (True, "name_fa", True)
