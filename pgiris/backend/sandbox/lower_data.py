"""Lowering of INSERT, UPDATE, DELETE and TRUNCATE. iris-reference 4.15, 4.16"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlglot import exp

from pgiris.backend.sandbox import updateable, values
from pgiris.backend.sandbox.dictionary import DEFAULT_SCHEMA, ColumnDef, TableDef
from pgiris.backend.sandbox.iristypes import Kind
from pgiris.backend.sandbox.lower_queries import LowerQueries
from pgiris.backend.sandbox.lower_sources import table_columns
from pgiris.backend.sandbox.privileges import DELETE, HINTS, INSERT, UPDATE, Needs
from pgiris.backend.sandbox.scope import Scope, Source
from pgiris.backend.sandbox.typed import Typed
from pgiris.backend.sandbox.values import Field
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import not_supported


class LowerData(LowerQueries):
    target: TableDef | None = None  # of a statement that changes data
    named: TableDef | None = None  # the same as the statement names it: it may be a view
    view: updateable.Target | None = None  # when it is said of a view
    checked: bool = False  # the statement returns whether each row fulfils WITH CHECK OPTION
    unchecked: bool = False  # the statement says %NOCHECK

    def target_table(self, node: exp.Expr) -> TableDef:
        if node.text("db").upper() == "INFORMATION_SCHEMA":
            raise pg_error(-115, "Cannot INSERT, UPDATE or DELETE on a read only table")
        if isinstance(node, exp.Subquery):
            raise not_supported("changing the rows of a query is not known to the sandbox")
        table = self.named = self.table(node.text("db"), node.name)
        if table.is_view:
            self.view = updateable.target(self.dictionary, table, self.parse_view)
            table = self.view.table
        self.target = table
        return table

    def _hinted(self, node: exp.Expr, table: TableDef) -> None:
        """%NOCHECK lifts foreign keys and WITH CHECK OPTION; the other keywords make no difference here."""
        hint = node.args.get("hint")
        words = [word.name for word in hint.expressions] if hint is not None else []
        self.needs.words |= {word: None for word in words if word in HINTS}
        self.unchecked = "%NOCHECK" in words
        counters = {column.auto for column in table.columns} - {""}
        if not isinstance(node, exp.Insert):
            counters &= {"rowversion"} if isinstance(node, exp.Update) else set()
        if self.unchecked and counters:
            raise not_supported("%NOCHECK on a table with counters is not known to the sandbox")

    def _row_check(self, table: TableDef) -> str:
        """``RETURNING`` whether a changed row is one that the view shows."""
        if self.view is None or not self.view.checks or self.unchecked:
            return ""
        self.checked = True
        return f" RETURNING {self._conditions(self.view.checks, table, '')}"

    def _conditions(self, conditions: Sequence[exp.Expr], table: TableDef, name: str) -> str:
        """What a view says, which its owner may do."""
        outer, needs = self.scope, self.needs
        self.scope = Scope(sources=[Source(table.name, name, table_columns(table, name), table, table.schema)])
        self.needs = Needs()
        sql = " AND ".join(f"({self.condition(condition.copy())})" for condition in conditions)
        self.scope, self.needs = outer, needs
        return sql

    def _shown_rows(self, table: TableDef, name: str) -> str:
        """The condition of the rows that a view shows, to stand before another; empty for a table."""
        return f"{self._conditions(self.view.where, table, name)} AND " if self.view is not None and self.view.where else ""

    def _named_columns(self, table: TableDef, name: str) -> list[tuple[str, Typed]]:
        """The columns that a statement may name: the table's, or those of the view under its names."""
        columns = table_columns(table, name)
        if self.view is None:
            return columns
        found = {column.upper(): typed for column, typed in columns}
        return [(name, self._of_view(name, found[own.upper()])) for name, own in self.view.columns.items()]

    def _of_view(self, name: str, typed: Typed) -> Typed:
        """A column as the view's, on which the privileges are."""
        assert self.named is not None and typed.column is not None
        number = self.named.by_name[name][1].number
        return replace(typed, table=self.named, column=msgspec.structs.replace(typed.column, number=number))

    def column_of(self, table: TableDef, name: str, inserting: bool) -> ColumnDef:
        """A column that the statement sets."""
        own = self.view.columns.get(name.upper(), "") if self.view is not None else name
        if self.named is not None and name.upper() in self.named.by_name:
            self.needs.note(self.named, INSERT if inserting else UPDATE, self.named.by_name[name.upper()][1].number)
        found = table.by_name.get(own.upper())
        if found is None:
            if self.view is None and name.upper() in ("%ID", table.rowid_name.upper()):
                raise pg_error(-111 if inserting else -107, f"Cannot set the RowID of table '{table.name}'", column=name)
            message = f"Field '{name.upper()}' not found in the applicable tables"
            raise pg_error(-29, message, column=name, text=f'column "{name}" of relation "{table.name}" does not exist')
        column = found[1]
        if column.identity and not inserting:
            raise pg_error(-107, f"Cannot UPDATE RowID '{column.name}'", column=column.name)
        if column.identity and not table.identity_insert:
            message = f"Cannot INSERT into a default only RowID '{column.name}'"
            text = f'cannot insert a non-DEFAULT value into column "{column.name}"'
            raise pg_error(-111, message, column=column.name, text=text)
        if column.auto == "rowversion":
            raise pg_error(-138, f"Cannot INSERT/UPDATE a value for read-only field '{column.name}'", column=column.name)
        return column

    def stored(self, typed: Typed, table: TableDef, column: ColumnDef, sqlcode: int) -> str:
        """SQL of a value as the column stores it, validated."""
        field = Field(table.schema, table.name, column.name, sqlcode)
        type_ = column.type
        if typed.parameter is not None:
            return self.binds.add(typed.parameter, _counted(values.store(type_, field), column))
        if typed.is_literal and typed.literal is None:
            return "NULL"
        if _fits(typed, column):
            return typed.sql
        if type_.kind == Kind.VECTOR and typed.kind not in (Kind.VECTOR, Kind.STRING, Kind.UNTYPED):
            raise pg_error(-378, "Datatype mismatch, explicit CAST is required: a vector is wanted")
        number = self.validator(field, column)
        return f"iris_store({number}, {typed.sql})"

    def validator(self, field: Field, column: ColumnDef) -> int:
        """The number of a function that checks values while the statement runs."""
        self.validators.append(_counted(values.store(column.type, field), column))
        return len(self.validators) - 1

    @property
    def validators(self) -> list[values.Convert]:
        raise NotImplementedError

    # INSERT

    def insert(self, node: exp.Expr) -> str:
        target = node.this
        names = [name.name for name in target.expressions] if isinstance(target, exp.Schema) else None
        table = self.target_table(target.this if isinstance(target, exp.Schema) else target)
        self._hinted(node, table)
        if names is None and self.view is not None:
            names = list(self.view.columns)
        columns = self._inserted_columns(table, names, node)
        upsert = node.args.get("alternative") == "UPDATE"
        self._note_insert(names, columns, upsert)
        source = node.args.get("expression")
        if isinstance(source, exp.Values) or source is None:
            sql = self._insert_row(table, columns, source)
        else:
            sql = self._insert_query(table, columns, source)
        if upsert and columns:
            assigned = {column.storage: f"excluded.{column.storage}" for column in columns} | self._renewed(table)
            sql += f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {value}' for name, value in assigned.items())}"
        return sql + self._row_check(table)

    def _note_insert(self, names: list[str] | None, columns: list[ColumnDef], upsert: bool) -> None:
        """Columns that were named have been noted."""
        assert self.named is not None
        numbers = [column.number for column in columns] if names is None else []
        for word in (INSERT, UPDATE) if upsert else (INSERT,):
            for number in numbers or [0]:
                self.needs.note(self.named, word, number)
        if upsert and names is not None:
            self.needs.tables[self.named.id][UPDATE] |= self.needs.tables[self.named.id][INSERT]

    def _inserted_columns(self, table: TableDef, names: list[str] | None, node: exp.Expr) -> list[ColumnDef]:
        if node.args.get("default"):
            return []
        if names is None:
            return [c for c in table.columns if not (c.identity and not table.identity_insert) and c.auto != "rowversion"]
        columns = [self.column_of(table, name, inserting=True) for name in names]
        for column in columns:
            if columns.count(column) > 1:
                raise pg_error(-377, f"Field '{column.name}' is assigned more than once", column=column.name)
        return columns

    def _defaults(self, table: TableDef, columns: Sequence[ColumnDef]) -> list[tuple[ColumnDef, str]]:
        """Values of the columns that an INSERT does not name."""
        given = {column.number for column in columns}
        return [
            (column, self.default(table, column))
            for column in table.columns
            if column.number not in given and column.default is not None and not column.identity
        ]

    def default(self, table: TableDef, column: ColumnDef) -> str:
        assert column.default is not None
        node = self.parse_default(column.default)
        return self.stored(self.value(node), table, column, -104)

    def _renewed(self, table: TableDef) -> dict[str, str]:
        """What ON UPDATE makes of columns, by their names in SQLite."""
        renewed = [(column, column.on_update) for column in table.columns if column.on_update is not None]
        return {
            column.storage: self.stored(self.value(self.parse_default(text)), table, column, -105) for column, text in renewed
        }

    def parse_default(self, text: str) -> exp.Expr:
        raise NotImplementedError

    def _insert_row(self, table: TableDef, columns: list[ColumnDef], source: exp.Expr | None) -> str:
        row = source.expressions[0].expressions if source is not None else []
        if len(row) != len(columns):
            raise self._mismatch(len(columns), len(row))
        outer, self.scope = self.scope, Scope()
        assigned = [(c, self.stored(self.value(v), table, c, -104)) for c, v in zip(columns, row, strict=True)]
        self.scope = outer
        assigned += self._defaults(table, columns)
        if not assigned:
            return f"INSERT INTO {table.storage} DEFAULT VALUES"
        names = ", ".join(column.storage for column, _ in assigned)
        return f"INSERT INTO {table.storage} ({names}) VALUES ({', '.join(sql for _, sql in assigned)})"

    def _mismatch(self, columns: int, expressions: int) -> Exception:
        text = "INSERT has more expressions than target columns"
        if expressions < columns:
            text = "INSERT has more target columns than expressions"
        return pg_error(-116, "Cardinality mismatch on INSERT/UPDATE between values list and number of table columns", text=text)

    def _insert_query(self, table: TableDef, columns: list[ColumnDef], source: exp.Expr) -> str:
        sql, given = self.query(source)
        if len(given) != len(columns):
            raise self._mismatch(len(columns), len(given))
        name = self.next_alias()
        assigned = []
        for number, (column, (_, typed)) in enumerate(zip(columns, given, strict=True), 1):
            item = Typed(f"{name}.k{number}", typed.type, column=typed.column)
            assigned.append((column, self.stored(item, table, column, -104)))
        assigned += self._defaults(table, columns)
        names = ", ".join(column.storage for column, _ in assigned)
        items = ", ".join(sql for _, sql in assigned)
        # WHERE 1: SQLite would read ON CONFLICT as part of a join otherwise.
        return f"INSERT INTO {table.storage} ({names}) SELECT {items} FROM ({sql}) AS {name} WHERE 1"

    # UPDATE, DELETE

    def update(self, node: exp.Expr) -> str:
        table = self.target_table(node.this)
        self._hinted(node, table)
        name = self._open_target(node.this, table)
        from_ = node.args.get("from_")
        sources = self._other_sources(from_.this, table, node.this) if from_ is not None else ""
        assigned: dict[str, str] = {}
        for assignment in node.expressions:
            column = self.column_of(table, assignment.this.name, inserting=False)
            if column.storage in assigned:
                raise pg_error(-377, f"Field '{column.name}' is assigned more than once", column=column.name)
            assigned[column.storage] = self.stored(self.value(assignment.expression), table, column, -105)
        for storage, value in self._renewed(table).items():  # what the statement says instead is checked, and not kept
            given = assigned.get(storage)
            assigned[storage] = f"CASE WHEN {given} IS NULL THEN {value} ELSE {value} END" if given is not None else value
        where = node.args.get("where")
        wanted = self.condition(where.this) if where is not None else "1"
        condition = f" WHERE {self._shown_rows(table, name)}({wanted})"
        listed = ", ".join(f"{storage} = {value}" for storage, value in assigned.items())
        return f"UPDATE {table.storage} AS {name} SET {listed}{sources}{condition}{self._row_check(table)}"

    def _open_target(self, node: exp.Expr, table: TableDef) -> str:
        name = self.next_alias()
        label = node.alias or node.name
        self.scope = Scope(sources=[Source(label, name, self._named_columns(table, name), table, table.schema)])
        return name

    def _other_sources(self, node: exp.Expr, table: TableDef, target: exp.Expr) -> str:
        """FROM of UPDATE and DELETE. The target itself may be repeated in it."""
        joins = node.args.pop("joins", None) or []
        tables = [node, *joins]
        kept = [t for t in tables if not self._repeats_target(t, table, target)]
        if not kept:
            return ""
        first, *rest = kept
        first = first.this if isinstance(first, exp.Join) else first
        return f" FROM {self.table_and_joins(first, rest)}"

    def _repeats_target(self, node: exp.Expr, table: TableDef, target: exp.Expr) -> bool:
        if isinstance(node, exp.Join):
            node = node.this
        if not isinstance(node, exp.Table) or (node.alias or node.name).upper() != (target.alias or target.name).upper():
            return False
        return self.dictionary.find(node.text("db") or self.default_schema or DEFAULT_SCHEMA, node.name) is table

    def delete(self, node: exp.Expr) -> str:
        table = self.target_table(node.this)
        self._note_delete()
        self._hinted(node, table)
        name = self._open_target(node.this, table)
        using = node.args.get("using")
        where = node.args.get("where")
        if not using:
            wanted = self.condition(where.this) if where is not None else "1"
            return f"DELETE FROM {table.storage} AS {name} WHERE {self._shown_rows(table, name)}({wanted})"
        sources = self._other_sources(using[0], table, node.this)
        condition = self.condition(where.this) if where is not None else "1"
        test = f"EXISTS (SELECT 1{sources} WHERE {condition})" if sources else f"({condition})"
        test = self._shown_rows(table, name) + test
        return f"DELETE FROM {table.storage} AS {name} WHERE {test}"

    def _note_delete(self) -> None:
        assert self.named is not None
        self.needs.note(self.named, DELETE)

    def truncate(self, node: exp.Expr) -> str:
        table = self.target_table(node.expressions[0])
        self._note_delete()
        self.needs.words["%NOTRIGGER"] = None
        if self.view is not None:
            raise pg_error(-35, "TRUNCATE TABLE is for tables, not for views")
        self._hinted(node, table)
        return f"DELETE FROM {table.storage}"


class _Counter:
    """A counter's column takes 0 as if it were nothing."""

    def __init__(self, convert: values.Convert) -> None:
        self._convert = convert

    def __call__(self, value: object) -> object:
        stored = self._convert(value)
        return stored or None


def _counted(convert: values.Convert, column: ColumnDef) -> values.Convert:
    return _Counter(convert) if column.auto == "serial" else convert


def _fits(typed: Typed, column: ColumnDef) -> bool:
    """Nothing to check: the same type, or whole numbers that cannot be too large."""
    target = column.type
    if column.auto or typed.loose or typed.kind != target.kind:
        return False
    if typed.kind == Kind.INTEGER:
        if typed.is_literal:
            return bool(target.range[0] <= typed.literal <= target.range[1])
        return target.ddl == "BIGINT" or (typed.column is not None and typed.type.ddl == target.ddl)
    if typed.kind in (Kind.BIT, Kind.DOUBLE, Kind.STREAM, Kind.BINARY_STREAM, Kind.TIMESTAMP):
        return True
    return typed.column is not None and typed.type.ddl == target.ddl
