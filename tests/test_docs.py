"""Test that the manual tells of everything there is, and of nothing that is not."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine
from typer.main import get_command

from geo.errors import TaqsimatError
from maps.assets import Assets
from services.cli.app import app
from services.cli.store import exit_code
from services.messages import LANGUAGES, load_catalogue
from services.settings import list_variables, load_settings
from services.web.app import create_app
from services.web.errors import status_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
FRONT_PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md")
WRAPPER_ONLY = {"test"}
"""Words the wrapper takes itself and never hands to the command line."""


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


@cache
def load_config() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    return found


def list_commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """List the commands that do something, each with its path."""
    for name, command in (group or get_command(app)).commands.items():
        if not hasattr(command, "commands") or command.invoke_without_command:
            yield " ".join((*path, name)), command
        if hasattr(command, "commands"):
            yield from list_commands(command, (*path, name))


COMMANDS = dict(list_commands())


def list_options(command: Any) -> set[str]:
    options = [option for param in command.params for option in (*param.opts, *param.secondary_opts)]
    return {option for option in options if option.startswith("-")} - {"--help"}


def find_section(name: str) -> str:
    """Give what the manual says of a command: its own section, or for accounts the whole page on them."""
    if name.startswith("accounts"):
        return read("access.md") if f"`{name}" in read("access.md") else ""
    match = re.search(rf"^### `{name}`\n(.*?)(?=^##|\Z)", read("cli.md"), re.MULTILINE | re.DOTALL)
    return match[1] if match else ""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_is_told(name):
    assert find_section(name)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_options_are_told(name):
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", find_section(name)))
    assert sorted(option for option in list_options(COMMANDS[name]) if option not in told and len(option) > 2) == []


def test_no_section_is_of_a_command_that_is_gone():
    told = re.findall(r"^### `([a-z -]+)`$", read("cli.md"), re.MULTILINE)
    assert [name for name in told if name not in COMMANDS] == []


def list_examples() -> Iterator[tuple[str, list[str]]]:
    """List the command lines that pages and messages show."""
    texts = {name: read(name) for name in PAGES}
    texts |= {name: (ROOT / name).read_text(encoding="utf-8") for name in FRONT_PAGES}
    texts |= {f"{language}: {key}": text for language in LANGUAGES for key, text in load_catalogue(language).items()}
    for place, text in texts.items():
        for rest in re.split(r"(?<![\w/])\./taqsimat (?=[a-z])", text)[1:]:
            line = re.split(r"[\n`<;|”»]", rest)[0]
            yield place, shlex.split(line.replace("'", ""), comments=True)


def find_command(words: list[str]) -> str | None:
    return next((name for size in (3, 2, 1) if (name := " ".join(words[:size]).rstrip(".,:")) in COMMANDS), None)


GROUPS = {name.split()[0] for name in COMMANDS if " " in name}


def test_examples_name_commands_there_are():
    unknown = {
        f"{place}: {' '.join(words)}"
        for place, words in list_examples()
        if find_command(words) is None and words[0].rstrip(".,:") not in WRAPPER_ONLY | GROUPS
    }
    assert sorted(unknown) == []


def test_examples_use_options_there_are():
    wrong = {
        f"{place}: {name} {word}"
        for place, words in list_examples()
        if (name := find_command(words))
        for word in words
        if re.fullmatch(r"-k|--[a-z-]+", word) and word not in list_options(COMMANDS[name])
    }
    assert sorted(wrong) == []


def test_settings_are_told():
    assert [name for name in list_variables() if f"`{name}`" not in read("settings.md")] == []


def list_routes() -> list[str]:
    engine = create_engine("postgresql+psycopg://nobody@localhost/nothing")
    paths = create_app(load_settings({}), engine, assets=Assets(ROOT / "node_modules", {})).openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def test_routes_are_told_and_no_others():
    told = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /api/[^`\s]+)`", read("api.md") + read("access.md")))
    shapes = {route: re.sub(r"{\w+}", r"[^/]+", route) for route in list_routes()}
    assert sorted(set(shapes) - told) == []
    assert [route for route in sorted(told) if not any(re.fullmatch(s, route) for s in shapes.values())] == []


def list_leaves(parent: type[TaqsimatError] = TaqsimatError) -> Iterator[type[TaqsimatError]]:
    children = [child for child in parent.__subclasses__() if child.__module__ == "geo.errors"]
    for child in children:
        yield from list_leaves(child)
    if not children:
        yield parent


ROW = re.compile(r'^\| <span id="(\w+)"></span>`\1` \| (\d+) \| (\d+) \|', re.MULTILINE)


def test_errors_are_told_with_status_and_exit_code():
    told = {rule: (int(status), int(code)) for rule, status, code in ROW.findall(read("errors.md"))}
    assert told == {leaf.rule: (status_of(leaf), exit_code(leaf())) for leaf in list_leaves()}


def test_problems_of_the_web_are_told():
    keys = [key.removeprefix("problem.") for key in load_catalogue("en") if key.startswith("problem.")]
    rules = [key for key in keys if not key.startswith("status_")]
    assert rules
    assert [rule for rule in rules if f'<span id="{rule}"></span>' not in read("errors.md")] == []


def test_packages_are_on_the_map_of_rooms():
    rooms = ("geo", "maps", "fixtures", "services")
    folders = {path.parent.relative_to(ROOT).as_posix() for room in rooms for path in (ROOT / room).rglob("*.py")}
    shown = {folder for folder in folders if "migrations" not in folder}
    assert [folder for folder in sorted(shown) if f"| `{folder}` |" not in read("architecture.md")] == []


def test_benchmarks_are_listed():
    listed = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "benchmarks").glob("*.py") if f"| `{path.name}` |" not in listed] == []


def list_nav(items: Any) -> Iterator[str]:
    for item in items:
        value = next(iter(item.values())) if isinstance(item, dict) else item
        yield from [value] if isinstance(value, str) else list_nav(value)


def test_every_page_is_in_the_navigation():
    assert sorted(list_nav(load_config()["nav"])) == PAGES


def list_links(path: Path) -> Iterator[str]:
    text = re.sub(r"^(?: {4}|\t).*$|```.*?```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http://", "https://", "#")):
            yield target.split("#")[0]


@pytest.mark.parametrize("name", [*FRONT_PAGES, *(f"docs/{page}" for page in PAGES)])
def test_links_lead_somewhere(name):
    path = ROOT / name
    assert [target for target in list_links(path) if not (path.parent / target).exists()] == []


DECISIONS = sorted(page for page in PAGES if re.match(r"decisions/\d{4}-", page))


@pytest.mark.parametrize("name", DECISIONS)
def test_decision_has_its_parts(name):
    parts = set(re.findall(r"^## (\w+)", read(name), re.MULTILINE))
    assert parts >= {"Context", "Decision", "Consequences"}
    assert Path(name).name in read("decisions/index.md")


def test_decisions_are_counted():
    numbers = [int(Path(name).name[:4]) for name in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the manual as strictly as can be."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_manual_is_whole(site: Path):
    assert len(list(site.rglob("*.html"))) >= len(PAGES)


LOADED = {
    ".html": re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)="((?:https?:)?//[^"]+)"'),
    ".css": re.compile(r"(?:@import\s+|url\()[\"']?((?:https?:)?//[^\"')]+)"),
}
"""What a browser fetches by itself, by the ending of the file that asks for it."""


@pytest.mark.parametrize("ending", LOADED)
def test_manual_loads_nothing_from_elsewhere(site: Path, ending: str):
    files = sorted(site.rglob(f"*{ending}"))
    assert files
    assert [a for file in files for a in LOADED[ending].findall(file.read_text(encoding="utf-8"))] == []
