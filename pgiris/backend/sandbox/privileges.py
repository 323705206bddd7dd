"""Privileges: what was granted in a namespace, what a session's user may do by it, and what statements need.

They are kept in the namespace's file, so that whoever changes them changes the dictionary's version, and sessions compile their
statements anew: a statement is checked when it is compiled. iris-reference 4.23; GRANT, REVOKE (SQL reference); SQL Users,
Roles, and Privileges (Using InterSystems SQL)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import apsw

from pgiris.backend.sandbox.dictionary import ColumnDef, Dictionary, TableDef
from pgiris.backend.security import ALL, Principal, Security
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError

TABLE, SCHEMA, ADMIN = "table", "schema", "admin"  # what privileges are on
SELECT, INSERT, UPDATE, DELETE, REFERENCES, ALTER = "SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "%ALTER"
OF_TABLES = (ALTER, DELETE, INSERT, REFERENCES, SELECT, UPDATE)  # what ALL means
OF_COLUMNS = (SELECT, INSERT, UPDATE, REFERENCES)
EXECUTE = "EXECUTE"
ROWID = -1  # the number of the IDENTITY column
_DEFINITIONS = tuple(
    f"%{verb}_{kind}"
    for kind, verbs in {
        "METHOD": "CREATE DROP", "FUNCTION": "CREATE DROP", "PROCEDURE": "CREATE DROP", "QUERY": "CREATE DROP",
        "TABLE": "CREATE ALTER DROP", "VIEW": "CREATE ALTER DROP", "TRIGGER": "CREATE DROP",
    }.items()
    for verb in verbs.split()
)  # fmt: skip
HINTS = ("%NOCHECK", "%NOINDEX", "%NOLOCK", "%NOTRIGGER", "%NOJOURN")
ADMINISTRATIVE = {
    "%DB_OBJECT_DEFINITION": _DEFINITIONS,
    **{word: (word,) for word in (*_DEFINITIONS, *HINTS, "%BUILD_INDEX")},
}  # as GRANT names them -> what they are

_DDL = """
CREATE TABLE IF NOT EXISTS iris_privilege (
    grantee INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object NOT NULL,
    number INTEGER NOT NULL,
    word TEXT NOT NULL,
    grantor INTEGER NOT NULL,
    grantable INTEGER NOT NULL,
    PRIMARY KEY (kind, object, word, grantee, number)
) WITHOUT ROWID
"""


def number_of(column: ColumnDef) -> int:
    """Of a column that something is granted on: 0 means the table."""
    return column.number or ROWID


@dataclass(frozen=True)
class Grant:
    """object: a table's ID, a schema's name in upper case, or nothing. number: of a column, 0 for all there will ever be."""

    grantee: int
    kind: str
    object: int | str
    number: int
    word: str
    grantor: int = 0
    grantable: bool = False


@dataclass
class Needs:
    """What a statement does to tables and views, and what else it takes. A table -> a privilege -> the columns' numbers."""

    tables: dict[int, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(dict))
    words: dict[str, None] = field(default_factory=dict)
    everything: bool = False  # it is for who may do everything
    lists: bool = False  # it asks for users, roles or privileges

    def note(self, table: TableDef, word: str, number: int = 0) -> None:
        """A column with number 0 is the RowID, which takes nothing but some privilege on the table."""
        numbers = self.tables[table.id].setdefault(word, set())
        if number:
            numbers.add(number)


# What was granted


