"""Extension commands: CREATE, ALTER and DROP EXTENSION as values.

In: the words behind CREATE, ALTER, DROP. Out: a command, or None when the statement is about something else. Raises 42601, and
0A000 for ALTER EXTENSION ... ADD and DROP.
PostgreSQL: sql-createextension, sql-alterextension, sql-dropextension
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris.errors import not_supported
from pgiris.sql.reader import Reader


@dataclass(frozen=True)
class CreateExtension:
    """absent: IF NOT EXISTS. schema, version: "" where they are not said."""

    name: str
    absent: bool = False
    schema: str = ""
    version: str = ""
    tag: str = "CREATE EXTENSION"


@dataclass(frozen=True)
class AlterExtension:
    """new_schema: of SET SCHEMA; "" is UPDATE, to a version if one is said."""

    name: str
    new_schema: str = ""
    version: str = ""
    tag: str = "ALTER EXTENSION"


@dataclass(frozen=True)
class DropExtensions:
    names: tuple[str, ...]
    exists: bool = False
    cascade: bool = False
    tag: str = "DROP EXTENSION"


def create(reader: Reader) -> CreateExtension | None:
    if not reader.accept("extension"):
        return None
    absent = reader.accept_if("not", "exists")
    name, said = reader.name(), {"schema": "", "version": ""}
    reader.accept("with")
    while word := reader.accept("schema", "version", "cascade"):
        if word != "cascade":
            said[word] = reader.name() if word == "schema" else reader.word_or_string()
    return CreateExtension(name, absent, said["schema"], said["version"])


def alter(reader: Reader) -> AlterExtension | None:
    if not reader.accept("extension"):
        return None
    name = reader.name()
    if reader.accept("set"):
        reader.expect("schema")
        return AlterExtension(name, reader.name())
    if reader.accept("update"):
        return AlterExtension(name, version=reader.word_or_string() if reader.accept("to") else "")
    reader.expect("add", "drop")
    raise not_supported("changing what belongs to an extension is not supported")


def drop(reader: Reader) -> DropExtensions | None:
    if not reader.accept("extension"):
        return None
    exists = reader.accept_if("exists")
    names = [reader.name()]
    while reader.accept_symbol(","):
        names.append(reader.name())
    return DropExtensions(tuple(names), exists, reader.accept("cascade", "restrict") == "cascade")
