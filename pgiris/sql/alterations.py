"""Alterations: ALTER TABLE -> steps of a plan, one for each action. iris-reference 4.19"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import checks, collations, defaults, guards, identity_alterations, retyping
from pgiris.sql.coercion import Kind, assignable
from pgiris.sql.constraint_names import ConstraintNames
from pgiris.sql.ddl import IDLE, ddl, existing, name, needed, qualified, skipped
from pgiris.sql.infer import cast_target, fold, type_text, unwrapped
from pgiris.sql.plan import Effect, Plan, Target
from pgiris.sql.postgres import ValidateConstraint
from pgiris.sql.setting_commands import quote_identifier
from pgiris.sql.statement import Statement
from pgiris.sql.tables import (
    Table,
    check_names,
    column_kind,
    column_text,
    constraint_text,
    constraints_of,
    names_in,
    stored_type,
)
from pgiris.sql.truncation import referencing
from pgiris.types import oids
from pgiris.types.iristypes import annotation, to_iris
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.table import type_name


def alter_table(tree: exp.Alter, kind: str, statement: Statement) -> Plan:
    """kind: ``TABLE``, which means views too, or ``VIEW``."""
    table, relation = existing(tree.this, statement)
    if relation is None and not statement.analysis.lenient:
        message = f'relation "{fold(tree.this.this)}" does not exist'
        if tree.args.get("exists"):
            return skipped(f"ALTER {kind}", statement, message, sqlstate.SUCCESSFUL_COMPLETION)
        raise PgError(sqlstate.UNDEFINED_TABLE, message)
    if relation is not None and relation.kind == "sequence":
        raise not_supported(f"ALTER {kind} of a sequence is not supported", "There is ALTER SEQUENCE.")
    if relation is not None and relation.kind == "view":
        return _alter_view(tree, kind, relation, statement)
    if kind == "VIEW":
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{fold(tree.this.this)}" is not a view')
    _rename_without_column(tree)
    steps: list[str] = []
    for action in tree.args.get("actions") or ():
        builder = _ACTION_BUILDERS.get(type(action))
        if builder is None:
            raise not_supported(f"ALTER TABLE with {action.key.upper()} is not supported")
        steps += [f"ALTER TABLE {table} {text}" for text in builder(action, relation, statement)]
    absent = any(isinstance(action, exp.Drop) and action.args.get("exists") for action in tree.args.get("actions") or ())
    plan = ddl("ALTER TABLE", steps, sqlstate.UNDEFINED_OBJECT if absent else "")
    if not statement.checks and (steps or not statement.notes):
        return plan
    return Plan(Target.BACKEND, plan.tag, Effect.DDL, (*statement.checks, *plan.steps) or IDLE)


def _alter_view(tree: exp.Alter, kind: str, view: Relation, statement: Statement) -> Plan:
    """IRIS cannot rename a view: it is made anew under the other name. iris-reference 4.19"""
    actions = list(tree.args.get("actions") or [])
    if len(actions) != 1 or not isinstance(actions[0], exp.AlterRename) or tree.args.get("options"):
        raise not_supported(
            f"this ALTER {kind} of a view is not supported", "A view can be renamed; CREATE OR REPLACE VIEW changes it."
        )
    new, old = fold(actions[0].this.this), qualified(view.schema, view.name)
    if not view.definition:
        raise not_supported("renaming a view with a check option is not supported")
    for other in statement.analysis.snapshot.relations:
        if other.kind == "view" and other is not view and other.may_name(view):
            detail = f'View "{other.name}" may depend on it.'
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, "renaming a view that others depend on is not supported", detail=detail)
    columns = ", ".join(name(column.name) for column in view.columns)
    made = f"CREATE VIEW {qualified(view.schema, new)} ({columns}) AS {view.definition}"
    statement.noted("rename_table", view.schema, view.name, new)
    return ddl(f"ALTER {kind}", [made, f"DROP VIEW {old}"])


def _rename_without_column(tree: exp.Alter) -> None:
    """RENAME a TO b, which the parser takes for a new name of the table with an option behind it, renames a column."""
    options = tree.args.get("options") or []
    if not options:
        return
    actions = tree.args.get("actions") or []
    if len(actions) != 1 or not isinstance(actions[0], exp.AlterRename) or not isinstance(options[0], exp.ToTableProperty):
        raise not_supported(f"ALTER TABLE with {options[0].key.upper().removesuffix('PROPERTY')} is not supported")
    old, new = actions[0].this.this, options[0].this.this
    tree.set("options", None)
    tree.set("actions", [exp.RenameColumn(this=exp.Column(this=old), to=exp.Column(this=new))])


def _altered(action: exp.Expr) -> str:
    """The name of the table that ALTER TABLE changes."""
    alter = action.find_ancestor(exp.Alter)
    assert alter is not None
    return fold(alter.this.this)


def _place(action: exp.Expr, relation: Relation | None) -> tuple[str, str]:
    """IRIS's schema and the name of the table that ALTER TABLE changes."""
    return (relation.schema, relation.name) if relation is not None else ("", _altered(action))


