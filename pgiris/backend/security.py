"""Security: the users and roles of the sandbox, which all of its namespaces share, in a file of their own.

A name that CREATE USER has never made is no user of the sandbox's: whoever works under it holds %All. One that DROP USER has
removed stays known as gone, so that nobody gets more by it than before. IDs are not used twice: what was granted to a user who is
gone is granted to nobody. iris-reference 4.23, 9.4, 12
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from pgiris import sqlstate
from pgiris.backend.sqlcode import pg_error
from pgiris.errors import PgError

FILE = "users.security"  # in the sandbox's directory
PUBLIC, SYSTEM, ALL = 0, 1, 2  # _PUBLIC, the user _SYSTEM, the role %All
USER, ROLE = "user", "role"
BUSY_MS = 10_000
# Password store. iris-reference 12
_HASH, _ROUNDS, _SALT_BYTES = "sha512", 10_000, 8
_LENGTHS = range(3, 33)  # CREATE USER (SQL reference)
_DDL = """
CREATE TABLE IF NOT EXISTS principal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,
    salt BLOB,
    digest BLOB,
    owner INTEGER NOT NULL DEFAULT 1,
    gone INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS principal_name ON principal (name) WHERE NOT gone;
CREATE TABLE IF NOT EXISTS member (
    role INTEGER NOT NULL, member INTEGER NOT NULL, admin INTEGER NOT NULL, PRIMARY KEY (role, member)
) WITHOUT ROWID;
INSERT OR IGNORE INTO principal (id, name, kind) VALUES (0, '_PUBLIC', 'role'), (1, '_SYSTEM', 'user'), (2, '%All', 'role');
INSERT OR IGNORE INTO member VALUES (2, 1, 1);
"""


@dataclass(frozen=True)
class Principal:
    """A user or a role. kind: USER or ROLE. owner: the ID of who made it. gone: it was dropped."""

    id: int
    name: str
    kind: str
    owner: int
    gone: bool


class Security:
    """Made by the first statement that needs it. One thread uses it."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(str(path))
        self._db.set_busy_timeout(BUSY_MS)
        if not self.version:
            self._db.pragma("journal_mode", "wal")  # who reads waits for nobody
            with self._changing():
                self._db.execute(_DDL)

    @property
    def version(self) -> int:
        """Changes with everything in it."""
        return int(self._db.pragma("user_version"))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.pragma("user_version", self.version + 1)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._db.close()

    # Look-ups

    def find(self, name: str) -> Principal | None:
        """A user or role that there is, in any case."""
        return next(iter(self._principals("WHERE name = ? AND NOT gone", name)), None)

    def find_ever(self, name: str) -> Principal | None:
        """A user or role that there is, else the last one that there was."""
        return next(iter(self._principals("WHERE name = ? ORDER BY gone, id DESC LIMIT 1", name)), None)

    def by_id(self, id_: int) -> Principal | None:
        return next(iter(self._principals("WHERE id = ?", id_)), None)

    def all(self) -> list[Principal]:
        """Users and roles that there are, without _PUBLIC."""
        return self._principals("WHERE NOT gone AND id <> 0 ORDER BY id")

    def _principals(self, where: str, *values: str | int) -> list[Principal]:
        rows = self._db.execute(f"SELECT id, name, kind, owner, gone FROM principal {where}", values).fetchall()
        return [Principal(int(i), str(name), str(kind), int(owner), bool(gone)) for i, name, kind, owner, gone in rows]  # type: ignore[arg-type]

    def members(self) -> list[tuple[int, int, bool]]:
        """(role, who holds it, with ADMIN OPTION)"""
        return [(int(role), int(member), bool(admin)) for role, member, admin in self._db.execute("SELECT * FROM member")]

    def roles_of(self, id_: int) -> frozenset[int]:
        """It, the roles that it holds and those that these hold, and _PUBLIC."""
        rows = self.members()
        found, size = {id_, PUBLIC}, 0
        while len(found) > size:
            size = len(found)
            found |= {role for role, member, _ in rows if member in found}
        return frozenset(found)

    def administers(self, ids: Iterable[int], role: int) -> bool:
        """Whether one of these holds the role WITH ADMIN OPTION."""
        return any(admin and held == role and member in ids for held, member, admin in self.members())

    def lets_in(self, user: Principal, password: str) -> bool:
        row = self._db.execute("SELECT salt, digest FROM principal WHERE id = ? AND NOT gone", (user.id,)).fetchone()
        if row is None or not isinstance(row[0], bytes) or not isinstance(row[1], bytes):
            _digest(password, b"")
            return False  # a user without a password, such as _SYSTEM
        return hmac.compare_digest(row[1], _digest(password, row[0]))

    # Changes, each at once

    def create(self, name: str, kind: str, owner: int, password: str | None = None) -> None:
        """Raises SQLCODE -118, and -400 for a password of an unfit length."""
        existing = self.find(name)
        if existing is not None:
            word = "User" if existing.kind == USER else "Role"
            text = f'role "{name}" already exists'
            raise pg_error(-118, f"{word} named '{name}' already exists", text=text, state="42710")
        salt, digest = (None, None) if password is None else _kept(password)
        self._change(
            "INSERT INTO principal (name, kind, salt, digest, owner) VALUES (?, ?, ?, ?, ?)", name, kind, salt, digest, owner
        )

    def set_password(self, user: Principal, password: str) -> None:
        self._change("UPDATE principal SET salt = ?, digest = ? WHERE id = ?", *_kept(password), user.id)

    def drop(self, found: Principal) -> None:
        """What it holds and who holds it goes too."""
        with self._changing():
            self._db.execute("DELETE FROM member WHERE role = ? OR member = ?", (found.id, found.id))
            self._db.execute("UPDATE principal SET gone = 1, salt = NULL, digest = NULL WHERE id = ?", (found.id,))

    def join(self, role: int, member: int, admin: bool) -> None:
        sql = "INSERT INTO member VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET admin = max(admin, excluded.admin)"
        self._change(sql, role, member, admin)

    def part(self, role: int, member: int, option_only: bool) -> None:
        sql = "UPDATE member SET admin = 0" if option_only else "DELETE FROM member"
        self._change(f"{sql} WHERE role = ? AND member = ?", role, member)

    def _change(self, sql: str, *values: str | int | bytes | None) -> None:
        with self._changing():
            self._db.execute(sql, values)


