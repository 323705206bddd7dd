"""Calls: functions, aggregates and windows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pgiris import sqlstate
from pgiris.compute.registry import ANYARRAY
from pgiris.errors import PgError, not_supported
from pgiris.sql import functions
from pgiris.sql.coercion import ANY, BOOL, FLOAT8, INT8, NUMBERS, STRINGS, TEXT, Kind, category, common, implicit
from pgiris.sql.extensions import MISSING_FUNCTIONS, OWN_FUNCTIONS
from pgiris.sql.functions import FUNCTIONS, Sort
from pgiris.sql.infer.analysis import CONSTRUCTS, fold, kind_of, set_kind, unwrapped
from pgiris.sql.infer.comparability import check_distinguishable, check_sortable
from pgiris.sql.infer.core import Core, as_vector, unsupported
from pgiris.sql.infer.scales import static_scale
from pgiris.sql.overloads import FunctionCall
from pgiris.sql.postgres import Unparsable, position_of
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import Scope
from pgiris.sql.session_functions import SESSION_FUNCTIONS, SessionFunction
from pgiris.sql.trees import all_of, copied
from pgiris.sql.words import BUILT_IN_FUNCTIONS
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum
from pgiris.types.table import TYPES, registered_name, type_name
from pgiris.types.vector import VECTORS

NULL_OF = "pgiris_null_of"  # of plainer forms: a NULL of its argument's type
_IRIS_AGGREGATES = frozenset(("list", "approx_count_distinct"))


class Calls(Core):
    def _call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        if "function" in node.meta:
            return self._function_call(node, scope)
        name = fold(node.this)
        arguments = node.expressions
        if name == "row":
            return self._row(node, scope)
        if name == "pg_typeof":
            return self._type_of(node, scope)
        if name == NULL_OF:
            return self._null_of(node, scope)
        if name in SESSION_FUNCTIONS:
            for argument in arguments:
                self.expression(argument, scope)
            return self.session_call(node, SESSION_FUNCTIONS[name], arguments)
        candidates = FUNCTIONS.get(name)
        if name in _IRIS_AGGREGATES:
            raise Unparsable(f"{name} is an aggregate of IRIS")
        if candidates is None:
            return self._foreign_function(node, name, scope)
        if candidates[0].sort is Sort.AGGREGATE:
            return self._aggregate(node, name, candidates, scope)
        if name in BUILT_IN_FUNCTIONS:
            _check_plain(node, name, candidates[0].sort)
        if candidates[0].sort is Sort.ROWS:
            raise not_supported(f"function {name} is not supported here", "It may stand in FROM.")
        arguments = self._arguments(node, name)
        for argument in arguments:
            self.expression(argument, scope)
        if name == "age" and len(arguments) == 1:
            arguments = self._age_of_today(node, scope)
        return self._resolved(node, name, candidates, arguments)

    def _function_call(self, node: exp.Anonymous, scope: Scope) -> Kind:
        """A function in SQL, whose call is not written out yet (functioncalls.py)."""
        call: FunctionCall = node.meta["function"]
        given = [argument for argument in node.expressions if not isinstance(argument, exp.Star)]
        arguments = [a.expression if isinstance(a, exp.Kwarg | exp.PropertyEQ) else a for a in given]
        for argument in arguments:
            self.expression(argument, scope)
        node.set("expressions", arguments)
        kinds = [kind_of(argument) for argument in arguments]
        try:
            function = call.choose(kinds)
        except PgError as error:
            error.position = position_of(node)
            raise
        assert call.chosen is not None
        for argument, oid in zip(arguments, call.chosen.wanted(len(arguments)), strict=True):
            if kind_of(argument).oid == oids.UNKNOWN:
                self.coerce(argument, Kind(oid))
        node.meta["foreign"] = True
        return Kind(Oid(function.result))

    def _row(self, node: exp.Anonymous, scope: Scope) -> Kind:
        """A row of values: of ROW(...), or a whole row of FROM, whose columns' names are known already."""
        if any(isinstance(argument, exp.Column) and isinstance(argument.this, exp.Star) for argument in node.expressions):
            node.set("expressions", self.expanded(node.expressions, scope))
        for argument in node.expressions:
            if "source" not in argument.meta:
                self.expression(argument, scope)
                self.settle(argument)
        node.meta.setdefault("names", [f"f{place}" for place in range(1, len(node.expressions) + 1)])
        self.analysis.needs_computing = True
        return Kind(oids.RECORD)

    def _type_of(self, node: exp.Anonymous, scope: Scope) -> Kind:
        """pg_typeof(x): the name of a type, which is known beforehand. What x says about groups and aggregates counts."""
        for each in list(node.expressions):
            self.expression(each, scope)
        if len(node.expressions) != 1:
            raise self._no_function(node, "pg_typeof", node.expressions)
        (argument,) = node.expressions
        own = kind_of(argument)
        if own.oid not in TYPES or is_enum(own.oid) or own.oid == oids.RECORD:
            raise not_supported("pg_typeof() of this value is not supported")
        if isinstance(unwrapped(argument), exp.Parameter) and own.oid == oids.UNKNOWN:
            raise not_supported("pg_typeof() of a parameter without a type is not supported")
        made: exp.Expr = exp.Literal.string(registered_name(own.oid))
        set_kind(made, TEXT)
        if not isinstance(unwrapped(argument), exp.Literal | exp.Null | exp.Boolean | exp.Parameter):
            test = exp.Is(this=argument, expression=exp.Null())
            set_kind(test, BOOL)
            made = exp.Case(ifs=[exp.If(this=test, true=made)], default=copied(made))
        made.meta.update(node.meta)
        made.meta["shown"] = "pg_typeof"
        node.replace(made)
        node.meta["became"] = made
        return set_kind(made, Kind(oids.REGTYPE))

    def _null_of(self, node: exp.Anonymous, scope: Scope) -> Kind:
        (value,) = node.expressions
        computing = self.analysis.needs_computing
        self._aggregates.append([])
        self.expression(value, scope)
        self.settle(node.expressions[0])
        self._aggregates.pop()
        self.analysis.needs_computing = computing
        kind = kind_of(node.expressions[0])
        made = exp.Cast(this=exp.Null(), to=exp.DataType.build(type_name(kind.oid), dialect="postgres"))
        set_kind(made.this, TEXT)
        made.meta["target"] = Kind(kind.oid)
        node.replace(made)
        node.meta["became"] = made
        return set_kind(made, Kind(kind.oid))

    def _age_of_today(self, node: exp.Anonymous, scope: Scope) -> list[exp.Expr]:
        """age(x) counts up to the midnight at which today began."""
        stamp = exp.DType.TIMESTAMP if kind_of(node.expressions[0]).oid == oids.TIMESTAMP else exp.DType.TIMESTAMPTZ
        today = exp.Cast(this=exp.Anonymous(this="current_date"), to=exp.DataType(this=stamp))
        node.set("expressions", [today, node.expressions[0]])
        self.expression(today, scope)
        return list(node.expressions)

    def _arguments(self, node: exp.Anonymous, name: str) -> list[exp.Expr]:
        is_named = any(isinstance(argument, exp.Kwarg) for argument in node.expressions)
        return self._named_arguments(node, name) if is_named else list(node.expressions)

    def _named_arguments(self, node: exp.Anonymous, name: str) -> list[exp.Expr]:
        """make_interval(days => 3): by place, as far as the last one that is named. The others take their defaults."""
        defaults = NAMED_ARGUMENTS.get(name)
        if defaults is None:
            raise not_supported(f"named arguments of function {name} are not supported")
        names = list(defaults)
        given: dict[str, exp.Expr] = {}
        for place, argument in enumerate(node.expressions):
            is_named = isinstance(argument, exp.Kwarg)
            word = fold(argument.this.name) if is_named else names[place] if place < len(names) else ""
            if word not in defaults or word in given:
                raise self._no_function(node, name, [])
            given[word] = argument.expression if is_named else argument
        last = max(map(names.index, given))
        arguments = []
        for word in names[: last + 1]:
            default = defaults[word]
            if word not in given and default is None:
                raise self._no_function(node, name, [])
            arguments.append(given[word] if word in given else exp.convert(default))
        node.set("expressions", arguments)
        return arguments

    def session_call(self, node: exp.Anonymous, candidates: Sequence[SessionFunction], arguments: Sequence[exp.Expr]) -> Kind:
        for candidate in candidates:
            if len(candidate.arguments) == len(arguments) and all(
                implicit(kind_of(argument).oid, oid) for argument, oid in zip(arguments, candidate.arguments, strict=True)
            ):
                for argument, oid in zip(arguments, candidate.arguments, strict=True):
                    if kind_of(argument).oid == oids.UNKNOWN:
                        self.coerce(argument, Kind(oid))
                node.meta["session"] = candidate
                self.analysis.calls_session = True
                return Kind(candidate.result)
        raise self._no_function(node, candidates[0].name, arguments)

    def _foreign_function(self, node: exp.Anonymous, name: str, scope: Scope) -> Kind:
        """Not PostgreSQL's: perhaps a function that somebody defined in IRIS."""
        if name in BUILT_IN_FUNCTIONS or name in MISSING_FUNCTIONS:
            raise not_supported(f"function {name} is not supported")
        for argument in node.expressions:
            if isinstance(argument, exp.Star):
                raise unsupported(node)
            self.expression(argument, scope)
            self.settle(argument)
        node.meta["foreign"] = True
        return ANY

    def _aggregate(self, node: exp.Anonymous, name: str, candidates: Sequence[functions.Function], scope: Scope) -> Kind:
        arguments = node.expressions
        if len(arguments) == 1 and isinstance(arguments[0], exp.Star):
            node.set("expressions", [])
            arguments = []
            if name != "count":
                raise PgError(sqlstate.WRONG_OBJECT_TYPE, f"{name}(*) must be used to call a parameterless aggregate function")
        elif not arguments and name == "count":
            message = "count(*) must be used to call a parameterless aggregate function"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
        if is_windowed(node) and arguments and isinstance(arguments[0], exp.Distinct):
            raise not_supported("DISTINCT is not implemented for window functions")
        node.meta["aggregate_call"] = True
        if not is_windowed(node):
            self._aggregates.append([])
        plain: list[exp.Expr] = []
        sorted_by: list[exp.Expr] = []
        for argument in arguments:
            inner = argument
            if isinstance(inner, exp.Order):
                for ordered in inner.expressions:
                    self.expression(ordered.this, scope)
                sorted_by = [ordered.this for ordered in inner.expressions]
                inner = inner.this
            if isinstance(inner, exp.Distinct):
                if not inner.expressions:
                    raise Unparsable("DISTINCT of nothing")
                for part in inner.expressions:
                    if isinstance(part, exp.Tuple) and name == "count":
                        made = exp.Anonymous(this="row", expressions=part.expressions)
                        part.replace(made)
                        part = made
                    self.expression(part, scope)
                    plain.append(part)
                set_kind(inner, kind_of(inner.expressions[0]))
                continue
            self.expression(inner, scope)
            plain.append(inner)
        if not is_windowed(node):
            self._aggregates.pop()
        for key in sorted_by:
            check_sortable(key)
        self._check_place(node)
        if any(part.find_ancestor(exp.Anonymous) is node for part in all_of(node, exp.Distinct)):
            _check_distinct(sorted_by, plain)
            for argument in plain:
                check_distinguishable(kind_of(argument), argument)
        kind = self._resolved(node, name, candidates, plain)
        if not is_windowed(node):
            node.meta["aggregate"] = True
            if self._aggregates:
                self._aggregates[-1].append(node)
        return kind

    def _within_group(self, node: exp.WithinGroup, scope: Scope) -> Kind:
        call, order = node.this, node.expression
        name = fold(call.this) if isinstance(call, exp.Anonymous) else ""
        if name not in functions.ORDERED_SETS or len(order.expressions) != 1:
            raise not_supported(f"aggregate {name or call.key} WITHIN GROUP is not supported")
        call.meta["aggregate_call"] = True
        several = False
        for argument in call.expressions:
            own = self.expression(argument, scope)
            several = category(own.oid) == "A"
            if several and own.oid != oids.FLOAT8_ARRAY:
                argument.replace(exp.Cast(this=copied(argument), to=exp.DataType.build("float8[]", dialect="postgres")))
                self.expression(call.expressions[0], scope)
            elif not several and self.to_type(argument, FLOAT8) is None:
                raise self._no_function(call, name, call.expressions)
            elif not several and own.oid not in (oids.UNKNOWN, oids.FLOAT8):
                argument.replace(exp.Cast(this=copied(argument), to=exp.DataType.build("float8", dialect="postgres")))
                self.expression(call.expressions[0], scope)
        if len(call.expressions) != (0 if name == "mode" else 1):
            raise self._no_function(call, name, call.expressions)
        self._aggregates.append([])
        own = self.expression(order.expressions[0].this, scope)
        self.settle(order.expressions[0].this)
        self._aggregates.pop()
        self._check_place(call)
        kind = Kind(kind_of(order.expressions[0].this).oid)
        if name == "percentile_cont" and own.oid != oids.INTERVAL:
            if not implicit(own.oid, oids.FLOAT8):
                raise self._no_function(call, name, call.expressions)
            kind = FLOAT8
        if several:
            kind = Kind(TYPES[kind.oid].array)
        set_kind(call, kind)
        node.meta["aggregate"] = True
        if self._aggregates:
            self._aggregates[-1].append(node)
        return kind

    def _check_place(self, node: exp.Anonymous) -> None:
        """42803 where no aggregate may stand. One whose columns are all of a query around this one is an aggregate of that."""
        own = node.parent if isinstance(node.parent, exp.WithinGroup) else node
        columns = [column for column in all_of(own, exp.Column) if "source" in column.meta]
        outer = bool(columns) and all(column.meta.get("outer") for column in columns)
        inside: exp.Expr = own
        parent = own.parent
        while parent is not None:
            if isinstance(parent, exp.Query):
                if not outer:
                    return
                if isinstance(parent.parent, exp.From | exp.Join | exp.Lateral) or parent.find_ancestor(exp.Lateral) is not None:
                    message = "aggregate functions are not allowed in FROM clause of their own query level"
                    raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
                raise not_supported("aggregates of columns of a query around the one that they stand in are not supported")
            message = _NO_AGGREGATES.get(type(parent), "")
            if isinstance(parent, exp.Where) and isinstance(parent.parent, exp.Filter):
                message = "FILTER" if inside is parent.this and not outer else ""
            elif isinstance(parent, exp.Join) and inside is not parent.args.get("on"):
                message = ""
            if message and not outer:
                message = f"aggregate functions are not allowed in {message}"
                raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
            if parent.meta.get("aggregate_call") and not is_windowed(parent) and not outer:
                message = "aggregate function calls cannot be nested"
                raise PgError(sqlstate.GROUPING_ERROR, message, position=position_of(node))
            inside, parent = parent, parent.parent

    def _resolved(
        self,
        node: exp.Anonymous,
        name: str,
        candidates: Sequence[functions.Function],
        arguments: Sequence[exp.Expr],
    ) -> Kind:
        kinds = [kind_of(argument) for argument in arguments]
        call = functions.choose(candidates, kinds)
        if call is None:
            raise self._ambiguous(node, name, arguments, candidates) or self._no_function(node, name, arguments)
        node.meta["call"] = call
        if call.function.template in (functions.COMPUTED, functions.GATHERED, functions.OF_ROWS):
            self.analysis.needs_computing = True
        element = ANY
        same = [a for a, oid in zip(arguments, call.arguments, strict=True) if functions.is_polymorphic(oid)]
        arrays = [a for a, oid in zip(arguments, call.arguments, strict=True) if oid == ANYARRAY]
        if arrays:
            element = node.meta["element"] = self._element(name, arrays, same, node)
        elif same:
            if oids.ANYENUM in call.arguments and len({kind.oid for kind in kinds} - {oids.UNKNOWN}) != 1:
                raise self._no_function(node, name, arguments)
            element = self._nullif(node, arguments) if name == "nullif" else self.unify(same, name.upper())
            if name in ("lag", "lead") and len(same) > 1:
                self._as_default(same[0], same[1], element)
        for argument, oid in zip(arguments, call.arguments, strict=True):
            if kind_of(argument).oid == oids.UNKNOWN and not (
                functions.is_any(oid) and isinstance(unwrapped(argument), exp.Parameter)
            ):
                self.coerce(argument, TEXT if functions.is_any(oid) else Kind(oid))
            as_vector(argument, oid)
        result = call.function.result
        if result == ANYARRAY:  # of arrays: an array of one dimension more
            return Kind(element.oid if TYPES[element.oid].is_array else TYPES[element.oid].array)
        if not functions.is_polymorphic(result):
            return Kind(result)
        return element if name in CONSTRUCTS else Kind(element.oid)

    def _as_default(self, value: exp.Expr, default: exp.Expr, kind: Kind) -> None:
        """The value that lag() and lead() look for has the type of their default as well, since IRIS may know one type only."""
        if kind_of(value).oid in (0, kind.oid):
            return
        cast = exp.Cast(this=copied(value), to=exp.DataType.build(type_name(kind.oid), dialect="postgres"))
        cast.meta["target"] = kind
        cast.meta["decimals"] = static_scale(default) if kind.oid == oids.NUMERIC else None
        set_kind(cast, kind)
        value.replace(cast)

    def _element(self, name: str, arrays: Sequence[exp.Expr], same: Sequence[exp.Expr], node: exp.Expr) -> Kind:
        """The element type on which arguments of type anyarray and anyelement agree; the unknown ones take it."""
        known = [kind for a in arrays if (kind := kind_of(a)).oid != oids.UNKNOWN]
        if any(not kind.oid for kind in known):
            raise not_supported(f"function {name} of these arguments is not supported")
        elements = [Kind(TYPES[kind.oid].element) for kind in known] + [kind_of(a) for a in same]
        if all(kind.oid == oids.UNKNOWN for kind in elements):
            message = "could not determine polymorphic type because input has type unknown"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(node))
        element = Kind(common(elements, name.upper(), position_of(node)).oid)
        row = TYPES.get(element.oid)
        if row is None or not row.array:
            raise not_supported(f"arrays of type {type_name(element.oid)} are not supported")
        for arguments, kind in ((arrays, Kind(row.array)), (same, element)):
            for argument in arguments:
                if kind_of(argument).oid == oids.UNKNOWN:
                    self.coerce(argument, kind)
        return element

    def _nullif(self, node: exp.Anonymous, arguments: Sequence[exp.Expr]) -> Kind:
        """The type that the operator = takes the first argument as, which has no varchar."""
        one, other = arguments
        self.operator(node, "=", one, other, kind_of(one), kind_of(other))
        return TEXT if kind_of(one).oid == oids.VARCHAR else Kind(kind_of(one).oid, kind_of(one).typmod)

    def _ambiguous(
        self, node: exp.Expr, name: str, arguments: Sequence[exp.Expr], candidates: Sequence[functions.Function]
    ) -> PgError | None:
        kinds = [kind_of(argument) for argument in arguments]
        if any(not kind.oid for kind in kinds) or len(functions.fitting_of(candidates, kinds)) < 2:
            return None
        message = f"function {name}({', '.join(type_name(kind.oid) for kind in kinds)}) is not unique"
        hint = "Could not choose a best candidate function. You might need to add explicit type casts."
        return PgError(sqlstate.AMBIGUOUS_FUNCTION, message, hint=hint, position=position_of(node))

    def _no_function(self, node: exp.Expr, name: str, arguments: Sequence[exp.Expr]) -> PgError:
        if any(not kind_of(argument).oid for argument in arguments):
            return not_supported(f"function {name} of these arguments is not supported")
        shown = ", ".join(type_name(kind_of(argument).oid) for argument in arguments)
        hint = "No function matches the given name and argument types. You might need to add explicit type casts."
        if (
            name in FUNCTIONS
            and name in BUILT_IN_FUNCTIONS
            and any(not _is_usual(kind_of(argument).oid) for argument in arguments)
        ):
            return not_supported(f"function {name}({shown}) is not supported")
        return PgError(
            sqlstate.UNDEFINED_FUNCTION, f"function {name}({shown}) does not exist", hint=hint, position=position_of(node)
        )

    def _filter(self, node: exp.Filter, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        self.condition(node.expression.this, scope, "FILTER")
        called = node.this.this if isinstance(node.this, exp.WithinGroup) else node.this
        if not called.meta.get("aggregate_call"):
            if isinstance(node.parent, exp.Window):
                raise not_supported("FILTER is not implemented for non-aggregate window functions")
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, "FILTER specified, but the function is not an aggregate function")
        return kind

    def _window(self, node: exp.Window, scope: Scope) -> Kind:
        kind = self.expression(node.this, scope)
        _check_windowed(node)
        if node.args.get("alias") or not isinstance(node.this, exp.Anonymous | exp.Filter):
            raise not_supported("this use of OVER is not supported")
        for key in node.args.get("partition_by") or ():
            self.expression(key, scope)
            self.settle(key)
            check_distinguishable(kind_of(key), key)
        order = node.args.get("order")
        for ordered in order.expressions if order is not None else ():
            self.expression(ordered.this, scope)
            self.settle(ordered.this)
            check_sortable(ordered.this)
        spec = node.args.get("spec")
        if spec is not None:
            for side in ("start", "end"):
                value = spec.args.get(side)
                if isinstance(value, exp.Expr) and not isinstance(value, exp.Var):
                    self.expression(value, scope)
                    self._check_distance(value, str(spec.args.get("kind") or "").upper())
        return kind

    def _check_distance(self, value: exp.Expr, kind: str) -> None:
        """Of frames by ROWS: how many rows away their bounds are."""
        if kind == "ROWS" and self.to_type(value, INT8, assignment=True) is None:
            message = f"argument of ROWS must be type bigint, not type {type_name(kind_of(value).oid)}"
            raise PgError(sqlstate.DATATYPE_MISMATCH, message, position=position_of(value))

    def _dot(self, node: exp.Dot, scope: Scope) -> Kind:
        """``pg_catalog.f(x)``, and functions of a schema."""
        if "function" in node.expression.meta:
            node.replace(node.expression)
            return self.expression(node.expression, scope)
        call, schema = node.expression, fold(node.this.this if isinstance(node.this, exp.Column) else node.this)
        if isinstance(call, exp.Anonymous) and (schema == "pg_catalog" or fold(call.this) in OWN_FUNCTIONS):
            node.replace(call)
            return self.expression(call, scope)
        if isinstance(call, exp.Anonymous):
            for argument in call.expressions:
                self.expression(argument, scope)
                self.settle(argument)
            node.set("this", exp.to_identifier(iris_schema(schema)))
            set_kind(call, ANY)
            return ANY
        raise unsupported(node)