def _is_there(db: apsw.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'iris_privilege'").fetchone() is not None


def granted(db: apsw.Connection) -> list[Grant]:
    """Everything, in no order."""
    if not _is_there(db):
        return []
    rows = db.execute("SELECT grantee, kind, object, number, word, grantor, grantable FROM iris_privilege").fetchall()
    return [Grant(*row[:-1], grantable=bool(row[-1])) for row in rows]  # type: ignore[arg-type, misc]


def grant(db: apsw.Connection, new: Grant) -> None:
    """To grant again changes who may grant further, and nothing else."""
    db.execute(_DDL)
    db.execute(
        "INSERT INTO iris_privilege (grantee, kind, object, number, word, grantor, grantable) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET grantable = max(grantable, excluded.grantable)",
        (new.grantee, new.kind, new.object, new.number, new.word, new.grantor, new.grantable),
    )


def revoke(db: apsw.Connection, old: Grant, option_only: bool = False) -> None:
    change = "UPDATE iris_privilege SET grantable = 0" if option_only else "DELETE FROM iris_privilege"
    db.execute(
        f"{change} WHERE grantee = ? AND kind = ? AND object = ? AND number = ? AND word = ?",
        (old.grantee, old.kind, old.object, old.number, old.word),
    )


def forget(db: apsw.Connection, kind: str, object_: int | str) -> None:
    """An object is gone."""
    if _is_there(db):
        db.execute("DELETE FROM iris_privilege WHERE kind = ? AND object = ?", (kind, object_))


def renumber(db: apsw.Connection, old: TableDef, new: TableDef) -> None:
    """A view has other columns now: privileges follow the names."""
    if not _is_there(db):
        return
    columns = {column.number: new.by_name.get(column.name.upper()) for column in old.columns}
    numbers = {number: found[1].number for number, found in columns.items() if found is not None}
    kept = [found for found in granted(db) if (found.kind, found.object) == (TABLE, old.id)]
    forget(db, TABLE, old.id)
    for found in kept:
        if not found.number or found.number in numbers:
            number = numbers.get(found.number, 0)
            grant(db, Grant(found.grantee, TABLE, new.id, number, found.word, found.grantor, found.grantable))


# What a user may do


class Rights:
    """Of a user that CREATE USER has made, at one moment. ids: the user's own, and those of what the user is."""

    def __init__(self, security: Security, user: Principal, db: apsw.Connection) -> None:
        self.version = security.version
        self.user = user
        self.ids = frozenset() if user.gone else security.roles_of(user.id)
        self.everything = ALL in self.ids
        self._grants: dict[tuple[str, int | str, str, int], bool] = {}  # kind, object, word, column -> may be granted further
        for found in granted(db):
            if found.grantee in self.ids:
                key = (found.kind, found.object, found.word, found.number)
                self._grants[key] = self._grants.get(key, False) or found.grantable

    def _has(self, key: tuple[str, int | str, str, int], grantable: bool) -> bool:
        known = self._grants.get(key)
        return bool(known) if grantable else known is not None

    def owns(self, table: TableDef) -> bool:
        return not self.user.gone and table.owner.upper() == self.user.name.upper()

    def holds(self, table: TableDef, word: str, number: int = 0, *, grantable: bool = False) -> bool:
        """number: a column's; one that is 0 asks for all of the table. A schema's option is to grant on the schema alone."""
        if self.everything or (self.owns(table) and (not table.is_view or word == ALTER)):
            return True
        if self._has((TABLE, table.id, word, 0), grantable):
            return True
        if not grantable and self._has((SCHEMA, table.schema.upper(), word, 0), False):
            return True
        return number != 0 and self._has((TABLE, table.id, word, number), grantable)

    def holds_all(self, table: TableDef, word: str, numbers: Collection[int], *, grantable: bool = False) -> bool:
        """On the table, or on each of some columns."""
        if self.holds(table, word, grantable=grantable):
            return True
        return bool(numbers) and all(self.holds(table, word, number, grantable=grantable) for number in numbers)

    def holds_some(self, table: TableDef, word: str) -> bool:
        """On the table or a column of it."""
        return self.holds(table, word) or any(self.holds(table, word, number_of(column)) for column in table.columns)

    def holds_in_schema(self, schema: str, word: str, *, grantable: bool) -> bool:
        return self.everything or self._has((SCHEMA, schema.upper(), word, 0), grantable)

    def holds_word(self, word: str, *, grantable: bool = False) -> bool:
        return self.everything or self._has((ADMIN, "", word, 0), grantable)

    def sees(self, table: TableDef) -> bool:
        """Whether INFORMATION_SCHEMA shows it: there is some privilege on it."""
        return self.owns(table) or any(self.holds_some(table, word) for word in OF_TABLES)

    # Checks

    def check(self, needs: Needs, dictionary: Dictionary) -> None:
        """Raises SQLCODE -99."""
        if self.everything:
            return
        if needs.everything:
            raise self.denied()
        for word in needs.words:
            self.check_word(word)
        for id_, words in needs.tables.items():
            table = dictionary.tables[id_]
            for word, numbers in words.items():
                if not self.holds_all(table, word, numbers) and (numbers or not self.holds_some(table, word)):
                    raise self.refused(table)

    def check_word(self, word: str, text: str = "permission denied") -> None:
        """Raises SQLCODE -99. text: PostgreSQL's."""
        if not self.holds_word(word):
            raise pg_error(-99, f"User '{self.user.name}' does not have {word} privileges", text=text)

    def check_alter(self, table: TableDef) -> None:
        if self.holds(table, ALTER):
            return
        name = f"'{table.schema}.{table.name}'"
        lacks = "does not have required %ALTER privilege needed to change the table definition for"
        message = f"User '{self.user.name}' {lacks} {name}"
        if table.is_view:
            message = f"User '{self.user.name}' does not have privilege to ALTER the view {name}"
        raise pg_error(-99, message, text=f"must be owner of {_kind(table)} {table.name}")

    def refused(self, table: TableDef) -> PgError:
        message = f"User '{self.user.name}' is not privileged for the operation"
        return pg_error(-99, message, table=table.name, text=f"permission denied for {_kind(table)} {table.name}")

    def denied(self, text: str = "permission denied", sqlcode: int = -99) -> PgError:
        return pg_error(sqlcode, f"User '{self.user.name}' is not privileged for the operation", text=text)


def _kind(table: TableDef) -> str:
    return "view" if table.is_view else "table"


def of_view(rights: Rights, view: TableDef, needs: Needs, dictionary: Dictionary) -> Iterator[Grant]:
    """What its creator gets on a new view: what he may do to all that the view reads. CREATE VIEW (SQL reference)"""
    read = [(dictionary.tables[id_], words.get(SELECT, set())) for id_, words in needs.tables.items()]
    for word in (SELECT, INSERT, UPDATE, DELETE, REFERENCES):
        if view.check_option == "READ ONLY" and word in (INSERT, UPDATE, DELETE):
            continue
        if word == SELECT or all(rights.holds(table, word) for table, _ in read):
            grantable = all(rights.holds_all(table, word, numbers, grantable=True) for table, numbers in read)
            yield Grant(rights.user.id, TABLE, view.id, 0, word, rights.user.id, grantable)


def give_view(db: apsw.Connection, view: TableDef, own: Collection[Grant]) -> None:
    """Its creator gets these; of a view that is made anew nobody keeps a way to change what its creator may not change."""
    words = {found.word for found in own}
    for found in granted(db):
        if (found.kind, found.object) == (TABLE, view.id) and found.word in OF_TABLES and found.word not in {*words, ALTER}:
            revoke(db, found)
    for found in own:
        grant(db, found)
