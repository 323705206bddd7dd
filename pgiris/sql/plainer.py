"""Plainer: forms of queries that PostgreSQL has and IRIS has not, said in forms that both have, before anything is inferred.

In: a tree of postgres.py. Out: the same tree, changed; every rule keeps names, rows and NULLs as they were.
iris-reference 4.7 to 4.13
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import (
    framing,
    grouping_sets,
    inlining,
    laterals,
    longlists,
    parentheses,
    recursion,
    rowcalls,
    rowvalues,
    scalarcalls,
    windowinputs,
    windows,
)
from pgiris.sql.aggregates import has_aggregate
from pgiris.sql.expansions import array_elements, listed_elements
from pgiris.sql.infer import column_name, fold, unwrapped, value_of
from pgiris.sql.parameters import MOST_IN_LIST
from pgiris.sql.postgres import position_of
from pgiris.sql.rowcalls import column_of, integer_of, literal_of
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, copied, is_star


def plainer(census: Census, statement: Statement) -> exp.Expr:
    if statement.computing:
        for node in reversed(census.of(exp.Window)):
            if framing.as_subquery(node):
                statement.fired("frame_to_subquery")
        census = Census(census.tree)
    for name, kind, rule in _RULES:
        for node in census.of(kind):
            if rule(node):
                statement.fired(name)
    if statement.computing:
        for node in reversed(census.of(exp.Select)):
            if laterals.to_subqueries(node, statement):
                statement.fired("lateral_to_subqueries")
    if statement.keeping:
        for node in reversed(census.of(exp.Select)):
            if windowinputs.to_subquery(node, statement):
                statement.fired("window_inputs_to_subquery")
    for node in census.of(exp.Select):
        if grouping_sets.to_union(node, statement):  # the last one, since it copies
            statement.fired("grouping_sets_to_union")
    return census.tree


# WITH


def _materialized(node: exp.CTE) -> bool:
    """A hint to PostgreSQL's planner."""
    if node.args.get("materialized") is None:
        return False
    node.set("materialized", None)
    return True


def _not_recursive(node: exp.With) -> bool:
    """RECURSIVE where no query refers to itself or to one behind it."""
    if not node.args.get("recursive"):
        return False
    if isinstance(node.parent, exp.Merge):
        raise PgError(sqlstate.SYNTAX_ERROR, "WITH RECURSIVE is not supported for MERGE statement")
    recursion.check(node)
    names = [fold(cte.args["alias"].this) for cte in node.expressions]
    for place, cte in enumerate(node.expressions):
        used = {fold(table.this) for table in cte.this.find_all(exp.Table) if not table.args.get("db")}
        if not used.isdisjoint(names[place:]):
            return False
    node.set("recursive", False)
    return True


def _inner_with(node: exp.Subquery) -> bool:
    """WITH in the query of an expression, where IRIS takes none: its queries stand where they are used."""
    query = node.this
    clause = query.args.get("with_") if isinstance(query, exp.Query) else None
    if clause is None or clause.args.get("recursive") or _is_entry(node):
        return False
    query.set("with_", None)
    known: dict[str, exp.CTE] = {}
    for cte in clause.expressions:
        inlining.fill(cte.this, known)
        known[fold(cte.args["alias"].this)] = cte
    inlining.fill(query, known)
    return True


def _is_entry(node: exp.Subquery) -> bool:
    return isinstance(node.parent, exp.From | exp.Join | exp.Lateral | exp.CTE | exp.SetOperation | exp.In | None)


# Lists


def _long_list(node: exp.In) -> bool:
    """What longlists.py has made an array, or a range of parameters."""
    call = node.expressions[0] if len(node.expressions) == 1 else None
    name = str(call.this) if isinstance(call, exp.Anonymous) else ""
    if name == longlists.LIST:
        _to_any(node, node.expressions[0].expressions[0])
    elif name == longlists.RANGE:
        first, last = node.expressions[0].expressions
        _to_any(node, exp.Array(expressions=[first])).meta["last"] = int(last.this.name)
    else:
        return False
    return True


