"""Type commands: CREATE TYPE ... AS ENUM, ALTER TYPE and DROP TYPE as values.

In: the words behind CREATE, ALTER, DROP. Out: a command, or None when the statement is about something else. Raises 42601, and
0A000 for types that are no enums.
PostgreSQL: sql-createtype, sql-altertype, sql-droptype
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris.errors import not_supported
from pgiris.sql.copy_command import qualified_name
from pgiris.sql.reader import Reader

Name = tuple[str, ...]


@dataclass(frozen=True)
class CreateEnum:
    name: Name
    labels: tuple[str, ...]
    tag: str = "CREATE TYPE"


@dataclass(frozen=True)
class AlterEnum:
    """Only one of the others is set; none: nothing that matters changes.

    label: of ADD VALUE, absent: IF NOT EXISTS, place: ``before`` or ``after`` the neighbour, "" at the end.
    old_label: of RENAME VALUE, to label. new_name, new_schema: RENAME TO, SET SCHEMA.
    """

    name: Name
    label: str | None = None
    absent: bool = False
    place: str = ""
    neighbour: str = ""
    old_label: str | None = None
    new_name: str = ""
    new_schema: str = ""
    tag: str = "ALTER TYPE"


@dataclass(frozen=True)
class DropTypes:
    names: tuple[Name, ...]
    exists: bool = False
    cascade: bool = False
    tag: str = "DROP TYPE"


def create(reader: Reader) -> CreateEnum | None:
    if not reader.accept("type"):
        return None
    name = qualified_name(reader)
    if not reader.accept("as") or not reader.accept("enum"):
        raise not_supported("types other than enums are not supported")
    reader.expect_symbol("(")
    labels: list[str] = []
    if not reader.at_symbol(")"):
        labels.append(reader.string())
        while reader.accept_symbol(","):
            labels.append(reader.string())
    reader.expect_symbol(")")
    return CreateEnum(name, tuple(labels))


def alter(reader: Reader) -> AlterEnum | None:
    if not reader.accept("type"):
        return None
    name = qualified_name(reader)
    if reader.accept("add"):
        return _add(reader, name)
    if reader.accept("rename"):
        return _rename(reader, name)
    if reader.accept("set"):
        if not reader.accept("schema"):
            raise not_supported("changing the properties of a type is not supported")
        return AlterEnum(name, new_schema=reader.name())
    if reader.accept("owner"):
        reader.expect("to")
        reader.take()
        return AlterEnum(name)
    raise not_supported("types other than enums are not supported")


def _add(reader: Reader, name: Name) -> AlterEnum:
    if not reader.accept("value"):
        raise not_supported("types other than enums are not supported")
    absent = reader.accept_if("not", "exists")
    label = reader.string()
    place = reader.accept("before", "after") or ""
    return AlterEnum(name, label, absent, place, reader.string() if place else "")


def _rename(reader: Reader, name: Name) -> AlterEnum:
    word = reader.expect("value", "to", "attribute")
    if word == "attribute":
        raise not_supported("types other than enums are not supported")
    if word == "to":
        return AlterEnum(name, new_name=reader.name())
    old = reader.string()
    reader.expect("to")
    return AlterEnum(name, reader.string(), old_label=old)


def drop(reader: Reader) -> DropTypes | None:
    if not reader.accept("type"):
        return None
    exists = reader.accept_if("exists")
    names = [qualified_name(reader)]
    while reader.accept_symbol(","):
        names.append(qualified_name(reader))
    return DropTypes(tuple(names), exists, reader.accept("cascade", "restrict") == "cascade")
