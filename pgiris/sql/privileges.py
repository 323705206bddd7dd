"""Privileges: GRANT and REVOKE on tables and schemas, and of roles. PostgreSQL: sql-grant, sql-revoke

IRIS has these too, with fewer privileges and kinds of objects. Its ON SCHEMA is of the tables there and of those to come, which
PostgreSQL has no form for; what PostgreSQL grants on schemas and databases IRIS holds back from nobody. iris-reference 4.23
"""

from __future__ import annotations

from dataclasses import replace

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import roles
from pgiris.sql.copy_command import names_in_parentheses, qualified_name
from pgiris.sql.ddl import ddl, name, qualified
from pgiris.sql.function_commands import function_name
from pgiris.sql.notices import notice
from pgiris.sql.overloads import visible
from pgiris.sql.plan import Plan, Target
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation, first_schema, undefined_relation
from pgiris.types.relation import Relation, Snapshot

_KNOWN = frozenset(("select", "insert", "update", "delete", "references", "all"))
_ABSENT = frozenset(("truncate", "trigger", "usage", "create", "connect", "temporary", "temp", "execute", "set", "maintain"))
_OF_COLUMNS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
# Kind of object -> privileges that make no difference in IRIS when they are granted, and when they are revoked from PUBLIC.
_NEEDLESS = {
    "schema": (frozenset(("usage", "all")), frozenset(("create",))),
    "sequence": (frozenset(("usage", "select", "update", "all")), frozenset[str]()),
    "database": (frozenset(("connect", "temporary", "temp", "create", "all")), frozenset(("create", "temporary", "temp"))),
}
_OBJECTS = frozenset(
    (
        "all", "database", "domain", "foreign", "function", "language", "large", "parameter", "procedure", "routine", "schema",
        "sequence", "tablespace", "type",
    )
)  # fmt: skip


def plan(text: str, snapshot: Snapshot, search_path: tuple[str, ...], lenient: bool) -> Plan | None:
    """None: it is no statement of PostgreSQL. Raises 0A000, and 42P01 for a table that is not there."""
    reader = Reader(text, 0)
    word = reader.expect("grant", "revoke")
    try:
        return _Statement(reader, word, snapshot, search_path, lenient).plan()
    except PgError as error:
        if error.code != sqlstate.SYNTAX_ERROR:
            raise
        return None


