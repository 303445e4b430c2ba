"""Read which code somebody asks about."""

from __future__ import annotations

import pytest

from geo.errors import InvalidCode, UnknownScheme
from geo.register import load_pack
from geo.register.resolving import find_schemes, read_question

IRAN, AFGHANISTAN = load_pack("ir"), load_pack("af")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("iso3166-2:IR-01", ["iso/2020", "iso/1998"]),
        ("ISO 3166-2:IR-01", ["iso/2020", "iso/1998"]),
        ("iso_3166_2:IR-01", ["iso/2020", "iso/1998"]),
        ("iso:IR-31", ["iso/1998"]),
        ("iso:IR-00", ["iso/2020"]),
        ("iso/1998:IR-01", ["iso/1998"]),
        ("amar:0601", ["sci/1399"]),
        ("کد آماری:0601", ["sci/1399"]),
        ("0601", ["sci/1399"]),
        (" \u200f0601 ", ["sci/1399"]),
        ("1601", ["sci/1399", "osm/relation"]),
    ],
)
def test_schemes_a_code_may_be_of(text: str, readings: list[str]):
    assert [one.scheme.word for one in read_question(text, IRAN).whole] == readings


def test_bare_code_asks_every_scheme():
    question = read_question("0309", AFGHANISTAN)
    words = [one.scheme.word for one in question.whole]
    assert question.is_bare
    assert words[:6] == ["iec/2019", "iec/2018", "iec/2014", "iec/2010", "iec/2009", "agcho/2012"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("sci:99", ["0099"]),
        ("sci:601", ["0601", "000601"]),
        ("sci:۰۶۰۱", ["0601"]),
        ("sci:601.0", ["0601", "000601"]),
    ],
)
def test_zeros_are_put_back(text: str, codes: list[str]):
    assert [one.code for one in read_question(text, IRAN).restored] == codes


def test_restoration_is_told():
    (reading,) = read_question("sci:99", IRAN).restored
    assert [note.key for note in reading.notes] == ["zeros_restored"]


def test_digits_of_the_script_are_told_without_zeros():
    (reading,) = read_question("sci:۰۶۰۱", IRAN).restored
    assert [note.key for note in reading.notes] == ["code_foreign_digits"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "code_question"),
        ("   ", "code_question"),
        ("0601\0", "code_question"),
        ("06\n01", "code_question"),
        ("9" * 201, "code_question"),
        ("AF-KAB", "code_other_country"),
        ("iso:AF-KAB", "code_other_country"),
        ("AF0309", "code_other_country"),
        ("iso:IR-99", "code_no_scheme"),
        ("iso/1998:IR-00", "code_no_level"),
        ("iso/1998:IR-99", "code_no_level"),
        ("sci:", "code_empty"),
        ("sci:6.01E+2", "code_rounded"),
        ("../../etc/passwd", "code_no_scheme"),
        ("'; drop table code; --", "code_no_scheme"),
        ("ocd-division/country:af/province:AF03", "code_other_country"),
        ("ocd-division/country:ir/moon:1", "ocd_word"),
        ("ocd-division/country:ir", "ocd_country"),
        ("ocd-division/land:ir/province:01", "ocd_form"),
    ],
)
def test_bad_question_is_refused(text: str, reason: str):
    with pytest.raises(InvalidCode) as raised:
        read_question(text, IRAN)
    assert raised.value.params["reason"].key == reason


@pytest.mark.parametrize("word", ["moon", "sci/1400", "", "/", "iso/2016"])
def test_unknown_scheme_is_refused(word: str):
    with pytest.raises(UnknownScheme) as raised:
        find_schemes(IRAN, word)
    assert "sci/1399" in raised.value.params["known"]


def test_alias_with_a_version_means_that_version():
    assert [one.word for one in find_schemes(AFGHANISTAN, "iec_2014")] == ["iec/2014"]
