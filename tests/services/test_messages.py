"""Test that everything the program says stands in the catalogue, in every language, with the parameters it is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

from geo import errors
from geo.coverage.findings import FindingKind
from geo.errors import DatabaseDown, InvalidValue, TaqsimatError, UnknownLevel, because
from maps.words import find_word
from services.messages import LANGUAGES, choose_language, explain, load_catalogue, say
from services.settings import PREFIX, list_variables

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("geo", "services", "maps", "fixtures") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "services/web/templates").rglob("*.html"))
PREFIXES = {"because": "reason.", "tell": "cli.", "say": ""}
"""What each function puts before the key it is given."""


@dataclass(frozen=True)
class Spoken:
    """Hold one key that the sources say, and what they say it with."""

    place: str
    key: str
    params: frozenset[str] | None


def list_calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                # `self.tell(row, …)` is another matter: only plain names are the catalogue's.
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if name in PREFIXES:
                    yield path, node, name


def list_literals(node: ast.expr) -> list[str]:
    choices = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    return [choice.value for choice in choices if isinstance(choice, ast.Constant) and isinstance(choice.value, str)]


def list_spoken() -> Iterator[Spoken]:
    for path, call, name in list_calls():
        names = [keyword.arg for keyword in call.keywords]
        params = None if None in names else frozenset(name for name in names if name)
        for key in list_literals(call.args[0]):
            yield Spoken(f"{path.relative_to(ROOT)}:{call.lineno}", PREFIXES[name] + key, params)
    for path in TEMPLATES:
        for key in re.findall(r"""\bsay\(["']([\w.]+)["']\s*[,)]""", path.read_text(encoding="utf-8")):
            yield Spoken(str(path.relative_to(ROOT)), f"page.{key}", None)


def list_placeholders(template: str) -> set[str]:
    names = {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(template) if name is not None}
    return names - {""}


def list_error_classes(parent: type[TaqsimatError] = TaqsimatError) -> list[type[TaqsimatError]]:
    found = [parent]
    for child in parent.__subclasses__():
        found += list_error_classes(child) if child.__module__ == errors.__name__ else []
    return found


SPOKEN = sorted(set(list_spoken()), key=lambda spoken: (spoken.key, spoken.place))
ERRORS = list_error_classes()


def test_languages_have_the_same_keys():
    keys = {language: set(load_catalogue(language)) for language in LANGUAGES}
    assert keys["fa"] == keys["en"]


def test_translations_take_the_same_parameters():
    fa, en = load_catalogue("fa"), load_catalogue("en")
    differing = {key for key in fa if list_placeholders(fa[key]) != list_placeholders(en[key])}
    assert differing == set()


def test_no_text_is_empty_and_persian_is_persian():
    persian = re.compile(r"[\u0600-\u06ff]|^\W*(?:\{\w+\}\W*)+$|^[A-Za-z]+$")
    assert [key for key, text in load_catalogue("fa").items() if not persian.search(text)] == []
    assert [key for key, text in load_catalogue("en").items() if not text.strip()] == []


def test_sources_are_read():
    assert len(SPOKEN) > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_text(language):
    catalogue = load_catalogue(language)
    assert [f"{spoken.place}: {spoken.key}" for spoken in SPOKEN if spoken.key not in catalogue] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_gets_its_parameters(language):
    catalogue = load_catalogue(language)
    lacking = {
        f"{spoken.place}: {spoken.key}": missing
        for spoken in SPOKEN
        if spoken.params is not None and (missing := list_placeholders(catalogue.get(spoken.key, "")) - spoken.params)
    }
    assert lacking == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.rule)
def test_every_error_has_a_text_of_its_own_parameters(error, language):
    documented = set(re.findall(r"`(\w+)`", error.__doc__ or ""))
    assert list_placeholders(load_catalogue(language)[f"error.{error.rule}"]) <= documented


def list_raised() -> Iterator[tuple[str, str, set[str]]]:
    rules = {error.__name__: error for error in ERRORS}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in rules:
                given = {keyword.arg for keyword in node.keywords}
                if None not in given:
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield place, rules[node.func.id].rule, {name for name in given if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_is_raised_with_what_its_text_needs(language):
    catalogue = load_catalogue(language)
    lacking = {
        f"{place} {rule}": missing
        for place, rule, given in list_raised()
        if (missing := list_placeholders(catalogue[f"error.{rule}"]) - given)
    }
    assert lacking == {}


def list_said_parts() -> tuple[set[str], list[re.Pattern[str]]]:
    """Gather every text constant of the sources, and every f-string as a pattern."""
    constants: set[str] = set()
    patterns: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]  # type: ignore[arg-type]
                patterns.add("".join(parts))
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        constants.update(re.findall(r"""["']([\w.]+)["']""", text))
        patterns.update(re.escape(head) + r"\w+" for head in re.findall(r"""["']([\w.]+)["'] ~""", text))
    return constants, [re.compile(pattern) for pattern in sorted(patterns)]


def test_no_text_is_left_over():
    constants, patterns = list_said_parts()

    def is_said(key: str) -> bool:
        forms = (key, key.partition(".")[2])
        return any(form in constants or any(p.fullmatch(form) for p in patterns) for form in forms)

    keys = {key for key in load_catalogue("en") if not key.startswith(("error.", "setting."))}
    assert [key for key in sorted(keys) if not is_said(key)] == []


def test_no_error_text_is_left_over():
    keys = {key for key in load_catalogue("en") if key.startswith("error.")}
    assert keys == {f"error.{error.rule}" for error in ERRORS}


def test_every_setting_has_a_text():
    keys = {key for key in load_catalogue("en") if key.startswith("setting.")}
    assert keys == {f"setting.{name.removeprefix(PREFIX).lower()}" for name in list_variables()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FindingKind)
def test_kinds_of_finding_have_one_word_on_the_maps_and_in_the_shell(kind, language):
    assert find_word(f"kind.{kind}", language) in (None, say(f"cli.kind.{kind}", language))


def test_error_tree_is_drawn():
    drawing = (errors.__doc__ or "").partition("Each class")[0]
    assert set(re.findall(r"[├└─│ ] ([A-Z]\w+)", drawing)) | {"TaqsimatError"} == {e.__name__ for e in ERRORS}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "fa"),
        ("", "fa"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.5", "en"),
        ("fa-AF", "fa"),
        ("de", "fa"),
    ],
)
def test_language_is_the_first_that_is_known(accepted, language):
    assert choose_language(accepted) == language


def test_reason_is_said_inside_its_error():
    error = DatabaseDown(reason=because("server_says", detail="no route"))
    assert "no route" in explain(error, "en")


@pytest.mark.parametrize(("language", "comma"), [("fa", "بخش، شهرستان"), ("en", "بخش, شهرستان")])
def test_lists_have_the_comma_of_the_language(language, comma):
    assert comma in explain(UnknownLevel(level="x", known=("بخش", "شهرستان")), language)


def test_error_for_logs_holds_rule_and_parameters():
    error = InvalidValue(field="seed", value="x", reason=because("not_a_number"))
    assert str(error).startswith("invalid_value(field='seed', value='x'")
