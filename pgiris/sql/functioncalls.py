"""Function calls: functions in SQL that pgiris keeps, written out where they are called, as PostgreSQL inlines them.

In: a tree of postgres.py. Out: the same tree without such calls, before anything else is done with it. Arguments have the
function's types by casts, and the result its type. To know which function a call means, a copy of the statement is bound first.
PostgreSQL: xfunc-sql, typeconv-func; inline_function in clauses.c
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import functionbodies, overloads, typenames
from pgiris.sql.coercion import assignable
from pgiris.sql.functionbodies import Body, as_type, body_of, gathers, is_volatile
from pgiris.sql.infer import fold, unwrapped, value_of
from pgiris.sql.overloads import FunctionCall
from pgiris.sql.postgres import parse, position_of
from pgiris.sql.session_functions import WITHOUT_PARENTHESES
from pgiris.sql.statement import Statement
from pgiris.sql.trees import all_of, copied, is_star, walk
from pgiris.types.codec import Oid
from pgiris.types.routines import ParameterMeta, RoutineMeta
from pgiris.types.table import type_name

Bind = Callable[[exp.Expr, Statement], None]  # binds a copy of the statement, as far as it gets
MOST_ROUNDS = 40  # of functions that call functions
MOST_NODES = 20_000


def write_out(tree: exp.Expr, statement: Statement, bind: Bind) -> exp.Expr:
    """Raises 42883, 42725 for calls that no function fits, 0A000 for those that cannot be written out."""
    if not statement.analysis.snapshot.functions or _is_index(tree):
        return tree
    root = exp.Paren(this=tree)
    for _ in range(MOST_ROUNDS):
        calls = _calls(root, statement)
        if not calls:
            found: exp.Expr = root.this
            found.parent = None
            return found
        if isinstance(root.this, exp.Create | exp.Alter) and any(node.find_ancestor(exp.Query) is None for node in calls):
            raise not_supported("functions in SQL are not supported in DEFAULT, CHECK and generated columns")
        _resolve(root.this, calls, statement, bind)
        writer = _Writer(statement, bind)
        for node in filter(_is_innermost, calls):
            writer.write(node)
        if len(walk(root)) > MOST_NODES:
            break
    raise PgError(sqlstate.STATEMENT_TOO_COMPLEX, "the functions that the statement calls are too many")


def _is_index(tree: exp.Expr) -> bool:
    """Those on expressions are not made."""
    return isinstance(tree, exp.Create) and tree.args.get("kind") == "INDEX"


def check(function: RoutineMeta, statement: Statement, bind: Bind) -> None:
    """Its body, as calls will find it, and the defaults of its arguments."""
    about = function.function
    assert about is not None

    expand = _expanding(frozenset((about.number,)), bind)
    _check_not_itself(function, statement)
    body_of(function, statement, expand, placed=True)
    for parameter in function.inputs:
        if parameter.default:
            _check_default(parameter, statement, expand)


def _expanding(within: frozenset[int], bind: Bind) -> functionbodies.Expand:
    def expand(tree: exp.Expr, statement: Statement) -> exp.Expr:
        _stand_within(tree, within)
        return write_out(tree, statement, bind)

    return expand


def _check_not_itself(function: RoutineMeta, statement: Statement) -> None:
    others = [f for f in statement.analysis.snapshot.functions.get(function.name, ()) if f.signature != function.signature]
    if any(len(other.inputs) == len(function.inputs) for other in others):
        return  # it may be one of them that is called; a call tells
    for node in walk(functionbodies.read(function, statement)):
        if isinstance(node, exp.Anonymous) and fold(node.this) == function.name and len(node.expressions) == len(function.inputs):
            raise not_supported(f"function {function.name} calls itself, which is not supported")


def _query_of(parameter: ParameterMeta, statement: Statement) -> exp.Expr:
    """SELECT of its default."""
    query = functionbodies.without_places(parse(f"SELECT {parameter.default}"))
    return typenames.resolve(query, statement.analysis.snapshot, statement.analysis.search_path)


def _check_default(parameter: ParameterMeta, statement: Statement, expand: functionbodies.Expand) -> None:
    """Raises 42703, 42803, 42804, 0A000."""
    query = _query_of(parameter, statement)
    if any(all_of(query.expressions[0], exp.Query)):
        raise not_supported("cannot use subquery in DEFAULT expression")
    if gathers(query.expressions[0]):
        raise PgError(sqlstate.GROUPING_ERROR, "aggregate functions are not allowed in DEFAULT expressions")
    item = query.expressions[0]
    literal = unwrapped(item)
    if isinstance(literal, exp.Null) or (isinstance(literal, exp.Literal) and literal.is_string):
        item.replace(as_type(copied(literal), Oid(parameter.oid)))
    (output,) = functionbodies.bound(expand(query, statement.fresh()), statement.fresh())
    if output.kind.oid and not assignable(output.kind.oid, Oid(parameter.oid)):
        message = f"argument of DEFAULT must be type {type_name(Oid(parameter.oid))}, not type {type_name(output.kind.oid)}"
        raise PgError(sqlstate.DATATYPE_MISMATCH, message)


# Which calls there are, and what they mean


def _is_innermost(node: exp.Anonymous) -> bool:
    """Whether its arguments call no such functions: what is known of them is all that they do."""
    return not any("function" in part.meta for argument in node.expressions for part in walk(argument))


def _calls(tree: exp.Expr, statement: Statement) -> list[exp.Anonymous]:
    functions = statement.analysis.snapshot.functions
    found = []
    for node in walk(tree):
        if isinstance(node, exp.Anonymous) and fold(node.this) in functions:
            call = _call(node, statement)
            if call is not None:
                node.meta["function"] = call
                found.append(node)
    return found


def _call(node: exp.Anonymous, statement: Statement) -> FunctionCall | None:
    """None: it is none of these functions."""
    analysis, name, schema = statement.analysis, fold(node.this), _schema_of(node)
    if not overloads.visible(analysis.snapshot, analysis.search_path, schema, name):
        return None
    names = tuple(_name_of(argument) for argument in node.expressions if not isinstance(argument, exp.Star))
    found = overloads.candidates(analysis.snapshot, analysis.search_path, schema, name, names)
    _check_form(node, name, any(not one.function.inputs for one in found))
    within: frozenset[int] = node.meta.get("within", frozenset())
    return FunctionCall(f"{schema}.{name}" if schema else name, names, found, within)


def _schema_of(node: exp.Anonymous) -> str:
    parent = node.parent
    if isinstance(parent, exp.Dot) and node.arg_key == "expression":
        return fold(parent.this.this if isinstance(parent.this, exp.Column) else parent.this)
    return fold(parent.args.get("db")) if isinstance(parent, exp.Table) else ""


def _name_of(argument: exp.Expr) -> str:
    """As it is written, where the parser does not tell whether it was quoted."""
    if not isinstance(argument, exp.Kwarg | exp.PropertyEQ):
        return ""
    return argument.this.name if isinstance(argument.this, exp.Var) else fold(argument.this)


def _check_form(node: exp.Anonymous, name: str, takes_nothing: bool) -> None:
    """What may stand with aggregates and windows only. Raises 42809."""
    holder = node.parent if isinstance(node.parent, exp.Dot) else node
    word = _NOT_AGGREGATE.get(type(holder.parent), "") if holder.arg_key == "this" else ""
    for argument in node.expressions:
        if isinstance(argument, exp.Variadic):
            raise not_supported("VARIADIC arguments of functions are not supported")
        word = word or (
            "DISTINCT" if isinstance(argument, exp.Distinct) else "ORDER BY" if isinstance(argument, exp.Order) else ""
        )
        if isinstance(argument, exp.Star) and takes_nothing:
            message = f"{name}(*) specified, but {name} is not an aggregate function"
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
    if word == "OVER":
        message = f"OVER specified, but {name} is not a window function nor an aggregate function"
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))
    if word:
        message = f"{word} specified, but {name} is not an aggregate function"
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, position=position_of(node))


_NOT_AGGREGATE: dict[type, str] = {exp.Window: "OVER", exp.Filter: "FILTER", exp.WithinGroup: "WITHIN GROUP"}


def _resolve(tree: exp.Expr, calls: list[exp.Anonymous], statement: Statement, bind: Bind) -> None:
    for node in calls:
        if isinstance(node.parent, exp.Table | exp.Lateral):
            _resolve_source(node, statement, bind)
        for argument in node.expressions:
            for column in all_of(argument, exp.Column):
                column.meta.setdefault("sources", [])
    open_ones = [node for node in calls if node.meta["function"].chosen is None]
    if not open_ones:
        return
    problem: PgError | None = None
    try:
        bind(copied(tree), statement)
    except PgError as error:
        problem = error
    unknown = [node for node in open_ones if node.meta["function"].chosen is None]
    if unknown and problem is not None:
        raise problem
    if problem is not None and problem.code not in _LATER:
        raise problem
    if unknown:
        raise not_supported(f"function {fold(unknown[0].this)} is not supported here")


_LATER = frozenset((sqlstate.FEATURE_NOT_SUPPORTED, sqlstate.INDETERMINATE_DATATYPE))  # whoever plans the statement tells


def _resolve_source(node: exp.Anonymous, statement: Statement, bind: Bind) -> None:
    """A function in FROM is resolved by its arguments alone."""
    if any(fold(c.this) not in WITHOUT_PARENTHESES for a in node.expressions for c in all_of(a, exp.Column)):
        raise not_supported(f"function {fold(node.this)} of columns of other tables is not supported in FROM")
    try:
        bind(exp.Select(expressions=[copied(node)]), statement)
    except PgError:  # rows are no value
        if node.meta["function"].chosen is None:
            raise


# Writing


@dataclass
class _Writer:
    statement: Statement
    bind: Bind

    def write(self, node: exp.Anonymous) -> None:
        call: FunctionCall = node.meta["function"]
        assert call.chosen is not None
        function = call.chosen.function
        about = function.function
        assert about is not None
        if about.number in call.within:
            raise not_supported(f"function {function.name} calls itself, which is not supported")
        body = self._body(function, call.within | {about.number})
        holder = node.parent if isinstance(node.parent, exp.Dot) else node
        arguments = self._arguments(node, call)
        within = call.within | {about.number}
        if isinstance(node.parent, exp.Table | exp.Lateral):
            self._write_source(node, function, body, arguments, within)
            return
        if about.returns_set:
            raise not_supported(f"function {function.name} is not supported here", "It may stand in FROM.")
        made = self._value(function, body, arguments, within)
        inner = unwrapped(made)
        inner.meta["shown"], inner.meta["inlined"] = function.name, True
        assert holder is not None
        holder.replace(made)

    def _body(self, function: RoutineMeta, within: frozenset[int]) -> Body:
        """Read once for a schema and search path."""
        analysis = self.statement.analysis
        assert function.function is not None
        key = (function.function.number, analysis.search_path)
        known = analysis.snapshot.bodies.get(key)
        if not isinstance(known, Body):
            known = analysis.snapshot.bodies[key] = body_of(function, self.statement, _expanding(within, self.bind))
        return known

    def _arguments(self, node: exp.Anonymous, call: FunctionCall) -> list[exp.Expr]:
        """One for each parameter, of its type."""
        assert call.chosen is not None
        given = [a.expression if isinstance(a, exp.Kwarg | exp.PropertyEQ) else a for a in node.expressions]
        made = []
        for place, parameter in zip(call.chosen.places, call.chosen.function.inputs, strict=True):
            if place is None:
                made.append(self._default(parameter, call))
            elif call.kinds[place].oid == parameter.oid and not isinstance(unwrapped(given[place]), exp.Parameter):
                made.append(given[place])
            else:
                made.append(as_type(given[place], Oid(parameter.oid)))
        return made

    def _default(self, parameter: ParameterMeta, call: FunctionCall) -> exp.Expr:
        assert call.chosen is not None
        value: exp.Expr = _query_of(parameter, self.statement).expressions[0]
        _stand_within(value, call.within)
        return as_type(value, Oid(parameter.oid))

    def _value(self, function: RoutineMeta, body: Body, arguments: list[exp.Expr], within: frozenset[int]) -> exp.Expr:
        about = function.function
        assert about is not None
        guarded = _guarded(function, body, arguments) if about.strict else []
        _check_uses(function, body, arguments, guarded)
        value = copied(body.value) if body.value is not None else exp.Subquery(this=_first_row(copied(body.tree)))
        _stand_within(value, within)
        value = _filled(value, body, arguments)
        if body.kinds[0].oid != function.result:
            value = as_type(value, Oid(function.result))
        if guarded:
            missing = [exp.Is(this=_enclosed(copied(argument)), expression=exp.Null()) for argument in guarded]
            nothing = as_type(exp.Null(), Oid(function.result))
            value = exp.Case(ifs=[exp.If(this=exp.or_(*missing), true=nothing)], default=value)
        return _enclosed(value)

    def _write_source(
        self, node: exp.Anonymous, function: RoutineMeta, body: Body, arguments: list[exp.Expr], within: frozenset[int]
    ) -> None:
        source = node.parent
        assert source is not None and function.function is not None
        if source.args.get("ordinality") or isinstance(source, exp.Lateral):
            raise not_supported(f"this use of function {function.name} in FROM is not supported")
        columns = [p.name for p in function.parameters if p.mode == "TABLE"]
        alias = source.args.get("alias")
        word = fold(alias.this) if alias is not None and alias.this is not None else function.name
        names = columns or [word]
        given = [fold(column) for column in alias.args.get("columns") or ()] if alias is not None else []
        names = [*given, *names[len(given) :]]
        if function.function.returns_set:
            query = self._rows(function, body, arguments, within)
        else:
            query = exp.Select(expressions=[self._value(function, body, arguments, within)])
        made = exp.Subquery(this=query, alias=exp.TableAlias(this=_quoted(word), columns=[_quoted(name) for name in names]))
        made.set("joins", source.args.get("joins"))
        source.replace(made)

    def _rows(self, function: RoutineMeta, body: Body, arguments: list[exp.Expr], within: frozenset[int]) -> exp.Expr:
        assert function.function is not None
        guarded = _guarded(function, body, arguments) if function.function.strict else []
        _check_uses(function, body, arguments, guarded)
        tree = copied(body.tree)
        _stand_within(tree, within)
        query = _filled(tree, body, arguments)
        wanted = [Oid(p.oid) for p in function.parameters if p.mode == "TABLE"] or [Oid(function.result)]
        if not guarded and [kind.oid for kind in body.kinds] == wanted and _without_origins(query):
            return query
        names = [f"c{place}" for place in range(1, len(wanted) + 1)]
        alias = exp.TableAlias(this=_quoted(function.name), columns=[_quoted(name) for name in names])
        items: list[exp.Expr] = []
        for name, kind, oid in zip(names, body.kinds, wanted, strict=True):
            column = exp.Column(this=_quoted(name))
            column.meta["inlined"] = True
            items.append(column if kind.oid == oid else as_type(column, oid))
        made = exp.Select(expressions=items, from_=exp.From(this=exp.Subquery(this=query, alias=alias)))
        if guarded:
            tests = [exp.Not(this=exp.Is(this=_enclosed(copied(argument)), expression=exp.Null())) for argument in guarded]
            made.set("where", exp.Where(this=exp.and_(*tests)))
        return made


def _without_origins(query: exp.Expr) -> bool:
    """Columns of functions are those of no table; False: they are not listed."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select) or any(map(is_star, query.expressions)):
        return False
    for item in query.expressions:
        unwrapped(value_of(item)).meta["inlined"] = True
    return True


