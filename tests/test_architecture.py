"""Test that the house stays as it is drawn: who may know whom, how large a module is, and what no module does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine

from maps.assets import Assets
from services.settings import load_settings
from services.web.access import list_unguarded
from services.web.app import create_app

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("geo", "maps", "fixtures", "services")
SUBJECTS = ("register", "boundaries", "elections", "civic")

MAY_KNOW = {
    "geo": {"geo"},
    "maps": {"maps", "geo"},
    "fixtures": {"fixtures", "geo"},
    "services": {"services", "geo"},
    "services.pictures": {"services", "geo", "maps"},
    "services.audit_reports": {"services", "geo", "maps"},
    "services.dispute_pictures": {"services", "geo", "maps"},
    "services.boundary_pictures": {"services", "geo", "maps"},
    "services.demonstration": {"services", "geo", "fixtures"},
    "services.web": {"services", "geo", "maps"},
    "services.cli": {"services", "geo", "maps", "fixtures"},
}
"""Which rooms a room may know; the longest prefix of a module's name counts."""

FLOORS = (
    ("messages", "traces", "settings", "files", "layers", "atomic", "tables"),
    ("database",),
    ("queries", "lookups"),
    ("access",),
    ("jobs",),
    SUBJECTS,
    ("consequences",),
    ("disputes", "repairs", "control"),
    ("pictures", "dispute_pictures", "boundary_pictures", "demonstration", "job_kinds", "audit_reports"),
    ("web",),
    ("cli",),
)
"""The floors of `services`, the lowest first: a module knows its own floor and those below; subjects keep apart."""

SHARED_WORK = {
    "services.register.change_records": "reads changes and keeps their steps, for all that is done with them",
    "services.register.held_changes": "keeps changes of disputes in the hands of their disputes, on every path to them",
    "services.register.decrees": "reads decrees, for the changes under them",
    "services.register.surroundings": "loads what a change concerns, for its plan and for its consequences",
    "services.register.deliveries": "says which files make up a delivery, for the import that reads them",
    "services.boundaries.audit_grounds": "loads what an audit looks at, for audits and for reports on them",
    "services.boundaries.excepted": "tells lawful findings from defects, for audits, lists and ledgers",
    "services.elections.held_elections": "lists elections, for feeds and for the edges",
    "services.elections.station_sources": "reads files of stations, for the import and for what names their columns",
    "services.elections.stations": "writes stations with their branches, for imports and the demonstration",
    "services.elections.plan_files": "reads and writes the files of plans, for what takes a plan from a file",
    "services.civic.seats": "says who sits where, for the answers on councils and on density",
    "services.civic.counts": "counts and hides once, for the answers on councils and on density",
}
"""Modules of subjects that the edges call though they are no use cases."""

ASKED_BY_POST = {
    "POST /api/v1/apportionments": "a list of units does not fit into an address, and nothing is kept of it",
    "POST /api/v1/registers/{register}/consequences/preview": "an order fits into no address; only officers ask",
    "POST /api/v1/registers/{register}/crosswalk/table": "a table does not fit into an address, and nothing is kept",
    "POST /api/v1/registers/{register}/divisions/at": "a point of somebody must not stand in an address",
    "POST /api/v1/registers/{register}/eligibility": "what an elector says must not stand in an address",
    "POST /api/v1/registers/{register}/find": "a point of somebody must not stand in an address",
    "POST /find": "the same, from the page",
    "POST /api/v1/registers/{register}/plans/{plan}/preview": "a list of units does not fit into an address",
    "POST /api/v1/registers/{register}/changes/preview": "an order does not fit into an address, and nothing is kept",
    "POST /changes/preview": "the same, from the page",
    "POST /history/where": "the same, on a day of the past",
}
"""The only endpoints that take a method of writes and have no gate, because they write nothing."""

GEO_LIBRARIES = {
    *("__future__", "collections", "dataclasses", "datetime", "enum", "functools", "hashlib", "heapq", "itertools"),
    *("bisect", "decimal", "fractions", "operator", "statistics", "string"),
    *("math", "re", "types", "typing", "unicodedata", "geo"),
    *("numba", "numpy", "persiantools", "pyproj", "rapidfuzz", "scipy", "shapely"),
}
"""What the pure core stands on; whatever touches a file, a clock, a network or the environment is not among it."""