def _many_parameters(node: exp.In) -> bool:
    """IRIS takes some hundred parameters: what is more goes as one list. iris-reference 14"""
    if sum(map(_is_parameter, node.expressions)) <= MOST_IN_LIST:
        return False
    if isinstance(node.this, exp.Tuple) or any(item.find(exp.Column, exp.Query) for item in node.expressions):
        return False
    _to_any(node, exp.Array(expressions=list(node.expressions)))
    return True


def _is_parameter(item: exp.Expr) -> bool:
    inner = unwrapped(item)
    return isinstance(unwrapped(inner.this) if isinstance(inner, exp.Cast) else inner, exp.Parameter)


def _to_any(node: exp.In, array: exp.Expr) -> exp.Expr:
    array.meta["listed"] = True
    found = exp.Any(this=exp.Paren(this=array))
    node.replace(exp.Paren(this=exp.EQ(this=node.this, expression=found)))
    return array


def _in_values(node: exp.In) -> bool:
    """a IN (VALUES (1), (2)) is a IN (1, 2)."""
    rows = node.expressions
    if len(rows) != 1 or not isinstance(rows[0], exp.Values) or rows[0].args.get("alias") is not None:
        return False
    width = len(node.this.expressions) if isinstance(node.this, exp.Tuple) else 1
    cells = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in rows[0].expressions]
    if any(len(row) != width for row in cells):
        return False
    node.set("expressions", [row[0] if width == 1 else exp.Tuple(expressions=list(row)) for row in cells])
    return True


# Values of queries and rows


def _array_of_query(node: exp.Anonymous) -> bool:
    """ARRAY(SELECT x ... ORDER BY y) is array_agg(x ORDER BY y) of the query's rows, and empty where there are none."""
    query = node.expressions[0] if str(node.this).upper() == "ARRAY" and len(node.expressions) == 1 else None
    if not isinstance(query, exp.Select) or len(query.expressions) != 1 or any(_stars(query)):
        return False
    item = query.expressions[0]
    value = value_of(item)
    order = query.args.get("order")
    if any(query.args.get(clause) for clause in (*_ONE_ROW_OF_MANY, "group", "having", "with_")) or has_aggregate(value):
        if order is not None and (query.args.get("distinct") is None or query.args.get("limit") is not None):
            return False
        alias = exp.TableAlias(this=exp.to_identifier("pgiris_array"), columns=[exp.to_identifier("x")])
        value = exp.column("x", table="pgiris_array")
        keys: list[exp.Expr] = (
            [] if order is None else [exp.Ordered(this=copied(value), desc=bool(order.expressions[0].args.get("desc")))]
        )
        query.set("order", None)
        outer = exp.Select()
        outer.set("from_", exp.From(this=exp.Subquery(this=query, alias=alias)))
        query = outer
    else:
        keys = [] if order is None else [_sort_key(ordered, [item]) for ordered in order.expressions]
        query.set("order", None)
    argument = exp.Order(this=value, expressions=keys) if keys else value
    query.set("expressions", [exp.Anonymous(this="array_agg", expressions=[argument])])
    made: exp.Expr = exp.Anonymous(this="coalesce", expressions=[exp.Subquery(this=query), exp.Literal.string("{}")])
    if isinstance(node.parent, exp.Select) and node.arg_key == "expressions":
        made = exp.alias_(made, "array", quoted=True, copy=False)
    node.replace(made)
    return True


def _field_of_row(node: exp.Dot) -> bool:
    """(t).a is t.a, and row_to_json(t.*) takes the row t."""
    row = node.this.this if isinstance(node.this, exp.Paren) else None
    if not isinstance(row, exp.Column) or row.args.get("table") or not isinstance(node.expression, exp.Identifier):
        return False
    node.replace(exp.column(copied(node.expression), table=copied(row.this)))
    return True


