"""Tell in which encoding a text is written that does not say it: UTF-8, UTF-16, or the Windows code page of Persian."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from geo.errors import Reason, because

FOREIGN = "CP1256"
"""What Persian, Dari and Arabic texts that are not Unicode are written in."""

MOST_BROKEN = 0.1
"""Up to this share of bytes that are not UTF-8, a text is a damaged UTF-8 one and not one of another encoding."""


class UndecodableText(ValueError):
    """A text is damaged; carries the reason."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def decode(data: bytes) -> tuple[str, str]:
    """Decode a text and say in which encoding; raises UndecodableText."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_utf16(data), "UTF-16"
    try:
        text, encoding = data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if _is_damaged(data):
            raise UndecodableText(because("text_damaged", line=data.count(b"\n", 0, error.start) + 1)) from error
        text, encoding = data.decode(FOREIGN), FOREIGN
    if "\0" in text:
        raise UndecodableText(because("text_nul", line=text.count("\n", 0, text.index("\0")) + 1))
    return text, encoding


def _decode_utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UndecodableText(because("text_damaged", line=1)) from error


def _is_damaged(data: bytes) -> bool:
    """Tell damaged UTF-8, most of whose foreign letters are whole, from another encoding, which has hardly any."""
    foreign = len(data.translate(None, bytes(range(128))))
    whole = sum(1 for letter in data.decode("utf-8", errors="ignore") if letter > "\x7f")
    # a letter of Persian or Arabic is two bytes
    return foreign - 2 * whole <= MOST_BROKEN * foreign


def guess_dbf(data: bytes) -> str | None:
    """Guess the encoding of the texts in a dBase table; None when its header says it or they need none."""
    says, header, width = data[29:30], int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    if says not in (b"", b"\0", b"\x57") or not width:
        return None
    if data[header:].isascii():
        return None
    records = (data[at : at + width] for at in range(header, len(data), width))
    fields = list(_list_widths(data[32:header]))
    return "UTF-8" if all(_is_utf8(record, fields) for record in records if not record.isascii()) else FOREIGN


def _list_widths(header: bytes) -> Iterator[int]:
    for at in range(0, len(header), 32):
        if header[at : at + 1] in (b"\r", b""):
            return
        yield header[at + 16]


def _is_utf8(record: bytes, widths: list[int]) -> bool:
    """Tell whether all fields of a record are UTF-8; the last letter of a full field may have been cut."""
    at = 1
    for width in widths:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(record[at : at + width])
        except UnicodeDecodeError:
            return False
        at += width
    return True