def _is_usual(oid: Oid) -> bool:
    """Of a type all of whose functions are known here."""
    return oid in (oids.UNKNOWN, *NUMBERS, *STRINGS, *VECTORS) or is_enum(oid)


def _check_plain(node: exp.Anonymous, name: str, sort: Sort) -> None:
    """What stands in the parentheses of aggregates only, and OVER. Raises 42809."""
    if sort is Sort.WINDOW and not is_windowed(node):
        message = f"window function {name} requires an OVER clause"
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
    for argument in node.expressions:
        word = "DISTINCT" if argument.find(exp.Distinct) and isinstance(argument, exp.Distinct | exp.Order) else ""
        word = word or ("ORDER BY" if isinstance(argument, exp.Order) else "")
        if word and sort is Sort.SCALAR:
            message = f"{word} specified, but {name} is not an aggregate function"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))


def _check_distinct(keys: Sequence[exp.Expr], arguments: Sequence[exp.Expr]) -> None:
    """agg(DISTINCT x ORDER BY y): y is one of what is aggregated."""
    if any(all(key != argument for argument in arguments) for key in keys):
        message = "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list"
        raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message, position=position_of(keys[0]))


def _check_count(call: exp.Expr) -> None:
    """ntile(0) and nth_value(x, 0)"""
    name = fold(call.this) if isinstance(call, exp.Anonymous) else ""
    place = {"ntile": 0, "nth_value": 1}.get(name)
    if place is None or len(call.expressions) <= place:
        return
    count = unwrapped(call.expressions[place])
    if isinstance(count, exp.Null):
        raise not_supported(f"{name}() of NULL is not supported")
    if isinstance(count, exp.Neg) or (isinstance(count, exp.Literal) and count.name == "0"):
        code = sqlstate.INVALID_ARGUMENT_FOR_NTILE if name == "ntile" else sqlstate.INVALID_ARGUMENT_FOR_NTH_VALUE
        raise PgError(code, f"argument of {name} must be greater than zero", position=position_of(count))
    count.meta["pin"] = True


