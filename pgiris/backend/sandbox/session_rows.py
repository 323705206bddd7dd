"""Session rows: what INFORMATION_SCHEMA's views of statements and connections hold. iris-reference 8.2, 9.1

A session knows itself and nothing of the others. It counts and times no statements.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pgiris.backend.sandbox import calendar, lists
from pgiris.backend.sandbox.compiled import Compiled, Lowering, parse
from pgiris.backend.sandbox.dictionary import Dictionary, TableDef
from pgiris.backend.sandbox.privileges import Rights
from pgiris.backend.sandbox.schema_rows import OF_DICTIONARY, Rows, of, tables_of, view_of

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

MOST_PARAMETERS = 10
ZVERSION = "IRIS for UNIX (pgiris sandbox) 2026.1 (Build 0)"
_STATEMENT_TYPES: dict[type[exp.Expr], int] = {exp.Insert: 2, exp.Update: 3, exp.Delete: 4}  # SELECT is 1
_ACTIONS: dict[type[exp.Expr], str] = {exp.Insert: "i", exp.Update: "u", exp.Delete: "d"}


def rows_of(session: SandboxSession) -> dict[str, Callable[[], Rows]]:
    """By the name of the view."""
    definitions = {name: partial(_of_dictionary, session, rows) for name, rows in OF_DICTIONARY.items()}
    return {**definitions, **{name: partial(rows, session) for name, rows in _OF_SESSION.items()}}


def _of_dictionary(session: SandboxSession, rows: Callable[[Any], Rows]) -> Rows:
    made = rows(session.dictionary)
    return made if session.rights is None else _visible(session.dictionary, session.rights, made)


def _visible(dictionary: Dictionary, rights: Rights, rows: Rows) -> Rows:
    """Rows of what the user has some privilege on, as the class reference says of TABLES, VIEWS and SCHEMATA."""
    tables = {(table.schema, table.name) for table in dictionary if rights.sees(table)}
    schemas = {"INFORMATION_SCHEMA", *(schema for schema, _ in tables)}
    for row in rows:
        kind = next((kind for kind in ("TABLE", "VIEW", "CONSTRAINT_TABLE") if f"{kind}_NAME" in row), "")
        schema = row.get(f"{kind.removesuffix('_TABLE')}_SCHEMA")
        if (kind and (schema, row[f"{kind}_NAME"]) in tables) or (not kind and row.get("SCHEMA_NAME") in schemas):
            yield row


def _view_column_usage(session: SandboxSession) -> Rows:
    for view in session.dictionary:
        if view.query is not None:
            lowering = Lowering(session.dictionary)
            lowering.query(parse(view.query))
            for table, column in lowering.uses.values():
                yield of(table, **view_of(view), COLUMN_NAME=column.name)


# Statements


def _hash(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()[:32]


def _statements(session: SandboxSession) -> Rows:
    for number, (sql, _) in enumerate(session.compiled_statements, 1):
        yield {
            "Hash": _hash(sql),
            "Frozen": 0,
            "Version": ZVERSION,
            "Statement": sql,
            "NaturalQuery": 0,
            "FrozenDifferent": 0,
            "UserName": session.user,
            "SQLStatementID": number,
        }


def _relations(session: SandboxSession) -> Iterator[tuple[str, Compiled, TableDef]]:
    for sql, compiled in session.compiled_statements:
        for table in tables_of(session.dictionary, compiled.tree):
            yield _hash(sql), compiled, table


def _statement_relations(session: SandboxSession) -> Rows:
    for hash_, _, table in _relations(session):
        yield {"Statement": hash_, "Relation": _relation(table)}


def _relation(table: TableDef) -> str:
    return f"{table.schema}.{table.name}".upper()


def _privilege(table: TableDef) -> str:
    return f"{3 if table.is_view else 1},{_relation(table)}"


def _privilege_objects(session: SandboxSession) -> Rows:
    for hash_, _, table in _relations(session):
        yield {"Statements": hash_, "Relation": _privilege(table)}


def _privilege_actions(session: SandboxSession) -> Rows:
    for hash_, compiled, table in _relations(session):
        action = _ACTIONS.get(type(compiled.tree), "s") if table is compiled.table else "s"
        yield {"Relation": f"{hash_}||{_privilege(table)}", "Action": action}


def _current_statements(session: SandboxSession) -> Rows:
    """The statement that asks."""
    sql, compiled, values = session.running
    now = calendar.now(6)  # the clock is UTC
    yield {
        "ApplicationID": "%SQL",
        "Server": os.uname().nodename,
        "ProcessID": str(os.getpid()),
        "StatementIndexHash": _hash(sql),
        "UserName": session.user,
        "QueryRunType": "DynamicSQL",
        "QueryStmtType": _STATEMENT_TYPES.get(type(compiled.tree), 1),
        "TP_NestingLevel": session.transaction.level,
        "Parameters": lists.build(*map(_text, values[:MOST_PARAMETERS])) if values else None,
        "Namespace": session.namespace,
        "StatementOrder": 1,
        "CurrentWorkerCount": 0,
        "ExecutionStart": now,
        "ExecutionStartUTC": now,
        "ExecutionDuration": "0",
        "Status": "Executing",
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _current_connections(session: SandboxSession) -> Rows:
    sql = session.running[0]
    yield {
        "Pid": os.getpid(),
        "Username": session.user,
        "InTransaction": session.transaction.level,
        "StatementId": _hash(sql),
        "Statement": sql,
    }


_OF_SESSION: dict[str, Callable[[SandboxSession], Rows]] = {
    "VIEW_COLUMN_USAGE": _view_column_usage,
    "STATEMENTS": _statements,
    "STATEMENT_RELATIONS": _statement_relations,
    "STATEMENT_PRIV_OBJECTS": _privilege_objects,
    "STATEMENT_PRIV_ACTIONS": _privilege_actions,
    "CURRENT_STATEMENTS": _current_statements,
    "CURRENT_CONNECTIONS": _current_connections,
}