def _add_column(action: exp.ColumnDef, relation: Relation | None, statement: Statement) -> list[str]:
    column = fold(action.this)
    check_names([action])
    if relation is not None and column.lower() in relation.by_name:
        message = f'column "{column}" of relation "{relation.name}" already exists'
        if not action.args.get("exists"):
            raise PgError(sqlstate.DUPLICATE_COLUMN, message)
        statement.notices.append(PgError(sqlstate.DUPLICATE_COLUMN, f"{message}, skipping", "NOTICE"))
        return []
    schema, word = _place(action, relation)
    table = Table(statement, names_in(_altered(action), action, relation), schema, word)
    text = column_text(action, table)
    if any(note.action == "set_default" and note.arguments[2] == column for note in statement.notes):  # rows that are there
        hint = "Add the column without it, UPDATE the rows, then ALTER COLUMN ... SET DEFAULT."
        raise not_supported("adding a column with a DEFAULT that IRIS cannot compute is not supported", hint)
    if table.has_identity:
        raise not_supported("adding a serial or identity column is not supported")
    if relation is not None and table.checks:
        checks.define(table.checks, *_with_added(action, relation, table.names, statement))
    return [f"ADD COLUMN {text}"]


def _with_added(
    action: exp.Expr, relation: Relation, names: ConstraintNames, statement: Statement
) -> tuple[Relation, ConstraintNames, Statement, dict[str, str]]:
    """What checks.define() takes: the table with the columns that the same ALTER TABLE adds, and what rows have there."""
    for note in statement.notes:
        if note.action == "set_check":
            names.take(note.arguments[2])
    alter, added, given = action.find_ancestor(exp.Alter), [], {}
    for node in alter.args.get("actions") or () if alter is not None else ():
        if isinstance(node, exp.ColumnDef) and fold(node.this).lower() not in relation.by_name:
            kind = column_kind(node.args["kind"])
            added.append(RelationColumn(fold(node.this), kind.oid, to_iris(*kind), kind.typmod))
            default = next((c.kind for c in node.args["constraints"] if isinstance(c.kind, exp.DefaultColumnConstraint)), None)
            value = default.this.meta["text"] if default is not None else "NULL"
            given[fold(node.this).lower()] = f"CAST({value} AS {type_text(node.args['kind'])})"
    return replace(relation, columns=(*relation.columns, *added)), names, statement, given


def _drop_part(action: exp.Drop, relation: Relation | None, statement: Statement) -> list[str]:
    kind = str(action.args.get("kind")).upper()
    texts = []
    for node in action.args.get("tables") or [action.this]:
        word = fold(node.this if isinstance(node, exp.Column | exp.Table) else node)
        if kind == "COLUMN" and relation is not None and word.lower() not in relation.by_name:
            message = f'column "{word}" of relation "{relation.name}" does not exist'
            if not action.args.get("exists"):
                raise PgError(sqlstate.UNDEFINED_COLUMN, message)
            statement.notices.append(PgError(sqlstate.SUCCESSFUL_COMPLETION, f"{message}, skipping", "NOTICE"))
            continue
        if kind not in ("COLUMN", "CONSTRAINT"):
            raise not_supported(f"ALTER TABLE ... DROP {kind} is not supported")
        cascade = bool(action.args.get("cascade"))
        if kind == "COLUMN":
            if not cascade and relation is not None:
                _check_others(word, relation, statement)
            statement.noted("drop_column", *_place(action, relation), word)
            for part in _parts_of(word, relation):
                statement.noted("drop_part", *_place(action, relation), part)
        elif checks.find(relation, word) is not None:
            statement.note("drop_check", *_place(action, relation), word)
            statement.noted("drop_part", *_place(action, relation), word)
            continue
        elif relation is not None and word.lower() not in map(str.lower, constraints_of(relation)):
            if not action.args.get("exists"):
                raise _no_constraint(word, relation)
            message = f"{_no_constraint(word, relation).message}, skipping"
            statement.notices.append(PgError(sqlstate.SUCCESSFUL_COMPLETION, message, "NOTICE"))
            continue
        else:
            statement.noted("drop_part", *_place(action, relation), word)
        # Without CASCADE IRIS keeps a column that an index or a key of its own table has (-322), which PostgreSQL drops with it.
        texts.append(f"DROP {kind} {name(word)}{' CASCADE' if cascade or kind == 'COLUMN' else ''}")
    return texts


