"""Check guesses of encodings."""

from __future__ import annotations

import pytest

from services.layers.texts import guess_dbf


def write_dbf(*texts: bytes, width: int = 20, says: bytes = b"\0") -> bytes:
    """Write a dBase table of one field."""
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
    header = b"\x03\x7d\x0c\x1f" + len(texts).to_bytes(4, "little") + (65).to_bytes(2, "little")
    header += (width + 1).to_bytes(2, "little") + bytes(17) + says + bytes(2) + field + b"\r"
    return header + b"".join(b" " + text.ljust(width)[:width] for text in texts) + b"\x1a"


@pytest.mark.parametrize(
    ("table", "encoding"),
    [
        (write_dbf(b"plain"), None),
        (write_dbf("گچساران".encode()), "UTF-8"),
        (write_dbf("گچساران".encode("cp1256")), "CP1256"),
        (write_dbf("شهر باباحیدر".encode(), width=7), "UTF-8"),
        (write_dbf("گچساران".encode("cp1256"), says=b"\x7e"), None),
        (b"", None),
    ],
)
def test_encoding_of_a_table_is_guessed(table, encoding):
    assert guess_dbf(table) == encoding
