"""Storage: the SQLite tables, indexes and triggers behind a definition.

Foreign keys are triggers, since they must tell which constraint failed and, as in IRIS, look at each row by itself.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw

from pgiris.backend.sandbox.dictionary import ColumnDef, ConstraintDef, Dictionary, IndexDef, TableDef
from pgiris.backend.sandbox.typed import key, quoted

Default = Callable[[TableDef, ColumnDef], str]  # SQL of a column's default value
ROWS_TO_COPY = 10_000  # beyond, it is faster to rename their table, for which SQLite reads the definitions of all tables anew


def create_table(db: apsw.Connection, table: TableDef, name: str | None = None) -> None:
    columns = ["rid INTEGER PRIMARY KEY AUTOINCREMENT"]
    for column in table.columns:
        if column.number:
            required = column.not_null and not column.auto
            columns.append(f"{column.storage}{' NOT NULL' if required else ''}")
    temporary = "TEMP " if table.temporary else ""
    db.execute(f"CREATE {temporary}TABLE {name or table.storage} ({', '.join(columns)})")


def create_indexes(db: apsw.Connection, table: TableDef) -> None:
    for constraint in table.constraints:
        if constraint.kind != "FOREIGN KEY":
            _create_index(db, table, index_name(table, constraint.name), constraint.columns, True)
    for index in table.indexes:
        create_index(db, table, index)


def create_index(db: apsw.Connection, table: TableDef, index: IndexDef) -> None:
    if index.columns and not index.kind.upper().startswith("HNSW"):
        _create_index(db, table, index_name(table, index.name), index.columns, index.unique)


def drop_index(db: apsw.Connection, table: TableDef, index: IndexDef) -> None:
    db.execute(f"DROP INDEX IF EXISTS {_quoted(index_name(table, index.name))}")


def _quoted(name: object) -> str:
    text = str(name).replace('"', '""')
    return f'"{text}"'


def index_name(table: TableDef, name: str) -> str:
    return f"x{table.id}_{name.upper()}"


def _create_index(db: apsw.Connection, table: TableDef, name: str, columns: tuple[int, ...], unique: bool) -> None:
    if columns == (0,):
        return  # the RowID is unique by itself
    parts = [key(column.storage, column.type) for column in map(table.by_number.__getitem__, columns)]
    kind = "UNIQUE INDEX" if unique else "INDEX"
    schema = "temp." if table.temporary else ""
    db.execute(f"CREATE {kind} {schema}{_quoted(name)} ON {table.storage} ({', '.join(parts)})")


def drop_indexes(db: apsw.Connection, table: TableDef) -> None:
    for (name,) in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table.storage,)
    ).fetchall():
        db.execute(f"DROP INDEX {_quoted(name)}")


# Triggers


def create_triggers(db: apsw.Connection, dictionary: Dictionary, table: TableDef, default: Default) -> None:
    """All triggers on a table: its counters, its foreign keys, and those of others that point to it."""
    drop_triggers(db, table)
    if table.temporary:
        return
    for column in table.columns:
        if column.auto:
            _create_counter(db, table, column)
    for constraint in table.constraints:
        if constraint.kind == "FOREIGN KEY" and constraint.checked:
            _create_reference(db, table, constraint, dictionary.tables[constraint.referenced])
    for other, constraint in dictionary.referencing(table):
        _create_actions(db, other, constraint, table, default)


def renew_actions(db: apsw.Connection, child: TableDef, parent: TableDef, default: Default) -> None:
    """The triggers on a table that are there for one other that points to it, or did."""
    _drop_triggers(db, parent, f"a{parent.id}_{child.id}_*")
    for constraint in child.constraints:
        if constraint.referenced == parent.id:
            _create_actions(db, child, constraint, parent, default)


def _create_actions(db: apsw.Connection, child: TableDef, constraint: ConstraintDef, parent: TableDef, default: Default) -> None:
    if constraint.checked:
        _create_action(db, child, constraint, parent, "DELETE", default)
        _create_action(db, child, constraint, parent, "UPDATE", default)


def drop_triggers(db: apsw.Connection, table: TableDef) -> None:
    _drop_triggers(db, table, "*")


def _drop_triggers(db: apsw.Connection, table: TableDef, pattern: str) -> None:
    wanted = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? AND name GLOB ?"
    for (name,) in db.execute(wanted, (table.storage, pattern)).fetchall():
        db.execute(f"DROP TRIGGER {_quoted(name)}")


def _trigger(db: apsw.Connection, name: str, event: str, table: TableDef, when: str, body: str) -> None:
    condition = f" WHEN {when}" if when else ""
    db.execute(f"CREATE TRIGGER {_quoted(name)} {event} ON {table.storage} FOR EACH ROW{condition} BEGIN {body}; END")


def _create_counter(db: apsw.Connection, table: TableDef, column: ColumnDef) -> None:
    """serial: of this table, a larger value given by hand raises it. rowversion: one for the namespace, new at every change."""
    counter = quoted("rowversion" if column.auto == "rowversion" else f"{table.storage}.{column.storage}")
    storage, target = column.storage, table.storage
    bump = f"INSERT INTO iris_counter VALUES ({counter}, 1) ON CONFLICT DO UPDATE SET value = value + 1"
    fill = f"UPDATE {target} SET {storage} = (SELECT value FROM iris_counter WHERE name = {counter}) WHERE rid = NEW.rid"
    name = f"n{table.id}_{column.number}"
    if column.auto == "rowversion":
        _trigger(db, f"{name}i", "AFTER INSERT", table, "", f"{bump}; {fill}")
        others = ", ".join(c.storage for c in table.columns if c.number and c.number != column.number)
        if others:
            _trigger(db, f"{name}u", f"AFTER UPDATE OF {others}", table, "", f"{bump}; {fill}")
        return
    _trigger(db, f"{name}i", "AFTER INSERT", table, f"NEW.{storage} IS NULL", f"{bump}; {fill}")
    raised = (
        f"INSERT INTO iris_counter VALUES ({counter}, NEW.{storage}) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)"
    )
    _trigger(db, f"{name}g", "AFTER INSERT", table, f"NEW.{storage} > 0", raised)


def _pairs(child: TableDef, constraint: ConstraintDef, parent: TableDef) -> list[tuple[ColumnDef, ColumnDef]]:
    numbers = zip(constraint.columns, constraint.referenced_columns, strict=True)
    return [(child.by_number[number], _column(parent, other)) for number, other in numbers]


def _column(table: TableDef, number: int) -> ColumnDef:
    return table.by_number.get(number) or ColumnDef(table.rowid_name, 0, "BIGINT")


def _failure(code: int, child: TableDef, constraint: ConstraintDef) -> str:
    return f"SELECT RAISE(ABORT, 'iris {code} {child.id} {constraint.name.replace(chr(39), '')}')"


def _create_reference(db: apsw.Connection, child: TableDef, constraint: ConstraintDef, parent: TableDef) -> None:
    pairs = _pairs(child, constraint, parent)
    given = " AND ".join(f"NEW.{mine.storage} IS NOT NULL" for mine, _ in pairs)
    found = " AND ".join(
        f"{key(f'p.{other.storage}', other.type)} = {key(f'NEW.{mine.storage}', other.type)}" for mine, other in pairs
    )
    test = f"{given} AND NOT EXISTS (SELECT 1 FROM {parent.storage} AS p WHERE {found})"
    name = f"f{child.id}_{constraint.name}"
    _trigger(db, f"{name}_i", "AFTER INSERT", child, test, _failure(-121, child, constraint))
    columns = ", ".join(mine.storage for mine, _ in pairs)
    _trigger(db, f"{name}_u", f"AFTER UPDATE OF {columns}", child, test, _failure(-122, child, constraint))


def _create_action(
    db: apsw.Connection, child: TableDef, constraint: ConstraintDef, parent: TableDef, event: str, default: Default
) -> None:
    """What happens to the rows that point to a row that goes, or to a key that changes."""
    pairs = _pairs(child, constraint, parent)
    pointing = " AND ".join(
        f"{key(mine.storage, other.type)} = {key(f'OLD.{other.storage}', other.type)}" for mine, other in pairs
    )
    action = constraint.on_delete if event == "DELETE" else constraint.on_update
    code = -124 if event == "DELETE" else -123
    if action == "NO ACTION":
        body = f"{_failure(code, child, constraint)} WHERE EXISTS (SELECT 1 FROM {child.storage} WHERE {pointing})"
    elif action == "CASCADE" and event == "DELETE":
        body = f"DELETE FROM {child.storage} WHERE {pointing}"
    else:
        assigned = ", ".join(f"{mine.storage} = {_new_value(action, child, mine, other, default)}" for mine, other in pairs)
        body = f"UPDATE {child.storage} SET {assigned} WHERE {pointing}"
    name = f"a{parent.id}_{child.id}_{constraint.name}_{event[0].lower()}"
    when = ""
    if event == "UPDATE":
        when = " OR ".join(f"NEW.{other.storage} IS NOT OLD.{other.storage}" for _, other in pairs)
    _trigger(db, name, f"AFTER {event}", parent, when, body)


def _new_value(action: str, child: TableDef, mine: ColumnDef, other: ColumnDef, default: Default) -> str:
    """SQL of a foreign key's column after CASCADE, SET NULL or SET DEFAULT."""
    if action == "CASCADE":
        return f"NEW.{other.storage}"
    return default(child, mine) if action == "SET DEFAULT" and mine.default is not None else "NULL"


