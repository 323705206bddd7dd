"""Tables: CREATE TABLE -> steps of a plan: columns, constraints, AS.

What IRIS cannot promise is not dropped in silence: the client hears a WARNING, or the statement is refused.
iris-reference 4.18, 5.1
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import checks, collations, defaults, kept, stages, temporary, values
from pgiris.sql.coercion import DATETIMES, FLOATS, INTEGERS, STRINGS, TEXT, Kind, implicit
from pgiris.sql.constraint_names import FOREIGN_KEY, PRIMARY_KEY, UNIQUE, ConstraintNames
from pgiris.sql.ddl import IrisSyntax, ddl, existing, name, qualified, skipped, table_name
from pgiris.sql.infer import Binder, fold, type_text
from pgiris.sql.iris.words import TYPE_WORDS
from pgiris.sql.notices import warning
from pgiris.sql.plan import Effect, Plan, Role, Step, Target, Temporary
from pgiris.sql.postgres import position_of
from pgiris.sql.scope import Field, Scope
from pgiris.sql.statement import Statement
from pgiris.sql.trees import copied
from pgiris.sql.write import write
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.enums import is_enum
from pgiris.types.iristypes import annotation, to_iris
from pgiris.types.relation import Relation, RelationColumn
from pgiris.types.table import parse_type, type_name


@dataclass
class Table:
    """A table in the making. schema: IRIS's."""

    statement: Statement
    names: ConstraintNames
    schema: str
    name: str
    elements: list[str] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)  # of its columns, by name in lower case
    has_identity: bool = False
    columns: list[RelationColumn] = field(default_factory=list)
    checks: list[checks.Definition] = field(default_factory=list)

    def add(self, column: str, kind: Kind, not_null: bool) -> None:
        self.kinds[column.lower()] = kind
        collation = self.statement.string_collation if kind.oid in STRINGS else ""
        self.columns.append(RelationColumn(column, kind.oid, to_iris(*kind), kind.typmod, not_null, collation=collation))

    @property
    def relation(self) -> Relation:
        """As far as it is known by now."""
        return Relation(self.schema, self.name, tuple(self.columns))


_HARMLESS_PROPERTIES = (exp.Property, exp.TableSpaceProperty, exp.UnloggedProperty, exp.WithDataProperty)
_PROPERTY_WORDS: dict[type[exp.Expr], str] = {
    exp.PartitionedByProperty: "PARTITION BY",
    exp.PartitionedOfProperty: "PARTITION OF",
}
_SERIALS: dict[exp.DType, Oid] = {
    exp.DType.SMALLSERIAL: oids.INT2,
    exp.DType.SERIAL: oids.INT4,
    exp.DType.BIGSERIAL: oids.INT8,
}
_SERIAL_NAMES = {"serial2": oids.INT2, "serial4": oids.INT4, "serial8": oids.INT8}


