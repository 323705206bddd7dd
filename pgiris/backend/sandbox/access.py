"""Access: users, roles and what was granted, as the catalog wants them told (backend/metadata.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pgiris.backend.metadata import GrantMeta, RoleMeta
from pgiris.backend.sandbox.dictionary import TableDef
from pgiris.backend.sandbox.privileges import ADMIN, SCHEMA, TABLE, Grant
from pgiris.backend.security import ALL, PUBLIC, USER, Principal, Security

# In the order of an access control list, where %ALTER has no letter.
_LETTERS = {"INSERT": "a", "SELECT": "r", "UPDATE": "w", "DELETE": "d", "REFERENCES": "x"}
Place = tuple[str, int | str, int]  # kind, object and column


class Access:
    """security: None while nobody has made a user."""

    def __init__(self, grants: Iterable[Grant] = (), security: Security | None = None) -> None:
        self._principals = {} if security is None else {one.id: one for one in security.all()}
        self._names = {one.id: one.name for one in self._principals.values()} | {PUBLIC: ""}
        self._by_place: dict[Place, list[Grant]] = defaultdict(list)
        for grant in grants:
            if grant.grantee in self._names:
                self._by_place[grant.kind, grant.object, grant.number].append(grant)
        self.roles: tuple[RoleMeta, ...] = ()
        if security is not None:
            self.roles = tuple(self._role(one, security) for one in self._principals.values() if one.id != ALL)

    @property
    def is_empty(self) -> bool:
        """Nothing was granted."""
        return not self._by_place

    def on_table(self, table: TableDef) -> tuple[GrantMeta, ...]:
        """What was granted on its schema is on it too, and may not be granted further on it."""
        schema = self._by_place.get((SCHEMA, table.schema.upper(), 0), ())
        return self._told((*self._by_place.get((TABLE, table.id, 0), ()), *schema))

    def on_column(self, table: TableDef, number: int) -> tuple[GrantMeta, ...]:
        return self._told(self._by_place.get((TABLE, table.id, number), ()))

    def _told(self, grants: Iterable[Grant]) -> tuple[GrantMeta, ...]:
        letters: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for grant in grants:
            if grant.word in _LETTERS:
                parts = letters[self._names[grant.grantee], self._names.get(grant.grantor, "_SYSTEM")]
                star = "*" if grant.grantable and grant.kind == TABLE else ""
                parts[grant.word] = parts.get(grant.word) or star
        return tuple(
            GrantMeta(grantee, "".join(letter + parts[word] for word, letter in _LETTERS.items() if word in parts), grantor)
            for (grantee, grantor), parts in letters.items()
        )

    def _role(self, one: Principal, security: Security) -> RoleMeta:
        ids = security.roles_of(one.id)
        superuser = ALL in ids
        creates = superuser or any(g.word == "%CREATE_TABLE" and g.grantee in ids for g in self._by_place.get((ADMIN, "", 0), ()))
        held = tuple((self._names[r], admin) for r, member, admin in security.members() if member == one.id and r != ALL)
        return RoleMeta(one.name, one.kind == USER, superuser, creates, held)


NOBODY = Access()
