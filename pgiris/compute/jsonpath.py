"""jsonpath: what a SQL/JSON path finds in a document, and the functions and operators made of it.

In: values of JSON texts (jsontext.checked), the tree of a path (types/jsonpath.py). Out: the values found, one by one.
PostgreSQL: functions-json#FUNCTIONS-SQLJSON-PATH, src/backend/utils/adt/jsonpath_exec.c
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from pgiris import sqlstate
from pgiris.compute.casts import converter, read
from pgiris.compute.jsonb_layout import offset_of
from pgiris.compute.path_moments import PathMoment, compared, moment_of
from pgiris.compute.patterns import translated
from pgiris.compute.registry import find, function
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context
from pgiris.types.jsonpath import COMPARISONS, LAST_LEVEL, Item, Path, parse
from pgiris.types.jsontext import Number, canonical, checked

Truth = bool | None  # None: unknown


class ItemError(PgError):
    """An error that a silent call, or a predicate, passes over."""


class Base(NamedTuple):
    """What keyvalue() counts from: a document, and a number of the document."""

    document: Any
    number: int


class Place(NamedTuple):
    """What holds at a point of the evaluation. current: of the filter around. size: of the array whose subscripts these are.

    forgiving: structural errors find nothing, as in lax mode. quiet: an error is not told, it only ends what it is in.
    probing: only whether there is a value is asked.
    """

    current: Any
    base: Base
    forgiving: bool
    quiet: bool
    size: int = -1
    probing: bool = False


class Search:
    """One evaluation of a path on a document. time_zone: of the session, where moments may be compared across zones."""

    def __init__(self, path: Path, document: Any, variables: dict[str, Any], silent: bool, time_zone: str | None) -> None:
        self._path = path
        self._lax = not path.strict
        self._root = Base(document, 0)
        self._variables = variables
        self._silent = silent
        self._time_zone = time_zone
        self._objects = 2  # numbers taken: 0 of the document, 1 of the variables

    def values(self, *, probing: bool = False) -> Iterator[Any]:
        """All that is found. Raises ItemError where the rest cannot be."""
        document = self._root.document
        at = Place(document, self._root, self._lax, self._silent, probing=probing)
        return self._run(self._path.root, document, at, self._lax)

    def is_found(self) -> bool:
        """Strict mode wants all values to be free of errors."""
        if self._lax:
            return next(self.values(probing=True), _NOTHING) is not _NOTHING
        return bool(list(self.values()))

    def _run(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        """unwrap: an array stands for its elements where it is not wanted itself."""
        step = _STEPS.get(item.kind)
        return self._next(item, self._truth(item, value, at), at) if step is None else step(self, item, value, at, unwrap)

    def _next(self, item: Item, value: Any, at: Place) -> Iterator[Any]:
        if item.next is None:
            return iter((value,))
        return self._run(item.next, value, at, self._lax)

    def _each(self, item: Item, values: Sequence[Any], at: Place) -> Iterator[Any]:
        for value in values:
            yield from self._next(item, value, at)

    def _of_elements(self, item: Item, array: list[Any], at: Place) -> Iterator[Any]:
        for value in array:
            yield from self._run(item, value, at, False)

    def _operands(self, item: Item, value: Any, at: Place, unwrap: bool = True) -> list[Any]:
        if at.probing:
            at = at._replace(probing=False)
        found = list(self._run(item, value, at, self._lax))
        if not (unwrap and self._lax and any(isinstance(one, list) for one in found)):
            return found
        flat: list[Any] = []
        for one in found:
            flat.extend(one if isinstance(one, list) else (one,))
        return flat

    # Steps. PostgreSQL: executeItemOptUnwrapTarget

    def _literal(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        return self._next(item, item.args[0], at)

    def _variable(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        (name,) = item.args
        if name not in self._variables:
            raise PgError(sqlstate.UNDEFINED_OBJECT, f'could not find jsonpath variable "{name}"')
        return self._next(item, self._variables[name], at._replace(base=Base(self._variables, 1)))

    def _root_step(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        return self._next(item, self._root.document, at._replace(base=self._root))

    def _current(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        return self._next(item, at.current, at)

    def _last(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        return self._next(item, Number(at.size - 1), at)

    def _key(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        (name,) = item.args
        if isinstance(value, dict):
            if name in value:
                yield from self._next(item, value[name], at)
            elif not at.forgiving:
                raise ItemError(sqlstate.SQL_JSON_MEMBER_NOT_FOUND, f'JSON object does not contain key "{name}"')
        elif unwrap and isinstance(value, list):
            yield from self._of_elements(item, value, at)
        elif not at.forgiving:
            message = "jsonpath member accessor can only be applied to an object"
            raise ItemError(sqlstate.SQL_JSON_MEMBER_NOT_FOUND, message)

    def _any_key(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        if isinstance(value, dict):
            yield from self._each(item, list(value.values()), at)
        elif unwrap and isinstance(value, list):
            yield from self._of_elements(item, value, at)
        elif not at.forgiving:
            message = "jsonpath wildcard member accessor can only be applied to an object"
            raise ItemError(sqlstate.SQL_JSON_OBJECT_NOT_FOUND, message)

    def _any_element(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        if isinstance(value, list):
            yield from self._each(item, value, at)
        elif self._lax:
            yield from self._next(item, value, at)
        elif not at.forgiving:
            message = "jsonpath wildcard array accessor can only be applied to an array"
            raise ItemError(sqlstate.SQL_JSON_ARRAY_NOT_FOUND, message)

    def _subscripts(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        if not isinstance(value, list) and not self._lax:
            if not at.forgiving:
                message = "jsonpath array accessor can only be applied to an array"
                raise ItemError(sqlstate.SQL_JSON_ARRAY_NOT_FOUND, message)
            return
        elements = value if isinstance(value, list) else [value]
        inside = at._replace(size=len(elements))
        for start, end in item.args[0]:
            first = self._index(start, value, inside)
            last = first if end is None else self._index(end, value, inside)
            if not at.forgiving and (first < 0 or first > last or last >= len(elements)):
                raise ItemError(sqlstate.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds")
            yield from self._each(item, elements[max(first, 0) : max(last + 1, 0)], inside)

    def _index(self, item: Item, value: Any, at: Place) -> int:
        found = list(self._run(item, value, at._replace(probing=False), self._lax))
        if len(found) != 1 or not isinstance(found[0], Number):
            message = "jsonpath array subscript is not a single numeric value"
            raise ItemError(sqlstate.INVALID_SQL_JSON_SUBSCRIPT, message)
        index = math.trunc(Decimal(found[0]))
        if not -(1 << 31) <= index < 1 << 31:
            message = "jsonpath array subscript is out of integer range"
            raise ItemError(sqlstate.INVALID_SQL_JSON_SUBSCRIPT, message)
        return index

    def _levels(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        """The value itself is level 0. An error there that is not told is forgotten where there are further levels."""
        first, last = item.args
        inside, is_container = at._replace(forgiving=True), isinstance(value, dict | list)
        if first == 0:
            try:
                yield from self._next(item, value, inside)
            except ItemError:
                if not (at.quiet and is_container):
                    raise
        if is_container:
            yield from self._below(item, value, inside, 1, first, last)

    def _below(self, item: Item, value: Any, at: Place, level: int, first: int, last: int) -> Iterator[Any]:
        if level > last:
            return
        for part in list(value.values()) if isinstance(value, dict) else value:
            is_container = isinstance(part, dict | list)
            if level >= first or (first == last == LAST_LEVEL and not is_container):
                yield from self._next(item, part, at)
            if level < last and is_container:
                yield from self._below(item, part, at, level + 1, first, last)

    def _filter(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        if unwrap and isinstance(value, list):
            yield from self._of_elements(item, value, at)
        elif self._truth(item.args[0], value, at._replace(current=value)) is True:
            yield from self._next(item, value, at)

    # Arithmetic

    def _binary(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        left, right = (self._operands(part, value, at) for part in item.args)
        for side, found in (("left", left), ("right", right)):
            if len(found) != 1 or not isinstance(found[0], Number):
                message = f"{side} operand of jsonpath operator {item.kind} is not a single numeric value"
                raise ItemError(sqlstate.SINGLETON_SQL_JSON_ITEM_REQUIRED, message)
        return self._next(item, _arithmetic(item.kind, left[0], right[0]), at)

    def _unary(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        sign = "-" if item.kind == "neg" else "+"
        for found in self._operands(item.args[0], value, at):
            if isinstance(found, Number):
                yield from self._next(item, _written(-Decimal(found)) if sign == "-" else found, at)
            elif not (at.probing and item.next is None):
                message = f"operand of unary jsonpath operator {sign} is not a numeric value"
                raise ItemError(sqlstate.SQL_JSON_NUMBER_NOT_FOUND, message)

    # Methods

    def _method(self, item: Item, value: Any, at: Place, unwrap: bool) -> Iterator[Any]:
        name, template = item.args
        if name == "type":
            return self._next(item, _type_name(value), at)
        if name == "size":
            return self._size(item, value, at)
        if unwrap and isinstance(value, list):
            return self._of_elements(item, value, at)
        if name == "keyvalue":
            return self._keyvalue(item, value, at)
        if name == "datetime":
            return self._next(item, _moment(value, template), at)
        return self._next(item, _double(value) if name == "double" else _rounded(name, value), at)

    def _size(self, item: Item, value: Any, at: Place) -> Iterator[Any]:
        if isinstance(value, list):
            return self._next(item, Number(len(value)), at)
        if self._lax:
            return self._next(item, Number(1), at)
        if at.forgiving:
            return iter(())
        raise ItemError(sqlstate.SQL_JSON_ARRAY_NOT_FOUND, "jsonpath item method .size() can only be applied to an array")

    def _keyvalue(self, item: Item, value: Any, at: Place) -> Iterator[Any]:
        """id: where the object stands in its document. PostgreSQL: executeKeyValueMethod"""
        if not isinstance(value, dict):
            message = "jsonpath item method .keyvalue() can only be applied to an object"
            raise ItemError(sqlstate.SQL_JSON_OBJECT_NOT_FOUND, message)
        number = Number((offset_of(value, at.base.document) or 0) + at.base.number * 10_000_000_000)
        for key, member in value.items():
            made = {"id": number, "key": key, "value": member}
            base = Base(made, self._objects)
            self._objects += 1
            yield from self._next(item, made, at._replace(base=base))

    # Predicates. PostgreSQL: executeBoolItem

    def _truth(self, item: Item, value: Any, at: Place) -> Truth:
        match item.kind:
            case "&&":
                return self._connected(item, value, at, False)
            case "||":
                return self._connected(item, value, at, True)
            case "!":
                inner = self._truth(item.args[0], value, at)
                return None if inner is None else not inner
            case "is unknown":
                return self._truth(item.args[0], value, at) is None
            case "exists":
                return self._exists(item.args[0], value, at)
            case "like_regex":
                pattern = regex(item.args[1], item.args[2])
                return self._predicate(item.args[0], None, value, at, lambda one, _: _matches(one, pattern))
            case "starts with":
                whole, initial = item.args
                return self._predicate(whole, initial, value, at, _starts, unwrap_right=False)
        left, right = item.args
        return self._predicate(left, right, value, at, lambda one, other: self._compared(item.kind, one, other))

    def _connected(self, item: Item, value: Any, at: Place, deciding: bool) -> Truth:
        """deciding: the truth of one side that makes the other one not matter."""
        left = self._truth(item.args[0], value, at)
        if left is deciding:
            return left
        right = self._truth(item.args[1], value, at)
        return left if right is (not deciding) else right

    def _exists(self, item: Item, value: Any, at: Place) -> Truth:
        try:
            found = self._run(item, value, at._replace(quiet=True, probing=self._lax), self._lax)
            return (next(found, _NOTHING) is not _NOTHING) if self._lax else bool(list(found))
        except ItemError:
            return None

    def _predicate(
        self,
        left: Item,
        right: Item | None,
        value: Any,
        at: Place,
        test: Callable[[Any, Any], Truth],
        *,
        unwrap_right: bool = True,
    ) -> Truth:
        """Whether a test holds of any pair. Lax: the first that holds decides; strict: one unknown makes all unknown."""
        try:
            quiet = at if at.quiet else at._replace(quiet=True)
            ones = self._operands(left, value, quiet)
            others = [None] if right is None else self._operands(right, value, quiet, unwrap_right)
        except ItemError:
            return None
        found: Truth = False
        for one in ones:
            for other in others:
                truth = test(one, other)
                if truth is None and not self._lax:
                    return None
                if truth and self._lax:
                    return True
                found = True if truth else None if truth is None else found
        return found

    def _compared(self, symbol: str, left: Any, right: Any) -> Truth:
        if left is None or right is None:
            order: int | None = 0 if left is right else None
            return symbol == "!=" if order is None else _TESTS[symbol](order)
        if _sort(left) != _sort(right) or isinstance(left, dict | list):
            return None
        if isinstance(left, Number):
            left, right = Decimal(left), Decimal(right)
        elif isinstance(left, PathMoment):
            order = compared(left, right, self._time_zone)
            return None if order is None else _TESTS[symbol](order)
        return _TESTS[symbol]((left > right) - (left < right))


_NOTHING = object()
_STEPS: dict[str, Callable[[Search, Item, Any, Place, bool], Iterator[Any]]] = {
    "literal": Search._literal,
    "variable": Search._variable,
    "$": Search._root_step,
    "@": Search._current,
    "last": Search._last,
    "key": Search._key,
    ".*": Search._any_key,
    "[*]": Search._any_element,
    "[]": Search._subscripts,
    "**": Search._levels,
    "filter": Search._filter,
    "method": Search._method,
    "pos": Search._unary,
    "neg": Search._unary,
    **dict.fromkeys("+-*/%", Search._binary),
}
_TESTS: dict[str, Callable[[int], bool]] = dict(
    zip(
        COMPARISONS,
        (
            lambda order: order == 0,
            lambda order: order != 0,
            lambda order: order < 0,
            lambda order: order <= 0,
            lambda order: order > 0,
            lambda order: order >= 0,
        ),
        strict=True,
    )
)


def _sort(value: Any) -> type:
    return bool if isinstance(value, bool) else type(value)


def _starts(whole: Any, initial: Any) -> Truth:
    if _sort(whole) is not str or _sort(initial) is not str:
        return None
    return bool(whole.startswith(initial))


def _matches(value: Any, pattern: re.Pattern[str]) -> Truth:
    return pattern.search(value) is not None if _sort(value) is str else None


@lru_cache(maxsize=256)
def regex(pattern: str, flags: str) -> re.Pattern[str]:
    """Without flag s a newline is matched neither by . nor by [^...]; with m it ends and begins lines. Raises 2201B."""
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    text = translated(pattern)
    if "s" in flags:
        options |= re.DOTALL
    else:
        text = re.sub(r"(?<!\\)((?:\\\\)*\[\^)", r"\1\n", text)
    if "m" in flags:
        options |= re.MULTILINE
        text = text.replace(r"\Z", "$")
    try:
        return re.compile(text, options)
    except re.error:
        raise PgError(sqlstate.INVALID_REGULAR_EXPRESSION, "invalid regular expression: quantifier operand invalid") from None


def _written(value: Decimal) -> Number:
    return Number(format(value or abs(value), "f"))


_MOST_DIGITS = 131072  # before the point. PostgreSQL: datatype-numeric


def _arithmetic(symbol: str, left: Number, right: Number) -> Number:
    operator = find(symbol, (oids.NUMERIC, oids.NUMERIC))
    assert operator is not None
    try:
        result: Decimal = operator.run(Decimal(left), Decimal(right))
    except PgError as error:
        raise ItemError(error.code, error.message) from None
    if result.adjusted() >= _MOST_DIGITS:
        raise ItemError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format")
    return _written(result)


def _type_name(value: Any) -> str:
    if isinstance(value, PathMoment):
        return value.type_name
    if isinstance(value, Number):
        return "number"
    return {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}[_sort(value)]


def _not_numeric(message: str) -> ItemError:
    return ItemError(sqlstate.NON_NUMERIC_SQL_JSON_ITEM, message)


def _rounded(name: str, value: Any) -> Number:
    if not isinstance(value, Number):
        raise _not_numeric(f"jsonpath item method .{name}() can only be applied to a numeric value")
    number = Decimal(value)
    return _written(abs(number) if name == "abs" else Decimal(math.floor(number) if name == "floor" else math.ceil(number)))


def _double(value: Any) -> Number:
    """A number stays as it is, if double precision could hold it."""
    if isinstance(value, Number):
        try:
            converter(oids.NUMERIC, oids.FLOAT8, -1, _PLAIN)(Decimal(value))
        except PgError:
            message = "numeric argument of jsonpath item method .double() is out of range for type double precision"
            raise _not_numeric(message) from None
        return value
    if _sort(value) is not str:
        raise _not_numeric("jsonpath item method .double() can only be applied to a string or numeric value")
    try:
        number = read(oids.FLOAT8, _PLAIN)(value)
    except PgError:
        number = math.nan
    if not math.isfinite(number):
        message = "string argument of jsonpath item method .double() is not a valid representation of a double precision number"
        raise _not_numeric(message)
    return _written(converter(oids.FLOAT8, oids.NUMERIC, -1, _PLAIN)(number))


_PLAIN = Context()


def _moment(value: Any, template: str | None) -> PathMoment:
    if _sort(value) is not str:
        message = "jsonpath item method .datetime() can only be applied to a string"
        raise ItemError(sqlstate.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION, message)
    try:
        return moment_of(value, template)
    except PgError as error:
        if error.code == sqlstate.FEATURE_NOT_SUPPORTED:
            raise
        raise ItemError(error.code, error.message, hint=error.hint) from None


# Functions and operators


def _search(document: str, path: str, variables: str, silent: bool, time_zone: str | None) -> Search:
    return Search(parse(path), checked(document), _members(variables), silent, time_zone)


@lru_cache(maxsize=256)
def _members(variables: str) -> dict[str, Any]:
    found = checked(variables)
    if not isinstance(found, dict):
        detail = 'Jsonpath parameters should be encoded as key-value pairs of "vars" object.'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, '"vars" argument is not an object', detail=detail)
    return found


def _found(search: Search, silent: bool) -> Iterator[Any]:
    """What was found before an error stays, where it is silent."""
    try:
        yield from search.values()
    except ItemError:
        if not silent:
            raise
    except RecursionError:
        raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded") from None


def _shown(value: Any) -> str:
    return canonical(value.text if isinstance(value, PathMoment) else value)


def path_exists(document: str, path: str, variables: str = "{}", silent: bool = False, time_zone: str | None = None) -> Truth:
    try:
        return _search(document, path, variables, silent, time_zone).is_found()
    except ItemError:
        if not silent:
            raise
        return None


def path_match(document: str, path: str, variables: str = "{}", silent: bool = False, time_zone: str | None = None) -> Truth:
    found = list(_found(_search(document, path, variables, silent, time_zone), silent))
    if len(found) == 1 and (found[0] is None or isinstance(found[0], bool)):
        return found[0]
    if silent:
        return None
    raise PgError(sqlstate.SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected")


def path_query(
    document: str, path: str, variables: str = "{}", silent: bool = False, time_zone: str | None = None
) -> Iterator[str]:
    return map(_shown, list(_found(_search(document, path, variables, silent, time_zone), silent)))


def path_array(document: str, path: str, variables: str = "{}", silent: bool = False, time_zone: str | None = None) -> str:
    return f"[{', '.join(path_query(document, path, variables, silent, time_zone))}]"


def path_first(document: str, path: str, variables: str = "{}", silent: bool = False, time_zone: str | None = None) -> str | None:
    return next(path_query(document, path, variables, silent, time_zone), None)


ARGUMENTS = ("jsonb, jsonpath", "jsonb, jsonpath, jsonb", "jsonb, jsonpath, jsonb, bool")


def in_session_zone(run: Callable[..., Any]) -> Callable[..., Any]:
    """The _tz functions."""
    return lambda context, *arguments: run(*arguments, time_zone=context.time_zone)


for _name, _run, _result in (
    ("jsonb_path_exists", path_exists, "bool"),
    ("jsonb_path_match", path_match, "bool"),
    ("jsonb_path_query_array", path_array, "jsonb"),
    ("jsonb_path_query_first", path_first, "jsonb"),
):
    function(*(f"{_name}({types}) {_result}" for types in ARGUMENTS))(_run)
    function(*(f"{_name}_tz({types}) {_result}" for types in ARGUMENTS), context=True)(in_session_zone(_run))


@function("@?(jsonb, jsonpath) bool", "jsonb_path_exists_opr(jsonb, jsonpath) bool")
def _is_found(document: str, path: str) -> Truth:
    return path_exists(document, path, silent=True)


@function("@@(jsonb, jsonpath) bool", "jsonb_path_match_opr(jsonb, jsonpath) bool")
def _is_match(document: str, path: str) -> Truth:
    return path_match(document, path, silent=True)
