"""Steps of a script that another process runs against one server, each with a result that can be compared.

A script registers its steps in their order with @step and ends with report(), which prints one JSON object a line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

_STEPS: list[Callable[[], Any]] = []


def step(function: Callable[[], Any]) -> Callable[[], Any]:
    _STEPS.append(function)
    return function


def report() -> None:
    for function in _STEPS:
        try:
            result = plain(function())
        except Exception as error:  # it is the step's result
            result = f"{type(error).__name__}: {str(error).splitlines()[0]}"
        print(json.dumps({"step": function.__name__, "result": result}), flush=True)


def plain(value: Any) -> Any:
    """As JSON has it; numbers to nine digits, since IRIS and PostgreSQL keep different numbers of them."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return f"{float(value):.9g}"
        case dict():
            return {str(key): plain(entry) for key, entry in value.items()}
        case list() | tuple() | set():
            return [plain(entry) for entry in value]
    return str(value)
