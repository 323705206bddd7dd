"""Calls of functions in catalog queries: which function is meant, and the forms that take what no signature says.

PostgreSQL: typeconv-func
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris import sqlstate
from pgiris.catalog import computed, jsons, operators, sizes
from pgiris.catalog.arguments import Around, arguments_of
from pgiris.catalog.casts import NUMBERS, bound, text_items
from pgiris.catalog.functions import ANY, ANYARRAY, ANYELEMENT, ROW_FUNCTIONS, Function, Sort, functions
from pgiris.catalog.names import Scope
from pgiris.catalog.typed import (
    INTEGERS,
    NUMBERED,
    TEXTUAL,
    Field,
    Typed,
    array_of,
    element_of,
    is_array,
    of_one,
    quoted,
)
from pgiris.errors import PgError, not_supported
from pgiris.sql.coercion import INT4, TEXT, UNKNOWN, Kind
from pgiris.sql.functions import FUNCTIONS, choose
from pgiris.sql.infer import fold, unwrapped
from pgiris.sql.postgres import position_of
from pgiris.sql.session_functions import OF_SEQUENCES, SESSION_FUNCTIONS, SessionFunction
from pgiris.sql.words import BUILT_IN_FUNCTIONS
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.table import BY_PG_NAME, type_length, type_name

if TYPE_CHECKING:
    from pgiris.catalog.expressions import Expressions


def call(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    """Raises 42883 for a function that there is not."""
    name = fold(node.this)
    special = _SPECIALS.get(name)
    if special is not None:
        return special(compiler, node, scope)
    arguments, around = arguments_of(compiler, node, scope)
    if name in functions():
        found = _resolve(functions()[name], arguments)
        if found is not None and not _means_text(name, found, arguments):
            return _apply(compiler, found, arguments, around)
    if around.tail:
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f"{name} is not an aggregate function", position=position_of(node))
    if name in SESSION_FUNCTIONS:
        return _session_call(compiler, node, SESSION_FUNCTIONS[name], arguments)
    if name in BY_PG_NAME and len(arguments) == 1:
        kind = Kind(BY_PG_NAME[name].oid)
        return compiler.coerce(arguments[0], kind) if arguments[0].open else compiler.cast(arguments[0], kind, node)
    made = computed.call(compiler, name, arguments)
    if made is not None:
        return made
    raise undefined(name, arguments, position_of(node))


_QUANTIFIERS = frozenset(("all", "any", "some"))  # which the parser may give as calls


def is_known(name: str) -> bool:
    return name in functions() or name in _SPECIALS or name in _QUANTIFIERS


def undefined(name: str, arguments: Sequence[Typed], position: int | None) -> PgError:
    """0A000 for a function of PostgreSQL's, 42883 for any other."""
    from pgiris.catalog.expressions import undefined_function

    if name in BUILT_IN_FUNCTIONS and name not in functions() and name not in FUNCTIONS:
        return not_supported(f"function {name} is not supported in a catalog query")
    if name in ROW_FUNCTIONS:
        return not_supported(f"function {name} is not supported outside of FROM here")
    return undefined_function(name, arguments, position)


def _resolve(candidates: Sequence[Function], arguments: Sequence[Typed]) -> Function | None:
    """The candidate that takes the arguments with the fewest conversions."""
    best: tuple[int, Function] | None = None
    for candidate in candidates:
        if len(candidate.arguments) != len(arguments):
            continue
        costs = [_cost(argument, wanted) for argument, wanted in zip(arguments, candidate.arguments, strict=True)]
        if None in costs:
            continue
        cost = sum(cost for cost in costs if cost is not None)
        if best is None or cost < best[0]:
            best = cost, candidate
    return best[1] if best is not None else None


def _means_text(name: str, found: Function, arguments: Sequence[Typed]) -> bool:
    """Whether an untyped constant is text to another function of this name, one that is computed: substring(x, 'a.')."""
    places = [n for n, argument in enumerate(arguments) if argument.open and found.arguments[n] not in TEXTUAL]
    if not places:
        return False
    chosen = choose(FUNCTIONS.get(name, ()), [UNKNOWN if a.open else a.kind for a in arguments])
    return chosen is not None and any(chosen.arguments[place] in TEXTUAL for place in places)


