"""Queries of class %Library.SQLCatalogPriv, which list users, roles and privileges. Class reference 2024.1, of that name

What the class does not say: a privilege that a role brings is GRANTED_VIA ``Role``; one on a schema is listed for each of its
tables; one on columns and what an owner may do are not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import apsw
import apsw.ext

from pgiris.backend.sandbox.dictionary import TableDef
from pgiris.backend.sandbox.privileges import ADMIN, OF_TABLES, SCHEMA, TABLE, Grant, granted
from pgiris.backend.security import ALL, PUBLIC, ROLE, SYSTEM, USER, Principal

if TYPE_CHECKING:
    from pgiris.backend.sandbox.session import SandboxSession

PREFIX = "%LIBRARY.SQLCATALOGPRIV_"
_PRIVILEGE = "TYPE NAME PRIVILEGE GRANTED_BY GRANT_OPTION"
# Name -> columns; all but the first two take the name of a user or role.
COLUMNS = {
    "SQLUSERS": "USERNAME DESCRIPTION ENABLED NAMESPACE ROUTINE",
    "SQLROLES": "ROLE_NAME DESCRIPTION CREATED_BY ESCALATION_ONLY",
    "SQLUSEREXISTS": "USER_NAME",
    "SQLUSERROLE": "ROLE_NAME ADMIN_OPTION",
    "SQLROLEUSER": "NAME TYPE",
    "SQLUSERPRIVS": f"{_PRIVILEGE} GRANTED_VIA",
    "SQLROLEPRIVILEGES": _PRIVILEGE,
    "SQLUSERSYSPRIVS": "PRIVILEGE ADMIN_OPTION GRANTED_VIA",
}
WITHOUT_ARGUMENT = ("SQLUSERS", "SQLROLES")
Rows = Iterator[tuple[Any, ...]]


def register(db: apsw.Connection, session: SandboxSession) -> None:
    for name, columns in COLUMNS.items():
        db_name = f"iris_{name.lower()}"
        apsw.ext.make_virtual_module(db, db_name, _module(name, columns, session), eponymous_only=True)


def _module(name: str, columns: str, session: SandboxSession) -> Any:
    def read(who: Any = None) -> Rows:
        listing = _Listing(session)
        if name in WITHOUT_ARGUMENT:
            yield from _LISTS[name](listing, None)
        elif (found := listing.find(str(who or ""))) is not None:
            yield from _QUERIES[name](listing, found)

    read.columns = tuple(f"k{number}" for number, _ in enumerate(columns.split(), 1))  # type: ignore[attr-defined]
    read.column_access = apsw.ext.VTColumnAccess.By_Index  # type: ignore[attr-defined]
    return read


class _Listing:
    def __init__(self, session: SandboxSession) -> None:
        self._security, self._tables = session.security, list(session.dictionary)
        self._grants = granted(session.connection)

    def find(self, name: str) -> Principal | None:
        return self._security.find(name)

    def users(self, _: None) -> Rows:
        return ((one.name, None, "Yes", None, None) for one in self._security.all() if one.kind == USER)

    def roles(self, _: None) -> Rows:
        return ((one.name, None, self._name(one.owner), 0) for one in self._security.all() if one.kind == ROLE)

    def exists(self, user: Principal) -> Rows:
        if user.kind == USER:
            yield (user.name,)

    def held(self, user: Principal) -> Rows:
        return ((self._name(role), int(admin)) for role, member, admin in self._security.members() if member == user.id)

    def holders(self, role: Principal) -> Rows:
        for held, member, _ in self._security.members():
            found = self._security.by_id(member)
            if held == role.id and found is not None:
                yield found.name, found.kind.upper()

    def user_privileges(self, user: Principal) -> Rows:
        if ALL in self._security.roles_of(user.id):
            for table in self._tables:
                yield from ((*_of(table), word, self._name(SYSTEM), "Yes", "SuperUser") for word in OF_TABLES)
            return
        for grant in self._grants:
            via = self._via(user, grant.grantee)
            if via:
                yield from ((*row, via) for row in self._shown(grant))

    def role_privileges(self, role: Principal) -> Rows:
        return (row for grant in self._grants if grant.grantee == role.id for row in self._shown(grant))

    def system_privileges(self, user: Principal) -> Rows:
        for grant in self._grants:
            via = self._via(user, grant.grantee)
            if via and grant.kind == ADMIN:
                yield grant.word, _yes(grant.grantable), via

    def _via(self, user: Principal, grantee: int) -> str:
        """How a user has what was granted to somebody; empty for what he has not."""
        if grantee == user.id:
            return "Direct"
        if grantee == PUBLIC:
            return "_PUBLIC"
        return "Role" if grantee in self._security.roles_of(user.id) else ""

    def _shown(self, grant: Grant) -> Iterable[tuple[str, ...]]:
        behind = (grant.word, self._name(grant.grantor), _yes(grant.grantable and grant.kind == TABLE))
        for table in self._tables:
            on_schema = grant.kind == SCHEMA and table.schema.upper() == grant.object
            if on_schema or (grant.kind == TABLE and table.id == grant.object and not grant.number):
                yield (*_of(table), *behind)

    def _name(self, id_: int) -> str:
        found = self._security.by_id(id_)
        return "" if found is None else found.name


def _of(table: TableDef) -> tuple[str, str]:
    return "VIEW" if table.is_view else "TABLE", f"{table.schema}.{table.name}"


def _yes(condition: bool) -> str:
    return "Yes" if condition else "No"


_LISTS: dict[str, Callable[[_Listing, None], Rows]] = {"SQLUSERS": _Listing.users, "SQLROLES": _Listing.roles}
_QUERIES: dict[str, Callable[[_Listing, Principal], Rows]] = {
    "SQLUSEREXISTS": _Listing.exists,
    "SQLUSERROLE": _Listing.held,
    "SQLROLEUSER": _Listing.holders,
    "SQLUSERPRIVS": _Listing.user_privileges,
    "SQLROLEPRIVILEGES": _Listing.role_privileges,
    "SQLUSERSYSPRIVS": _Listing.system_privileges,
}
