"""Failures: exceptions of the driver -> PgError. What counts is the SQLCODE in the text, not the class. iris-reference 3, 12

The texts of refused logins have not been seen on a real IRIS: the words looked for are those of IRIS's error messages, and
what fits none of them is 28000, with IRIS's text as its detail.
"""

from __future__ import annotations

import re

from pgiris import sqlstate as s
from pgiris.backend.base import SessionLost
from pgiris.backend.sqlcode import from_driver
from pgiris.errors import PgError

_LINK = re.compile(
    r"COMMUNICATION (LINK )?ERROR|connection (is |was )?(closed|lost|reset)|not connected|broken pipe", re.IGNORECASE
)
_NO_SERVER = re.compile(r"Failed to connect to server")  # seen of the driver: refused, no such host, timeout
_LINK_CODES = frozenset((-461, -401, -451, -452))
_SQLCODE = re.compile(r"SQLCODE: <(-?\d+)>")

# Of a login: words of IRIS's message -> SQLSTATE and PostgreSQL's wording, or ours where PostgreSQL has none. The first decides.
_LOGIN: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), state, text)
    for pattern, state, text in (
        (r"SQLCODE: <-98>|licen[cs]e", s.TOO_MANY_CONNECTIONS, "IRIS has no licence slot left for this connection"),
        (
            r"SQLCODE: <-(340|410)>|namespace.*(not exist|not found|invalid|undefined)|<NAMESPACE>|<DIRECTORY>",
            s.INVALID_CATALOG_NAME,
            'database "{database}" does not exist',
        ),
        (
            r"password.*(expired|must be changed|change required)|change.*password",
            s.INVALID_PASSWORD,
            'password of user "{user}" expired',
        ),
        (
            r"(account|user).*(locked|disabled|expired)|locked out",
            s.INVALID_AUTHORIZATION_SPECIFICATION,
            'IRIS account "{user}" is locked',
        ),
        (r"SQLCODE: <-(402|459)>|password|access denied", s.INVALID_PASSWORD, 'password authentication failed for user "{user}"'),
        (
            r"SQLCODE: <-(417|99)>|privilege|not authorized|service",
            s.INVALID_AUTHORIZATION_SPECIFICATION,
            'IRIS refuses user "{user}"',
        ),
    )
)


class Unreachable(PgError):
    """No IRIS answers at an address. Worth another try."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(s.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, f"could not connect to IRIS at {address}", detail=reason)


def of_statement(error: BaseException) -> PgError:
    """What a statement failed with. SessionLost when the connection broke."""
    text = str(error)
    code = _SQLCODE.search(text)
    if code is not None and -abs(int(code[1])) in _LINK_CODES:
        return SessionLost(text)
    found = from_driver(text)
    if found is not None:
        return found
    if _LINK.search(text) or isinstance(error, ConnectionError | BrokenPipeError):
        return SessionLost(text)
    return PgError(s.INTERNAL_ERROR, f"the IRIS driver failed: {text}")


def has_sqlcode(error: BaseException) -> bool:
    """Whether the server has seen the statement."""
    return _SQLCODE.search(str(error)) is not None


def of_login(error: BaseException, address: str, database: str, user: str) -> PgError:
    """Why a connection was refused."""
    text = str(error)
    if _NO_SERVER.search(text):
        return Unreachable(address, text)
    for pattern, state, wording in _LOGIN:
        if pattern.search(text):
            return PgError(state, wording.format(user=user, database=database), detail=f"IRIS says: {text}")
    if isinstance(of_statement(error), SessionLost):
        return Unreachable(address, text)
    return PgError(s.INVALID_AUTHORIZATION_SPECIFICATION, f'IRIS refuses user "{user}"', detail=f"IRIS says: {text}")