def _without_columns(node: exp.Exists) -> bool:
    """EXISTS (SELECT FROM ...)"""
    query = node.this
    if not isinstance(query, exp.Select) or query.expressions:
        return False
    query.set("expressions", [exp.Literal.number(1)])
    return True


# FROM


def _inner_parentheses(node: exp.Subquery) -> bool:
    """((a JOIN b ...) JOIN c ...): a join stands in one pair of parentheses."""
    inner = node.this
    if not isinstance(inner, exp.Subquery) or inner.args.get("alias") is not None:
        return False
    _inner_parentheses(inner)
    first = inner.this
    if not _is_named(first) or not first.args.get("joins"):
        return False
    first.set("joins", [*first.args["joins"], *(inner.args.get("joins") or ())])
    node.set("this", first)
    return True


def _named_join(node: exp.Subquery) -> bool:
    """(a JOIN b ...) AS x: a query of all its columns."""
    table = node.this
    if not _is_named(table) or node.args.get("alias") is None or not table.args.get("joins"):
        return False
    joins = table.args["joins"]
    table.set("joins", None)
    node.set("this", exp.Select(expressions=[exp.Star()], from_=exp.From(this=table), joins=joins))
    return True


def _first_parentheses(node: exp.From) -> bool:
    """FROM (a JOIN b ...): parentheses around what comes first say nothing."""
    inner = node.this
    if not _is_group(inner) or not isinstance(node.parent, exp.Select):
        return False
    table = inner.this
    joins = table.args.get("joins") or []
    table.set("joins", None)
    node.set("this", table)
    node.parent.set("joins", [*joins, *(node.parent.args.get("joins") or ())])
    return True


def _is_group(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Subquery) and _is_named(node.this) and node.args.get("alias") is None and not node.args.get("joins")
    )


def _is_named(node: exp.Expr) -> bool:
    return isinstance(node, exp.Table) or (isinstance(node, exp.Subquery) and node.args.get("alias") is not None)


def _grouped_join(node: exp.Join) -> bool:
    """a LEFT JOIN (b JOIN c ON ...) ON ...: the group becomes a subquery of the columns that are used."""
    select = node.parent
    if not _is_group(node.this) or not isinstance(select, exp.Select) or node.args.get("using") or node.args.get("method"):
        return False
    group = node.this.this
    joins = group.args.get("joins") or []
    tables = list(_grouped(group))
    if not all(isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier) for table in tables):
        return False
    names = [_shown_name(table) for table in tables]
    others = [_shown_name(table) for table in select.find_all(exp.Table, exp.Subquery) if not any(table is own for own in tables)]
    if set(names) & set(others) or any(join.args.get("using") or join.args.get("method") for join in joins):
        return False
    outside = [column for column in select.find_all(exp.Column) if not _is_inside(column, node.this)]
    if any(not column.args.get("table") for column in outside) or any(map(_is_of_all, select.expressions)):
        return False
    if any(is_star(column) and fold(column.args["table"]) in names for column in outside):
        return False
    alias = "_".join(["j", *names])
    wanted: dict[tuple[str, str], str] = {}
    for column in outside:
        key = (fold(column.args["table"]), fold(column.this))
        if key[0] not in names:
            continue
        made = exp.column(wanted.setdefault(key, f"c{len(wanted) + 1}"), table=alias)
        made.meta.update(column.meta)
        if column.parent is select and column.arg_key == "expressions":
            column.replace(exp.alias_(made, key[1], quoted=True, copy=False))
        else:
            column.replace(made)
    items: list[exp.Expr] = [exp.alias_(column_of(*key), shown, copy=False) for key, shown in wanted.items()]
    inner = exp.Select(expressions=items or [exp.alias_(exp.Literal.number(1), "c1", copy=False)])
    group.set("joins", None)
    inner.set("from_", exp.From(this=group))
    inner.set("joins", joins)
    node.set("this", exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias))))
    return True


