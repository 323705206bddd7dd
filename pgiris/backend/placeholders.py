"""Placeholders: the ``?`` of a statement that are its parameters."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import count
from typing import Any

_TOKENS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\?""", re.DOTALL)


def placeholders(sql: str) -> int:
    """How many there are."""
    return sum(token == "?" for token in _TOKENS.findall(sql))


def with_numbers(sql: str, values: Sequence[Any], places: Collection[int]) -> tuple[str, list[Any]]:
    """The numbers of some of them in the text, and the values of the others."""
    found = count()

    def written(match: re.Match[str]) -> str:
        if match[0] != "?":
            return match[0]
        place = next(found)
        return str(values[place]) if place in places else "?"

    return _TOKENS.sub(written, sql), [value for place, value in enumerate(values) if place not in places]