def _check_windowed(node: exp.Window) -> None:
    """42P20 and its kin where no window function may stand, or something else is called with OVER."""
    call = node.this.this if isinstance(node.this, exp.Filter) else node.this
    position = position_of(node)
    if isinstance(call, exp.Anonymous) and "session" not in call.meta and not call.meta.get("foreign"):
        found = FUNCTIONS.get(fold(call.this))
        if found is not None and found[0].sort not in (Sort.AGGREGATE, Sort.WINDOW):
            message = f"OVER specified, but {fold(call.this)} is not a window function nor an aggregate function"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position)
    _check_count(call)
    inside: exp.Expr = node
    parent = node.parent
    while parent is not None and not isinstance(parent, exp.Query):
        word = _NO_WINDOWS.get(type(parent), "")
        if isinstance(parent, exp.Where) and isinstance(parent.parent, exp.Filter):
            word = "FILTER"
        elif isinstance(parent, exp.Join) and inside is not parent.args.get("on"):
            word = ""
        if word:
            raise PgError(sqlstate.WINDOWING_ERROR, f"window functions are not allowed in {word}", position=position)
        if isinstance(parent, exp.Window):
            if inside is not parent.this:
                raise PgError(
                    sqlstate.WINDOWING_ERROR, "window functions are not allowed in window definitions", position=position
                )
            message = "window function calls cannot be nested"
            raise PgError(sqlstate.WINDOWING_ERROR, message, position=position)
        if parent.meta.get("aggregate_call") and not is_windowed(parent):
            message = "aggregate function calls cannot contain window function calls"
            raise PgError(sqlstate.GROUPING_ERROR, message, position=position)
        inside, parent = parent, parent.parent