def _parts_of(column: str, relation: Relation | None) -> list[str]:
    """Indexes and constraints that go away with a column."""
    if relation is None:
        return []
    named = [*relation.key_names, *((index.name, index.columns) for index in relation.indexes)]
    named += [(key.name, key.columns) for key in relation.references]
    return [part for part, columns in named if column.lower() in map(str.lower, columns)]


def _check_others(word: str, relation: Relation, statement: Statement) -> None:
    """Raises 2BP01 for a column of a key while foreign keys of other tables point to its table."""
    if not any(word.lower() == column.lower() for key in (relation.primary_key, *relation.unique_keys) for column in key):
        return
    if any(other is not relation for other in referencing(relation, statement.analysis.snapshot.relations)):
        raise needed(f"column {word} of table {relation.name}")


def _rename_column(action: exp.RenameColumn, relation: Relation | None, statement: Statement) -> list[str]:
    old = _known_column(fold(action.this.this), relation)
    new = fold(action.args["to"].this)
    if relation is not None:
        checks.rename_column(old, new, relation, statement)
    statement.noted("rename_column", *_place(action, relation), old, new)
    return [f"ALTER COLUMN {name(old)} RENAME {name(new)}"]


def _known_column(word: str, relation: Relation | None) -> str:
    if relation is not None and word.lower() not in relation.by_name:
        raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{word}" of relation "{relation.name}" does not exist')
    return word


def _rename_table(action: exp.AlterRename, relation: Relation | None, statement: Statement) -> list[str]:
    new = fold(action.this.this)
    statement.noted("rename_table", *_place(action, relation), new)
    return [f"RENAME {name(new)}"]


def _alter_column(action: exp.AlterColumn, relation: Relation | None, statement: Statement) -> list[str]:
    column = _known_column(fold(action.this), relation)
    head = f"ALTER COLUMN {name(column)}"
    if action.args.get("dtype") is not None:
        kind = column_kind(action.args["dtype"])
        if action.args.get("collate"):
            collations.check(action.args["collate"], kind, statement)
        if relation is not None:
            _check_again(action, column, kind, relation, statement)
        if relation is not None and retyping.is_wanted(_column_type(column, relation), kind):
            found = relation.by_name[column.lower()][1]
            return [f"{head} {text}" for text in retyping.retyped(relation, found, kind, action, statement)]
        changed = _changed_type(action, column, relation, statement)
        return [f"{head} {changed}"] if changed else []
    if action.args.get("default") is not None:
        kind = _changed_before(action, column) or _column_type(column, relation)
        made = defaults.default(action.args["default"], kind, column, statement)
        note = statement.note if made.is_noted else statement.noted
        note("set_default", *_place(action, relation), column, made.sequence, made.expression)
        return [f"{head} SET DEFAULT {made.sql}" if made.sql else f"{head} DROP DEFAULT"]
    if action.args.get("allow_null") is not None:
        return [f"{head} NULL" if action.args["allow_null"] else f"{head} NOT NULL"]
    statement.noted("set_default", *_place(action, relation), column, None)
    return [f"{head} DROP DEFAULT"]


def _check_again(action: exp.AlterColumn, column: str, kind: Kind, relation: Relation, statement: Statement) -> None:
    """Rows are to satisfy the constraints with the new type too."""
    columns = tuple(
        replace(one, oid=kind.oid, typmod=kind.typmod, iris_type=to_iris(*kind)) if one.name.lower() == column.lower() else one
        for one in relation.columns
    )
    changed = replace(relation, columns=columns)
    for check in relation.checks:
        if check.mentions(column):
            checks.require_plan(check, changed, statement)
            value = f"CAST({quote_identifier(column)} AS {type_text(action.args['dtype'])})"
            if check.valid:
                statement.checks.append(guards.of_all(relation, check, statement, {column.lower(): value}))


