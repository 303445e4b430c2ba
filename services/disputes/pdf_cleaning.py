"""Clean PDF files of whatever acts, hides or tells on who made them."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from geo.errors import UnreadableFile, UnsafeFile, because

ACTIVE = (
    "/AA",
    "/OpenAction",
    "/JS",
    "/JavaScript",
    "/Launch",
    "/EmbeddedFiles",
    "/EmbeddedFile",
    "/EF",
    "/AF",
    "/XFA",
)
"""The entries that let a document act or carry other files."""

TELLING = ("/Metadata", "/PieceInfo", "/LastModified")
"""The entries that tell how a document came to be."""

ACTING_LINKS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/RichMediaExecute", "/URI")
"""The kinds of action that reach out of a document."""

ACTING_MARKS = ("/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D", "/Widget")
"""The kinds of annotation that play, carry or ask for something."""

MOST_OBJECTS = 200_000
"""The most objects of a document."""


def clean_pdf(name: str, content: bytes) -> bytes:
    """Write a document anew without scripts, actions, forms, attachments and metadata; its pages stay as they look.

    Raises UnreadableFile for a broken document, UnsafeFile for one that is locked or made of too many parts.
    """
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if document.is_encrypted:
                raise UnsafeFile(path=name, reason=because("evidence_locked"))
            _clean(name, document)
            return _write(document)
    except pikepdf.PasswordError as error:
        raise UnsafeFile(path=name, reason=because("evidence_locked")) from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        raise UnreadableFile(path=name, reason=because("evidence_broken", detail=type(error).__name__)) from error


def _clean(name: str, document: Pdf) -> None:
    if len(document.objects) > MOST_OBJECTS:
        raise UnsafeFile(path=name, reason=because("evidence_parts", most=MOST_OBJECTS))
    if not len(document.pages):
        raise UnreadableFile(path=name, reason=because("evidence_no_pages"))
    _strip(document.Root)
    for key in ("/AcroForm", "/Names", "/Collection", "/Perms", "/Extensions"):
        if key in document.Root:
            del document.Root[key]
    for page in document.pages:
        _clean_marks(page.obj)
    for part in document.objects:
        _strip(part)
    if "/Info" in document.trailer:
        del document.trailer["/Info"]


def _clean_marks(page: Object) -> None:
    """Drop annotations that act, and the actions of the others."""
    if "/Annots" not in page:
        return
    marks = [mark for mark in page.Annots if isinstance(mark, Dictionary)]
    page.Annots = pikepdf.Array([mark for mark in marks if str(mark.get("/Subtype", "")) not in ACTING_MARKS])


def _strip(part: Object) -> None:
    """Take active and telling entries out of a dictionary, also out of those written inside it."""
    if not isinstance(part, (Dictionary, pikepdf.Stream)):
        return
    for key in (*ACTIVE, *TELLING):
        if key in part:
            del part[key]
    if "/A" in part and _is_action(part["/A"]):
        del part["/A"]
    for key in list(part.keys()):
        value = part[key]
        # what is an object of its own has its own turn
        if not value_is_indirect(value):
            _strip(value)
            if isinstance(value, pikepdf.Array):
                _strip_all(value)


def _strip_all(values: pikepdf.Array) -> None:
    for value in values:
        if not value_is_indirect(value):
            _strip(value)


def value_is_indirect(value: object) -> bool:
    """Tell whether a value is an object of its own."""
    return bool(getattr(value, "is_indirect", False))


def _is_action(value: Object) -> bool:
    return isinstance(value, Dictionary) and value.get("/S", Name("/None")) in tuple(map(Name, ACTING_LINKS))


def _write(document: Pdf) -> bytes:
    written = BytesIO()
    document.remove_unreferenced_resources()
    # the same document gives the same bytes
    document.save(written, deterministic_id=True, linearize=False)
    return written.getvalue()