_NO_AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Where: "WHERE",
    exp.Join: "JOIN conditions",
    exp.Group: "GROUP BY",
    exp.Limit: "LIMIT",
    exp.Offset: "OFFSET",
    exp.Values: "VALUES",
    exp.Returning: "RETURNING",
    exp.Update: "UPDATE",
}
_NO_WINDOWS: dict[type[exp.Expr], str] = {**_NO_AGGREGATES, exp.Having: "HAVING"}


def is_windowed(node: exp.Expr) -> bool:
    if isinstance(node.parent, exp.Filter):
        node = node.parent
    return isinstance(node.parent, exp.Window) and node.arg_key == "this"  # PARTITION BY may have aggregates


_Default = str | int | bool | None
_PATH_ARGUMENTS: dict[str, _Default] = {"target": None, "path": None, "vars": "{}", "silent": False}
NAMED_ARGUMENTS: dict[str, dict[str, _Default]] = {  # with their defaults, None where there is none
    "make_interval": dict.fromkeys(("years", "months", "weeks", "days", "hours", "mins", "secs"), 0),
    "jsonb_set": {"jsonb_in": None, "path": None, "replacement": None, "create_if_missing": True},
    "jsonb_set_lax": {
        "jsonb_in": None,
        "path": None,
        "replacement": None,
        "create_if_missing": True,
        "null_value_treatment": "use_json_null",
    },
    "jsonb_insert": {"jsonb_in": None, "path": None, "replacement": None, "insert_after": False},
    **{
        f"jsonb_path_{what}{zone}": _PATH_ARGUMENTS
        for what in ("exists", "match", "query", "query_array", "query_first")
        for zone in ("", "_tz")
    },
}