def _cost(argument: Typed, wanted: Oid) -> int | None:
    """0: the very type; more for conversions; None: there is no implicit one."""
    if argument.open:
        return 1 if wanted in TEXTUAL else 2 if wanted != ANYARRAY else 3
    return _conversion(argument.oid, wanted)


def _conversion(own: Oid, wanted: Oid) -> int | None:
    if wanted in (ANY, ANYELEMENT):
        return 1
    if wanted == ANYARRAY:
        return 0 if is_array(own) else None
    if own == wanted:
        return 0
    if own in TEXTUAL and wanted in TEXTUAL:
        return 1
    if own in NUMBERED | INTEGERS and wanted in NUMBERED:
        return 1
    if own in NUMBERS and wanted in NUMBERS and _LADDER.index(own) <= _LADDER.index(wanted):
        return 1 + _LADDER.index(wanted) - _LADDER.index(own)
    if own in TEXTUAL and wanted == oids.REGCLASS:
        return 3  # text::regclass is implicit
    if is_array(own) and is_array(wanted):
        return _conversion(element_of(own), element_of(wanted))
    return None


_LADDER = [oids.INT2, oids.INT4, oids.INT8, oids.NUMERIC, oids.FLOAT4, oids.FLOAT8]


def _apply(compiler: Expressions, function: Function, arguments: Sequence[Typed], around: Around) -> Typed:
    element = _element(compiler, function, arguments)
    given = []
    for argument, wanted in zip(arguments, function.arguments, strict=True):
        if wanted == ANYARRAY:
            kind = argument.kind if not argument.open else Kind(array_of(element))
        elif wanted in (ANY, ANYELEMENT):
            kind = argument.kind if not argument.open else Kind(element if wanted == ANYELEMENT else oids.TEXT)
        else:
            kind = Kind(wanted)
        given.append(compiler.coerce(argument, kind))
    result = function.result
    if result == ANYELEMENT:
        result = element
    elif result == ANYARRAY:
        result = next((g.oid for g in given if is_array(g.oid)), array_of(element))
    fill: dict[str, str] = {"path": quoted(compiler.path), **around._asdict()}
    if "{user}" in function.body:
        fill["user"] = compiler.session("current_user", (), oids.NAME).sql
    if function.name == "pg_blocking_pids":
        compiler.live.add("pg_catalog.pg_locks")
    if sizes.PREFIX in function.body:
        compiler.live.add(sizes.SIZES)
    if "{temporary}" in function.body:
        fill["temporary"] = compiler.session("pg_my_temp_schema", (), oids.OID).sql
    body = function.body.format(*(g.sql for g in given), **fill)
    if function.sort is Sort.WINDOW and "OVER" not in around.tail:
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f"window function {function.name} requires an OVER clause")
    if function.sort not in (Sort.AGGREGATE, Sort.WINDOW) and any(around):
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f"DISTINCT specified, but {function.name} is not an aggregate function")
    if function.sort is Sort.ROWS:
        return Typed(f"unnest({body})", Kind(result), srf=True)
    return Typed(body, Kind(result), srf=any(g.srf for g in given))


def _element(compiler: Expressions, function: Function, arguments: Sequence[Typed]) -> Oid:
    """What anyelement stands for in this call."""
    for argument, wanted in zip(arguments, function.arguments, strict=True):
        if argument.open:
            continue
        if wanted == ANYARRAY:
            return element_of(argument.oid) or oids.TEXT
        if wanted == ANYELEMENT:
            return argument.oid
    return oids.TEXT


