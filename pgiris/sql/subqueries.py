"""Kept rows: queries inside a query that run before it, as steps of their own, whose rows it then reads by JSON_TABLE.

So run: WITH RECURSIVE, round by round, and what IRIS cannot compute where it must know the result: derived tables, WITH queries,
IN, EXISTS and scalar subqueries that do not depend on the query around them. Their rows must fit into one text of IRIS.
PostgreSQL: queries-with#QUERIES-WITH-RECURSIVE
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import recursion, stages
from pgiris.sql.infer import Binder, Output, conjuncts, fold, unwrapped
from pgiris.sql.infer.analysis import KeptRows
from pgiris.sql.infer.sources import unique_names
from pgiris.sql.plan import Role, Step
from pgiris.sql.scope import Field, Scope
from pgiris.sql.shaping import shaped
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import write
from pgiris.types import oids
from pgiris.types.codec import Oid


def steps_before(tree: exp.Expr, statement: Statement) -> list[Step]:
    """The steps that a query needs before it, which is changed to read their rows."""
    clause = tree.args.get("with_")
    if clause is not None and clause.args.get("recursive") and not _reads_tables(tree) and not statement.keeping:
        raise not_supported("WITH RECURSIVE is not supported here")  # the catalog's worker makes its rows at once
    made = rounds_before(tree, statement)
    if statement.keeping:
        made += _unsayable(tree, statement)
    return made


def rounds_before(tree: exp.Expr, statement: Statement) -> list[Step]:
    """The steps of WITH RECURSIVE."""
    clause = tree.args.get("with_")
    return _recursive(tree, clause, statement) if clause is not None and clause.args.get("recursive") else []


def _keep(query: exp.Expr, statement: Statement, name: str = "", columns: Sequence[exp.Expr] = ()) -> tuple[Step, KeptRows]:
    """A step that keeps a query's rows. name: of a WITH query. Raises what the query's analysis raises."""
    slot = len(statement.analysis.kept)
    outputs = Binder(statement.analysis).query(query, Scope())
    kept = _kept_rows(slot, outputs, columns, name)
    step = _step(query, outputs, statement, slot, Role.TABLE)
    statement.analysis.kept[kept.name] = kept
    return step, kept


def _of_no_table(kept: KeptRows) -> KeptRows:
    """The rows of a recursion are none of a table's."""
    return replace(kept, fields=tuple(replace(entry, relation=Oid(0), attribute=0) for entry in kept.fields))


def _step(query: exp.Expr, outputs: Sequence[Output], statement: Statement, slot: int, role: Role) -> Step:
    shaping = shaped(query, statement)
    step = write(stages.finished(query, statement), statement.sources, role)
    return replace(step, slot=slot, rows=shaping, kinds=tuple(output.kind.oid for output in outputs))


def _kept_rows(slot: int, outputs: Sequence[Output], columns: Sequence[exp.Expr], name: str) -> KeptRows:
    given = [fold(column) for column in columns]
    if len(given) > len(outputs):
        message = f'WITH query "{name}" has {len(outputs)} columns available but {len(given)} columns specified'
        raise PgError(sqlstate.INVALID_COLUMN_REFERENCE, message)
    shown = [*given, *(output.name for output in outputs[len(given) :])]
    fields = tuple(
        Field(
            label,
            output.kind,
            output.relation,
            output.attribute,
            collation="EXACT",
            scale=output.scale,
            column=actual if actual != label else "",
        )
        for label, actual, output in zip(shown, unique_names(shown), outputs, strict=True)
    )
    for output in outputs:
        if output.kind.oid in (oids.BYTEA, 0):
            raise not_supported("rows of these types cannot be kept for the query around them")
    return KeptRows(f"pgiris_kept_{slot}", slot, fields, [output.kind for output in outputs], unique_names(shown))


def _refer(tree: exp.Expr, name: str, kept: KeptRows) -> None:
    """Tables called as a WITH query become its kept rows."""
    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.Identifier) and not table.args.get("db") and fold(table.this) == name:
            if table.args.get("alias") is None:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
            table.set("this", exp.to_identifier(kept.name))


def _without(clause: exp.Expr | None, cte: exp.Expr) -> None:
    if clause is not None:
        clause.set("expressions", [other for other in clause.expressions if other is not cte])


def _refers(tree: exp.Expr, name: str) -> bool:
    return any(
        isinstance(table.this, exp.Identifier) and not table.args.get("db") and fold(table.this) == name
        for table in tree.find_all(exp.Table)
    )


