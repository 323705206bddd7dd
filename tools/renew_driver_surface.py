"""Write tests/support/fake_iris/surface.json: the names, signatures and codes of the real DB-API driver that is installed.

Run it with a Python that has intersystems-irispython, its output is that file.
"""

from __future__ import annotations

import inspect
import json
import re
from importlib.metadata import version
from typing import Any

import iris
import iris.dbapi

CLASSES = {
    "iris.IRIS": iris.IRIS,
    "iris.IRISObject": iris.IRISObject,
    "iris.dbapi.IRISConnection": iris.dbapi.IRISConnection,
    "iris.dbapi.Cursor": iris.dbapi.Cursor,
    "iris.dbapi.DataRow": iris.dbapi.DataRow,
}
_CONNECT = re.compile(r"iris\.connect\((hostname[^)]*)\)")


def surface() -> dict[str, Any]:
    errors = {name: value for name, value in vars(iris.dbapi).items() if isinstance(value, type) and issubclass(value, Exception)}
    match = _CONNECT.search(iris.connect.__doc__ or "")
    assert match is not None
    return {
        "version": version("intersystems-irispython"),
        "functions": sorted(name for name in vars(iris) if inspect.isfunction(getattr(iris, name)) and name[0] != "_"),
        "connect": match[1].split(","),
        "classes": {name: sorted(word for word in dir(found) if word[0] != "_") for name, found in CLASSES.items()},
        "parameters": {
            f"Cursor.{name}": list(inspect.signature(method).parameters)
            for name, method in vars(iris.dbapi.Cursor).items()
            if inspect.isfunction(method) and name[0] != "_"
        },
        "exceptions": {name: value.__bases__[0].__name__ for name, value in errors.items()},
        "type_codes": {code.name: int(code) for code in iris.dbapi.SQLType},
        "constants": {name: getattr(iris.dbapi, name) for name in ("apilevel", "threadsafety", "paramstyle")},
    }


if __name__ == "__main__":
    print(json.dumps(surface(), indent=1, sort_keys=True))
