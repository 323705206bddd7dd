"""Embedded Python's ``iris``: names of classes and methods with ``_`` for ``%``, values as ObjectScript has them."""

from __future__ import annotations

from typing import Any

from tests.support.fake_iris.objects import Object, class_method
from tests.support.fake_iris.process import LoginRefused, Process, check_login

_process: list[Process] = []


def process() -> Process:
    if not _process:
        _process.append(Process("USER", "_SYSTEM"))
    return _process[0]


def reset() -> None:
    """A new process, as far as a test can tell."""
    while _process:
        _process.pop().close()


class _Bridge:
    """A proxied object of IRIS."""

    def __init__(self, target: Object) -> None:
        object.__setattr__(self, "_bridged", target)

    def __getattr__(self, name: str) -> Any:
        target = self._bridged
        if hasattr(type(target), name):
            return lambda *arguments: _bridged(getattr(target, name)(*arguments))
        return _bridged(target.read(name.replace("_", "%", 1) if name.startswith("_") else name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._bridged.write(name.replace("_", "%", 1), value)


def _bridged(value: Any) -> Any:
    return _Bridge(value) if isinstance(value, Object) else value


class _Security:
    def Login(self, user: str, password: str) -> int:
        try:
            check_login(user, password)
        except LoginRefused:
            return 0
        process().session.user = user
        return 1


class _CurrentProcess:
    def SetNamespace(self, namespace: str) -> str:
        user = process().session.user
        if namespace != process().session.namespace:
            reset()
            try:
                _process.append(Process(namespace, user))
            except LoginRefused as error:
                raise RuntimeError("<NAMESPACE>") from error
        return namespace


class _Class:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        method = f"%{name[1:]}" if name.startswith("_") else name
        return lambda *arguments: _bridged(class_method(process(), self._name, method, *arguments))


_OWN = {"%SYSTEM.Security": _Security(), "%SYSTEM.Process": _CurrentProcess()}


def cls(name: str) -> Any:
    return _OWN.get(name) or _Class(name)