def with_those(query: exp.Expr, clause: exp.Expr | None) -> exp.Expr:
    """A copy of a query with the WITH queries that it refers to, directly or not."""
    made = copied(query)
    while isinstance(made, exp.Subquery):
        made = made.this
    wanted: list[exp.Expr] = []
    for cte in reversed(clause.expressions if clause is not None else []):
        name = fold(cte.args["alias"].this)
        if _refers(made, name) or any(_refers(other, name) for other in wanted):
            wanted.insert(0, copied(cte))
    if wanted:
        own = made.args.get("with_")
        recursive = own is not None and own.args.get("recursive")
        made.set("with_", exp.With(expressions=[*wanted, *(own.expressions if own is not None else ())], recursive=recursive))
    made.parent = None
    return made


# WITH RECURSIVE


def _recursive(tree: exp.Expr, clause: exp.Expr, statement: Statement) -> list[Step]:
    if statement.inline:
        raise not_supported("WITH RECURSIVE is not supported here")
    made: list[Step] = []
    for cte in list(clause.expressions):
        name = fold(cte.args["alias"].this)
        if not _refers(cte.this, name):
            continue
        earlier = exp.With(expressions=[other for other in clause.expressions if other is not cte])
        steps, kept = _rounds(cte, name, earlier, statement)
        made += steps
        _without(clause, cte)
        _refer(tree, name, kept)
    clause.set("recursive", False)
    if not clause.expressions:
        tree.set("with_", None)
    statement.fired("recursion_by_rounds")
    return made


def _reads_tables(tree: exp.Expr) -> bool:
    names = {fold(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    tables = (table for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier))
    return any(table.args.get("db") or fold(table.this) not in names for table in tables)


def _rounds(cte: exp.Expr, name: str, earlier: exp.Expr, statement: Statement) -> tuple[list[Step], KeptRows]:
    """A step for the first rows, and one that runs again with the rows that it made until it makes none."""
    union = cte.this
    while isinstance(union, exp.Subquery):
        union = union.this
    if not isinstance(union, exp.Union) or _refers(union.this, name):
        message = f'recursive query "{name}" does not have the form non-recursive-term UNION [ALL] recursive-term'
        raise PgError(sqlstate.INVALID_RECURSION, message)
    if any(union.args.get(part) for part in ("order", "limit", "offset")) or cte.args.get("search") or cte.args.get("cycle"):
        raise not_supported("ORDER BY, LIMIT, SEARCH and CYCLE in a recursive query are not supported")
    first, kept = _keep(with_those(union.this, earlier), statement, name, cte.args["alias"].args.get("columns") or ())
    kept = statement.analysis.kept[kept.name] = _of_no_table(kept)
    again = with_those(union.expression, earlier)
    _refer(again, name, kept)
    outputs = Binder(statement.analysis).query(again, Scope())
    if len(outputs) != len(kept.kinds):
        raise PgError(sqlstate.SYNTAX_ERROR, "each UNION query must have the same number of columns")
    for place, (kind, output) in enumerate(zip(kept.kinds, outputs, strict=True), 1):
        recursion.check_type(name, place, kind, output.kind)
    step = _step(again, outputs, statement, kept.slot, Role.ROUND)
    step = replace(step, kinds=tuple(kind.oid for kind in kept.kinds), distinct=bool(union.args.get("distinct")))
    return [replace(first, distinct=bool(union.args.get("distinct"))), step], kept


# What IRIS cannot say


def _unsayable(tree: exp.Expr, statement: Statement) -> list[Step]:
    """Steps for the parts of a query that IRIS cannot say, as far as they stand for themselves."""
    made: list[Step] = []
    clause = tree.args.get("with_")
    for cte in list(clause.expressions) if clause is not None else ():
        alias = cte.args["alias"]
        steps, kept = _if_unsayable(cte.this, clause, statement, fold(alias.this), alias.args.get("columns") or ())
        if kept is None:
            continue
        made += steps
        _without(clause, cte)
        _refer(tree, fold(alias.this), kept)
    if clause is not None and not clause.expressions:
        tree.set("with_", None)
        clause = None
    made += _kept_within(tree, clause, statement)
    dependent = [query for query, _ in _inner_queries(tree) if isinstance(query, exp.Select)]
    if [query for query in dependent if _filter_first(query, statement)]:
        made += _kept_within(tree, clause, statement)
    if made:
        statement.fired("kept_rows")
    return made


def _kept_within(tree: exp.Expr, clause: exp.Expr | None, statement: Statement) -> list[Step]:
    made: list[Step] = []
    for query, place in list(_inner_queries(tree)):
        steps, kept = _if_unsayable(query, clause, statement)
        if kept is not None:
            made += steps
            _put(place, kept)
    return made


def _filter_first(query: exp.Select, statement: Statement) -> bool:
    """Conditions on one table that IRIS cannot say go into a query of that table, which stands for itself."""
    where, joins = query.args.get("where"), query.args.get("joins") or []
    if where is None or query.args.get("from_") is None or any(join.args.get("side") or join.args.get("using") for join in joins):
        return False
    tables = [query.args["from_"].this, *(join.this for join in joins)]
    names = [table for table in tables if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier)]
    rest = []
    for part in conjuncts(where.this):
        table = next((one for one in names if part.find(exp.Query) is None and _is_refused(_probe(one, part), statement)), None)
        if table is None:
            rest.append(part)
            continue
        alias = table.args.get("alias") or exp.TableAlias(this=copied(table.this))
        inner = _probe(table, part)
        inner.set("expressions", [exp.Star()])
        names.remove(table)
        table.replace(exp.Subquery(this=inner, alias=copied(alias)))
    changed = len(rest) < len(conjuncts(where.this))
    query.set("where", exp.Where(this=exp.and_(*rest, copy=False)) if rest else None)
    return changed