def _changed_before(action: exp.AlterColumn, column: str) -> Kind | None:
    """The type that the same ALTER TABLE gives the column first."""
    alter = action.find_ancestor(exp.Alter)
    found = None
    for other in alter.args.get("actions") or () if alter is not None else ():
        if other is action:
            break
        if isinstance(other, exp.AlterColumn) and other.args.get("dtype") is not None and fold(other.this) == column:
            found = column_kind(other.args["dtype"])
    return found


def _column_type(column: str, relation: Relation | None) -> Kind:
    if relation is None:
        return Kind(oids.TEXT)
    found = relation.by_name[column.lower()][1]
    return Kind(found.oid, found.typmod)


def _changed_type(action: exp.AlterColumn, column: str, relation: Relation | None, statement: Statement) -> str:
    """Empty when it has the type. A column's %DESCRIPTION cannot be changed: types with a note, before or after, are refused."""
    kind = column_kind(action.args["dtype"])
    using = action.args.get("using") or None
    using = unwrapped(using) if using is not None else None
    if using is not None and not (
        isinstance(using, exp.Cast) and isinstance(using.this, exp.Column) and fold(using.this.this) == column
    ):
        raise not_supported("ALTER COLUMN TYPE with USING is not supported")
    if using is not None and cast_target(using).oid != kind.oid:
        raise not_supported("ALTER COLUMN TYPE with USING of another type is not supported")
    own = _column_type(column, relation)
    if own == kind and relation is not None:
        return ""
    found = relation.by_name[column.lower()][1] if relation is not None else None
    if relation is not None and found is not None and found.identity:
        return identity_alterations.retyped(relation, found, kind, statement)
    if relation is not None and using is None and not assignable(own.oid, kind.oid):
        message = f'column "{column}" cannot be cast automatically to type {type_name(*kind)}'
        hint = f'You might need to specify "USING {column}::{type_name(*kind)}".'
        raise PgError(sqlstate.DATATYPE_MISMATCH, message, hint=hint)
    if annotation(*kind) is not None or (relation is not None and own.oid and annotation(*own) is not None):
        raise not_supported(f"changing a column's type from {type_name(*own)} to {type_name(*kind)} is not supported")
    return stored_type(kind, statement)


def _add_constraint(action: exp.AddConstraint, relation: Relation | None, statement: Statement) -> list[str]:
    names = names_in(_altered(action), action, relation)
    columns = relation.columns if relation is not None else ()
    kinds = {column.name.lower(): Kind(column.oid, column.typmod) for column in columns}
    found: list[checks.Definition] = []
    for node in action.expressions:
        given = fold(node.this) if isinstance(node, exp.Constraint) else ""
        if checks.find(relation, given) is not None:
            raise checks.already_there(given, _altered(action))
    texts = [constraint_text(node, names, statement, kinds, found) for node in action.expressions]
    if relation is not None and found:
        for one in found:
            if one.name.lower() in map(str.lower, constraints_of(relation)):
                raise checks.already_there(one.name, relation.name)
        checks.define(found, *_with_added(action, relation, names, statement))
    return [f"ADD {text}" for text in texts if text]


def _validate(action: ValidateConstraint, relation: Relation | None, statement: Statement) -> list[str]:
    """Foreign keys are always valid in IRIS."""
    word = fold(action.this)
    check = checks.find(relation, word)
    if relation is not None and word.lower() not in map(str.lower, constraints_of(relation)):
        raise _no_constraint(word, relation)
    if relation is not None and check is not None and not check.valid:
        statement.checks.append(guards.of_all(relation, check, statement))
        checks.note(statement, relation, check._replace(valid=True))
    return []


def _no_constraint(word: str, relation: Relation) -> PgError:
    return PgError(sqlstate.UNDEFINED_OBJECT, f'constraint "{word}" of relation "{relation.name}" does not exist')


_ACTION_BUILDERS: dict[type[exp.Expr], Callable[[Any, Relation | None, Statement], list[str]]] = {
    exp.ColumnDef: _add_column,
    exp.Drop: _drop_part,
    exp.RenameColumn: _rename_column,
    exp.AlterRename: _rename_table,
    exp.AlterColumn: _alter_column,
    exp.AddConstraint: _add_constraint,
    ValidateConstraint: _validate,
    exp.AlterSet: lambda action, relation, statement: [],  # storage parameters, LOGGED, TABLESPACE: IRIS has none
}
