"""The stand-in for the DB-API driver has the real one's names, signatures, exceptions and codes, and nothing that it has not.

surface.json and lists.json were taken from the real driver (tools/renew_driver_surface.py, renew_driver_lists.py), which make
test puts beside the virtual environment's packages; they are compared with it again.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import pytest

from pgiris.backend.live import columns, listbuild
from tests.support import fake_iris
from tests.support.fake_iris.lists import parse
from tests.support.iris import driver_package

FOLDER = Path(fake_iris.__file__).parent
SURFACE: dict[str, Any] = json.loads((FOLDER / "surface.json").read_text())
LISTS: list[tuple[str, str, str]] = json.loads((FOLDER / "lists.json").read_text())
TOOLS = FOLDER.parents[2] / "tools"
DRIVER = Path(sys.prefix) / "driver"


@pytest.fixture
def iris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv(fake_iris.VARIABLE, str(tmp_path))
    with driver_package():
        yield import_module("iris")


def test_functions_and_classes_exist_in_the_driver(iris: Any) -> None:
    own = {name for name in iris.__all__ if inspect.isfunction(getattr(iris, name))}
    assert own <= set(SURFACE["functions"])
    for name, words in SURFACE["classes"].items():
        module, _, class_name = name.rpartition(".")
        found = getattr(import_module(module), class_name)
        assert {word for word in vars(found) if word[0] != "_"} <= set(words), name


def test_methods_take_what_the_drivers_take(iris: Any) -> None:
    for name, parameters in SURFACE["parameters"].items():
        method = getattr(iris.dbapi.Cursor, name.partition(".")[2], None)
        if inspect.isfunction(method):
            assert list(inspect.signature(method).parameters) == parameters, name
    assert list(inspect.signature(iris.dbapi.connect).parameters) == SURFACE["connect"]


def test_exceptions_and_constants_are_the_drivers(iris: Any) -> None:
    for name, base in SURFACE["exceptions"].items():
        assert getattr(iris.dbapi, name).__bases__[0].__name__ == base
    for name, value in SURFACE["constants"].items():
        assert getattr(iris.dbapi, name) == value
    assert {code.name: int(code) for code in iris.dbapi.SQLType} == SURFACE["type_codes"]


def test_every_type_code_of_the_driver_has_a_postgresql_type() -> None:
    assert set(columns.SQL_TYPES) == set(SURFACE["type_codes"].values())


_MAKE = {"int": int, "str": str, "Decimal": Decimal, "float": float}


@pytest.mark.parametrize(("kind", "text", "wanted"), LISTS, ids=[f"{kind} {text[:20]}" for kind, text, _ in LISTS])
def test_lists_are_written_as_the_driver_writes_them(kind: str, text: str, wanted: str) -> None:
    value = _MAKE[kind](text)
    assert listbuild.build([value]).hex() == wanted
    assert parse(bytes.fromhex(wanted)) == [value]


def test_long_elements_have_longer_headers() -> None:
    for length in (252, 253, 254, 65_533, 65_534, 65_535, 200_000):
        assert parse(listbuild.build(["x" * length, "y"])) == ["x" * length, "y"]


@pytest.mark.parametrize("name", ["surface", "lists"])
def test_what_was_recorded_is_what_the_real_driver_says(name: str) -> None:
    found = list(metadata.distributions(name="intersystems-irispython", path=[str(DRIVER)]))
    if not found:
        pytest.skip(f"the real driver is not in {DRIVER}, where make test puts it")
    if found[0].version != SURFACE["version"]:
        pytest.skip(f"the driver is {found[0].version}, recorded was {SURFACE['version']}")
    command = [sys.executable, str(TOOLS / f"renew_driver_{name}.py")]
    told = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd="/", env=os.environ | {"PYTHONPATH": str(DRIVER)}
    )
    assert json.loads(told.stdout) == json.loads((FOLDER / f"{name}.json").read_text())
