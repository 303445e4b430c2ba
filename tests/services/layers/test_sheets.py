"""Check tables of texts in the dialects and damages that offices send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from geo.errors import EmptyFile, FileRefused, UnreadableFile
from services.files import check_file_safe
from services.layers import Layer, read_layer
from services.messages import LANGUAGES, explain, say


def read(path: Path, layer: str | None = None) -> Layer:
    return read_layer(check_file_safe(path, most_bytes=10**8), layer)


def refuse(path: Path, layer: str | None = None) -> str:
    """Give the reason of a refusal, having said it in every language."""
    with pytest.raises(FileRefused) as caught:
        read(path, layer)
    assert all(explain(caught.value, language) for language in LANGUAGES)
    return getattr(caught.value.params.get("reason"), "key", type(caught.value).__name__)


@pytest.fixture
def csv(tmp_path: Path):
    """Write a CSV file."""

    def write(data: bytes | str) -> Path:
        path = tmp_path / "a.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


@pytest.fixture
def xlsx(tmp_path: Path):
    """Write a workbook of rows."""

    def write(*rows: tuple[object, ...], second: bool = False) -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        if second:
            book.create_sheet("دوم").append(("code",))
        book.save(tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return write


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("code,name\n01,الف\n", [["01"], ["الف"]]),
        ("code;name\n01;a,b\n", [["01"], ["a,b"]]),
        ("code\tname\n01\ta,b;c\n", [["01"], ["a,b;c"]]),
        ("code|name\r\n01|a\r\n", [["01"], ["a"]]),
        ("code,name\r01,a\r", [["01"], ["a"]]),
        ('"code;x","name"\n01,"a\nb"\n', [["01"], ["a\nb"]]),
        ("\n\ncode,name\n\n01,a\n\n\n", [["01"], ["a"]]),
        ("code,name,,\n01,a,,\n", [["01"], ["a"]]),
        ("code,name\n01,a,\n", [["01"], ["a"]]),
        ("code,name\n=1+1,@x\n", [["=1+1"], ["@x"]]),
        ("code,name\n6.01E+2,601.0\n", [["6.01E+2"], ["601.0"]]),
    ],
)
def test_dialects_are_recognised(csv, text, table):
    assert read(csv(text)).table == table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_encodings_are_recognised_and_told(csv, encoding):
    found = read(csv("code,name\n01,شهر گچساران\n".encode(encoding)))
    assert found.table[1] == ["شهر گچساران"]
    assert bool(found.notes) is (encoding in ("utf-16", "cp1256"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("code,name\n", "EmptyFile"),
        ("\n \n", "EmptyFile"),
        ("code,name\n1\n", "row_length"),
        ("code,name\n1,2,3\n", "row_length"),
        ("code,code\n1,2\n", "column_twice"),
        ("code,,name\n1,2,3\n", "column_nameless"),
        ('code,name\n"1,a\n', "csv_says"),
        ('code,name\n"1"x,a\n', "csv_says"),
        ("code,name\n1,a\0b\n", "text_nul"),
        ("code,name\n1,شهر\n".encode("utf-16-le"), "text_nul"),
        ("code,name\n1,شهر\n".encode("utf-16") + b"x", "text_damaged"),
        ("code,name\n1,شهر گچساران\n".encode() + b"2,\xff\n", "text_damaged"),
        ("code\n" + "x" * 10_000_001, "csv_says"),
    ],
)
def test_damaged_tables_are_refused(csv, text, reason):
    assert refuse(csv(text)) == reason


def test_rows_keep_their_place_in_the_file(csv):
    assert read(csv("code\n1\n\n2\n")).numbers == [1, 3]


def test_table_has_no_layers(csv):
    assert refuse(csv("code\n1\n"), "towns") == "layers_none"


def test_vanished_table_is_told(csv):
    file = check_file_safe(csv("code\n1\n"), most_bytes=100)
    file.path.unlink()
    with pytest.raises(UnreadableFile):
        read_layer(file)


def test_cells_of_a_sheet_keep_their_kind(xlsx):
    found = read(xlsx(("code", "share", "day"), (601, 0.5, date(2020, 3, 20)), ("0601", None, None)))
    assert [list(map(str, column)) for column in found.table] == [
        *(["601", "0601"], ["0.5", "None"], ["2020-03-20 00:00:00", "None"])
    ]


def test_empty_cells_beside_a_sheet_are_cut(xlsx):
    assert read(xlsx(("code", None), ("1", None), (None, None), ("2",))).columns == ("code",)


def test_several_sheets_need_a_choice(xlsx):
    assert refuse(xlsx(("code",), ("1",), second=True)) == "layers_many"


@pytest.mark.parametrize(("layer", "reason"), [("سوم", "xlsx_says"), ("دوم", "EmptyFile")])
def test_chosen_sheet_must_have_rows(xlsx, layer, reason):
    assert refuse(xlsx(("code",), ("1",), second=True), layer) == reason


def test_formulas_without_results_are_refused(xlsx):
    assert refuse(xlsx(("code", "name"), ("1", "=1+1"))) == "xlsx_formulas_open"


def test_sheet_of_a_false_size_is_read_by_its_rows(xlsx, tmp_path):
    import zipfile

    source = xlsx(("code",), ("1",))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"'))
    assert read(tmp_path / "b.xlsx").table == [["1"]]


def test_broken_workbook_is_refused(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("x.xml", "<a>")
    assert refuse(tmp_path / "a.xlsx") == "xlsx_says"


def test_header_alone_is_empty(csv):
    with pytest.raises(EmptyFile):
        read(csv("code,name\n"))


def test_notes_are_sentences(csv):
    [note] = read(csv("code,name\n01,شهر\n".encode("cp1256"))).notes
    assert all("CP1256" in say(f"reason.{note.key}", language, **dict(note.params)) for language in LANGUAGES)