def _session_call(
    compiler: Expressions, node: exp.Anonymous, candidates: Sequence[SessionFunction], arguments: Sequence[Typed]
) -> Typed:
    found = next((c for c in candidates if len(c.arguments) == len(arguments)), None)
    if found is None:
        raise undefined(fold(node.this), arguments, position_of(node))
    if found.name in OF_SEQUENCES:
        raise not_supported(f"function {found.name} is not supported in a catalog query")
    constants: list[str | int | None] = []
    for item, oid, argument in zip(node.expressions, found.arguments, arguments, strict=True):
        inner = unwrapped(item)
        while isinstance(inner, exp.Cast):
            inner = unwrapped(inner.this)
        if isinstance(inner, exp.Literal):
            inner.meta["pin"] = True
            constants.append(inner.name)
        elif isinstance(inner, exp.Boolean):
            constants.append("true" if inner.this else "false")
        elif isinstance(inner, exp.Null):
            constants.append(None)
        elif isinstance(inner, exp.Parameter) and (argument.parameter or not argument.open):
            compiler.coerce(argument, Kind(oid))
            constants.append(int(inner.this.name) - 1)
        elif (fixed := _fixed_by_where(inner)) is not None:
            constants.append(fixed)
        elif found.name in _OF_COLUMNS:
            return _setting_call(compiler, found, arguments)
        elif found.name in _FOR_ROWS and len(arguments) == 1:
            return _row_call(compiler, node, found, arguments[0])
        else:
            raise not_supported(f"{found.name}() of a column is not supported in a catalog query")
    return compiler.session(found.name, tuple(constants), found.result)


CALLED = "pgf_called("  # what the front carries out for each row
SESSION = "pgx.session"  # the session's database, user and search_path
SHOWN_SETTINGS = "pgx.shown_settings"  # name and value of each setting, as SHOW tells them
_FOR_ROWS = frozenset(("pg_cancel_backend", "pg_terminate_backend"))
_OF_COLUMNS = frozenset(("current_setting", "set_config"))


def _fixed_by_where(node: exp.Expr) -> str | None:
    """The text that a column has in all rows of its query: ``WHERE name = 'jit'``."""
    query = node.find_ancestor(exp.Select)
    where = query.args.get("where") if query is not None and isinstance(node, exp.Column) else None
    if where is None:
        return None
    parts = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    for part in map(unwrapped, parts):
        if isinstance(part, exp.EQ) and part.this == node and isinstance(part.expression, exp.Literal):
            part.expression.meta["pin"] = True
            return part.expression.name
    return None


def _setting_call(compiler: Expressions, found: SessionFunction, arguments: Sequence[Typed]) -> Typed:
    """current_setting() of a column looks the value up; set_config() fails as soon as there is a row to do it for."""
    given = [compiler.coerce(argument, Kind(oid)).sql for argument, oid in zip(arguments, found.arguments, strict=True)]
    if found.name == "set_config":
        return Typed(f"pgf_set_config({given[0]}, {given[1]})", TEXT)
    compiler.live.add(SHOWN_SETTINGS)
    return Typed(f"(SELECT s.value FROM {SHOWN_SETTINGS} AS s WHERE s.name = lower({given[0]}))", TEXT)


def _row_call(compiler: Expressions, node: exp.Anonymous, found: SessionFunction, argument: Typed) -> Typed:
    """A call with an effect for each row of the result, and no others."""
    query = node.find_ancestor(exp.Query)
    listed = isinstance(query, exp.Select) and any(node in item.walk() for item in query.expressions)
    if query is None or query.parent is not None or not listed or any(query.args.get(part) for part in ("limit", "offset")):
        message = f"{found.name}() of a column is supported in the select list of a query without LIMIT only"
        raise not_supported(message)
    compiler.live.add("pg_catalog.pg_stat_activity")
    pid = compiler.coerce(argument, Kind(found.arguments[0])).sql
    return Typed(f"{CALLED}{quoted(found.name)}, {pid})", Kind(found.result))


# Forms of their own