def _quoted(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def _stand_within(tree: exp.Expr, within: frozenset[int]) -> None:
    """Calls in a body know the functions whose bodies they stand in."""
    for node in walk(tree):
        if isinstance(node, exp.Anonymous):
            node.meta["within"] = within


def _enclosed(node: exp.Expr) -> exp.Expr:
    return node if isinstance(node, _WHOLE) else exp.Paren(this=node)


_WHOLE = (
    exp.Literal,
    exp.Column,
    exp.Parameter,
    exp.Cast,
    exp.Anonymous,
    exp.Paren,
    exp.Subquery,
    exp.Case,
    exp.Null,
    exp.Boolean,
)


def _filled(tree: exp.Expr, body: Body, arguments: list[exp.Expr]) -> exp.Expr:
    """With the arguments in the place of parameters."""
    if not body.is_plain:
        arguments = _seen_inside(tree, arguments)
    root = exp.Paren(this=tree)
    taken: set[int] = set()
    for node in walk(root):
        if isinstance(node, exp.Parameter):
            number = int(node.this.name) - 1
            argument = arguments[number]
            node.replace(_enclosed(copied(argument) if number in taken else argument))
            taken.add(number)
    found: exp.Expr = root.this
    found.parent = None
    return found


def _seen_inside(tree: exp.Expr, arguments: list[exp.Expr]) -> list[exp.Expr]:
    """Columns in arguments name their tables, and those of the body are called otherwise."""
    columns = [column for argument in arguments for column in all_of(argument, exp.Column) if "sources" in column.meta]
    columns = [column for column in columns if fold(column.this) not in WITHOUT_PARENTHESES or column.args.get("table")]
    if not columns:
        return arguments
    for column in columns:
        sources = set(column.meta["sources"])
        if len(sources) != 1:
            raise not_supported("this argument of a function that reads tables is not supported")
        if not column.args.get("table"):
            column.set("table", _quoted(sources.pop()))
    taken = {fold(column.args.get("table")) for column in columns}
    _rename_sources(tree, taken)
    return arguments


def _rename_sources(tree: exp.Expr, taken: set[str]) -> None:
    names = {name for node in walk(tree) if (name := _alias_of(node))}
    fresh = {name: _fresh(name, names | taken) for name in names & taken}
    if not fresh:
        return
    for node in walk(tree):
        name = _alias_of(node)
        if name in fresh:
            alias = node.args.get("alias")
            columns = alias.args.get("columns") if alias is not None else None
            node.set("alias", exp.TableAlias(this=_quoted(fresh[name]), columns=columns))
        elif isinstance(node, exp.Column) and fold(node.args.get("table")) in fresh and "sources" not in node.meta:
            if node.args.get("db") is not None:
                node.set("db", None)
            node.set("table", _quoted(fresh[fold(node.args["table"])]))


def _alias_of(node: exp.Expr) -> str:
    """What an entry of FROM is called; "" for other nodes."""
    if not isinstance(node, exp.Table | exp.Subquery | exp.Values | exp.Unnest | exp.Lateral):
        return ""
    alias = node.args.get("alias")
    if alias is not None and alias.this is not None:
        return fold(alias.this)
    return fold(node.this) if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) else ""


