"""The names of intersystems-irispython 5.4.1 that pgiris uses."""

from __future__ import annotations

from typing import Any

from tests.support.fake_iris.objects import Object, class_method
from tests.support.fake_iris.process import switched_on


class IRISObject:
    def __init__(self, target: Object) -> None:
        self._target = target

    def get(self, name: str) -> Any:
        return _told(self._target.read(name))

    def set(self, name: str, value: Any) -> None:
        self._target.write(name, value)

    def invoke(self, name: str, *arguments: Any) -> Any:
        return _told(self._target.run(name, *arguments))

    def getObject(self, name: str) -> IRISObject:
        return IRISObject(self._target.read(name))

    def invokeObject(self, name: str, *arguments: Any) -> IRISObject:
        return IRISObject(self._target.run(name, *arguments))


def _told(value: Any) -> Any:
    """The native API gives None for an empty string."""
    return None if value == "" else value


class IRIS:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def classMethodValue(self, class_name: str, method: str, *arguments: Any) -> Any:
        return _told(self._call(class_name, method, arguments))

    def classMethodObject(self, class_name: str, method: str, *arguments: Any) -> IRISObject:
        return IRISObject(self._call(class_name, method, arguments))

    def _call(self, class_name: str, method: str, arguments: tuple[Any, ...]) -> Any:
        if switched_on("no_objects"):
            raise RuntimeError("<PROTECT>")
        return class_method(self._connection.process, class_name, method, *arguments)


def createIRIS(connection: Any) -> IRIS:
    return IRIS(connection)


from iris import dbapi  # noqa: E402

__all__ = ["IRIS", "IRISObject", "createIRIS", "dbapi"]