def _grouped(group: exp.Expr) -> Iterator[exp.Expr]:
    """The tables of a join in parentheses, at any depth."""
    yield group
    for join in group.args.get("joins") or ():
        if _is_group(join.this):
            yield from _grouped(join.this.this)
        else:
            yield join.this


# SET


def _assignments(node: exp.Update | exp.OnConflict) -> bool:
    """SET (a, b) = (1, 2) or ROW(1, 2) or (SELECT x, y ...): one assignment for each column."""
    made: list[exp.Expr] = []
    for assignment in node.expressions:
        left = assignment.this if isinstance(assignment, exp.EQ) else None
        if not isinstance(left, exp.Tuple):
            made.append(assignment)
            continue
        cells = _cells(assignment.expression)
        if len(cells) != len(left.expressions):
            position = position_of(assignment.expression)
            raise PgError(sqlstate.SYNTAX_ERROR, "number of columns does not match number of values", position=position)
        made += [exp.EQ(this=column, expression=cell) for column, cell in zip(left.expressions, cells, strict=True)]
    changed = len(made) != len(node.expressions)
    if changed:
        node.set("expressions", made)
    return changed


def _cells(node: exp.Expr) -> list[exp.Expr]:
    """The values of a row."""
    if isinstance(node, exp.Tuple) or (isinstance(node, exp.Anonymous) and str(node.this).lower() == "row"):
        return list(node.expressions)
    if not isinstance(node, exp.Subquery):
        message = "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression"
        raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, message, position=position_of(node))
    query = node.this
    if not isinstance(query, exp.Select) or any(_stars(query)) or any(query.args.get(part) for part in _ONE_ROW_OF_MANY):
        raise not_supported("this query of a multiple-column UPDATE item is not supported", "Write one query for each column.")
    cells: list[exp.Expr] = []
    for place in range(len(query.expressions)):
        copy = copied(node)
        copy.this.set("expressions", [copy.this.expressions[place]])
        cells.append(copy)
    return cells


_ONE_ROW_OF_MANY = ("limit", "offset", "distinct")  # asked once for each column, they may give values of different rows


# Rows that are tied


def _with_ties(node: exp.Select) -> bool:
    """FETCH FIRST n ROWS WITH TIES: rows by their rank. PostgreSQL: sql-select#SQL-LIMIT"""
    limit, order, offset = node.args.get("limit"), node.args.get("order"), node.args.get("offset")
    options = limit.args.get("limit_options") if isinstance(limit, exp.Fetch) else None
    if limit is None or options is None or not options.args.get("with_ties"):
        return False
    if order is None:
        raise PgError(sqlstate.SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause")
    count = integer_of(limit.args.get("count") or exp.Literal.number(1))
    skipped = 0 if offset is None else integer_of(offset.expression)
    if count is None or skipped is None or count < 0 or skipped < 0:
        return False
    if any(_stars(node)) or any(node.args.get(part) for part in ("distinct", "group", "having", "with_", "locks")):
        return False
    if any(node.find_all(exp.AggFunc)) or not isinstance(node.parent, exp.Subquery | None):
        return False
    items = list(node.expressions)
    keys = [_sort_key(ordered, items) for ordered in order.expressions]
    if any(isinstance(unwrapped(item), exp.Subquery) for item in items):
        return False  # what they are called is not known yet
    names = list(map(column_name, items))
    shown = [f"c{place}" for place in range(1, len(items) + 1)]
    inner = copied(node)
    for clause in ("order", "limit", "offset"):
        inner.set(clause, None)
    values = [value_of(item) for item in inner.expressions]
    by_keys = exp.Order(expressions=keys)
    calls = [("rank", "tied"), ("row_number", "place")][: 2 if skipped else 1]
    inner.set(
        "expressions",
        [
            *(exp.alias_(value, name, quoted=True, copy=False) for value, name in zip(values, shown, strict=True)),
            *(
                exp.alias_(exp.Window(this=exp.Anonymous(this=call), order=copied(by_keys)), name, quoted=True, copy=False)
                for call, name in calls
            ),
        ],
    )
    last = exp.LTE(this=column_of("ranked", "tied"), expression=literal_of(count + skipped))
    first = exp.GT(this=column_of("ranked", "place"), expression=literal_of(skipped))
    outer = [
        exp.alias_(column_of("ranked", column), name, quoted=True, copy=False) for column, name in zip(shown, names, strict=True)
    ]
    for clause in list(node.args):
        node.set(clause, None)
    node.set("expressions", outer)
    node.set("from_", exp.From(this=exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("ranked")))))
    node.set("where", exp.Where(this=exp.and_(first, last, copy=False) if skipped else last))
    node.set("order", exp.Order(expressions=[exp.Ordered(this=column_of("ranked", "tied"), nulls_first=False)]))
    return True


