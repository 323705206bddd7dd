"""Objects: IRIS's objects in Embedded Python. iris-reference 2.1, 2.4

``%`` in names is ``_`` in Python. A method is looked up each time that it is called: the bridge keeps one method per object.
"""

from __future__ import annotations

from typing import Any

from pgiris.backend.live.dynamic import Proxy


class EmbeddedProxy:
    def __init__(self, target: Any) -> None:
        self.target = target

    def get(self, name: str) -> Any:
        return getattr(self.target, python_name(name))

    def set(self, name: str, value: Any) -> None:
        setattr(self.target, python_name(name), value)

    def call(self, name: str, *arguments: Any) -> Any:
        return getattr(self.target, python_name(name))(*arguments)

    def object(self, name: str) -> Proxy:
        return EmbeddedProxy(self.get(name))

    def called(self, name: str, *arguments: Any) -> Proxy:
        return EmbeddedProxy(self.call(name, *arguments))


class EmbeddedClasses:
    """module: ``iris`` of Embedded Python."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def value(self, class_name: str, method: str, *arguments: Any) -> Any:
        return getattr(self._module.cls(class_name), python_name(method))(*arguments)

    def new(self, class_name: str, method: str = "%New", *arguments: Any) -> Proxy:
        return EmbeddedProxy(self.value(class_name, method, *arguments))


def python_name(name: str) -> str:
    return name.replace("%", "_")
