"""Privileges of the session's user on tables and views, as IRIS lists them.

IRIS has a query of them, SQLUserPrivs of class %Library.SQLCatalogPriv, which not every user may run. What it does not list is
not known: INFORMATION_SCHEMA shows only what the user has some privilege for, so a table without an entry is one whose
privileges have another source. Class reference: %Library.SQLCatalogPriv. Not tried on a server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from pgiris.backend.metadata import GrantMeta
from pgiris.errors import PgError

_PRIVILEGES = "SELECT NAME, PRIVILEGE, GRANTED_BY, GRANT_OPTION, GRANTED_VIA FROM %Library.SQLCatalogPriv_SQLUserPrivs(?)"
# In the order of an access control list. IRIS has no privilege of TRUNCATE.
_LETTERS = {"INSERT": "a", "SELECT": "r", "UPDATE": "w", "DELETE": "d", "REFERENCES": "x"}
_EVERYTHING = "SUPERUSER"


class Privileges:
    def __init__(self, query: Callable[..., list[Sequence[Any]]], user: str) -> None:
        self._user = user
        self._listed: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)  # upper-case table -> grantor, word -> option
        for name, word, grantor, option, via in _rows(query, user):
            if str(via or "").upper() == _EVERYTHING:
                self._listed.clear()
                return
            if str(word).upper() in _LETTERS:
                starred = "*" if str(option).upper() == "YES" else ""
                self._listed[str(name).upper()][str(grantor or ""), str(word).upper()] = starred

    def of(self, schema: str, table: str, owner: str) -> tuple[GrantMeta, ...]:
        """None where they are not known, and of what the user owns."""
        listed = self._listed.get(f"{schema}.{table}".upper())
        if not listed or owner.upper() == self._user.upper():
            return ()
        grantors = dict.fromkeys(grantor for grantor, _ in listed)
        return tuple(GrantMeta(self._user, _letters(listed, grantor), grantor or owner) for grantor in grantors)


def _letters(listed: dict[tuple[str, str], str], grantor: str) -> str:
    return "".join(letter + listed[grantor, word] for word, letter in _LETTERS.items() if (grantor, word) in listed)


def _rows(query: Callable[..., list[Sequence[Any]]], user: str) -> list[Sequence[Any]]:
    """None for a user who may not ask."""
    try:
        return query(_PRIVILEGES, user)
    except PgError:
        return []
