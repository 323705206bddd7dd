"""Guards: CHECK constraints of a table, of which IRIS does not know, as steps that look at rows after they were written.

In: the table of a change. Out: a step whose rows violate a constraint (23514). What a change stores, IRIS tells best: so the rows
are looked at as they are in the table, and a violation undoes the statement as any error does.
PostgreSQL: ddl-constraints#DDL-CONSTRAINTS-CHECK-CONSTRAINTS. iris-reference 4.18
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import kept, returning
from pgiris.sql.coercion import ANY, TEXT
from pgiris.sql.infer import Binder, Output, fold
from pgiris.sql.plainer import plainer
from pgiris.sql.plan import Guard, Note, Role, Step, When
from pgiris.sql.postgres import parse
from pgiris.sql.schemanames import iris_schema, shown_schema
from pgiris.sql.scope import Scope
from pgiris.sql.session_functions import SESSION_FUNCTIONS
from pgiris.sql.stages import finished
from pgiris.sql.statement import Statement
from pgiris.sql.trees import Census, copied, walk
from pgiris.sql.typenames import resolve
from pgiris.types.relation import CheckPart, ReferencePart, Relation, Snapshot

Checks = Sequence[CheckPart]


def checked(relation: Relation | None, snapshot: Snapshot, changed: Collection[str] | None = None) -> Checks:
    """The constraints that a change may violate. changed: the columns that an UPDATE sets; None: all.

    Raises 0A000 for views of tables with constraints: their rows have no %ID by which they are found.
    """
    if relation is None or not snapshot.checked:
        return ()
    if relation.kind == "view":
        _refuse_view(relation, snapshot)
    if changed is None or not relation.checks:
        return relation.checks
    return [check for check in relation.checks if not check.valid or _is_open(check) or any(map(check.mentions, changed))]


def _is_open(check: CheckPart) -> bool:
    """Whether it may fail for a row whose columns have not changed: the present or the session decides."""
    if not check.columns:
        return True
    return any(fold(call.this) in SESSION_FUNCTIONS for call in parse(f"SELECT {check.expression}").find_all(exp.Anonymous))


def _refuse_view(view: Relation, snapshot: Snapshot) -> None:
    for relation in _checked_tables(snapshot):
        if view.may_name(relation):
            message = f'changing rows through view "{view.name}" is not supported'
            raise not_supported(message, f'Change table "{relation.name}", whose CHECK constraints IRIS does not know of.')


def _checked_tables(snapshot: Snapshot) -> list[Relation]:
    return [relation for place in snapshot.checked if (relation := snapshot.find(*place)) is not None]


_IRIS_CHANGE = re.compile(
    r"""\s*(?:INSERT|UPDATE|MERGE)\s+(?:OR\s+UPDATE\s+|INTO\s+|%\w+\s+)*("[^"]+"|\w+)(?:\s*\.\s*("[^"]+"|\w+))?""", re.IGNORECASE
)


def refuse_iris_change(text: str, snapshot: Snapshot) -> None:
    """Raises 0A000 for IRIS SQL that changes a table with constraints: what it does to which rows only IRIS knows."""
    match = _IRIS_CHANGE.match(text) if snapshot.checked else None
    if match is None:
        return
    *schema, name = (part.strip('"') for part in match.groups() if part is not None)
    relation = snapshot.find(iris_schema(schema[0]) if schema else iris_schema("public"), name)
    if relation is not None and checked(relation, snapshot):
        hint = "INSERT, UPDATE and MERGE of PostgreSQL are supported."
        raise not_supported(f'changing table "{relation.name}", which has CHECK constraints, by IRIS SQL is not supported', hint)


def after(steps: Sequence[Step], table: exp.Expr, checks: Checks, statement: Statement) -> list[Step]:
    """With a guard of the rows that the steps make or change, which they note."""
    if not checks:
        return list(steps)
    slot = statement.slot
    made = [
        replace(step, notes=Note.MADE, slot=slot) if step.role is Role.COUNT and step.notes is Note.NONE else step
        for step in steps
    ]
    last = max(place for place, step in enumerate(made) if step.role is Role.COUNT)
    while last + 1 < len(made) and made[last].each is not None and made[last + 1].each == made[last].each:
        last += 1
    noted = replace(_guard(table, checks, statement, returning.is_found(table, statement)), notes=Note.MADE, slot=slot)
    return [*made[: last + 1], noted, *made[last + 1 :]]


def of_found(table: exp.Expr, checks: Checks, statement: Statement) -> list[Step]:
    """A guard of the rows that returning.locked() has found."""
    if not checks:
        return []
    return [replace(_guard(table, checks, statement, returning.is_found(table, statement)), slot=statement.slot)]


def by_key(table: exp.Expr, checks: Checks, key: exp.Expr, statement: Statement) -> list[Step]:
    """A guard of the rows that an analysed condition means, if some were changed."""
    if not checks:
        return []
    condition = finished(exp.Where(this=copied(key)), statement).this
    return [replace(_guard(table, checks, statement, condition), when=When.COUNTED)]


def of_all(relation: Relation, check: CheckPart, statement: Statement, given: Mapping[str, str] | None = None) -> Step:
    """A guard of the rows that are there. given: SQL that stands for columns, by their names in lower case."""
    table = exp.Table(this=_identifier(relation.name), db=_identifier(relation.schema))
    Binder(statement.analysis).table(table)
    return _guard(table, [check], statement, None, given or {})


# What foreign keys cascade to


def of_cascades(target: exp.Expr, tree: exp.Expr, statement: Statement) -> list[Step]:
    """Guards of other tables' rows, whose columns foreign keys change together with the rows of target. IRIS tells nobody which
    rows it has changed: all those are looked at that are as such a change leaves them."""
    snapshot, relation = statement.analysis.snapshot, target.meta.get("relation")
    if not snapshot.checked or relation is None or (isinstance(tree, exp.Insert) and tree.args.get("conflict") is None):
        return []
    updated = _updated(tree, relation)
    made = []
    for table in _checked_tables(snapshot):
        for key in table.references:
            checks = [check for check in table.checks if check.valid and any(map(check.mentions, key.columns))]
            actions = (
                _actions(key, relation, updated, not isinstance(tree, exp.Update | exp.Insert), snapshot) if checks else set()
            )
            if actions - {"NO ACTION"}:
                made.append(_of_key(table, key, checks, actions <= {"SET NULL", "NO ACTION"}, statement))
    return made


def _updated(tree: exp.Expr, relation: Relation) -> set[str]:
    """The columns that may be set, in lower case."""
    if isinstance(tree, exp.Update):
        return {fold(part.this.this).lower() for part in tree.expressions if isinstance(part.this, exp.Column)}
    return set() if isinstance(tree, exp.Delete) else {column.name.lower() for column in relation.columns}


def _actions(key: ReferencePart, changed: Relation, updated: set[str], deletes: bool, snapshot: Snapshot) -> set[str]:
    """What a foreign key does to its columns when rows of a table are deleted, or its columns updated; through others too."""
    found = set()
    if deletes and key.on_delete != "CASCADE" and _is_deleted(key, changed, snapshot, set()):
        found.add(key.on_delete)
    if _is_updated(key, changed, updated, snapshot, set()):
        found.add(key.on_update)
    return found


def _is_deleted(key: ReferencePart, changed: Relation, snapshot: Snapshot, seen: set[ReferencePart]) -> bool:
    """Whether rows that a key refers to may be deleted."""
    if key.is_to(changed):
        return True
    seen.add(key)
    parent = snapshot.find(key.schema, key.table)
    above = [other for other in (parent.references if parent is not None else ()) if other.on_delete == "CASCADE"]
    return any(_is_deleted(other, changed, snapshot, seen) for other in above if other not in seen)


def _is_updated(key: ReferencePart, changed: Relation, updated: set[str], snapshot: Snapshot, seen: set[ReferencePart]) -> bool:
    """Whether the columns that a key refers to may be updated."""
    referred = set(map(str.lower, key.referenced))
    if key.is_to(changed) and referred & updated:
        return True
    seen.add(key)
    parent = snapshot.find(key.schema, key.table)
    above = [other for other in (parent.references if parent is not None else ()) if other.on_update == "CASCADE"]
    through = (other for other in above if other not in seen and referred & set(map(str.lower, other.columns)))
    return any(_is_updated(other, changed, updated, snapshot, seen) for other in through)


def _of_key(table: Relation, key: ReferencePart, checks: Checks, nulled: bool, statement: Statement) -> Step:
    """nulled: the foreign key has done nothing but setting its columns to NULL."""
    node = exp.Table(this=_identifier(table.name), db=_identifier(table.schema))
    Binder(statement.analysis).table(node)
    tests = [exp.Is(this=exp.column(column), expression=exp.Null()) for column in key.columns] if nulled else []
    return _guard(node, checks, statement, exp.and_(*tests, copy=False) if tests else None)


def _identifier(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


# The query


def _guard(
    table: exp.Expr, checks: Checks, statement: Statement, among: exp.Expr | None, given: Mapping[str, str] | None = None
) -> Step:
    """among: a finished condition. What IRIS cannot say of the constraints, the worker computes.

    Constants stand in IRIS's text if they can, so that all changes of the table ask the same.
    """
    statement.fired("checked")
    analysis = statement.analysis
    before = statement.inline, statement.computing, analysis.needs_computing, analysis.calls_session
    mark = statement.mark()
    try:
        for inline in (True, before[0]):
            statement.inline, statement.computing, analysis.needs_computing = inline, False, False
            try:
                return _step(table, checks, statement, among, given)
            except PgError as error:
                if error.code != sqlstate.FEATURE_NOT_SUPPORTED:
                    raise
                statement.back_to(mark)
        statement.computing = True
        return _step(table, checks, statement, among, given)
    finally:
        statement.inline, statement.computing, analysis.needs_computing, analysis.calls_session = before


def _step(table: exp.Expr, checks: Checks, statement: Statement, among: exp.Expr | None, given: Mapping[str, str] | None) -> Step:
    relation: Relation = table.meta["relation"]
    select = _query(table, relation, checks, statement, given)
    outputs = Binder(statement.analysis).query(select, Scope())
    identity = returning.identity(table)
    select.set("expressions", [select.expressions[0], identity, *select.expressions[1:]])
    outputs = select.meta["outputs"] = [outputs[0], Output("id", ANY), *outputs[1:]]
    kinds = [TEXT, ANY, *(output.kind for output in outputs[2:])]
    step = kept.of_query(select, outputs, kinds, statement, Role.GUARD, None if among is None else copied(among))
    typmods = tuple(column.typmod for column in relation.columns) if given is None else ()
    return replace(step, guard=Guard(shown_schema(relation.schema), relation.name, typmods))


def _query(
    table: exp.Expr, relation: Relation, checks: Checks, statement: Statement, given: Mapping[str, str] | None
) -> exp.Select:
    """The name of the constraint that a row violates, its columns."""
    tests = [condition_of(check, given or {}) for check in checks]
    names = [exp.Literal.string(check.name) for check in checks]
    branches = [exp.If(this=exp.Not(this=test), true=name) for test, name in zip(tests, names, strict=True)]
    columns = [exp.column(_identifier(column.name)) for column in relation.columns] if given is None else []
    select = exp.Select(expressions=[exp.Case(ifs=branches), *columns])
    select.set("from_", exp.From(this=copied(table)))
    select.set("where", exp.Where(this=exp.Not(this=exp.Paren(this=exp.and_(*map(copied, tests), copy=False)))))
    tree = resolve(select, statement.analysis.snapshot, (shown_schema(relation.schema), "public"))
    made = plainer(Census(tree), statement)
    assert isinstance(made, exp.Select)
    return made


def condition_of(check: CheckPart, given: Mapping[str, str]) -> exp.Expr:
    """The expression, not analysed. given: SQL in the places of columns."""
    made = exp.Paren(this=parse(f"SELECT {check.expression}").expressions[0])
    for column in list(made.find_all(exp.Column)) if given else ():
        found = given.get(fold(column.this).lower())
        if found is not None:
            column.replace(exp.Paren(this=parse(f"SELECT {found}").expressions[0]))
    for node in walk(made):
        node.meta.clear()  # places in another text
    return made