def _fresh(name: str, taken: set[str]) -> str:
    number = 1
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _first_row(query: exp.Expr) -> exp.Expr:
    """A function returns the first row of its query."""
    if isinstance(query, exp.Select) and _is_one_row(query):
        return query
    limit = query.args.get("limit")
    if limit is None:
        query.set("limit", exp.Limit(expression=exp.Literal.number(1)))
        return query
    if isinstance(limit, exp.Limit) and limit.expression.name == "1":
        return query
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=_quoted("pgiris_rows")))
    one = exp.Limit(expression=exp.Literal.number(1))
    return exp.Select(expressions=[exp.Star()], from_=exp.From(this=inner), limit=one)


def _is_one_row(query: exp.Select) -> bool:
    """An aggregate of all rows."""
    return not query.args.get("group") and any(functionbodies.is_own_aggregate(item) for item in query.expressions)


def _guarded(function: RoutineMeta, body: Body, arguments: list[exp.Expr]) -> list[exp.Expr]:
    """The arguments of a strict function that may be NULL, where its body does not give NULL by itself."""
    if body.value is not None and all(body.uses) and all(isinstance(node, _STRICT) for node in walk(body.value)):
        return []
    return [argument for argument in arguments if not _is_never_null(argument)]


_STRICT = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Parameter, exp.Literal, exp.Paren)  # NULL of any NULL


def _is_never_null(node: exp.Expr) -> bool:
    node = unwrapped(node)
    while isinstance(node, exp.Cast):
        node = unwrapped(node.this)
    return isinstance(node, exp.Literal | exp.Boolean)


def _check_uses(function: RoutineMeta, body: Body, arguments: list[exp.Expr], guarded: list[exp.Expr]) -> None:
    """Raises 0A000 for arguments that would not be computed once, as they must be."""
    for uses, argument in zip(body.uses, arguments, strict=True):
        uses += any(argument is one for one in guarded)
        once = uses == 1 and body.is_plain
        if not uses and all_of(argument, exp.Parameter):
            raise not_supported(f"a parameter as an argument that function {function.name} does not use is not supported")
        if not once and is_volatile(argument):
            message = f"function {function.name} of an argument that may differ each time it is computed is not supported"
            raise not_supported(message, "Compute the argument in a subquery of its own.")
        if gathers(argument) and not (once or (body.is_plain and not _makes_rows(argument))):
            raise not_supported(f"function {function.name} of aggregates, windows and functions of rows is not supported here")


def _makes_rows(node: exp.Expr) -> bool:
    return any(functionbodies.is_rows(part) for part in walk(node))
