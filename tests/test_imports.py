"""Imports go one way: every import inside pgiris is an arrow of this table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pgiris

ROOT = Path(pgiris.__file__).parent

# Part -> parts that it may import. The longest name that fits a module is its part; a part may always import itself.
# The pure parts (wire, types, copy, auth.scram) know neither sockets nor settings.
ARROWS = {
    "sqlstate": "",
    "errors": "sqlstate",
    "wire": "errors sqlstate",
    "types": "errors sqlstate",
    "copy": "errors sqlstate types",
    "auth.scram": "errors sqlstate",
    "compute": "errors sqlstate types",
    "sql": "errors sqlstate types observe config compute",
    "backend": "errors sqlstate types observe config compute copy",
    "backend.sandbox": "errors sqlstate types observe config sql backend",
    "catalog": "errors sqlstate types observe config compute sql backend",
    "auth": "errors sqlstate observe config wire backend auth.scram auth.rules",
    "auth.rules": "errors sqlstate",
    "session": "errors sqlstate types observe config wire sql catalog backend copy",
    "server": "errors sqlstate types observe config wire session auth auth.rules",
    "server.listener": "errors sqlstate types observe config wire session auth auth.rules server backend sql catalog",
    "conformance": "errors sqlstate types observe backend",
    "observe": "errors sqlstate config",
    "config": "errors sqlstate auth.rules",
    "sample": "errors sqlstate backend backend.sandbox",
    "check": "*",
    "cli": "*",
    "": "*",  # pgiris itself and __main__
}
# Arrows for one module, each with its reason.
EXCEPTIONS = {
    ("backend.worker.spawn", "backend.sandbox"): "the one place that turns a backend's name into its code",
    ("backend.worker.spawn", "catalog"): "likewise",
    ("backend.worker.guests", "wire"): "guests are answered without the front",
    ("backend.worker.guests", "sql"): "literals are lifted out of their queries",
}
PURE = ("wire", "types", "compute", "copy", "sql", "auth.scram", "sqlstate", "errors")
IMPURE_MODULES = {"asyncio", "socket", "ssl", "selectors", "subprocess", "threading", "multiprocessing", "uvloop", "signal"}


def modules() -> dict[str, Path]:
    """Names of modules without the leading ``pgiris.`` -> their files."""
    files = sorted(ROOT.rglob("*.py"))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").strip("."): file for file in files}


def part_of(module: str) -> str:
    words = module.split(".")
    names = (".".join(words[:length]) for length in range(len(words), 0, -1))
    return next((name for name in names if name in ARROWS), "")


def imported_modules(module: str, file: Path) -> Iterator[tuple[int, str]]:
    """(line, absolute name) of everything that a file imports, wherever in it the import stands.

    Left out is what a module imports for type checkers only from its own folder: neighbours may know each other's types.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {id(node) for block in ast.walk(tree) if _is_type_checking(block) for node in ast.walk(block)}
    for line, name, node in _imports(module, file, tree):
        folder = f"pgiris.{module.split('.')[0]}."
        if not (id(node) in for_types and name.startswith(folder)):
            yield line, name


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(module: str, file: Path, tree: ast.AST) -> Iterator[tuple[int, str, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, node
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, file, node)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}", node


def absolute(module: str, file: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = ["pgiris", *module.split(".")] if module else ["pgiris"]
    up = node.level - (file.name == "__init__.py")
    return ".".join([*package[: len(package) - up], *filter(None, [node.module])])


def arrow_problem(module: str, imported: str, known: dict[str, Path]) -> str | None:
    """What is wrong with an import of ``imported`` (a name within pgiris) by ``module``; None when it is allowed."""
    target = imported if imported in known else imported.rpartition(".")[0]  # the last word may be a name in the module
    source_part, target_part = part_of(module), part_of(target)
    allowed = ARROWS[source_part]
    if allowed == "*" or target_part == source_part or target_part in allowed.split():
        return None
    if (module, target_part) in EXCEPTIONS:
        return None
    return f"{source_part} may not import {target_part or 'pgiris'}"


def test_the_table_has_an_arrow_for_every_part_of_the_package() -> None:
    parts = {part_of(module) or module for module in modules()}
    assert parts - set(ARROWS) - {"", "__main__"} == set()


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_follow_the_arrows(module: str) -> None:
    known = modules()
    file = known[module]
    problems = [
        f"{file}:{line}: {problem}"
        for line, name in imported_modules(module, file)
        if name.startswith("pgiris.") and (problem := arrow_problem(module, name.removeprefix("pgiris."), known))
    ]
    assert problems == []


@pytest.mark.parametrize("module", [module for module in sorted(modules()) if part_of(module) in PURE])
def test_pure_parts_import_nothing_that_reaches_outside(module: str) -> None:
    names = {name.split(".")[0] for _, name in imported_modules(module, modules()[module])}
    assert names & IMPURE_MODULES == set()


@pytest.mark.parametrize(
    ("module", "imported", "allowed"),
    [
        ("wire.framing", "errors.PgError", True),
        ("wire.framing", "types.oids", False),
        ("types.rows", "config.options.Config", False),
        ("server.client", "session.session.Session", True),
        ("session.session", "server.client", False),
        ("backend.worker.main", "sql.plan", False),
        ("backend.sandbox.session", "sql.iris", True),
        ("cli", "server.listener", True),
    ],
)
def test_the_table_is_read_as_meant(module: str, imported: str, allowed: bool) -> None:
    known = {name: Path() for name in (module, imported, imported.rpartition(".")[0])}
    assert (arrow_problem(module, imported, known) is None) is allowed
