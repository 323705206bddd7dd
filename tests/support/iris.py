"""Backends on the stand-in for IRIS, in this process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from pgiris.backend.dbapi.backend import DbapiBackend, Options
from pgiris.backend.embedded import EmbeddedBackend
from pgiris.backend.embedded.driver import EmbeddedDriver
from tests.support import fake_iris


@contextmanager
def driver_package() -> Iterator[None]:
    """``import iris`` finds the stand-in for the DB-API driver."""
    _forget()
    sys.path.insert(0, str(fake_iris.DRIVER))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(fake_iris.DRIVER))
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name == "iris" or name.startswith("iris.")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def dbapi_backend(directory: Path, **options: Any) -> DbapiBackend:
    """To be made within driver_package(). The service account's password is SYS."""
    password = directory / "password"
    password.write_text("SYS\n")
    return DbapiBackend(Options(("localhost:1972",), password_file=str(password), **{"reconnect_s": 0.0} | options))


def embedded_module() -> Any:
    """A new process's ``iris``, as far as a test can tell."""
    spec = spec_from_file_location("embedded_iris", fake_iris.EMBEDDED / "iris" / "__init__.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def embedded_backend() -> EmbeddedBackend:
    """One session each."""

    def ask(job: int) -> None:
        module = embedded_module()
        EmbeddedDriver(module).execute(f"CANCEL QUERY {job}", ()).close()
        module.reset()

    return EmbeddedBackend(embedded_module(), ask)
