"""Definitions: CREATE, ALTER and DROP -> steps of a plan.

What IRIS cannot promise is not dropped in silence: the client hears a WARNING, or the statement is refused.
iris-reference 4.18, 4.19, 5.1, 10.4
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import defaults, stages
from pgiris.sql.coercion import Kind
from pgiris.sql.constraint_names import FOREIGN_KEY, PRIMARY_KEY, UNIQUE, ConstraintNames
from pgiris.sql.infer import Binder, fold, type_text
from pgiris.sql.iris.words import TYPE_WORDS, needs_quotes
from pgiris.sql.plan import Effect, Plan, Role, Step, Target
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import Scope, find_relation, iris_schema
from pgiris.sql.statement import Statement
from pgiris.sql.write import template, write
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.iristypes import annotation, to_iris
from pgiris.types.relation import Relation
from pgiris.types.table import parse_type, type_name


class IrisSyntax(Exception):
    """The statement speaks of what only IRIS knows: it is IRIS SQL."""


def definition(tree: exp.Expr, binder: Binder, statement: Statement) -> Plan:
    """Raises IrisSyntax, PgError 0A000 and what PostgreSQL raises."""
    builders: dict[type[exp.Expr], dict[str, _Builder]] = {exp.Create: _CREATE, exp.Drop: _DROP}
    if isinstance(tree, exp.Alter):
        if str(tree.args.get("kind")).upper() != "TABLE":
            raise not_supported(f"ALTER {tree.args.get('kind')} is not supported")
        return _alter_table(tree, statement)
    builder = builders.get(type(tree), {}).get(str(tree.args.get("kind")).upper())
    if builder is not None:
        return builder(tree, binder, statement)
    kind = f" {tree.args['kind']}" if tree.args.get("kind") else ""
    raise not_supported(f"{tree.key.upper()}{kind} is not supported")


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if needs_quotes(text) else text


def _ddl(tag: str, steps: Sequence[str]) -> Plan:
    if not steps:
        return Plan(Target.NOTHING, tag)
    return Plan(Target.BACKEND, tag, Effect.DDL, tuple(Step(sql, (), Role.RUN) for sql in steps))


def _skipped(tag: str, statement: Statement, message: str, code: str) -> Plan:
    statement.notices.append(PgError(code, f"{message}, skipping", "NOTICE"))
    return Plan(Target.NOTHING, tag)


def _warn(statement: Statement, message: str) -> None:
    statement.notices.append(PgError(sqlstate.WARNING, message, "WARNING"))


def table_name(node: exp.Expr, statement: Statement) -> tuple[str, str]:
    """Schema and name of a table that is to be made."""
    table = node.this if isinstance(node, exp.Schema) else node
    if not isinstance(table, exp.Table):
        raise not_supported("this name of a table is not supported")
    schema = fold(table.args.get("db")) or statement.analysis.search_path[0]
    if schema == "pg_catalog" or schema == "information_schema":
        message = f'permission denied to create "{schema}.{fold(table.this)}"'
        raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, message, detail="System catalog modifications are currently disallowed.")
    return iris_schema(schema), fold(table.this)


def _qualified(schema: str, table: str) -> str:
    return f"{name(schema)}.{name(table)}"


def _existing(node: exp.Expr, statement: Statement) -> tuple[str, Relation | None]:
    """A table that is there: its IRIS name, and what is known of it."""
    table = node.this if isinstance(node, exp.Schema) else node
    schema, word = fold(table.args.get("db")), fold(table.this)
    analysis = statement.analysis
    relation = find_relation(analysis.snapshot, analysis.search_path, schema, word)
    if relation is not None:
        return _qualified(relation.schema, relation.name), relation
    return _qualified(iris_schema(schema or analysis.search_path[0]), word), None


# CREATE TABLE


@dataclass
class _Table:
    """A table in the making."""

    statement: Statement
    names: ConstraintNames
    elements: list[str] = field(default_factory=list)
    has_identity: bool = False
    identity_is_writable: bool = True


_HARMLESS_PROPERTIES = (exp.Property, exp.TableSpaceProperty, exp.UnloggedProperty)
_SERIALS: dict[exp.DType, Oid] = {
    exp.DType.SMALLSERIAL: oids.INT2,
    exp.DType.SERIAL: oids.INT4,
    exp.DType.BIGSERIAL: oids.INT8,
}
_SERIAL_NAMES = {"serial2": oids.INT2, "serial4": oids.INT4, "serial8": oids.INT8}


def _create_table(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    properties = tree.args.get("properties")
    for option in properties.expressions if properties is not None else ():
        if isinstance(option, exp.TemporaryProperty):
            raise not_supported("temporary tables are not supported yet")
        if not isinstance(option, _HARMLESS_PROPERTIES):
            raise not_supported(f"CREATE TABLE with {option.key.upper().removesuffix('PROPERTY')} is not supported")
    schema, table = table_name(tree.this, statement)
    analysis = statement.analysis
    if analysis.snapshot.find(schema, table) is not None:
        message = f'relation "{table}" already exists'
        if tree.args.get("exists"):
            return _skipped("CREATE TABLE", statement, message, sqlstate.DUPLICATE_TABLE)
        raise PgError(sqlstate.DUPLICATE_TABLE, message)
    if tree.args.get("expression") is not None:
        return _create_table_as(tree, _qualified(schema, table), binder, statement)
    made = _Table(statement, _names_in(table, tree.this))
    if not isinstance(tree.this, exp.Schema) or not tree.this.expressions:
        raise not_supported("tables without columns are not supported")
    _check_names(tree.this.expressions)
    for element in tree.this.expressions:
        made.elements.append(_column(element, made) if isinstance(element, exp.ColumnDef) else _table_constraint(element, made))
    exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
    options = " WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1" if made.has_identity and made.identity_is_writable else ""
    elements = ", ".join(element for element in made.elements if element)
    return _ddl("CREATE TABLE", [f"CREATE TABLE {exists}{_qualified(schema, table)} ({elements}){options}"])


def _check_names(elements: Sequence[exp.Expr]) -> None:
    seen: set[str] = set()
    for element in elements:
        if isinstance(element, exp.ColumnDef):
            column = fold(element.this)
            if column.lower() in seen:
                raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{column}" specified more than once')
            seen.add(column.lower())


def _create_table_as(tree: exp.Create, table: str, binder: Binder, statement: Statement) -> Plan:
    query = tree.args["expression"]
    outputs = binder.query(query, Scope())
    columns = ", ".join(f"{name(output.name)} {_stored_type(output.kind, statement)}" for output in outputs)
    body = write(stages.finished(query, statement), statement.sources, Role.COUNT)
    names = ", ".join(name(output.name) for output in outputs)
    steps = (
        Step(f"CREATE TABLE {table} ({columns})", (), Role.RUN),
        Step(f"INSERT INTO {table} ({names}) {body.sql}", body.sources, Role.COUNT),
    )
    return Plan(Target.BACKEND, "CREATE TABLE AS", Effect.DDL, steps)


def column_kind(node: exp.Expr) -> Kind:
    """The type of a column definition. Raises IrisSyntax for a type that only IRIS has."""
    text = type_text(node)
    try:
        kind = Kind(*parse_type(text))
        to_iris(*kind)
    except PgError as error:
        word = text.partition("(")[0].strip().upper()
        if word in TYPE_WORDS and error.code in (sqlstate.UNDEFINED_OBJECT, sqlstate.FEATURE_NOT_SUPPORTED):
            raise IrisSyntax from None
        error.position = error.position or position_of(node)
        raise
    return kind


def _stored_type(kind: Kind, statement: Statement) -> str:
    """An IRIS type with its collation and the note that keeps what IRIS cannot tell. iris-reference 4.6, 5.1"""
    iris = to_iris(*kind)
    collate = f" COLLATE {statement.string_collation}" if iris.upper().startswith(("VARCHAR", "CHAR")) else ""
    note = annotation(*kind)
    return iris + collate + (f" %DESCRIPTION '{note}'" if note else "")


def _serial(node: exp.Expr) -> Oid | None:
    if isinstance(node, exp.DataType):
        return _SERIALS.get(node.this) or _SERIAL_NAMES.get(node.sql(dialect="postgres").lower())
    return _SERIAL_NAMES.get(node.sql(dialect="postgres").lower())


def _column(node: exp.ColumnDef, table: _Table) -> str:
    if node.args.get("kind") is None:
        raise IrisSyntax
    constraints = [constraint.kind for constraint in node.args.get("constraints") or ()]
    serial = _serial(node.args["kind"])
    identity = next((c for c in constraints if isinstance(c, exp.GeneratedAsIdentityColumnConstraint)), None)
    if serial is not None or identity is not None:
        return _identity_column(node, serial, identity, constraints, table)
    kind = column_kind(node.args["kind"])
    words = [name(fold(node.this)), _stored_type(kind, table.statement)]
    for constraint in node.args.get("constraints") or ():
        words.append(_column_constraint(constraint, kind, table, fold(node.this)))
    return " ".join(filter(None, words))


def _identity_column(
    node: exp.ColumnDef,
    serial: Oid | None,
    identity: exp.GeneratedAsIdentityColumnConstraint | None,
    constraints: Sequence[exp.Expr],
    table: _Table,
) -> str:
    kind = Kind(serial) if serial is not None else column_kind(node.args["kind"])
    if kind.oid not in (oids.INT2, oids.INT4, oids.INT8):
        message = "identity column type must be smallint, integer, or bigint"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    if identity is not None:
        if identity.args.get("expression") is not None:
            raise not_supported("generated columns are not supported")
        for option in ("start", "increment", "minvalue", "maxvalue", "cycle"):
            value = identity.args.get(option)
            if value is not None and not (option in ("start", "increment", "minvalue") and value.name == "1"):
                raise not_supported(f"identity columns with {option.upper()} are not supported")
        table.identity_is_writable = not identity.this
    if table.has_identity:
        raise not_supported("a table can have one serial or identity column only")
    table.has_identity = True
    generation = "serial" if identity is None else "always" if identity.this else "by default"
    words = [name(fold(node.this)), to_iris(kind.oid), "IDENTITY", f"%DESCRIPTION '{annotation(kind.oid, -1, generation)}'"]
    for constraint in node.args.get("constraints") or ():
        if not isinstance(constraint.kind, exp.GeneratedAsIdentityColumnConstraint | exp.NotNullColumnConstraint):
            words.append(_column_constraint(constraint, kind, table, fold(node.this)))
    return " ".join(filter(None, words))


def _names_in(table: str, definition: exp.Expr) -> ConstraintNames:
    """With the names that the definition gives to constraints."""
    names = ConstraintNames(table)
    for node in definition.find_all(exp.Constraint, exp.ColumnConstraint):
        if isinstance(node.this, exp.Identifier):
            names.take(fold(node.this))
    return names


def _label(given: object, kind: str, columns: Sequence[str], names: ConstraintNames) -> str:
    return f"CONSTRAINT {name(fold(given) if isinstance(given, exp.Identifier) else names.choose(kind, columns))} "


def _column_constraint(node: exp.Expr, kind: Kind, table: _Table, column: str) -> str:
    constraint, given, statement = node.args["kind"], node.this, table.statement
    match constraint:
        case exp.NotNullColumnConstraint():
            return "" if constraint.args.get("allow_null") else "NOT NULL"
        case exp.PrimaryKeyColumnConstraint():
            return _label(given, PRIMARY_KEY, [column], table.names) + "PRIMARY KEY"
        case exp.UniqueColumnConstraint():
            _deferred(constraint, statement)
            return _label(given, UNIQUE, [column], table.names) + "UNIQUE"
        case exp.DefaultColumnConstraint():
            value = defaults.default(constraint.this, kind, column, statement)
            return f"DEFAULT {value}" if value else ""
        case exp.Reference():
            return _label(given, FOREIGN_KEY, [column], table.names) + _reference(constraint, statement)
        case exp.CheckColumnConstraint():
            _ignored_check(given, statement)
            return ""
        case exp.CollateColumnConstraint():
            return ""  # the column has the collation that the setting string_collation names
        case exp.GeneratedAsIdentityColumnConstraint() | exp.ComputedColumnConstraint():
            raise not_supported("generated columns are not supported")
    raise not_supported(f"column constraint {constraint.key} is not supported")


def _ignored_check(given: object, statement: Statement) -> None:
    """iris-reference 4.18: not enforced, and rejected by some versions."""
    shown = f' "{fold(given)}"' if isinstance(given, exp.Identifier) else ""
    statement.fired("check_dropped")
    _warn(statement, f"CHECK constraint{shown} is ignored: IRIS does not enforce it")


_ACTIONS = {"CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"}


def _reference(node: exp.Reference, statement: Statement) -> str:
    target = node.this
    table, relation = _existing(target, statement)
    columns = [fold(c) for c in target.expressions] if isinstance(target, exp.Schema) else []
    if not columns and relation is not None:
        columns = list(relation.primary_key)
    words = [f"REFERENCES {table}" + (f" ({', '.join(map(name, columns))})" if columns else "")]
    for option in node.args.get("options") or ():
        text = " ".join(str(option).upper().split())
        event, _, action = text.partition(" ")[2].partition(" ")
        if text.startswith("ON ") and action in _ACTIONS:
            if action not in ("NO ACTION", "RESTRICT"):  # what IRIS does by itself
                words.append(f"ON {event} {action}")
        elif text == "INITIALLY DEFERRED":
            _warn(statement, "INITIALLY DEFERRED is ignored: IRIS checks constraints at the end of each statement")
        elif text not in ("DEFERRABLE", "NOT DEFERRABLE", "INITIALLY IMMEDIATE", "MATCH SIMPLE"):
            raise not_supported(f"foreign keys with {text} are not supported")
    return " ".join(words)


def _deferred(node: exp.Expr, statement: Statement) -> None:
    for option in node.args.get("options") or ():
        if "DEFERRED" in str(option).upper():
            _warn(statement, "INITIALLY DEFERRED is ignored: IRIS checks constraints at the end of each statement")
    if node.args.get("nulls"):
        raise not_supported("NULLS NOT DISTINCT is not supported")


def _table_constraint(node: exp.Expr, table: _Table) -> str:
    return constraint_text(node, table.names, table.statement)


def constraint_text(node: exp.Expr, names: ConstraintNames, statement: Statement) -> str:
    """ "" for one that is dropped with a warning."""
    given = None
    if isinstance(node, exp.Constraint):
        given = node.this
        if len(node.expressions) != 1:
            raise not_supported("this table constraint is not supported")
        node = node.expressions[0]
    match node:
        case exp.PrimaryKey():
            return f"{_label(given, PRIMARY_KEY, (), names)}PRIMARY KEY ({_names(node.expressions)})"
        case exp.UniqueColumnConstraint() if isinstance(node.this, exp.Schema):
            _deferred(node, statement)
            columns = list(map(_bare, node.this.expressions))
            return f"{_label(given, UNIQUE, columns, names)}UNIQUE ({_names(node.this.expressions)})"
        case exp.ForeignKey():
            options = [
                f"ON {event.upper()} {str(node.args[event]).upper()}" for event in ("delete", "update") if node.args.get(event)
            ]
            reference = node.args["reference"]
            reference.set("options", [*(reference.args.get("options") or ()), *options, *(node.args.get("options") or ())])
            label = _label(given, FOREIGN_KEY, list(map(_bare, node.expressions)), names)
            return f"{label}FOREIGN KEY ({_names(node.expressions)}) {_reference(reference, statement)}"
        case exp.CheckColumnConstraint():
            _ignored_check(given, statement)
            return ""
    raise not_supported(f"{node.key.upper().removesuffix('PROPERTY')} in CREATE TABLE is not supported")


def _names(nodes: Sequence[exp.Expr]) -> str:
    return ", ".join(name(_bare(node)) for node in nodes)


def _bare(node: exp.Expr) -> str:
    """The column that an index or constraint names; sort order and operator class do not matter to IRIS."""
    if isinstance(node, exp.Ordered | exp.Opclass):
        return _bare(node.this)
    if isinstance(node, exp.Column) and not node.args.get("table"):
        return fold(node.this)
    if isinstance(node, exp.Identifier):
        return fold(node)
    raise not_supported("indexes on expressions are not supported")


# CREATE INDEX, VIEW, SCHEMA


def _create_index(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    index = tree.this
    parameters = index.args["params"]
    table, _ = _existing(index.args["table"], statement)
    using = parameters.args.get("using")
    method = using.name.lower() if using is not None else "btree"
    columns = parameters.args.get("columns") or []
    if parameters.args.get("where") is not None:
        if tree.args.get("unique"):
            raise not_supported("partial unique indexes are not supported")
        _warn(statement, "WHERE of the index is ignored: IRIS indexes all rows")
    if not columns:
        raise not_supported("this index is not supported")
    given = fold(index.this) if index.this is not None else _index_name(index.args["table"], columns)
    kind = _hnsw(columns, parameters) if method == "hnsw" else ""
    if method not in ("btree", "hash", "hnsw"):
        raise not_supported(f'access method "{method}" is not supported', "There are btree, hash and hnsw.")
    unique = "UNIQUE " if tree.args.get("unique") else ""
    include = parameters.args.get("include")
    stored = f" WITH DATA ({_names(include)})" if include else ""
    return _ddl("CREATE INDEX", [f"CREATE {unique}INDEX {name(given)} ON TABLE {table} ({_names(columns)}){kind}{stored}"])


def _index_name(table: exp.Expr, columns: Sequence[exp.Expr]) -> str:
    """As PostgreSQL makes it. PostgreSQL: ChooseIndexName"""
    return "_".join([fold(table.this), *(_bare(column) for column in columns), "idx"])


_DISTANCES = {"vector_cosine_ops": "Cosine", "vector_ip_ops": "DotProduct"}


def _hnsw(columns: Sequence[exp.Expr], parameters: exp.Expr) -> str:
    column = columns[0].this if isinstance(columns[0], exp.Ordered) else columns[0]
    operators = column.expression.name.lower() if isinstance(column, exp.Opclass) else "vector_l2_ops"
    distance = _DISTANCES.get(operators)
    if distance is None:
        raise not_supported(f"hnsw indexes with {operators} are not supported", "There are vector_cosine_ops and vector_ip_ops.")
    settings = [f"Distance='{distance}'"]
    for option in parameters.args.get("with_storage") or ():
        word = {"m": "M", "ef_construction": "efConstruction"}.get(option.this.name.lower())
        if word is None:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized parameter "{option.this.name}"')
        settings.append(f"{word}={int(option.args['value'].name)}")
    return f" AS HNSW({', '.join(settings)})"


def _create_view(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    properties = tree.args.get("properties")
    for option in properties.expressions if properties is not None else ():
        word = option.key.upper().removesuffix("PROPERTY")
        raise not_supported(f"CREATE {word} VIEW is not supported")
    schema, view = table_name(tree.this, statement)
    query = tree.args["expression"]
    statement.inline = True
    outputs = binder.query(query, Scope())
    if statement.analysis.parameters:
        raise PgError(sqlstate.UNDEFINED_PARAMETER, "there is no parameter $1")
    names = [fold(column) for column in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    names += [output.name for output in outputs[len(names) :]]
    for index, shown in enumerate(names):
        if shown in names[:index]:
            raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{shown}" specified more than once')
    holder = exp.Paren(this=query)  # a view's query is not at the top: ORDER BY there needs TOP
    made = stages.finished(holder, statement).this
    if isinstance(made, exp.Select):
        made.set("expressions", [_as_bit(item, output.kind) for item, output in zip(made.expressions, outputs, strict=True)])
    step = write(made, statement.sources)
    replace = "OR REPLACE " if tree.args.get("replace") else ""
    sql = f"CREATE {replace}VIEW {_qualified(schema, view)} ({', '.join(map(name, names))}) AS {step.sql}"
    return _ddl("CREATE VIEW", [sql])


def _as_bit(item: exp.Expr, kind: Kind) -> exp.Expr:
    """A condition shown by a view: as BIT, by which others see that it is a boolean."""
    value = item.this if isinstance(item, exp.Alias) else item
    return template("CAST({0} AS BIT)", value) if kind.oid == oids.BOOL and not isinstance(value, exp.Column) else item


def _create_schema(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    schema = fold(tree.this.args.get("db"))
    if schema == "public":
        message = 'schema "public" already exists'
        if tree.args.get("exists"):
            return _skipped("CREATE SCHEMA", statement, message, sqlstate.DUPLICATE_SCHEMA)
        raise PgError(sqlstate.DUPLICATE_SCHEMA, message)
    exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
    return _ddl("CREATE SCHEMA", [f"CREATE SCHEMA {exists}{name(schema)}"])


# DROP


def _drop_table(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    return _drop_relations(tree, statement, "TABLE")


def _drop_view(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    if tree.args.get("materialized"):
        raise not_supported("materialized views are not supported")
    return _drop_relations(tree, statement, "VIEW")


def _drop_relations(tree: exp.Drop, statement: Statement, word: str) -> Plan:
    steps = []
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    for node in tree.args.get("tables") or ():
        target, relation = _existing(node, statement)
        if relation is None and not statement.analysis.lenient:
            message = f'{word.lower()} "{fold(node.this)}" does not exist'
            if not exists:
                raise PgError(sqlstate.UNDEFINED_TABLE, message)
            statement.notices.append(PgError(sqlstate.SUCCESSFUL_COMPLETION, f"{message}, skipping", "NOTICE"))
            continue
        if relation is not None and relation.kind != word.lower():
            hint = f"Use DROP {relation.kind.upper()} to remove a {relation.kind}."
            message = f'"{fold(node.this)}" is not a {word.lower()}'
            raise PgError(sqlstate.WRONG_OBJECT_TYPE, message, hint=hint)
        cascade = " CASCADE" if tree.args.get("cascade") else ""
        steps.append(f"DROP {word} {exists}{target}{cascade}")
    return _ddl(f"DROP {word}", steps)


def _drop_index(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    return _ddl("DROP INDEX", [f"DROP INDEX {exists}{name(fold(node.this))}" for node in tree.args.get("tables") or ()])


def _drop_schema(tree: exp.Drop, binder: Binder, statement: Statement) -> Plan:
    exists = "IF EXISTS " if tree.args.get("exists") else ""
    cascade = " CASCADE" if tree.args.get("cascade") else ""
    schemas = [iris_schema(fold(node.args.get("db"))) for node in tree.args.get("tables") or ()]
    return _ddl("DROP SCHEMA", [f"DROP SCHEMA {exists}{name(schema)}{cascade}" for schema in schemas])


# ALTER TABLE: one action per statement in IRIS


def _alter_table(tree: exp.Alter, statement: Statement) -> Plan:
    table, relation = _existing(tree.this, statement)
    if relation is None and not statement.analysis.lenient:
        message = f'relation "{fold(tree.this.this)}" does not exist'
        if tree.args.get("exists"):
            return _skipped("ALTER TABLE", statement, message, sqlstate.UNDEFINED_TABLE)
        raise PgError(sqlstate.UNDEFINED_TABLE, message)
    steps: list[str] = []
    for action in tree.args.get("actions") or ():
        builder = _ACTION_BUILDERS.get(type(action))
        if builder is None:
            raise not_supported(f"ALTER TABLE with {action.key.upper()} is not supported")
        steps += [f"ALTER TABLE {table} {text}" for text in builder(action, relation, statement)]
    return _ddl("ALTER TABLE", steps)


def _altered(action: exp.Expr) -> str:
    """The name of the table that ALTER TABLE changes."""
    alter = action.find_ancestor(exp.Alter)
    assert alter is not None
    return fold(alter.this.this)


def _add_column(action: exp.ColumnDef, relation: Relation | None, statement: Statement) -> list[str]:
    column = fold(action.this)
    if relation is not None and column.lower() in relation.by_name:
        message = f'column "{column}" of relation "{relation.name}" already exists'
        if not action.args.get("exists"):
            raise PgError(sqlstate.DUPLICATE_COLUMN, message)
        statement.notices.append(PgError(sqlstate.DUPLICATE_COLUMN, f"{message}, skipping", "NOTICE"))
        return []
    table = _Table(statement, _names_in(_altered(action), action))
    text = _column(action, table)
    if table.has_identity:
        raise not_supported("adding a serial or identity column is not supported")
    return [f"ADD COLUMN {text}"]


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
        cascade = " CASCADE" if action.args.get("cascade") else ""
        texts.append(f"DROP {kind} {name(word)}{cascade}")
    return texts


def _rename_column(action: exp.RenameColumn, relation: Relation | None, statement: Statement) -> list[str]:
    old = _known_column(fold(action.this.this), relation)
    return [f"ALTER COLUMN {name(old)} RENAME {name(fold(action.args['to'].this))}"]


def _known_column(word: str, relation: Relation | None) -> str:
    if relation is not None and word.lower() not in relation.by_name:
        raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{word}" of relation "{relation.name}" does not exist')
    return word


def _rename_table(action: exp.AlterRename, relation: Relation | None, statement: Statement) -> list[str]:
    return [f"RENAME {name(fold(action.this.this))}"]


def _alter_column(action: exp.AlterColumn, relation: Relation | None, statement: Statement) -> list[str]:
    column = _known_column(fold(action.this), relation)
    head = f"ALTER COLUMN {name(column)}"
    if action.args.get("dtype") is not None:
        return [f"{head} {_changed_type(action, column, relation, statement)}"]
    if action.args.get("default") is not None:
        kind = _column_type(column, relation)
        value = defaults.default(action.args["default"], kind, column, statement)
        return [f"{head} SET DEFAULT {value}" if value else f"{head} DROP DEFAULT"]
    if action.args.get("allow_null") is not None:
        return [f"{head} NULL" if action.args["allow_null"] else f"{head} NOT NULL"]
    return [f"{head} DROP DEFAULT"]


def _column_type(column: str, relation: Relation | None) -> Kind:
    if relation is None:
        return Kind(oids.TEXT)
    found = relation.by_name[column.lower()][1]
    return Kind(found.oid, found.typmod)


def _changed_type(action: exp.AlterColumn, column: str, relation: Relation | None, statement: Statement) -> str:
    """ALTER COLUMN cannot change a column's %DESCRIPTION: types that need a note, before or after, are refused."""
    kind = column_kind(action.args["dtype"])
    using = action.args.get("using") or None
    if using is not None and not (
        isinstance(using, exp.Cast) and isinstance(using.this, exp.Column) and fold(using.this.this) == column
    ):
        raise not_supported("ALTER COLUMN TYPE with USING is not supported")
    own = _column_type(column, relation)
    if annotation(*kind) is not None or (relation is not None and own.oid and annotation(*own) is not None):
        raise not_supported(f"changing a column's type from {type_name(*own)} to {type_name(*kind)} is not supported")
    return _stored_type(kind, statement)


def _add_constraint(action: exp.AddConstraint, relation: Relation | None, statement: Statement) -> list[str]:
    names = _names_in(_altered(action), action)
    texts = [constraint_text(node, names, statement) for node in action.expressions]
    return [f"ADD {text}" for text in texts if text]


_ACTION_BUILDERS: dict[type[exp.Expr], Callable[[Any, Relation | None, Statement], list[str]]] = {
    exp.ColumnDef: _add_column,
    exp.Drop: _drop_part,
    exp.RenameColumn: _rename_column,
    exp.AlterRename: _rename_table,
    exp.AlterColumn: _alter_column,
    exp.AddConstraint: _add_constraint,
}
_Builder = Callable[[Any, Binder, Statement], Plan]
_CREATE: dict[str, _Builder] = {
    "TABLE": _create_table,
    "INDEX": _create_index,
    "VIEW": _create_view,
    "SCHEMA": _create_schema,
}
_DROP: dict[str, _Builder] = {"TABLE": _drop_table, "VIEW": _drop_view, "INDEX": _drop_index, "SCHEMA": _drop_schema}