READERS_OF_PACKS = {"geo.register.packs": {"importlib", "tomllib"}}
"""The one door through which files come into the core: the country packs."""

IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "today", "now", "utcnow", "read_text", "read_bytes", "getenv"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
LONGEST_MODULE, LONGEST_BODY = 400, 50


@dataclass(frozen=True)
class Module:
    """Hold one module of the product, parsed."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Count its lines."""
        return len(self.path.read_text(encoding="utf-8").splitlines())


@cache
def load_modules() -> dict[str, Module]:
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path, ast.parse(path.read_text(encoding="utf-8")))
    return found


MODULES = load_modules()
PACKAGES = sorted(name for name, module in MODULES.items() if module.path.name == "__init__.py")


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def walk(tree: ast.AST, *, into_functions: bool, into_types: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if is_for_types(node) and not into_types:
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not into_functions:
            continue
        yield node
        yield from walk(node, into_functions=into_functions, into_types=into_types)


def list_imports(module: Module, *, lazy: bool = True, types: bool = True) -> Iterator[tuple[str, str]]:
    """List what a module imports, as pairs of a module and the name taken from it."""
    for node in walk(module.tree, into_functions=lazy, into_types=types):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports by dots"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner, "") if inner in MODULES else (node.module or "", alias.name)


def unit_of(name: str) -> str:
    return name.split(".")[1] if name.startswith("services.") else ""


def floor_of(unit: str) -> int:
    return next(number for number, units in enumerate(FLOORS) if unit in units)


def list_rooms(module: Module) -> set[str]:
    return {target.split(".")[0] for target, _ in list_imports(module)} & set(ROOMS)


def room_of(name: str) -> str:
    return max((key for key in MAY_KNOW if name == key or name.startswith(f"{key}.")), key=len)


@pytest.mark.parametrize("room", MAY_KNOW)
def test_rooms_know_only_what_they_may(room):
    inside = [module for name, module in MODULES.items() if room_of(name) == room]
    assert {module.name: odd for module in inside if (odd := list_rooms(module) - MAY_KNOW[room])} == {}


def test_every_unit_of_services_has_a_floor():
    units = {unit_of(name) for name in MODULES if name.startswith("services.")}
    assert units <= {unit for floor in FLOORS for unit in floor}


def list_steps() -> Iterator[tuple[str, str]]:
    """List which module of `services` knows which of another unit."""
    for name, module in MODULES.items():
        for target, _ in list_imports(module):
            if unit_of(name) and unit_of(target) not in ("", unit_of(name)):
                yield name, target


def test_no_floor_knows_a_higher_one():
    steps = {pair for pair in list_steps() if floor_of(unit_of(pair[0])) < floor_of(unit_of(pair[1]))}
    assert sorted(steps) == []


def test_subjects_do_not_know_each_other():
    steps = {pair for pair in list_steps() if {unit_of(name) for name in pair} <= set(SUBJECTS)}
    assert sorted(steps) == []


def list_use_cases() -> set[str]:
    """List the modules of subjects from which a higher floor calls a function."""
    lowest = floor_of(SUBJECTS[0])
    edges = [module for name, module in MODULES.items() if unit_of(name) and floor_of(unit_of(name)) > lowest]
    taken = {pair for module in edges for pair in list_imports(module, types=False)}
    return {target for target, name in taken if unit_of(target) in SUBJECTS and name[:1].islower()} - set(SHARED_WORK)


def test_use_cases_are_found():
    assert {"services.register.imports", "services.boundaries.audits", "services.elections.find"} <= list_use_cases()


def test_use_cases_do_not_know_each_other():
    cases = list_use_cases()
    pairs = {(name, target) for name in cases for target, _ in list_imports(MODULES[name]) if target in cases - {name}}
    assert pairs == set()


def test_no_cycles():
    graph = {
        name: {target for target, _ in list_imports(module, lazy=False, types=False) if target in MODULES}
        for name, module in MODULES.items()
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"modules import each other in a circle: {' -> '.join(error.args[1])}")


def test_every_write_has_a_gate():
    engine = create_engine("postgresql+psycopg://nobody@localhost/nothing")
    app = create_app(load_settings({}), engine, assets=Assets(ROOT / "node_modules", {}))
    assert set(list_unguarded(app.routes)) == set(ASKED_BY_POST)


def list_core() -> Iterator[Module]:
    return (module for name, module in MODULES.items() if name.split(".")[0] == "geo")


def test_core_stands_on_pure_libraries():
    odd = {
        (module.name, top)
        for module in list_core()
        for top in {target.split(".")[0] for target, _ in list_imports(module)} - GEO_LIBRARIES
        if top not in READERS_OF_PACKS.get(module.name, ())
    }
    assert sorted(odd) == []


def name_called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_core_does_nothing_impure():
    odd = [
        f"{module.name}:{node.lineno} {name_called(node)}"
        for module in list_core()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and name_called(node) in IMPURE_CALLS and module.name not in READERS_OF_PACKS
    ]
    assert odd == []


def test_core_catches_what_it_can_name():
    odd = [
        f"{module.name}:{node.lineno}"
        for module in list_core()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (ast.unparse(node.type) if node.type else "Exception") in ("Exception", "BaseException")
    ]
    assert odd == []


SEEDED = ("default_rng", "SeedSequence")
"""What of numpy's chance may be called, and only with a seed."""


def draws_blindly(node: ast.AST) -> bool:
    """Tell whether a piece of code takes chance from anywhere but a generator with a seed."""
    if isinstance(node, ast.Call) and name_called(node) in SEEDED:
        return not node.args
    is_numpy = isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np.random", "numpy.random")
    return is_numpy and node.attr not in ("Generator", *SEEDED)  # type: ignore[attr-defined]


def test_chance_has_a_seed():
    odd = [f"{m.name}:{node.lineno}" for m in MODULES.values() for node in ast.walk(m.tree) if draws_blindly(node)]  # type: ignore[attr-defined]
    users = [m.name for m in MODULES.values() if "random" in {target for target, _ in list_imports(m)}]
    assert odd + users == []


@pytest.mark.parametrize(
    ("code", "blind"),
    [
        ("np.random.default_rng()", True),
        ("np.random.default_rng(seed)", False),
        ("np.random.shuffle(units)", True),
        ("dice.shuffle(units)", False),
        ("np.random.Generator", False),
        ("np.random.SeedSequence([seed, 1])", False),
        ("np.random.SeedSequence()", True),
    ],
)
def test_blind_chance_is_seen(code, blind):
    assert any(draws_blindly(node) for node in ast.walk(ast.parse(code))) == blind


def list_kept() -> list[Module]:
    """List the modules that people keep up; a migration is written once and stays as it is."""
    return [module for name, module in MODULES.items() if ".migrations" not in name]


def test_no_module_is_too_long():
    assert {module.name: module.lines for module in list_kept() if module.lines > LONGEST_MODULE} == {}


def test_no_module_has_a_vague_name():
    assert [name for name in MODULES if set(name.split(".")) & VAGUE_NAMES] == []


def list_long_bodies(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > LONGEST_BODY:
                yield f"{module.name}.{node.name}"


def test_no_function_is_too_long():
    assert [name for module in list_kept() for name in list_long_bodies(module)] == []


def test_nothing_is_left_to_do():
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
    folders = (*ROOMS, "tests", "scripts", "benchmarks", "docs")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".md", ".sh")]
    assert [str(path) for path in paths if marks.search(path.read_text(encoding="utf-8"))] == []


def list_public(package: ModuleType) -> set[str]:
    """List the names a package takes from its own modules, which is its surface."""
    module = MODULES[package.__name__]
    taken = {
        alias.asname or alias.name
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module or "").startswith(f"{package.__name__}.") and alias.name.strip("_") == alias.name
    }
    made = {node.name for node in module.tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return taken | {name for name in made if not name.startswith("_")}


@pytest.mark.parametrize("name", PACKAGES)
def test_surface_is_complete_and_sorted(name):
    package = import_module(name)
    shown = getattr(package, "__all__", [])
    # constants, then classes, then functions: the order in which ruff sorts
    assert shown == sorted(shown, key=lambda word: (not word.isupper(), word[0].islower(), word))
    assert list_public(package) <= set(shown)
    assert all(hasattr(package, word) for word in shown)
    assert package.__doc__


def test_packages_are_packages():
    folders = {path.parent for module in MODULES.values() for path in [module.path] if path.parent != ROOT}
    bare = [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]
    assert [name for name in bare if "migrations" not in name] == []