def create_table(tree: exp.Create, binder: Binder, statement: Statement) -> Plan:
    properties = tree.args.get("properties")
    for option in properties.expressions if properties is not None else ():
        if type(option) not in (*_HARMLESS_PROPERTIES, exp.TemporaryProperty):
            word = _PROPERTY_WORDS.get(type(option)) or option.key.upper().removesuffix("PROPERTY")
            raise not_supported(f"CREATE TABLE with {word} is not supported")
    passing = temporary.is_wanted(tree)
    if tree.meta.get("on_commit") and not passing:
        raise PgError(sqlstate.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables")
    schema, table = _place(tree, statement, passing)
    if passing:
        statement.temporary = Temporary(qualified(schema, table), on_commit=temporary.on_commit(tree))
    analysis = statement.analysis
    if analysis.snapshot.find(schema, table) is not None:
        message = f'relation "{table}" already exists'
        if tree.args.get("exists"):
            tag = "CREATE TABLE" if tree.args.get("expression") is None else "CREATE TABLE AS"
            return skipped(tag, statement, message, sqlstate.DUPLICATE_TABLE)
        raise PgError(sqlstate.DUPLICATE_TABLE, message)
    if tree.args.get("expression") is not None:
        return _create_table_as(tree, qualified(schema, table), binder, statement)
    if (schema.lower(), table) in analysis.snapshot.enums:
        hint = "A relation has an associated type of the same name, so you must use a name that doesn't conflict with any"
        hint += " existing type."
        raise PgError(sqlstate.DUPLICATE_OBJECT, f'type "{table}" already exists', hint=hint)
    made = Table(statement, names_in(table, tree.this), schema, table)
    made.names.schema = schema
    if not tree.args.get("exists"):
        statement.noted("drop_table", schema, table)  # one that was dropped without pgiris
    if not isinstance(tree.this, exp.Schema) or not tree.this.expressions:
        raise not_supported("tables without columns are not supported")
    check_names(tree.this.expressions)
    for element in tree.this.expressions:
        if isinstance(element, exp.LikeProperty):
            made.elements += _like(element, made)
            continue
        made.elements.append(
            column_text(element, made) if isinstance(element, exp.ColumnDef) else _table_constraint(element, made)
        )
    checks.define(made.checks, made.relation, made.names, statement)
    exists = "IF NOT EXISTS " if tree.args.get("exists") else ""
    options = " WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1" if made.has_identity else ""
    elements = ", ".join(element for element in made.elements if element)
    return ddl("CREATE TABLE", [f"CREATE TABLE {exists}{qualified(schema, table)} ({elements}){options}"])


def _place(tree: exp.Expr, statement: Statement, passing: bool) -> tuple[str, str]:
    """Schema and name of a new table."""
    if passing:
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        return temporary.schema_of(tree, statement), fold(table.this)
    return table_name(tree.this, statement)


_LIKE_NOTHING = frozenset(("COMMENTS", "COMPRESSION", "STATISTICS", "STORAGE"))  # nothing there to include


def _like(node: exp.LikeProperty, table: Table) -> list[str]:
    """LIKE t: the columns of a table, their types and NOT NULL, and CHECK constraints. PostgreSQL: sql-createtable"""
    statement, with_checks = table.statement, False
    for option in node.expressions:
        word, included = option.args["value"].name.upper(), str(option.this).upper() == "INCLUDING"
        if word == "CONSTRAINTS":
            with_checks = included
        elif included and word not in _LIKE_NOTHING:
            raise not_supported(f"LIKE with INCLUDING {word} is not supported")
    _, relation = existing(node.this, statement)
    if relation is None:
        raise PgError(sqlstate.UNDEFINED_TABLE, f'relation "{fold(node.this.this)}" does not exist')
    for column in relation.columns:
        table.add(column.name, Kind(column.oid, column.typmod), column.not_null)
    for check in relation.checks if with_checks else ():
        table.names.take(check.name)
        checks.note(statement, table.relation, check)
    return [
        f"{name(column.name)} {stored_type(Kind(column.oid, column.typmod), statement)}{' NOT NULL' if column.not_null else ''}"
        for column in relation.columns
    ]


_SYSTEM_COLUMNS = frozenset(("cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"))


def check_names(elements: Sequence[exp.Expr]) -> None:
    seen: set[str] = set()
    for element in elements:
        if isinstance(element, exp.ColumnDef):
            column = fold(element.this)
            if column in _SYSTEM_COLUMNS:
                raise PgError(sqlstate.DUPLICATE_COLUMN, f'column name "{column}" conflicts with a system column name')
            if column.lower() in seen:
                raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{column}" specified more than once')
            seen.add(column.lower())


def _create_table_as(tree: exp.Create, table: str, binder: Binder, statement: Statement) -> Plan:
    given = [fold(column) for column in tree.this.expressions] if isinstance(tree.this, exp.Schema) else []
    properties = tree.args.get("properties")
    without_rows = properties is not None and any(
        isinstance(option, exp.WithDataProperty) and option.args.get("no") for option in properties.expressions
    )
    return table_of_query(tree.args["expression"], table, given, binder, statement, with_rows=not without_rows)


def table_of_query(
    query: exp.Expr, table: str, given: Sequence[str], binder: Binder, statement: Statement, *, with_rows: bool = True
) -> Plan:
    """table: IRIS's name of the new table; given: names for its first columns."""
    spare = copied(query)
    outputs = binder.query(query, Scope())
    if len(given) > len(outputs):
        raise PgError(sqlstate.SYNTAX_ERROR, "too many column names were specified")
    names = [*given, *(output.name for output in outputs[len(given) :])]
    for index, shown in enumerate(names):
        if shown.lower() in (other.lower() for other in names[:index]):
            raise PgError(sqlstate.DUPLICATE_COLUMN, f'column "{shown}" specified more than once')
    kinds = [TEXT if output.kind.oid == oids.UNKNOWN else output.kind for output in outputs]
    columns = ", ".join(f"{name(shown)} {stored_type(kind, statement)}" for shown, kind in zip(names, kinds, strict=True))
    create = Step(f"CREATE TABLE {table} ({columns})", (), Role.RUN)
    if not with_rows:
        return Plan(Target.BACKEND, "CREATE TABLE AS", Effect.DDL, (create,))
    fields = [Field(shown, kind) for shown, kind in zip(names, kinds, strict=True)]
    inserts = _rows_of_query(query, spare, table, fields, binder, statement)
    return Plan(Target.BACKEND, "SELECT INTO", Effect.DDL, (create, *inserts))


def _rows_of_query(
    query: exp.Expr, spare: exp.Expr, table: str, fields: Sequence[Field], binder: Binder, statement: Statement
) -> tuple[Step, ...]:
    """What puts a query's rows into a new table. spare: a copy of the query from before it was analysed."""
    mark = statement.mark()
    try:
        if not statement.analysis.needs_computing:
            body = write(stages.finished(query, statement), statement.sources, Role.COUNT)
            names = ", ".join(name(entry.name) for entry in fields)
            return (Step(f"INSERT INTO {table} ({names}) {body.sql}", body.sources, Role.COUNT),)
    except PgError as error:
        if error.code != sqlstate.FEATURE_NOT_SUPPORTED or not all(entry.kind.oid for entry in fields):
            raise
    statement.back_to(mark)
    statement.computing = True
    outputs = binder.query(spare, Scope())
    keep = kept.of_query(spare, outputs, [entry.kind for entry in fields], statement)
    row = [statement.column_of_row(place, entry.kind) for place, entry in enumerate(fields)]
    insert = values.insert_one(exp.Table(this=exp.Var(this=table)), row, fields, statement)
    return keep, replace(insert, each=statement.slot, slot=statement.slot)


def select_into(tree: exp.Select, binder: Binder, statement: Statement) -> Plan:
    into = tree.args["into"]
    tree.set("into", None)
    passing = temporary.is_wanted(into)
    schema, table = _place(into, statement, passing)
    if passing:
        statement.temporary = Temporary(qualified(schema, table))
    if statement.analysis.snapshot.find(schema, table) is not None:
        raise PgError(sqlstate.DUPLICATE_TABLE, f'relation "{table}" already exists')
    return table_of_query(tree, qualified(schema, table), (), binder, statement)


_CLASS = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")  # whose rows a column of IRIS refers to


def column_kind(node: exp.Expr) -> Kind:
    """The type of a column definition. Raises IrisSyntax for a type that only IRIS has."""
    text = type_text(node)
    try:
        kind = Kind(*parse_type(text))
        to_iris(*kind)
    except PgError as error:
        if _CLASS.fullmatch(text) and not text.lower().startswith(("pg_catalog.", "public.")):
            raise IrisSyntax from None
        word = text.partition("(")[0].strip().upper()
        is_bits = word == "BIT" and "(" in text  # IRIS's BIT is a boolean, and has no length
        if word in TYPE_WORDS and not is_bits and error.code in (sqlstate.UNDEFINED_OBJECT, sqlstate.FEATURE_NOT_SUPPORTED):
            raise IrisSyntax from None
        error.position = error.position or position_of(node)
        raise
    return kind


def stored_type(kind: Kind, statement: Statement) -> str:
    """An IRIS type with its collation and the note that keeps what IRIS cannot tell. iris-reference 4.6, 5.1"""
    iris = to_iris(*kind)
    collation = "EXACT" if is_enum(kind.oid) else statement.string_collation  # labels may differ in case only
    collate = f" COLLATE {collation}" if iris.upper().startswith(("VARCHAR", "CHAR")) else ""
    note = annotation(*kind)
    return iris + collate + (f" %DESCRIPTION '{note}'" if note else "")


def _serial(node: exp.Expr) -> Oid | None:
    if isinstance(node, exp.DataType):
        return _SERIALS.get(node.this) or _SERIAL_NAMES.get(node.sql(dialect="postgres").lower())
    return _SERIAL_NAMES.get(node.sql(dialect="postgres").lower())


def column_text(node: exp.ColumnDef, table: Table) -> str:
    if node.args.get("kind") is None:
        raise IrisSyntax
    constraints = [constraint.kind for constraint in node.args.get("constraints") or ()]
    serial = _serial(node.args["kind"])
    identity = next((c for c in constraints if isinstance(c, exp.GeneratedAsIdentityColumnConstraint)), None)
    if serial is not None or identity is not None:
        return _identity_column(node, serial, identity, constraints, table)
    kind = column_kind(node.args["kind"])
    table.add(fold(node.this), kind, any(isinstance(one, exp.NotNullColumnConstraint) for one in constraints))
    words = [name(fold(node.this)), stored_type(kind, table.statement)]
    for constraint in node.args.get("constraints") or ():
        words.append(_column_constraint(constraint, kind, table, fold(node.this)))
    return " ".join(filter(None, words))


def _identity_column(
    node: exp.ColumnDef,
    serial: Oid | None,
    identity: exp.GeneratedAsIdentityColumnConstraint | None,
    constraints: Sequence[exp.Expr],
    table: Table,
) -> str:
    kind = Kind(serial) if serial is not None else column_kind(node.args["kind"])
    if kind.oid not in (oids.INT2, oids.INT4, oids.INT8):
        message = "identity column type must be smallint, integer, or bigint"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    table.add(fold(node.this), kind, True)
    if identity is not None:
        if identity.args.get("expression") is not None:
            raise not_supported("generated columns are not supported")
        for option in ("start", "increment", "minvalue", "maxvalue", "cycle"):
            value = identity.args.get(option)
            if value is not None and not (option in ("start", "increment", "minvalue") and value.name == "1"):
                raise not_supported(f"identity columns with {option.upper()} are not supported")
    if table.has_identity:
        raise not_supported("a table can have one serial or identity column only")
    table.has_identity = True
    generation = "serial" if identity is None else "always" if identity.this else "by default"
    words = [name(fold(node.this)), to_iris(kind.oid), "IDENTITY", f"%DESCRIPTION '{annotation(kind.oid, -1, generation)}'"]
    for constraint in node.args.get("constraints") or ():
        if not isinstance(constraint.kind, exp.GeneratedAsIdentityColumnConstraint | exp.NotNullColumnConstraint):
            words.append(_column_constraint(constraint, kind, table, fold(node.this)))
    return " ".join(filter(None, words))


def names_in(table: str, definition: exp.Expr, relation: Relation | None = None) -> ConstraintNames:
    """With the names that the definition gives to constraints, and those that the table has already."""
    names = ConstraintNames(table)
    if relation is not None:
        names.schema = relation.schema
        for taken in constraints_of(relation):
            names.take(taken)
    for node in definition.find_all(exp.Constraint, exp.ColumnConstraint):
        if isinstance(node.this, exp.Identifier):
            names.take(fold(node.this))
    return names


def constraints_of(relation: Relation) -> list[str]:
    keys = [key for key, _ in relation.key_names] + [key.name for key in relation.references]
    return [*keys, *(check.name for check in relation.checks)]


def _label(given: object, kind: str, columns: Sequence[str], names: ConstraintNames) -> str:
    return f"CONSTRAINT {name(_named(given, kind, columns, names))} "


def _named(given: object, kind: str, columns: Sequence[str], names: ConstraintNames) -> str:
    return fold(given) if isinstance(given, exp.Identifier) else names.choose(kind, columns)


def _column_constraint(node: exp.Expr, kind: Kind, table: Table, column: str) -> str:
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
            made = defaults.default(constraint.this, kind, column, statement)
            if made.is_noted:
                statement.note("set_default", table.schema, table.name, column, made.sequence, made.expression)
            return f"DEFAULT {made.sql}" if made.sql else ""
        case exp.Reference():
            chosen = _named(given, FOREIGN_KEY, [column], table.names)
            return f"CONSTRAINT {name(chosen)} {_reference(constraint, statement, chosen, [(column, kind)], table.names)}"
        case exp.CheckColumnConstraint():
            _add_check(constraint, given, table.checks)
            return ""
        case exp.CollateColumnConstraint():
            collations.check(constraint.this, kind, statement)
            return ""  # the column has the collation that the setting string_collation names
        case exp.GeneratedAsIdentityColumnConstraint() | exp.ComputedColumnConstraint():
            raise not_supported("generated columns are not supported")
    raise not_supported(f"column constraint {constraint.key} is not supported")


def _add_check(node: exp.CheckColumnConstraint, given: object, found: list[checks.Definition]) -> None:
    definition = checks.Definition.of(node, given)
    if definition.name and any(other.name.lower() == definition.name.lower() for other in found):
        raise PgError(sqlstate.DUPLICATE_OBJECT, f'check constraint "{definition.name}" already exists')
    found.append(definition)


_ACTIONS = {"CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"}


def _reference(
    node: exp.Reference, statement: Statement, constraint: str, keys: Sequence[tuple[str, Kind | None]], names: ConstraintNames
) -> str:
    """keys: the referring columns; None for a type that is not known."""
    target = node.this
    table, relation = existing(target, statement)
    columns = [fold(c) for c in target.expressions] if isinstance(target, exp.Schema) else []
    if not columns and relation is not None:
        columns = list(relation.primary_key)
    if relation is not None:
        _check_types(relation, columns, constraint, keys)
    words = [f"REFERENCES {table}" + (f" ({', '.join(map(name, columns))})" if columns else "")]
    noted: dict[str, Any] = {}
    for option in node.args.get("options") or ():
        text = " ".join(str(option).upper().split())
        event, _, action = text.partition(" ")[2].partition(" ")
        if text.startswith("ON ") and action in _ACTIONS:
            if action == "RESTRICT":  # what IRIS does by itself: its NO ACTION is checked at once
                noted[f"on_{event.lower()}"] = action
            elif action != "NO ACTION":
                words.append(f"ON {event} {action}")
        elif text == "MATCH FULL" and len(keys) == 1:  # which makes no difference then
            noted["match_full"] = True
        elif text == "INITIALLY DEFERRED":
            statement.notices.append(warning("INITIALLY DEFERRED is ignored: IRIS checks constraints after each statement"))
        elif text not in ("DEFERRABLE", "NOT DEFERRABLE", "INITIALLY IMMEDIATE", "MATCH SIMPLE"):
            raise not_supported(f"foreign keys with {text} are not supported")
    if noted:
        statement.note("set_part", names.schema, names.table, "constraint", constraint, noted)
    return " ".join(words)


def _check_types(relation: Relation, columns: Sequence[str], constraint: str, keys: Sequence[tuple[str, Kind | None]]) -> None:
    """PostgreSQL: ATAddForeignKeyConstraint"""
    if len(columns) != len(keys):
        message = "number of referencing and referenced columns for foreign key disagree"
        raise PgError(sqlstate.INVALID_FOREIGN_KEY, message) if columns else _no_primary_key(relation)
    for (own, kind), other in zip(keys, columns, strict=True):
        found = relation.by_name.get(other.lower())
        if found is None:
            message = f'column "{other}" referenced in foreign key constraint does not exist'
            raise PgError(sqlstate.UNDEFINED_COLUMN, message)
        if kind is not None and not _is_comparable(kind.oid, found[1].oid):
            types = f"{type_name(kind.oid)} and {type_name(found[1].oid)}"
            raise PgError(
                sqlstate.DATATYPE_MISMATCH,
                f'foreign key constraint "{constraint}" cannot be implemented',
                detail=f'Key columns "{own}" and "{other}" are of incompatible types: {types}.',
            )


def _no_primary_key(relation: Relation) -> PgError:
    return PgError(sqlstate.UNDEFINED_OBJECT, f'there is no primary key for referenced table "{relation.name}"')


def _is_comparable(referring: Oid, referred: Oid) -> bool:
    families = (INTEGERS, FLOATS, DATETIMES, STRINGS)
    return implicit(referring, referred) or any(referring in family and referred in family for family in families)


def _deferred(node: exp.Expr, statement: Statement) -> None:
    for option in node.args.get("options") or ():
        if "DEFERRED" in str(option).upper():
            statement.notices.append(warning("INITIALLY DEFERRED is ignored: IRIS checks constraints after each statement"))
    if node.args.get("nulls"):
        raise not_supported("NULLS NOT DISTINCT is not supported")


def _table_constraint(node: exp.Expr, table: Table) -> str:
    return constraint_text(node, table.names, table.statement, table.kinds, table.checks)


def constraint_text(
    node: exp.Expr,
    names: ConstraintNames,
    statement: Statement,
    kinds: Mapping[str, Kind],
    found: list[checks.Definition],
) -> str:
    """ "" for a CHECK, which is added to found. kinds: of the table's columns, by name in lower case."""
    given = None
    if isinstance(node, exp.Constraint):
        given = node.this
        if len(node.expressions) != 1:
            raise not_supported("this table constraint is not supported")
        node = node.expressions[0]
    match node:
        case exp.PrimaryKey():
            return f"{_label(given, PRIMARY_KEY, (), names)}PRIMARY KEY ({names_of(node.expressions)})"
        case exp.UniqueColumnConstraint() if isinstance(node.this, exp.Schema):
            _deferred(node, statement)
            columns = list(map(bare, node.this.expressions))
            return f"{_label(given, UNIQUE, columns, names)}UNIQUE ({names_of(node.this.expressions)})"
        case exp.ForeignKey():
            options = [
                f"ON {event.upper()} {str(node.args[event]).upper()}" for event in ("delete", "update") if node.args.get(event)
            ]
            reference = node.args["reference"]
            reference.set("options", [*(reference.args.get("options") or ()), *options, *(node.args.get("options") or ())])
            columns = list(map(bare, node.expressions))
            chosen = _named(given, FOREIGN_KEY, columns, names)
            keys = [(column, kinds.get(column.lower())) for column in columns]
            referred = _reference(reference, statement, chosen, keys, names)
            return f"CONSTRAINT {name(chosen)} FOREIGN KEY ({names_of(node.expressions)}) {referred}"
        case exp.CheckColumnConstraint():
            _add_check(node, given, found)
            return ""
    raise not_supported(f"{node.key.upper().removesuffix('PROPERTY')} in CREATE TABLE is not supported")


def names_of(nodes: Sequence[exp.Expr]) -> str:
    return ", ".join(name(bare(node)) for node in nodes)


def bare(node: exp.Expr) -> str:
    """The column that an index or constraint names; sort order and operator class do not matter to IRIS."""
    if isinstance(node, exp.Ordered | exp.Opclass):
        return bare(node.this)
    if isinstance(node, exp.Column) and not node.args.get("table"):
        return fold(node.this)
    if isinstance(node, exp.Identifier):
        return fold(node)
    raise not_supported("keys of expressions are not supported")


def is_bare(node: exp.Expr) -> bool:
    """Whether it is a column that bare() names."""
    inner = node.this if isinstance(node, exp.Ordered | exp.Opclass) else node
    if inner is not node:
        return is_bare(inner)
    return isinstance(node, exp.Identifier) or (isinstance(node, exp.Column) and not node.args.get("table"))
