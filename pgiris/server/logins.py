"""Logins: users whose password IRIS has accepted, so that their workers can log in, and they themselves again for a while.

Passwords stay in memory for as long as their users are there: a worker that is started later needs them. Whether a client's
password is the accepted one is told from a keyed digest in constant time. One worker of a user who has just logged in waits here
until the user's database is opened.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pgiris import sqlstate
from pgiris.errors import PgError

Key = tuple[str, str]


class Waiting(Protocol):
    """A worker that a user has logged in with."""

    def close(self) -> None: ...


W = TypeVar("W", bound=Waiting)


@dataclass
class Login(Generic[W]):
    password: str = field(repr=False)
    digest: bytes = field(repr=False)
    accepted_at: float
    waiting: list[W] = field(default_factory=list)


class Logins(Generic[W]):
    """valid_s: how long an accepted password lets in without asking IRIS again. IRIS compares users without case."""

    def __init__(self, valid_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._valid_s = valid_s
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._logins: dict[Key, Login[W]] = {}

    def knows(self, namespace: str, user: str, password: str) -> bool:
        """Whether IRIS accepted this password a short while ago."""
        login = self._logins.get(_key(namespace, user))
        if login is None or self._clock() - login.accepted_at > self._valid_s:
            return False
        return hmac.compare_digest(login.digest, self._digest(password))

    def accepted(self, namespace: str, user: str, password: str) -> None:
        """IRIS let the user in: workers log in with this password from now on."""
        key = _key(namespace, user)
        waiting = self._logins[key].waiting if key in self._logins else []
        self._logins[key] = Login(password, self._digest(password), self._clock(), waiting)

    def forget(self, namespace: str, user: str) -> None:
        """The password is not the user's any more: IRIS is asked at the next login."""
        login = self._logins.get(_key(namespace, user))
        if login is not None:
            login.accepted_at = -self._valid_s - 1

    def password(self, namespace: str, user: str) -> str:
        login = self._logins.get(_key(namespace, user))
        if login is None:
            raise PgError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, f'user "{user}" has not logged in')
        return login.password

    def keep(self, namespace: str, user: str, link: W) -> None:
        """A worker that the user will need."""
        self._logins[_key(namespace, user)].waiting.append(link)

    def take(self, namespace: str, user: str) -> list[W]:
        login = self._logins.get(_key(namespace, user))
        if login is None:
            return []
        waiting, login.waiting = login.waiting, []
        return waiting

    def retire(self, age_s: float, is_needed: Callable[[Key], bool]) -> None:
        """Forget the users that IRIS has not accepted for so long and nobody needs."""
        before = self._clock() - age_s
        for key in [key for key, login in self._logins.items() if login.accepted_at < before and not is_needed(key)]:
            self._drop(key)

    def close(self) -> None:
        for key in tuple(self._logins):
            self._drop(key)

    def _drop(self, key: Key) -> None:
        for link in self._logins.pop(key).waiting:
            link.close()

    def _digest(self, password: str) -> bytes:
        return hmac.digest(self._secret, password.encode(), "sha256")


def _key(namespace: str, user: str) -> Key:
    return namespace, user.upper()