def _probe(table: exp.Table, condition: exp.Expr) -> exp.Select:
    made = exp.Select(expressions=[exp.Literal.number(1)])
    made.set("from_", exp.From(this=copied(table)))
    made.set("where", exp.Where(this=copied(condition)))
    return made


def _inner_queries(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Queries within, outermost first, each with the node that stands for it: a Subquery, an Exists, a leg of a set operation."""
    for child in node.iter_expressions():
        if isinstance(child, exp.CTE):
            continue
        if isinstance(child, exp.Subquery | exp.Exists) and isinstance(unwrapped(child.this), exp.Query):
            yield child.this, child
        elif isinstance(node, exp.SetOperation) and isinstance(child, exp.Select):
            yield child, child
        yield from _inner_queries(child)


def _put(place: exp.Expr, kept: KeptRows) -> None:
    table = exp.Table(this=exp.to_identifier(kept.name))
    if isinstance(place, exp.Subquery) and isinstance(place.parent, exp.From | exp.Join):
        table.set("alias", place.args.get("alias"))
        place.replace(table)
        return
    items = [exp.column(exp.to_identifier(column, quoted=True)) for column in kept.names]
    query = exp.Select(expressions=items)
    query.set("from_", exp.From(this=table))
    if isinstance(place, exp.Select):
        place.replace(query)
    else:
        place.set("this", query)


def _if_unsayable(
    query: exp.Expr, clause: exp.Expr | None, statement: Statement, name: str = "", columns: Sequence[exp.Expr] = ()
) -> tuple[list[Step], KeptRows | None]:
    """None: IRIS can say it, or it depends on the query around it, or the worker cannot help either."""
    if isinstance(query.parent, exp.Lateral) or not _is_refused(with_those(query, clause), statement):
        return [], None
    mark, known = statement.mark(), dict(statement.analysis.kept)
    own = _told_apart(with_those(query, clause))
    try:
        before = steps_before(own, statement)
        step, kept = _keep(own, statement, name, columns)
    except PgError:
        statement.back_to(mark)
        statement.analysis.kept.clear()
        statement.analysis.kept.update(known)
        return [], None
    return [*before, step], kept


def _told_apart(query: exp.Expr) -> exp.Expr:
    """UNION as DISTINCT of the rows of UNION ALL, which the worker can make of values that IRIS cannot compare."""
    if not isinstance(query, exp.Union) or not query.args.get("distinct") or query.args.get("order") is not None:
        return query
    if query.args.get("limit") is not None or query.args.get("offset") is not None:
        return query
    made = exp.Select(expressions=[exp.Star()], distinct=exp.Distinct())
    made.set("with_", query.args.get("with_"))
    query.set("with_", None)
    leg: exp.Expr = query
    while isinstance(leg, exp.Union):
        leg.set("distinct", False)
        leg = leg.this
    made.set("from_", exp.From(this=exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("v")))))
    return made


def _is_refused(query: exp.Expr, statement: Statement) -> bool:
    """Whether a query that stands for itself is one that IRIS cannot say."""
    trial = statement.fresh()
    try:
        Binder(trial.analysis).query(query, Scope())
    except PgError as error:
        return error.code == sqlstate.FEATURE_NOT_SUPPORTED
    try:
        write(stages.finished(query, trial), trial.sources)
    except PgError as error:
        return error.code == sqlstate.FEATURE_NOT_SUPPORTED
    return False
