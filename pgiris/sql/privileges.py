"""Privileges: GRANT and REVOKE on tables, and of roles. PostgreSQL: sql-grant, sql-revoke

IRIS has these too, with fewer privileges and kinds of objects; ON SCHEMA means future tables as well there. iris-reference 4.23
"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.copy_command import names_in_parentheses, qualified_name
from pgiris.sql.ddl import ddl, name, qualified
from pgiris.sql.notices import notice
from pgiris.sql.plan import Plan, Target
from pgiris.sql.reader import Reader
from pgiris.sql.schemanames import iris_schema
from pgiris.sql.scope import find_relation, first_schema, undefined_relation
from pgiris.types.relation import Snapshot

_KNOWN = frozenset(("select", "insert", "update", "delete", "references", "all"))
_ABSENT = frozenset(("truncate", "trigger", "usage", "create", "connect", "temporary", "temp", "execute", "set", "maintain"))
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
            return self._roles(option, [shown for shown, _ in privileges])
        words = {bare for _, bare in privileges}
        if reader.at("schema", "sequence") and self._word == "grant" and words <= {"usage", "select", "all"}:
            return self._needless()
        if reader.at(*_OBJECTS):
            raise not_supported(f"{tag} ON {reader.take().text.upper()} is not supported", "There is GRANT ON TABLE.")
        absent = next((bare for _, bare in privileges if bare not in _KNOWN), None)
        if absent is not None:
            raise not_supported(f"the privilege {absent.upper()} is not supported", "IRIS has no such privilege.")
        reader.accept("table")
        tables = [self._table()]
        while reader.accept_symbol(","):
            tables.append(self._table())
        what = f"{option}{', '.join(shown for shown, _ in privileges)}"
        behind = self._grantees()
        return ddl(tag, [f"{tag} {what} ON {table} {behind}" for table in tables])

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
            return name(reader.name()), word
        reader.take()
        if word == "all":
            reader.accept("privileges")
        columns = names_in_parentheses(reader) if reader.at_symbol("(") else ()
        shown = word.upper()
        return (f"{shown}({', '.join(map(name, columns))})" if columns else shown), word

    def _table(self) -> str:
        parts = qualified_name(self._reader)
        schema = parts[-2] if len(parts) > 1 else ""
        relation = find_relation(self._snapshot, self._path, schema, parts[-1])
        if relation is not None:
            return qualified(relation.schema, relation.name)
        if not self._lenient:
            raise undefined_relation(schema, parts[-1], None)
        return qualified(iris_schema(schema or first_schema(self._path)), parts[-1])

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
        if reader.accept("group") is None and reader.at("public", "current_user", "session_user", "current_role"):
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

    def _roles(self, option: str, names: list[str]) -> Plan:
        tag = self._word.upper()
        return ddl(f"{tag} ROLE", [f"{tag} {option}{', '.join(names)} {self._grantees()}"])

    def _needless(self) -> Plan:
        """What IRIS does not hold back from anybody."""
        kind = self._reader.token.text.upper()
        return Plan(Target.NOTHING, "GRANT", notices=(notice(f"GRANT ON {kind} is ignored: IRIS has no privileges on it"),))
