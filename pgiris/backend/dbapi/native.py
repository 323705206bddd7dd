"""Native: IRIS's objects over the connection of the DB-API driver, on the same server process. iris-reference 3.3"""

from __future__ import annotations

from typing import Any

from pgiris.backend.dbapi.failures import of_statement
from pgiris.backend.live.dynamic import Proxy


class NativeProxy:
    """target: an iris.IRISObject."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def get(self, name: str) -> Any:
        return guarded(self.target.get, name)

    def set(self, name: str, value: Any) -> None:
        guarded(self.target.set, name, value)

    def call(self, name: str, *arguments: Any) -> Any:
        return guarded(self.target.invoke, name, *arguments)

    def object(self, name: str) -> Proxy:
        return NativeProxy(guarded(self.target.getObject, name))

    def called(self, name: str, *arguments: Any) -> Proxy:
        return NativeProxy(guarded(self.target.invokeObject, name, *arguments))


class NativeClasses:
    """iris_: what iris.createIRIS() returns."""

    def __init__(self, iris_: Any) -> None:
        self._iris = iris_

    def value(self, class_name: str, method: str, *arguments: Any) -> Any:
        return guarded(self._iris.classMethodValue, class_name, method, *arguments)

    def new(self, class_name: str, method: str = "%New", *arguments: Any) -> Proxy:
        return NativeProxy(guarded(self._iris.classMethodObject, class_name, method, *arguments))


class Refused(Exception):
    """IRIS does not let this user call its objects."""


def guarded(function: Any, *arguments: Any) -> Any:
    """Raises SessionLost, and Refused for what the native API does not allow: it raises RuntimeError for everything."""
    try:
        return function(*arguments)
    except Exception as error:
        failure = of_statement(error)
        if failure.code == "08006":
            raise failure from error
        raise Refused(str(error)) from error
