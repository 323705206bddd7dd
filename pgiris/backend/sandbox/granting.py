"""Granting: CREATE, ALTER and DROP of users and roles, GRANT and REVOKE. iris-reference 4.23; SQL reference, of the same names

Users and roles change at once, whatever transaction is under way; privileges as DDL does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pgiris.backend.base import Rows
from pgiris.backend.sandbox import dictionary as store
from pgiris.backend.sandbox import privileges
from pgiris.backend.sandbox.dictionary import TableDef
from pgiris.backend.sandbox.privileges import (
    ADMIN,
    ADMINISTRATIVE,
    EXECUTE,
    INSERT,
    OF_COLUMNS,
    OF_TABLES,
    SCHEMA,
    TABLE,
    UPDATE,
    Grant,
    Rights,
)
from pgiris.backend.sandbox.rows import Finished
from pgiris.backend.security import ALL, PUBLIC, ROLE, SYSTEM, USER, Principal
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError, not_supported
from pgiris.sql.iris.phrases import Phrase

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

NOTHING_DONE = 0  # rows: SQLCODE 100 in place of 0
_EVERYTHING = ("ALL PRIVILEGES", "*")
Privilege = tuple[str, tuple[str, ...]]  # a word, and the columns that it is said of


class Granting:
    """One statement. What a session without Rights does, _SYSTEM does."""

    def __init__(self, session: SandboxSession, tree: Phrase) -> None:
        self._session, self._tree = session, tree
        self._security = session.security
        self._grants = tree.this.startswith("GRANT")
        self._option_only = not self._grants and tree.has("OPTION") and tree.has("FOR")

    @property
    def _rights(self) -> Rights | None:
        return self._session.rights

    @property
    def _own(self) -> int:
        return SYSTEM if self._rights is None else self._rights.user.id

    def run(self) -> Rows:
        if self._tree.has("CUBE") or self._tree.has("CUBES"):
            raise not_supported("the sandbox knows no cubes")
        return _STATEMENTS[self._tree.this](self)

    # Users and roles

    def _create_user(self) -> Rows:
        self._administer("permission denied to create role")
        self._security.create(self._name, USER, self._own, self._password)
        return Finished()

    def _alter_user(self) -> Rows:
        found = self._security.find(self._name)
        if self._rights is None or found is None or found.id != self._own:
            self._administer("permission denied")
        if found is None or found.kind != USER:
            message = f"ERROR #838: User {self._name} does not exist"
            raise pg_error(-400, message, state="42704", text=f'role "{self._name}" does not exist')
        self._security.set_password(found, self._password)
        return Finished()

    def _create_role(self) -> Rows:
        self._administer("permission denied to create role")
        if "," in self._name or ":" in self._name:
            raise pg_error(-1, f"Invalid role name '{self._name}'")
        self._security.create(self._name, ROLE, self._own)
        return Finished()

    def _drop(self, kind: str) -> Rows:
        found = self._security.find(self._name)
        if found is None or found.kind != kind:
            if self._tree.has("EXISTS"):
                return Finished()
            raise self._unknown(self._name)
        if found.id in (PUBLIC, SYSTEM, ALL):
            raise pg_error(-134, f"{found.name} cannot be dropped", text=f"cannot drop role {found.name}", state="2BP01")
        if not (kind == ROLE and self._administers(found)):
            self._administer("permission denied to drop role")
        self._security.drop(found)
        return Finished()

    def _drop_user(self) -> Rows:
        return self._drop(USER)

    def _drop_role(self) -> Rows:
        return self._drop(ROLE)

    @property
    def _name(self) -> str:
        node = self._tree.part("user")
        assert node is not None
        return str(node.name)

    @property
    def _password(self) -> str:
        node = self._tree.part("password")
        assert node is not None
        return str(node.name)

    def _administer(self, text: str) -> None:
        """Raises SQLCODE -99. Of IRIS's resources, such as %Admin_Secure, the sandbox has none but what %All brings."""
        if self._rights is not None and not self._rights.everything:
            raise self._rights.denied(text)

    def _administers(self, role: Principal) -> bool:
        if self._rights is None or self._rights.everything:
            return True
        return role.owner == self._own or self._security.administers(self._rights.ids, role.id)

    @staticmethod
    def _unknown(name: str) -> PgError:
        return pg_error(-118, f"Unknown or non-unique User or Role '{name}'", text=f'role "{name}" does not exist')

    # GRANT and REVOKE

    def _change(self) -> Rows:
        if self._tree.parts("object"):
            return self._change_objects()
        words = [node.name for node in self._tree.parts("privilege")]
        administrative = [word for word in words if word.upper() in ADMINISTRATIVE]
        if administrative and len(administrative) < len(words):
            raise pg_error(-1, "Administrative privileges and roles cannot be granted or revoked by the same statement")
        if administrative:
            named = dict.fromkeys(one for word in administrative for one in ADMINISTRATIVE[word.upper()])
            return self._change_grants([Grant(0, ADMIN, "", 0, word) for word in named])
        return self._change_roles(words)

    @property
    def _grantees(self) -> list[Principal]:
        """Raises SQLCODE -118."""
        found: dict[int, Principal] = {}
        for node in self._tree.parts("grantee"):
            if isinstance(node, exp.Var) and node.name == "*":
                found |= {one.id: one for one in self._security.all() if one.kind == USER and not self._is_all(one)}
                continue
            name = "_PUBLIC" if isinstance(node, exp.Var) else node.name
            one = self._security.find(name)
            if one is None:
                raise self._unknown(name)
            found[one.id] = one
        return list(found.values())

    def _is_all(self, user: Principal) -> bool:
        return ALL in self._security.roles_of(user.id)

    def _change_roles(self, names: list[str]) -> Rows:
        """A role that there is not: SQLCODE 100."""
        roles = [role for name in names if (role := self._security.find(name)) is not None and role.kind == ROLE and role.id]
        grantees = self._grantees if roles else []
        for role in roles:
            if not self._administers(role):
                raise pg_error(-112, "Access violation", text=f'must have admin option on role "{role.name}"')
            for member in grantees:
                if member.id == PUBLIC:
                    raise not_supported("the sandbox grants no roles to _PUBLIC")
                if not self._grants and (role.id, member.id) == (ALL, SYSTEM):
                    raise pg_error(-134, "_SYSTEM cannot lose %All", text="permission denied", state="42501")
                if self._grants:
                    self._join(role, member)
                else:
                    self._security.part(role.id, member.id, self._option_only)
        return Finished() if len(roles) == len(names) else Finished(NOTHING_DONE)

    def _join(self, role: Principal, member: Principal) -> None:
        if member.id in self._security.roles_of(role.id):
            text = f'role "{role.name}" is a member of role "{member.name}"'
            raise pg_error(-55, f"Role {role.name} cannot be granted to {member.name}, which it holds", text=text)
        self._security.join(role.id, member.id, self._tree.has("ADMIN"))

    # Privileges on objects

    def _change_objects(self) -> Rows:
        given = list(self._privileges())
        if self._tree.has("SCHEMA"):
            return self._change_grants([grant for node in self._tree.parts("object") for grant in self._on_schema(node, given)])
        wanted: list[Grant] = []
        for node in self._tree.parts("object"):
            everywhere = isinstance(node, exp.Var)
            if everywhere and any(columns for _, columns in given):
                raise pg_error(-1, "Privileges on columns are granted on one table or view at a time")
            tables = list(self._session.dictionary) if everywhere else [self._table(node)]
            wanted += [grant for table in tables for grant in self._on_table(table, given, everywhere)]
        return self._change_grants(wanted)

    def _privileges(self) -> Iterator[Privilege]:
        """Raises SQLCODE -1, -60."""
        word = ""
        columns: list[str] = []
        for piece in self._tree.expressions:
            label = piece.text("label")
            if label == "privilege" and word:
                yield word, tuple(columns)
            if label == "privilege":
                word, columns = piece.this.name.upper(), []
            elif label == "column":
                columns.append(piece.this.name)
                if word not in OF_COLUMNS:
                    raise pg_error(-1, f"{word} is no privilege of columns")
        yield word, tuple(columns)

    def _table(self, node: exp.Expr) -> TableDef:
        return self._session.find_table(node.text("db"), node.name)

    def _on_schema(self, node: exp.Expr, given: list[Privilege]) -> Iterator[Grant]:
        if isinstance(node, exp.Var) or node.text("db") or any(columns for _, columns in given):
            raise pg_error(-1, "A schema's name expected")
        if not self._session.dictionary.has_schema(node.name):
            raise pg_error(-473, f"Schema '{node.name}' not found", table=node.name)
        for word, _ in given:
            for one in OF_TABLES if word in _EVERYTHING else (_known(word),):
                yield Grant(0, SCHEMA, node.name.upper(), 0, one)

    def _on_table(self, table: TableDef, given: list[Privilege], everywhere: bool) -> Iterator[Grant]:
        for word, columns in given:
            if word in _EVERYTHING:
                yield from (Grant(0, TABLE, table.id, 0, one) for one in OF_TABLES)
            elif _known(word) == EXECUTE:
                if not everywhere:  # there are no procedures
                    raise pg_error(-428, f"Stored procedure '{table.name}' not found", constraint=table.name)
            elif columns:
                yield from (Grant(0, TABLE, table.id, self._number(table, name, word), word) for name in columns)
            else:
                yield Grant(0, TABLE, table.id, 0, word)

    def _number(self, table: TableDef, name: str, word: str) -> int:
        found = table.by_name.get(name.upper())
        if found is None:
            message = f"Field '{name.upper()}' not found in the applicable tables"
            raise pg_error(-29, message, column=name, text=f'column "{name}" of relation "{table.name}" does not exist')
        if self._grants and not found[1].number and word in (INSERT, UPDATE):
            raise pg_error(-56, f"{word} cannot be granted or revoked on the RowID field '{name}'", column=name)
        return privileges.number_of(found[1])

    def _change_grants(self, wanted: list[Grant]) -> Rows:
        grantees = self._grantees
        session = self._session

        def work() -> Rows:
            present = privileges.granted(session.connection)
            done = 0
            for grantee in grantees:
                for what in wanted:
                    done += self._give(what, grantee, present) if self._grants else self._take(what, grantee, present)
            if done:
                store.changed(session.connection)
            return Finished() if done else Finished(NOTHING_DONE)

        return session.define(work)

    # One privilege

    def _give(self, what: Grant, grantee: Principal, present: list[Grant]) -> bool:
        self._check_grantor(what)
        grantable = self._tree.has("WITH")
        known = _find(present, replace(what, grantee=grantee.id))
        if known is not None and (known.grantable or not grantable):
            return False
        privileges.grant(self._session.connection, replace(what, grantee=grantee.id, grantor=self._own, grantable=grantable))
        return True

    def _check_grantor(self, what: Grant) -> None:
        """Raises SQLCODE -99."""
        rights = self._rights
        if rights is None or rights.everything:
            return
        if what.kind == ADMIN:
            if not rights.holds_word(what.word, grantable=True):
                raise rights.denied("permission denied to grant privileges")
        elif what.kind == SCHEMA:
            if not rights.holds_in_schema(str(what.object), what.word, grantable=True):
                raise rights.denied(f"permission denied for schema {what.object}")
        else:
            table = self._session.dictionary.tables[int(what.object)]
            if not rights.holds(table, what.word, what.number, grantable=True):
                raise rights.refused(table)

    def _take(self, what: Grant, grantee: Principal, present: list[Grant]) -> bool:
        known = _find(present, replace(what, grantee=grantee.id))
        grantor = self._tree.part("grantor")
        if known is None or (self._option_only and not known.grantable):
            return False
        if grantor is not None:
            self._administer("permission denied to revoke privileges")
            named = self._security.find(grantor.name)
            if named is None:
                raise self._unknown(grantor.name)
            if named.id != known.grantor:
                return False
        elif self._rights is not None and not self._rights.everything and known.grantor != self._own:
            raise self._rights.denied("permission denied to revoke privileges")
        self._revoke(known, present, set())
        return True

    def _revoke(self, known: Grant, present: list[Grant], seen: set[Grant]) -> None:
        """Raises SQLCODE -126 for what its holder has granted further, unless CASCADE takes that too."""
        seen.add(known)
        further = [g for g in present if g.grantor == known.grantee and _same(g, known) and g not in seen and known.grantable]
        further = [g for g in further if g.grantee != known.grantee]
        if further and known.kind != ADMIN and not self._tree.has("CASCADE"):
            raise pg_error(-126, "REVOKE with RESTRICT failed", text="dependent privileges exist")
        privileges.revoke(self._session.connection, known, self._option_only and len(seen) == 1)
        if known.kind != ADMIN:
            for one in further:
                self._revoke(one, present, seen)

    # %CHECKPRIV

    def _check(self) -> Rows:
        return Finished() if self._rights is None or all(self._holds_each()) else Finished(NOTHING_DONE)

    def _holds_each(self) -> Iterator[bool]:
        """Only what there is can be asked for."""
        rights = self._rights
        assert rights is not None
        option = self._tree.has("OPTION")
        for word, columns in self._privileges():
            node = self._tree.part("object")
            if node is None:
                for one in ADMINISTRATIVE.get(word, (word,)):
                    yield rights.holds_word(one, grantable=option)
                continue
            table = self._table(node)
            for one in OF_TABLES if word in _EVERYTHING else (word,):
                for number in [self._number(table, name, word) for name in columns] or [0]:
                    yield rights.holds(table, one, number, grantable=option)


