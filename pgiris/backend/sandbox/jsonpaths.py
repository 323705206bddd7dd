"""SQL/JSON paths of JSON_TABLE: what they find in a document.

They are parsed as PostgreSQL's are (types/jsonpath.py); only what IRIS's manual names is evaluated. It differs from the standard:
``.*`` gives one array of all values, and a filter behind an array that ``[*]`` does not end looks at the array as a whole.
Using a SQL/JSON Path Language Expression, in JSON_TABLE (SQL reference)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.types import jsonpath
from pgiris.types.jsonpath import Item
from pgiris.types.jsontext import Number

Truth = bool | None  # None: unknown
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@lru_cache(maxsize=1024)
def parsed(path: str) -> Item:
    """Raises SQLCODE -400 for what is no path, 0A000 for what the manual does not name."""
    try:
        root = jsonpath.parse(path).root
    except PgError:
        raise _invalid(path) from None
    if root.kind != "$":
        raise _invalid(path)
    for item in _all(root):
        if item.kind not in _KNOWN:
            raise not_supported(f"{item.kind} in a SQL/JSON path is not known to the sandbox")
        if item.kind == "[]" and not all(bound is None or _is_place(bound) for pair in item.args[0] for bound in pair):
            raise _invalid(path)
    return root


def _invalid(path: str) -> PgError:
    return pg_error(-400, f"Fatal error occurred: invalid SQL/JSON path '{path}'", state="22023")


def _is_place(item: Item) -> bool:
    is_number = item.kind == "literal" and isinstance(item.args[0], Number) and item.args[0].isdigit()
    return item.next is None and (is_number or item.kind == "last")


def _all(item: Item | None) -> Iterator[Item]:
    """The steps of a path, and those of the paths in its filters."""
    while item is not None:
        yield item
        for part in item.args:
            if isinstance(part, Item):
                yield from _all(part)
        item = item.next


def found(document: Any, path: str) -> list[Any]:
    """What a path finds. An array is entered by a name as if ``[*]`` stood before it."""
    return _values(parsed(path), document, document)


def _values(item: Item, root: Any, current: Any) -> list[Any]:
    """current: what ``@`` stands for."""
    if item.kind == "literal":
        literal = item.args[0]
        return [json.loads(literal) if isinstance(literal, Number) else literal]
    values = [root if item.kind == "$" else current]
    step = item.next
    while step is not None:
        take = _STEPS[step.kind]
        values = [inner for value in values for inner in take(step, root, value)]
        step = step.next
    return values


# Steps


def _named(step: Item, root: Any, value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _named(step, root, item)
    elif isinstance(value, dict) and step.args[0] in value:
        yield value[step.args[0]]


def _all_fields(step: Item, root: Any, value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _all_fields(step, root, item)
    elif isinstance(value, dict):
        yield list(value.values())


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _placed(step: Item, root: Any, value: Any) -> Iterator[Any]:
    items = _items(value)
    for first, last in step.args[0]:
        low = _place(first, items)
        yield from items[low : (low if last is None else _place(last, items)) + 1]


def _place(item: Item, items: list[Any]) -> int:
    return len(items) - 1 if item.kind == "last" else int(item.args[0])


def _filtered(step: Item, root: Any, value: Any) -> Iterator[Any]:
    if _holds(step.args[0], root, value):
        yield value


_STEPS: dict[str, Callable[[Item, Any, Any], Iterator[Any]]] = {
    "key": _named,
    ".*": _all_fields,
    "[*]": lambda step, root, value: iter(_items(value)),
    "[]": _placed,
    "filter": _filtered,
}

# Predicates


def _holds(item: Item, root: Any, current: Any) -> Truth:
    if item.kind in ("&&", "||"):
        decisive = item.kind == "||"
        sides = [_holds(side, root, current) for side in item.args]
        return decisive if decisive in sides else None if None in sides else not decisive
    if item.kind == "!":
        held = _holds(item.args[0], root, current)
        return None if held is None else not held
    operands = [_values(operand, root, current) for operand in item.args]
    if item.kind == "exists":
        return bool(operands[0])
    test = _starts if item.kind == "starts with" else _compared(_COMPARISONS[item.kind])
    truths = [test(left, right) for left in operands[0] for right in operands[1]]
    return True if True in truths else None if None in truths else False


def _compared(operator: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Truth]:
    def test(left: Any, right: Any) -> Truth:
        """Of two scalars of one kind; null equals null alone."""
        if left is None or right is None:
            return operator(left, right) if operator in (eq, ne) else None
        kinds = {_kind(left), _kind(right)}
        return operator(left, right) if len(kinds) == 1 and None not in kinds else None

    return test


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "string" if isinstance(value, str) else None


def _starts(left: Any, right: Any) -> Truth:
    return left.startswith(right) if isinstance(left, str) and isinstance(right, str) else None


_KNOWN = frozenset((*_STEPS, *_COMPARISONS, "$", "@", "last", "literal", "&&", "||", "!", "exists", "starts with"))
