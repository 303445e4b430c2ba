"""Test that short vowels are borrowed from Latin names."""

from __future__ import annotations

import pytest

from geo.register.latin_letters import split_persian
from geo.register.vowels import borrow_vowels


@pytest.mark.parametrize(
    ("name", "latin", "written"),
    [
        ("تهران", "Tehran", "tehrān"),
        ("خرم آباد", "Khorramabad", "khorram ābād"),
        ("کوهسرخ", "KoohSorkh", "kūhsorkh"),
        ("تربت حیدریه", "Torbat-e-Heydarieh", "torbat-e ḩeydarīyeh"),
        ("آستانه اشرفیه", "Astaneh-ye Ashrafiyeh", "āstāneh-ye ashrafīyeh"),
        ("گنبدکاووس", "Gonbad-e-Kavus", "gonbad-e kāvūs"),
        ("اردبیل", "Ardabil", "ardabīl"),
        ("دیلم", "Deylam", "deylam"),
    ],
)
def test_vowels_are_taken_over(name: str, latin: str, written: str):
    assert " ".join(borrow_vowels(split_persian(name), latin) or []) == written


@pytest.mark.parametrize("latin", ["", "Shiraz", "Tehran city", "Teh", "123"])
def test_names_that_do_not_agree_lend_nothing(latin: str):
    assert borrow_vowels(["تهران"], latin) is None