def _known(word: str) -> str:
    """Raises SQLCODE -60."""
    if word not in (*OF_TABLES, EXECUTE):
        raise pg_error(-60, f"Invalid privilege '{word}'")
    return word


def _same(one: Grant, other: Grant) -> bool:
    """Whether they are of the same privilege on the same object; one on a table covers its columns."""
    what = (one.kind, one.object, one.word) == (other.kind, other.object, other.word)
    return what and (one.number == other.number or not other.number)


def _find(present: Iterable[Grant], wanted: Grant) -> Grant | None:
    key = (wanted.grantee, wanted.kind, wanted.object, wanted.number, wanted.word)
    return next((one for one in present if (one.grantee, one.kind, one.object, one.number, one.word) == key), None)


_STATEMENTS: dict[str, Callable[[Granting], Rows]] = {
    "CREATE USER": Granting._create_user,
    "ALTER USER": Granting._alter_user,
    "DROP USER": Granting._drop_user,
    "CREATE ROLE": Granting._create_role,
    "DROP ROLE": Granting._drop_role,
    **dict.fromkeys(("GRANT", "REVOKE", "GRANT SELECT ON", "REVOKE SELECT ON"), Granting._change),
    "%CHECKPRIV": Granting._check,
}
STATEMENTS = frozenset(_STATEMENTS)