def _kept(password: str) -> tuple[bytes, bytes]:
    """(salt, digest)"""
    if len(password) not in _LENGTHS:
        message = "ERROR #845: Password does not match length or pattern requirements"
        raise pg_error(-400, message, state="22023", text="a password has from 3 to 32 characters")
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt, _digest(password, salt)


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac(_HASH, password.encode(), salt, _ROUNDS)


def open_security(path: Path) -> Security:
    """Raises SQLCODE -400."""
    try:
        return Security(path)
    except apsw.Error as error:
        raise pg_error(-400, f"Fatal error occurred: {error}") from error


class SignIns:
    """As whom clients work that somebody has let in. path: of the file, which may come into being later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._security: Security | None = None

    def find(self, name: str) -> Principal | None:
        """The user or role of this name that there is, or the last one that there was."""
        return None if self.security is None else self.security.find_ever(name)

    @property
    def security(self) -> Security | None:
        if self._security is None and self._path.exists():
            self._security = open_security(self._path)
        return self._security

    def lets_in(self, name: str, password: str) -> bool:
        """Unknown users take as long as others."""
        found = self.find(name)
        if self.security is not None and found is not None:
            return self.security.lets_in(found, password)
        _digest(password, b"")
        return False

    def worker_user(self, name: str) -> str:
        """Who a client's workers work as; empty for a name that is no user's, and so for _SYSTEM. Raises 28000."""
        found = self.find(name)
        if found is None or found.id == SYSTEM:
            return ""
        if found.gone:
            raise PgError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, f'role "{name}" does not exist')
        if found.kind == ROLE:
            raise PgError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, f'role "{name}" is not permitted to log in')
        return found.name

    def close(self) -> None:
        if self._security is not None:
            self._security.close()