# Changes of a table that has rows


def rebuild(db: apsw.Connection, old: TableDef, new: TableDef, expressions: dict[int, str]) -> None:
    """Give a table its new columns. expressions: SQL of the columns whose values change, over the old ones."""
    sequence = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (old.storage,)).fetchone()
    before = _set_aside(db, old)
    create_table(db, new)
    if before is not None:
        columns = [column for column in new.columns if column.number]
        kept = {column.number for column in old.columns}
        sources = [expressions.get(c.number, c.storage if c.number in kept else "NULL") for c in columns]
        names = "".join(f", {column.storage}" for column in columns)
        values = "".join(f", {source}" for source in sources)
        db.execute(f"INSERT INTO {new.storage} (rid{names}) SELECT rid{values} FROM {before} ORDER BY rid")
        db.execute(f"DROP TABLE {before}")
    if sequence is not None:
        changed = "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1"
        if before is None:
            changed = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)"
        db.execute(changed, (new.storage, sequence[0]))
    create_indexes(db, new)


def _set_aside(db: apsw.Connection, table: TableDef) -> str | None:
    """Make room for a table's new shape; where its rows are then, if there are any."""
    if db.execute(f"SELECT 1 FROM {table.storage} LIMIT 1").fetchone() is None:
        db.execute(f"DROP TABLE {table.storage}")
        return None
    if db.execute(f"SELECT 1 FROM {table.storage} LIMIT 1 OFFSET {ROWS_TO_COPY}").fetchone() is None:
        db.execute(f"CREATE TEMP TABLE set_aside AS SELECT * FROM {table.storage}")
        db.execute(f"DROP TABLE main.{table.storage}")
        return "temp.set_aside"
    drop_triggers(db, table)
    drop_indexes(db, table)
    db.execute(f"ALTER TABLE {table.storage} RENAME TO {table.storage}_old")
    return f"{table.storage}_old"


def drop_table(db: apsw.Connection, table: TableDef) -> None:
    db.execute(f"DROP TABLE IF EXISTS {table.storage}")
    db.execute("DELETE FROM iris_counter WHERE name LIKE ?", (f"{table.storage}.%",))


def reset_counters(db: apsw.Connection, table: TableDef) -> None:
    """After TRUNCATE the RowID begins anew."""
    if not table.temporary:
        db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.storage,))
    db.execute("DELETE FROM iris_counter WHERE name LIKE ?", (f"{table.storage}.%",))