def _sort_key(ordered: exp.Ordered, items: list[exp.Expr]) -> exp.Expr:
    """A sort key in words of the tables: not of the select list, by its number or name."""
    key, made = unwrapped(ordered.this), copied(ordered)
    found = None
    if isinstance(key, exp.Literal) and not key.is_string and 1 <= int(key.name) <= len(items):
        found = items[int(key.name) - 1]
    elif isinstance(key, exp.Column) and not key.args.get("table"):
        found = next((item for item in items if isinstance(item, exp.Alias) and fold(item.args["alias"]) == fold(key.this)), None)
    if found is not None:
        made.set("this", copied(value_of(found)))
    return made


def _shown_name(node: exp.Expr) -> str:
    alias = node.args.get("alias")
    if alias is not None and alias.this is not None:
        return fold(alias.this)
    return fold(node.this) if isinstance(node.this, exp.Identifier) else ""


def _is_inside(node: exp.Expr, other: exp.Expr) -> bool:
    at: exp.Expr | None = node
    while at is not None and at is not other:
        at = at.parent
    return at is other


def _is_of_all(item: exp.Expr) -> bool:
    """``*``, and not ``t.*``"""
    return is_star(item) and not item.args.get("table")


def _stars(select: exp.Select) -> Iterator[bool]:
    for item in select.expressions:
        yield is_star(item)


def _date(node: exp.Anonymous) -> bool:
    """date(x), which is x::date."""
    if str(node.this).lower() != "date" or len(node.expressions) != 1:
        return False
    made: exp.Expr = exp.Cast(this=node.expressions[0], to=exp.DataType(this=exp.DType.DATE))
    if isinstance(node.parent, exp.Select) and node.arg_key == "expressions":
        made = exp.alias_(made, "date", quoted=True, copy=False)
    node.replace(made)
    return True


def _elements_cast(node: exp.Binary) -> bool:
    """``= ANY ((ARRAY['a', 'b'])::text[])`` casts the elements: so PostgreSQL shows ``IN ('a', 'b')`` of a varchar column."""
    quantifier = node.expression
    cast = unwrapped(quantifier.this) if isinstance(quantifier, exp.Any | exp.All) else None
    array = unwrapped(cast.this) if isinstance(cast, exp.Cast) else None
    if not isinstance(array, exp.Array) or any(isinstance(unwrapped(item), exp.Array) for item in array.expressions):
        return False
    elements = array_elements(cast) if cast is not None else None
    if not elements:
        return False
    array.set("expressions", elements)
    quantifier.set("this", exp.Paren(this=array))
    return True


_QUANTIFIED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.ILike)
_MOST_COMPARISONS = 100  # of one value with the elements of an array