class _Statement:
    def __init__(self, reader: Reader, word: str, snapshot: Snapshot, search_path: tuple[str, ...], lenient: bool) -> None:
        self._reader, self._word = reader, word
        self._snapshot, self._path, self._lenient = snapshot, search_path, lenient

    def plan(self) -> Plan:
        reader, tag = self._reader, self._word.upper()
        option = self._option_for()
        privileges = [self._privilege()]
        while reader.accept_symbol(","):
            privileges.append(self._privilege())
        if not reader.accept("on"):
            return self._roles(option, privileges)
        words = {bare for _, bare in privileges}
        kind = self._kind()
        if kind in _NEEDLESS and (needless := self._needless(kind, words)) is not None:
            return needless
        if kind in ("function", "routine") and self._word == "grant" and words <= {"execute", "all"}:
            self._functions(kind)
            self._grantees()
            return Plan(Target.NOTHING, tag, notices=(_ignored(tag, kind),))
        if kind and kind not in ("schema", "tables"):
            raise not_supported(f"{tag} ON {kind.upper()} is not supported", f"There are {tag} ON TABLE and ON SCHEMA.")
        absent = next((bare for _, bare in privileges if bare not in _KNOWN), None)
        if absent is not None:
            raise not_supported(
                f"the privilege {absent.upper()} is not supported", _HINTS.get(absent, "IRIS has no such privilege.")
            )
        what = f"{option}{', '.join(shown for shown, _ in privileges)}"
        return self._on_schemas(what) if kind == "schema" else self._on_tables(what, option, privileges, bool(kind))

    def _on_schemas(self, what: str) -> Plan:
        tag = self._word.upper()
        schemas = [name(iris_schema(schema)) for schema in self._names()]
        behind = self._grantees()
        return ddl(tag, [f"{tag} {what} ON SCHEMA {schema} {behind}" for schema in schemas])

    def _on_tables(self, what: str, option: str, privileges: list[tuple[str, str]], all_of_schemas: bool) -> Plan:
        """Sequences may be called tables; they are left out."""
        tag = self._word.upper()
        named = self._tables_of_schemas() if all_of_schemas else self._tables()
        tables = [(table, relation) for table, relation in named if relation is None or relation.kind != "sequence"]
        behind = self._grantees()
        if len(tables) < len(named) and self._word == "revoke":
            raise not_supported("REVOKE ON SEQUENCE is not supported", "IRIS has no privileges on it to take away.")
        steps = [f"{tag} {what} ON {table} {behind}" for table, _ in tables]
        if self._word == "revoke":
            steps += [
                f"{tag} {option}{columns} ON {table} {behind}"
                for table, relation in tables
                if relation is not None and (columns := _columns_of(relation, privileges))
            ]
        return replace(ddl(tag, steps), notices=() if len(tables) == len(named) else (_ignored(tag, "sequence"),))

    def _kind(self) -> str:
        """What kind of objects is named: nothing for tables by their names, ``tables`` for all of a schema, or the word."""
        reader = self._reader
        if reader.at("all"):
            reader.take()
            kind = reader.expect("tables", "sequences", "functions", "procedures", "routines")
            for word in ("in", "schema"):
                reader.expect(word)
            return {"tables": "tables", "sequences": "sequence"}.get(kind, f"all {kind}")
        if reader.accept("table") is None and reader.at(*_OBJECTS):
            return reader.take().text
        return ""

    def _functions(self, kind: str) -> None:
        """Those in SQL anybody may call. Raises 0A000 for others, which may be IRIS's."""
        while True:
            *_, schema, word = ("", *function_name(self._reader).name)
            if not visible(self._snapshot, self._path, schema, word):
                raise not_supported(f"GRANT ON {kind.upper()} is not supported", "There are GRANT ON TABLE and ON SCHEMA.")
            if not self._reader.accept_symbol(","):
                return

    def _names(self) -> list[str]:
        found = [self._reader.name()]
        while self._reader.accept_symbol(","):
            found.append(self._reader.name())
        return found

    def _tables(self) -> list[tuple[str, Relation | None]]:
        tables = [self._table()]
        while self._reader.accept_symbol(","):
            tables.append(self._table())
        return tables

    def _tables_of_schemas(self) -> list[tuple[str, Relation | None]]:
        """Tables and views that there are now."""
        schemas = {iris_schema(schema).lower() for schema in self._names()}
        found = [self._snapshot.find(*named) for named in self._snapshot.names if named[0] in schemas]
        return [(qualified(one.schema, one.name), one) for one in found if one is not None and one.kind != "sequence"]

    def _option_for(self) -> str:
        reader = self._reader
        if self._word == "revoke" and reader.at("grant", "admin") and reader.peek().text == "option":
            shown = reader.take().text.upper()
            reader.expect("option")
            reader.expect("for")
            return f"{shown} OPTION FOR "
        return ""

    def _privilege(self) -> tuple[str, str]:
        """As IRIS writes it, and its bare word."""
        reader = self._reader
        word = reader.token.text
        if word not in _KNOWN | _ABSENT:
            role = reader.name()
            return name(role), role
        reader.take()
        if word == "all":
            reader.accept("privileges")
        columns = ", ".join(map(name, names_in_parentheses(reader))) if reader.at_symbol("(") else ""
        if not columns:
            return word.upper(), word
        words = _OF_COLUMNS if word == "all" else (word.upper(),)
        if not set(words) <= set(_OF_COLUMNS):
            raise PgError(sqlstate.INVALID_GRANT_OPERATION, f"invalid privilege type {word.upper()} for column")
        return ", ".join(f"{one}({columns})" for one in words), word

    def _table(self) -> tuple[str, Relation | None]:
        parts = qualified_name(self._reader)
        schema = parts[-2] if len(parts) > 1 else ""
        relation = find_relation(self._snapshot, self._path, schema, parts[-1])
        if relation is not None:
            return qualified(relation.schema, relation.name), relation
        if not self._lenient:
            raise undefined_relation(schema, parts[-1], None)
        return qualified(iris_schema(schema or first_schema(self._path)), parts[-1]), None

    def _grantees(self) -> str:
        """What follows the objects."""
        reader = self._reader
        direction = reader.expect("to" if self._word == "grant" else "from").upper()
        names = [self._grantee()]
        while reader.accept_symbol(","):
            names.append(self._grantee())
        return f"{direction} {', '.join(names)}{self._options()}"

    def _grantee(self) -> str:
        reader = self._reader
        if reader.accept("group") is None and reader.accept("public"):
            return "_PUBLIC"
        if reader.at("current_user", "session_user", "current_role"):
            word = reader.take().text.upper()
            raise not_supported(f"{self._word.upper()} for {word} is not supported", "Name a user or a role.")
        return name(reader.name())

    def _options(self) -> str:
        reader, shown = self._reader, ""
        if reader.accept("with"):
            shown = f" WITH {reader.expect('grant', 'admin').upper()} OPTION"
            reader.expect("option")
        if reader.at("granted"):
            raise not_supported("GRANTED BY is not supported")
        if self._word == "revoke" and reader.at("cascade", "restrict"):
            shown = f" {reader.take().text.upper()}"
        reader.finish()
        return shown

    def _roles(self, option: str, named: list[tuple[str, str]]) -> Plan:
        tag = self._word.upper()
        for _, role in named:
            roles.check(self._snapshot, role)
        behind = self._grantees()
        if "_PUBLIC" in behind:
            raise PgError(sqlstate.UNDEFINED_OBJECT, 'role "public" does not exist')
        if behind.endswith(" CASCADE"):
            raise not_supported("REVOKE ... CASCADE of a role is not supported", "IRIS does not keep who granted a role.")
        return ddl(f"{tag} ROLE", [f"{tag} {option}{', '.join(shown for shown, _ in named)} {behind.removesuffix(' RESTRICT')}"])

    def _needless(self, kind: str, words: set[str]) -> Plan | None:
        """What IRIS does not hold back from anybody, or gives to nobody."""
        granted, revoked = _NEEDLESS[kind]
        tag, reader = self._word.upper(), self._reader
        if self._word == "grant" and not words <= granted:
            return None
        while not self._reader.at_end() and not self._reader.at("to", "from"):
            reader.take()
        if self._word == "revoke" and not (words <= revoked and reader.at("from") and reader.peek().text == "public"):
            raise not_supported(f"REVOKE ON {kind.upper()} is not supported", "IRIS has no privileges on it to take away.")
        self._grantees()
        return Plan(Target.NOTHING, tag, notices=(_ignored(tag, kind),))


def _ignored(tag: str, kind: str) -> PgError:
    return notice(f"{tag} ON {kind.upper()} is ignored: IRIS has no privileges on it")


_HINTS = {"create": "GRANT %CREATE_TABLE TO ... lets a user create tables, in any schema."}


def _columns_of(relation: Relation, privileges: list[tuple[str, str]]) -> str:
    """What of the privileges may have been granted on columns, which PostgreSQL takes away with those on the table."""
    words = {bare.upper() for shown, bare in privileges if shown.upper() == bare.upper()}
    wanted = [word for word in _OF_COLUMNS if word in words or "ALL" in words]
    columns = ", ".join(name(column.name) for column in relation.columns)
    return ", ".join(f"{word}({columns})" for word in wanted) if columns else ""
