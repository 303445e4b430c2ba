"""Check files of evidence by what they hold, not by their name, and clean them of what nobody meant to hand in."""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from geo.errors import EmptyFile, FileTooLarge, UnreadableFile, UnsafeFile, because
from services.disputes.parts import KeptFile
from services.disputes.pdf_cleaning import clean_pdf
from services.disputes.text_cleaning import clean_geojson, clean_text

MOST_BYTES = 20 * 1024**2
"""The largest file of evidence."""

MOST_PIXELS = 80_000_000
"""The largest picture; a sheet of paper scanned at 600 dots an inch has half as many."""

ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    "application/geo+json": ".geojson",
    "text/plain": ".txt",
}
"""What is taken, and the ending that each kind gets."""


@dataclass(frozen=True)
class CleanFile:
    """Hold a file as it will be kept."""

    about: KeptFile
    """What is said of it."""
    content: bytes
    """What it holds."""


def clean_file(name: str, content: bytes) -> CleanFile:
    """Check and clean a file.

    Raises EmptyFile, FileTooLarge, UnreadableFile for what is of none of the kinds or broken, UnsafeFile for what
    could harm whoever opens it.
    """
    safe = make_name(name)
    if not content:
        raise EmptyFile(path=safe)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(path=safe, size_bytes=len(content), limit_bytes=MOST_BYTES)
    media_type = find_type(safe, content)
    cleaned = _clean(safe, content, media_type)
    about = KeptFile(
        name=f"{PurePosixPath(safe).stem}{ENDINGS[media_type]}",
        media_type=media_type,
        size_bytes=len(cleaned),
        sha256=hashlib.sha256(cleaned).hexdigest(),
    )
    return CleanFile(about, cleaned)


def make_name(name: str) -> str:
    """Make a harmless name of a file: no folders, no control or direction marks, at most 100 letters."""
    last = name.replace("\\", "/").split("/")[-1]
    kept = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] not in "CZ"
    )
    plain = "".join("_" if letter in "<>:\"|?*%;'" else letter for letter in kept).strip(". ")
    stem, ending = PurePosixPath(plain or "file").stem, PurePosixPath(plain or "file").suffix
    return f"{stem[:100]}{ending[:10]}"


def find_type(name: str, content: bytes) -> str:
    """Tell what a file is by its first bytes; what begins like a structure is a map, what is text is text."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=name, reason=because("evidence_kind")) from error
    return "application/geo+json" if text.lstrip().startswith("{") else "text/plain"


def _clean(name: str, content: bytes, media_type: str) -> bytes:
    if media_type.startswith("image/"):
        return _clean_image(name, content, media_type)
    if media_type == "application/pdf":
        return clean_pdf(name, content)
    return clean_geojson(name, content) if media_type == "application/geo+json" else clean_text(name, content)


def _clean_image(name: str, content: bytes, media_type: str) -> bytes:
    """Paint a picture anew, turned as its camera said, so that nothing but its pixels is left."""
    form = media_type.removeprefix("image/").upper()
    written = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=(form,)) as picture:
                _check_size(name, picture)
                turned = ImageOps.exif_transpose(picture)
                plain = _copy_pixels(turned, form)
        plain.save(written, form, **({"quality": 92} if form == "JPEG" else {}))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise UnreadableFile(path=name, reason=because("evidence_broken", detail=type(error).__name__)) from error
    except Image.DecompressionBombError as error:
        raise UnsafeFile(path=name, reason=because("evidence_pixels", most=MOST_PIXELS)) from error
    return written.getvalue()


def _check_size(name: str, picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise UnsafeFile(path=name, reason=because("evidence_pixels", most=MOST_PIXELS))


def _copy_pixels(picture: Image.Image, form: str) -> Image.Image:
    """Copy the pixels alone: a new picture has no chunks, no comments and no profile."""
    wanted = "RGB" if form == "JPEG" or picture.mode not in ("L", "LA", "RGBA", "1") else picture.mode
    if form == "PNG" and (picture.mode == "P" or "transparency" in picture.info):
        wanted = "RGBA"
    pixels = picture.convert(wanted)
    plain = Image.new(wanted, pixels.size)
    plain.paste(pixels)
    return plain