def _one_by_one(node: exp.Binary) -> bool:
    """A comparison with ANY or ALL of an array of constants, where it is no IN list. PostgreSQL: functions-comparisons"""
    quantifier = node.expression
    if not isinstance(quantifier, exp.Any | exp.All) or (type(node), type(quantifier)) in _LISTS:
        return False
    array = unwrapped(quantifier.this)
    if isinstance(array, exp.Literal) and array.is_string and isinstance(node, exp.Like | exp.ILike):
        elements = listed_elements(array, exp.DataType.build("text"))
    else:
        elements = array_elements(array)
    if elements is None or len(elements) > _MOST_COMPARISONS:
        return False
    is_any = isinstance(quantifier, exp.Any)
    tests: list[exp.Expr] = []
    for element in elements:
        test = copied(node)
        test.set("expression", element)
        tests.append(test)
    connect = exp.or_ if is_any else exp.and_
    node.replace(exp.Paren(this=connect(*tests, copy=False)) if tests else exp.Boolean(this=not is_any))
    return True


_LISTS = frozenset(((exp.EQ, exp.Any), (exp.NEQ, exp.All)))  # IRIS has them as IN lists


_RULES: tuple[tuple[str, type[exp.Expr], Callable[..., bool]], ...] = (
    ("cte_hint_dropped", exp.CTE, _materialized),
    ("recursive_without_recursion", exp.With, _not_recursive),
    ("inner_with_inlined", exp.Subquery, _inner_with),
    ("exists_of_set_operation", exp.Anonymous, parentheses.exists),
    ("clauses_into_parentheses", exp.Subquery, parentheses.clauses_behind),
    *(("parentheses_of_leg_dropped", kind, parentheses.legs) for kind in (exp.Union, exp.Intersect, exp.Except)),
    ("range_frame", exp.WindowSpec, windows.frame),
    ("window_by_name", exp.Window, windows.named_window),
    ("window_by_name", exp.Select, windows.no_windows),
    ("row_constructor", exp.Anonymous, rowvalues.constructor),
    ("date_to_cast", exp.Anonymous, _date),
    ("assignments_one_by_one", exp.Update, _assignments),
    ("assignments_one_by_one", exp.OnConflict, _assignments),
    ("ties_by_rank", exp.Select, _with_ties),
    *(("quantified_one_by_one", kind, _one_by_one) for kind in _QUANTIFIED),
    *(("array_cast_to_elements", kind, _elements_cast) for kind in (exp.EQ, exp.NEQ)),
    ("long_list", exp.In, _long_list),
    ("many_parameters_to_list", exp.In, _many_parameters),
    ("in_values_to_list", exp.In, _in_values),
    *(("row_distinct_from_row", kind, rowvalues.distinct_from) for kind in (exp.NullSafeEQ, exp.NullSafeNEQ)),
    ("array_of_query", exp.Anonymous, _array_of_query),
    ("field_of_row", exp.Dot, _field_of_row),
    ("row_is_null", exp.Is, rowvalues.is_null),
    ("exists_of_columns", exp.Exists, _without_columns),
    ("rows_in_select_to_from", exp.Select, rowcalls.rows_in_select),
    ("series_to_values", exp.Table, rowcalls.series),
    ("queries_of_function_to_from", exp.Table, rowcalls.queries_to_from),
    ("comma_to_cross_join", exp.Select, laterals.sees_all_before),
    ("unnest_to_values", exp.Unnest, rowcalls.unnest),
    ("scalar_function_to_value", exp.Select, scalarcalls.alone),
    ("scalar_function_to_subquery", exp.Table, scalarcalls.beside_others),
    ("scalar_function_to_subquery", exp.Lateral, scalarcalls.beside_others),
    ("inner_parentheses_dropped", exp.Subquery, _inner_parentheses),
    ("named_join_to_subquery", exp.Subquery, _named_join),
    ("first_parentheses_dropped", exp.From, _first_parentheses),
    ("grouped_join_to_subquery", exp.Join, _grouped_join),
    ("rows_in_query_to_exists", exp.In, rowvalues.in_query),  # these copy
    *(("row_compared_with_query", kind, rowvalues.compared) for kind in rowvalues.OPPOSITES),
)
