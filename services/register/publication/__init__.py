"""Write the files of an edition from one content, the same bytes on every run."""

from services.register.publication.content import EditionContent, load_content
from services.register.publication.manifest import MANIFEST, EditionFile, FolderCheck, check_folder, list_files
from services.register.publication.writing import write_files

__all__ = [
    "MANIFEST",
    "EditionContent",
    "EditionFile",
    "FolderCheck",
    "check_folder",
    "list_files",
    "load_content",
    "write_files",
]