def _coalesce(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    given = [compiler.typed(item, scope) for item in node.expressions]
    kind, values = compiler.unify(given, "COALESCE")
    return of_one(given, f"coalesce({', '.join(value.sql for value in values)})", kind)


def _extreme(word: str) -> Callable[[Expressions, exp.Anonymous, Scope], Typed]:
    def made(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
        kind, values = compiler.unify([compiler.typed(item, scope) for item in node.expressions], word.upper())
        return Typed(f"{word}({', '.join(value.sql for value in values)})", kind)

    return made


def _nullif(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    one, other = (compiler.typed(item, scope) for item in node.expressions)
    one, other = operators.matched(compiler, one, other, "=", node)
    kind = TEXT if one.oid == oids.VARCHAR else one.kind  # as the operator = takes it
    return Typed(f"nullif({one.sql}, {other.sql})", kind)


def _array_query(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    return compiler.array_of_query(node.expressions[0], scope)


def _array_agg(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    (value,), around = arguments_of(compiler, node, scope)
    value = compiler.coerce(value, TEXT) if value.open else compiler.as_text(value)
    return Typed(around.call("array_agg", value.sql), Kind(array_of(value.oid)))


def _bounds(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> tuple[Typed, int, str]:
    """The array, its lower bound, and a condition for its one dimension."""
    array, dimension = (compiler.typed(item, scope) for item in node.expressions[:2])
    if not is_array(array.oid):
        raise undefined(fold(node.this), [array, dimension], position_of(node))
    return array, array.first, f"{compiler.coerce(dimension, INT4).sql} = 1 AND len({array.sql}) > 0"


def _array_lower(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    _, first, condition = _bounds(compiler, node, scope)
    return Typed(f"(CASE WHEN {condition} THEN {first} END)", INT4)


def _array_upper(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    array, first, condition = _bounds(compiler, node, scope)
    return Typed(f"(CASE WHEN {condition} THEN (len({array.sql}) - {1 - first})::INTEGER END)", INT4)


def _array_dims(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    array = compiler.typed(node.expressions[0], scope)
    if not is_array(array.oid):
        raise undefined("array_dims", [array], position_of(node))
    last = f"len({array.sql}) - {1 - array.first}"
    return Typed(f"(CASE WHEN len({array.sql}) > 0 THEN '[{array.first}:' || ({last}) || ']' END)", TEXT)


def _generate_subscripts(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    array, first, condition = _bounds(compiler, node, scope)
    last = f"len({array.sql}) - {1 - first}"
    numbers = f"generate_series({first}, {last})::INTEGER[]"
    if len(node.expressions) == 3:
        numbers = f"list_reverse({numbers})"
    return Typed(f"unnest(CASE WHEN {condition} THEN {numbers} END)", INT4, srf=True)


def _expand_array(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    """information_schema._pg_expandarray(anyarray): (x, n) for each element."""
    array = compiler.typed(node.expressions[0], scope)
    items = Typed(f"unnest({array.sql})", Kind(element_of(array.oid)), srf=True)
    numbers = Typed(f"unnest(generate_series(1, len({array.sql}))::INTEGER[])", INT4, srf=True)
    sql = f"unnest(list_zip({array.sql}, generate_series(1, len({array.sql}))))"
    return Typed(sql, Kind(oids.RECORD), fields=(Field("x", items), Field("n", numbers)), srf=True)


def _composite(
    compiler: Expressions,
    node: exp.Anonymous,
    scope: Scope,
    wanted: Sequence[Oid],
    list_of: str,
    columns: Sequence[tuple[str, Oid]],
) -> Typed:
    """A function with several columns. list_of: the Python function that gives their texts."""
    arguments = [compiler.typed(item, scope) for item in node.expressions]
    if len(arguments) != len(wanted):
        raise undefined(fold(node.this), arguments, position_of(node))
    given = ", ".join(compiler.coerce(argument, Kind(oid)).sql for argument, oid in zip(arguments, wanted, strict=True))
    cells = f"{list_of}({given})"
    fields = tuple(
        Field(name, Typed(bound(f"{cells}[{place}]", oid, compiler.path), Kind(oid)))
        for place, (name, oid) in enumerate(columns, 1)
    )
    return Typed(f"ROW({', '.join(field.value.sql for field in fields)})", Kind(oids.RECORD), fields=fields)


def _identify_object(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    columns = [(name, oids.TEXT) for name in ("type", "schema", "name", "identity")]
    return _composite(compiler, node, scope, _ADDRESS, "pgf_identify", columns)


def _object_address(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    columns = [("type", oids.TEXT), ("object_names", oids.TEXT_ARRAY), ("object_args", oids.TEXT_ARRAY)]
    return _composite(compiler, node, scope, _ADDRESS, "pgf_identify_as_address", columns)


_ADDRESS = (oids.OID, oids.OID, oids.INT4)


def _acl_explode(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    """aclexplode(aclitem[]): a row for each privilege."""
    array = compiler.coerce(compiler.typed(node.expressions[0], scope), Kind(oids.ACLITEM_ARRAY))
    items = f"pgf_aclexplode({array.sql})"
    columns = (
        ("grantor", "string_split(e, '|')[1]::UINTEGER", oids.OID),
        ("grantee", "string_split(e, '|')[2]::UINTEGER", oids.OID),
        ("privilege_type", "string_split(e, '|')[3]", oids.TEXT),
        ("is_grantable", "string_split(e, '|')[4] = 't'", oids.BOOL),
    )
    fields = tuple(
        Field(name, Typed(f"unnest(list_transform({items}, lambda e: {cell}))", Kind(oid), srf=True))
        for name, cell, oid in columns
    )
    whole = f"ROW({', '.join(cell for _, cell, _ in columns)})"
    return Typed(f"unnest(list_transform({items}, lambda e: {whole}))", Kind(oids.RECORD), fields=fields, srf=True)


def _declared_type(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    """information_schema's _pg_truetypid and _pg_truetypmod: of a column, of its domain's base type where it has one."""
    rows = [compiler.typed(item, scope) for item in node.expressions]
    found = {field.name: field.value for row in rows for field in row.fields or ()}
    words = ("atttypid", "typbasetype", "oid") if fold(node.this) == "_pg_truetypid" else ("atttypmod", "typtypmod", "int4")
    own, base, kind = words
    if own not in found or base not in found:
        raise undefined(fold(node.this), rows, position_of(node))
    sql = f"(CASE WHEN {found['typtype'].sql} = 'd' THEN {found[base].sql} ELSE {found[own].sql} END)"
    return Typed(sql, Kind(BY_PG_NAME[kind].oid))


def _regexp_matches(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    texts = [compiler.coerce(compiler.typed(item, scope), TEXT).sql for item in node.expressions]
    if len(texts) == 2:
        texts.append("''")
    found = f"list_transform(pgf_regexp_matches({', '.join(texts)}), lambda e: pgf_array_in(e))"
    return Typed(f"unnest({found})", Kind(oids.TEXT_ARRAY), srf=True)


def _array_position(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    array, item, *more = (compiler.typed(part, scope) for part in node.expressions)
    if not is_array(array.oid) or len(more) > 1:
        raise undefined("array_position", [array, item, *more], position_of(node))
    wanted = compiler.coerce(item, Kind(element_of(array.oid))).sql
    if not more:
        return Typed(f"(list_position({array.sql}, {wanted}) - {1 - array.first})::INTEGER", INT4)
    start = f"greatest({compiler.coerce(more[0], INT4).sql} + {1 - array.first}, 1)"  # from 1
    return Typed(f"(list_position(({array.sql})[{start}:], {wanted}) + {start} - {2 - array.first})::INTEGER", INT4)


def _array_to_string(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    array, *words = (compiler.typed(item, scope) for item in node.expressions)
    if array.open:
        array = compiler.coerce(array, Kind(oids.TEXT_ARRAY))
    if not is_array(array.oid) or not 1 <= len(words) <= 2:
        raise undefined("array_to_string", [array, *words], position_of(node))
    texts = [compiler.coerce(word, TEXT).sql for word in words]
    items = f"({text_items(array.sql, array.oid, compiler.path)})"
    if len(texts) == 2:
        items = f"list_transform({items}, lambda e: coalesce(e, {texts[1]}))"
    return Typed(f"array_to_string({items}::VARCHAR[], {texts[0]})", TEXT, srf=array.srf)


def _texts(compiler: Expressions, items: Sequence[exp.Expr], scope: Scope) -> list[str]:
    values = [compiler.value(item, scope) for item in items]
    return [compiler.text_of(value) for value in values]


def _concat(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    return Typed(f"concat({', '.join(_texts(compiler, node.expressions, scope))})", TEXT)


def _concat_ws(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    return Typed(f"concat_ws({', '.join(_texts(compiler, node.expressions, scope))})", TEXT)


def _format(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    first, *others = _texts(compiler, node.expressions, scope)
    return Typed(f"pgf_format({first}, [{', '.join(others)}]::VARCHAR[])", TEXT)


def _counted_nulls(test: str) -> Callable[[Expressions, exp.Anonymous, Scope], Typed]:
    def made(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
        parts = [f"({compiler.value(item, scope).sql} {test})::INTEGER" for item in node.expressions]
        return Typed(f"({' + '.join(parts)})", INT4)

    return made


def _row(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    from pgiris.catalog.expressions import row_of

    values: list[Typed] = []
    for item in node.expressions:
        made = compiler.typed(item, scope)
        is_star = isinstance(item, exp.Column) and isinstance(item.this, exp.Star)
        values += [field.value for field in made.fields] if is_star and made.fields is not None else [made]
    return row_of(values)


def _type_of(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    value = compiler.typed(node.expressions[0], scope)
    number = f"{value.oid}::UINTEGER"
    seen = number if value.open else f"(CASE WHEN {value.sql} IS NULL THEN {number} ELSE {number} END)"  # it may be an aggregate
    return Typed(seen, Kind(oids.REGTYPE))


def _column_size(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    """Of types of one length; what others take in PostgreSQL's pages is nobody's business here."""
    value = compiler.value(node.expressions[0], scope)
    length = type_length(value.oid)
    if length < 0:
        raise not_supported(f"pg_column_size() of {type_name(value.oid)} is not supported")
    return Typed(f"(CASE WHEN {value.sql} IS NOT NULL THEN {length} END)", INT4)


def _quote(template: str) -> Callable[[Expressions, exp.Anonymous, Scope], Typed]:
    """A function of any type, which it takes as text."""

    def made(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
        values = [compiler.value(item, scope) for item in node.expressions]
        if len(values) != 1:
            raise undefined(fold(node.this), values, position_of(node))
        return Typed(template.format(compiler.text_of(values[0])), TEXT, srf=values[0].srf)

    return made


def _regexp_replace(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    texts = [compiler.coerce(compiler.typed(item, scope), TEXT).sql for item in node.expressions]
    texts[1] = f"pgf_regex({texts[1]})"
    return Typed(f"regexp_replace({', '.join(texts)})", TEXT)


def _regexp_match(compiler: Expressions, node: exp.Anonymous, scope: Scope) -> Typed:
    texts = [compiler.coerce(compiler.typed(item, scope), TEXT).sql for item in node.expressions]
    return Typed(f"pgf_regexp_match({texts[0]}, {texts[1]})", Kind(oids.TEXT_ARRAY))


_SPECIALS: dict[str, Callable[[Expressions, exp.Anonymous, Scope], Typed]] = {
    "aclexplode": _acl_explode,
    "array": _array_query,
    "array_agg": _array_agg,
    "array_dims": _array_dims,
    "array_lower": _array_lower,
    "array_position": _array_position,
    "array_to_json": jsons.to_json,
    "array_to_string": _array_to_string,
    "array_upper": _array_upper,
    "coalesce": _coalesce,
    "concat": _concat,
    "concat_ws": _concat_ws,
    "format": _format,
    "generate_subscripts": _generate_subscripts,
    "greatest": _extreme("greatest"),
    "json_agg": jsons.json_agg,
    "json_build_array": jsons.json_build_array,
    "json_build_object": jsons.json_build_object,
    "json_object_agg": jsons.json_object_agg,
    "jsonb_agg": jsons.json_agg,
    "jsonb_build_array": jsons.json_build_array,
    "jsonb_build_object": jsons.json_build_object,
    "jsonb_object_agg": jsons.json_object_agg,
    "least": _extreme("least"),
    "nullif": _nullif,
    "num_nonnulls": _counted_nulls("IS NOT NULL"),
    "num_nulls": _counted_nulls("IS NULL"),
    "pg_column_size": _column_size,
    "pg_identify_object": _identify_object,
    "pg_identify_object_as_address": _object_address,
    "pg_typeof": _type_of,
    "quote_literal": _quote("pgf_quote_literal_1({})"),
    "quote_nullable": _quote("coalesce(pgf_quote_literal_1({}), 'NULL')"),
    "regexp_match": _regexp_match,
    "regexp_matches": _regexp_matches,
    "regexp_replace": _regexp_replace,
    "row": _row,
    "row_to_json": jsons.to_json,
    "to_json": jsons.to_json,
    "to_jsonb": jsons.to_json,
    "_pg_expandarray": _expand_array,
    "_pg_truetypid": _declared_type,
    "_pg_truetypmod": _declared_type,
}
