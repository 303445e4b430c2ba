"""Test that naming rules are read from packs, and that faulty ones are refused."""

from __future__ import annotations

import tomllib

import pytest

from geo.errors import InvalidPack
from geo.register.entries import Entry
from geo.register.naming_rules import NO_NAMING, NamingKind, read_naming
from geo.register.packs import load_pack

RULE = 'kind = "letters"\nnames = { fa = "حروف", en = "letters" }\nsource = "somewhere"\nlanguages = ["fa"]\n'
SYSTEM = 'system = "un_1967"\nwritten = "fa"\nlatin = "en"\n'


def read(text: str):
    levels = load_pack("ir").levels
    return read_naming(Entry("ir", "naming", tomllib.loads(text)), levels, languages=("fa", "en"))


def test_a_pack_may_have_no_rules():
    assert read_naming(None, (), languages=("fa",)) == NO_NAMING


@pytest.mark.parametrize("country", ["ir", "af", "dz"])
def test_every_rule_has_a_source(country: str):
    rules = load_pack(country).naming.rules
    assert rules
    assert all(rule.source and rule.languages and rule.levels for rule in rules)


def test_every_kind_is_used():
    assert {rule.kind for rule in load_pack("ir").naming.rules} == set(NamingKind)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[rules.x]\nkind = "spelling"', "naming.rules.x.kind"),
        (f"[rules.x]\n{RULE.replace('source', 'sauce')}", "naming.rules.x.sauce"),
        (f'[rules.x]\n{RULE}levels = ["moon"]', "naming.rules.x.levels"),
        (f"[rules.X]\n{RULE}", "naming.rules.X.key"),
        ('[romanization]\nsystem = "mine"', "naming.romanization.system"),
        (f"[romanization]\n{SYSTEM.replace('fa', 'de')}", "naming.romanization.written"),
        ("[rules]\n[extra]", "naming.extra"),
    ],
)
def test_faulty_rules_are_refused(text: str, key: str):
    with pytest.raises(InvalidPack) as refused:
        read(text)
    assert refused.value.params["key"] == key


def test_a_comparison_needs_a_table():
    rule = RULE.replace("letters", "romanization", 1)
    with pytest.raises(InvalidPack):
        read(f"[rules.x]\n{rule}")
    assert read(f"[romanization]\n{SYSTEM}[rules.x]\n{rule}").romanization
