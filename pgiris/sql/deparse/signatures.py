"""Signatures: PostgreSQL's types, casts, operators and functions, and its choice among them.

The files beside this one hold rows of PostgreSQL's catalogs (tools/renew_signatures.py). Enums and their arrays are known from
pgiris.types. PostgreSQL: typeconv-oper, typeconv-func, typeconv-union-case
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from pgiris.sql.deparse.nodes import Unsure
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import CATEGORY as ENUM
from pgiris.types.table import TYPES

ANY, _ANYARRAY, _ANYELEMENT = Oid(2276), Oid(2277), Oid(2283)
_ANYNONARRAY, _ANYENUM = Oid(2776), Oid(3500)
_COMPATIBLE, _COMPATIBLE_ARRAY, _COMPATIBLE_NONARRAY = Oid(5077), Oid(5078), Oid(5079)
_RANGES = frozenset((3831, 4537, 4538, 5080))
_ELEMENTS = frozenset((_ANYELEMENT, _ANYNONARRAY, _ANYENUM))
_COMPATIBLE_ELEMENTS = frozenset((_COMPATIBLE, _COMPATIBLE_NONARRAY))
_POLYMORPHIC = _ELEMENTS | _COMPATIBLE_ELEMENTS | _RANGES | {_ANYARRAY, _COMPATIBLE_ARRAY}


class Context(IntEnum):
    """How willingly a value is converted. PostgreSQL: CoercionContext"""

    IMPLICIT = 0
    ASSIGNMENT = 1
    EXPLICIT = 2


class Path(IntEnum):
    """PostgreSQL: CoercionPathType"""

    NONE = 0
    RELABEL = 1
    FUNCTION = 2
    TEXT = 3  # by way of the types' text forms
    ARRAY = 4


class Type(NamedTuple):
    oid: Oid
    name: str
    category: str
    preferred: bool
    element: Oid
    array: Oid


class Function(NamedTuple):
    """kind: ``f``unction, ``w``indow function, aggregate (``n``ormal, ``o``rdered-set, ``h``ypothetical).
    variadic: the type of the elements, 0 for none. defaults: how many arguments may be left out. direct: arguments of an
    ordered-set aggregate that stand before WITHIN GROUP."""

    name: str
    kind: str
    result: Oid
    variadic: Oid
    defaults: int
    direct: int
    is_set: bool
    arguments: tuple[Oid, ...]


class Chosen(NamedTuple):
    """arguments: the types that the given ones become. merged: how many of them, the last, make a VARIADIC array."""

    function: Function
    arguments: tuple[Oid, ...]
    result: Oid
    merged: int = 0


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files("pgiris.sql.deparse").joinpath(f"{name}.tsv").read_text("utf-8")
    return (line.split("\t") for line in text.splitlines())


@cache
def _types() -> dict[Oid, Type]:
    made = (
        Type(Oid(int(oid)), name, category, preferred == "1", Oid(int(element)), Oid(int(array)))
        for oid, name, category, preferred, element, array, _ in _rows("types")
    )
    return {row.oid: row for row in made}


@cache
def _casts() -> dict[tuple[Oid, Oid], tuple[Context, Path]]:
    contexts = {"i": Context.IMPLICIT, "a": Context.ASSIGNMENT, "e": Context.EXPLICIT}
    methods = {"b": Path.RELABEL, "f": Path.FUNCTION, "i": Path.TEXT}
    return {(Oid(int(s)), Oid(int(t))): (contexts[context], methods[method]) for s, t, context, method in _rows("casts")}


@cache
def _operators() -> dict[str, list[tuple[Oid, Oid, Oid]]]:
    found: dict[str, list[tuple[Oid, Oid, Oid]]] = {}
    for name, left, right, result in _rows("operators"):
        found.setdefault(name, []).append((Oid(int(left)), Oid(int(right)), Oid(int(result))))
    return found


@cache
def _functions() -> dict[str, list[Function]]:
    found: dict[str, list[Function]] = {}
    for name, kind, result, variadic, defaults, direct, is_set, arguments in _rows("functions"):
        row = Function(
            name, kind, Oid(int(result)), Oid(int(variadic)), int(defaults), int(direct), is_set == "1",
            tuple(Oid(int(argument)) for argument in arguments.split()),
        )  # fmt: skip
        found.setdefault(name, []).append(row)
    return found


def has_function(name: str) -> bool:
    return name in _functions()


def type_of(oid: Oid) -> Type:
    """Raises Unsure for a type that is not known."""
    found = _types().get(oid)
    if found is not None:
        return found
    row = TYPES.get(oid)
    if row is None or not (row.category == ENUM or row.is_array):
        raise Unsure(f"type {oid} is not known")
    return Type(oid, row.name, row.category, False, row.element, row.array)


def array_of(oid: Oid) -> Oid:
    return type_of(oid).array


def element_of(oid: Oid) -> Oid:
    """0 where it is no array."""
    row = type_of(oid)
    return row.element if row.category == "A" else Oid(0)


def _is_preferred(category: str, oid: Oid) -> bool:
    row = type_of(oid)
    return row.category == category and row.preferred


# Conversions


def path_of(source: Oid, target: Oid, context: Context) -> Path:
    """PostgreSQL: find_coercion_pathway() in parse_coerce.c"""
    if source == target:
        return Path.RELABEL
    entry = _casts().get((source, target))
    if entry is not None:
        return entry[1] if context >= entry[0] else Path.NONE
    one, other = type_of(source), type_of(target)
    elements = element_of(source), element_of(target)
    if target not in (oids.OIDVECTOR, oids.INT2VECTOR) and all(elements) and path_of(*elements, context) is not Path.NONE:
        return Path.ARRAY
    if context >= Context.ASSIGNMENT and other.category == "S":
        return Path.TEXT
    return Path.TEXT if context >= Context.EXPLICIT and one.category == "S" else Path.NONE


def can_coerce(sources: Sequence[Oid], targets: Sequence[Oid], context: Context = Context.IMPLICIT) -> bool:
    has_generics = False
    for source, target in zip(sources, targets, strict=True):
        if source == target or target == ANY or source == oids.UNKNOWN:
            has_generics = has_generics or target in _POLYMORPHIC
            continue
        if target in _POLYMORPHIC:
            has_generics = True
            continue
        if path_of(source, target, context) is Path.NONE:
            return False
    return not has_generics or _generics(sources, targets) is not None


class _Generics(NamedTuple):
    """What anyelement and anycompatible stand for; 0 where nothing tells."""

    element: Oid
    compatible: Oid


def _generics(sources: Sequence[Oid], targets: Sequence[Oid]) -> _Generics | None:
    """None: the arguments do not agree. PostgreSQL: check_generic_type_consistency() in parse_coerce.c"""
    elements: set[Oid] = set()
    compatible: list[Oid] = []
    for source, target in zip(sources, targets, strict=True):
        if target in _RANGES:
            return None
        if source == oids.UNKNOWN or target not in _POLYMORPHIC:
            continue
        own = source
        if target in (_ANYARRAY, _COMPATIBLE_ARRAY):
            own = element_of(source)
            if not own:
                return None
        if target in (_ANYNONARRAY, _COMPATIBLE_NONARRAY) and element_of(source):
            return None
        if target == _ANYENUM and type_of(source).category != ENUM:
            return None
        if target in _ELEMENTS or target == _ANYARRAY:
            elements.add(own)
        else:
            compatible.append(own)
    if len(elements) > 1:
        return None
    shared = common_type(compatible) if compatible else Oid(0)
    if shared is None or any(path_of(own, shared, Context.IMPLICIT) is Path.NONE for own in compatible):
        return None
    return _Generics(next(iter(elements), Oid(0)), shared)


def common_type(types: Sequence[Oid]) -> Oid | None:
    """PostgreSQL: select_common_type() in parse_coerce.c. None where the types are of several categories."""
    chosen = types[0]
    if chosen != oids.UNKNOWN and all(oid == chosen for oid in types):
        return chosen
    for oid in types[1:]:
        if oid in (oids.UNKNOWN, chosen):
            continue
        if chosen == oids.UNKNOWN:
            chosen = oid
        elif type_of(oid).category != type_of(chosen).category:
            return None
        elif not type_of(chosen).preferred and can_coerce([chosen], [oid]) and not can_coerce([oid], [chosen]):
            chosen = oid
    return oids.TEXT if chosen == oids.UNKNOWN else chosen


# Operators


def operator(name: str, left: Oid, right: Oid) -> tuple[Oid, Oid, Oid]:
    """The types that the operands take, and the result's. left 0: an operator before its operand.

    Raises Unsure. PostgreSQL: oper() in parse_oper.c
    """
    candidates = [row for row in _operators().get(name, ()) if bool(row[0]) == bool(left)]
    exact_left, exact_right = left, right
    if left and oids.UNKNOWN in (left, right):
        exact_left, exact_right = (right, right) if left == oids.UNKNOWN else (left, left)
    for row in candidates:
        if row[:2] == (exact_left, exact_right):
            return row
    given = (left, right) if left else (right,)
    rows: dict[tuple[Oid, ...], tuple[Oid, Oid, Oid]] = {row[:2] if left else row[1:2]: row for row in candidates}
    wanted = _select(given, [types for types in rows if can_coerce(given, types)])
    if wanted is None:
        raise Unsure(f"which operator {name} is meant")
    return _settled_operator(rows[wanted], given)


def _settled_operator(row: tuple[Oid, Oid, Oid], given: tuple[Oid, ...]) -> tuple[Oid, Oid, Oid]:
    if not _POLYMORPHIC & {*row}:
        return row
    wanted = row[:2] if row[0] else row[1:2]
    *types, result = _settled(given, wanted, row[2])
    return (types[0], types[1], result) if row[0] else (Oid(0), types[0], result)


def _settled(given: Sequence[Oid], wanted: Sequence[Oid], result: Oid) -> list[Oid]:
    """Types in the place of polymorphic ones. PostgreSQL: enforce_generic_type_consistency() in parse_coerce.c"""
    found = _generics(given, wanted)
    assert found is not None

    def real(oid: Oid, source: Oid | None) -> Oid:
        if oid not in _POLYMORPHIC:
            return oid
        base = found.element if oid in _ELEMENTS or oid == _ANYARRAY else found.compatible
        if not base:
            if oid in (_COMPATIBLE, _COMPATIBLE_NONARRAY, _COMPATIBLE_ARRAY):
                base = oids.TEXT
            else:
                raise Unsure("which type a polymorphic argument has")
        if oid not in (_ANYARRAY, _COMPATIBLE_ARRAY):
            return base
        if oid == _ANYARRAY and source not in (None, oids.UNKNOWN):
            return source
        return array_of(base)

    return [*(real(oid, source) for oid, source in zip(wanted, given, strict=True)), real(result, None)]


def _select(given: tuple[Oid, ...], candidates: list[tuple[Oid, ...]]) -> tuple[Oid, ...] | None:
    """The best of candidates that all take the given types. PostgreSQL: func_select_candidate() in parse_func.c"""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    known = [place for place, oid in enumerate(given) if oid != oids.UNKNOWN]
    candidates = _most(candidates, lambda types: sum(types[n] == given[n] for n in known))
    if len(candidates) > 1:
        categories = {n: type_of(given[n]).category for n in known}
        candidates = _most(
            candidates, lambda types: sum(types[n] == given[n] or _is_preferred(categories[n], types[n]) for n in known)
        )
    if len(candidates) == 1:
        return candidates[0]
    if len(known) == len(given):
        return None
    candidates = _by_category(candidates, [n for n, oid in enumerate(given) if oid == oids.UNKNOWN])
    if len(candidates) == 1:
        return candidates[0]
    types = {given[n] for n in known}
    if len(types) == 1:
        alike = (types.pop(),) * len(given)
        fitting = [candidate for candidate in candidates if can_coerce(alike, candidate)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _most(candidates: list[tuple[Oid, ...]], score: object) -> list[tuple[Oid, ...]]:
    scores = [score(types) for types in candidates]  # type: ignore[operator]
    return [types for types, value in zip(candidates, scores, strict=True) if value == max(scores)]


def _by_category(candidates: list[tuple[Oid, ...]], unknowns: list[int]) -> list[tuple[Oid, ...]]:
    """Those whose types at the unknown places are of the chosen category, if one can be chosen for each place."""
    chosen: dict[int, tuple[str, bool]] = {}
    for place in unknowns:
        rows = [type_of(types[place]) for types in candidates]
        categories = {row.category for row in rows}
        category = "S" if "S" in categories else rows[0].category
        if len(categories) > 1 and category != "S":
            return candidates
        chosen[place] = category, any(row.preferred for row in rows if row.category == category)

    def fits(types: tuple[Oid, ...]) -> bool:
        rows = ((type_of(types[place]), *chosen[place]) for place in unknowns)
        return all(row.category == category and (row.preferred or not preferred) for row, category, preferred in rows)

    return [types for types in candidates if fits(types)] or candidates


# Functions


def function(name: str, given: tuple[Oid, ...], kinds: str = "fwnoh", variadic: bool = False) -> Chosen:
    """Raises Unsure. variadic: the last argument is VARIADIC. PostgreSQL: func_get_detail() in parse_func.c"""
    rows: dict[tuple[Oid, ...], tuple[Function, int]] = {}
    for row in _functions().get(name, ()):
        if row.kind not in kinds:
            continue
        for types, merged in _shapes(row, len(given), variadic):
            if types not in rows or (rows[types][1] and not merged):
                rows[types] = row, merged
    wanted = given if given in rows else _select(given, [types for types in rows if can_coerce(given, types)])
    if wanted is None:
        raise Unsure(f"which function {name} is meant")
    found, merged = rows[wanted]
    is_open = _POLYMORPHIC & {*wanted, found.result}
    *settled, result = _settled(given, wanted, found.result) if is_open else (*wanted, found.result)
    return Chosen(found, tuple(settled), result, merged)


def _shapes(row: Function, count: int, variadic: bool) -> Iterator[tuple[tuple[Oid, ...], int]]:
    """The argument types with which it takes so many, and how many of them make an array."""
    size = len(row.arguments)
    if row.variadic and not variadic:
        if count >= size:
            yield row.arguments[:-1] + (row.variadic,) * (count - size + 1), 0 if row.variadic == ANY else count - size + 1
        return
    if variadic and not row.variadic:
        return
    if size - row.defaults <= count <= size:
        yield row.arguments[:count], 0
