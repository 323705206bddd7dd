"""Startup: from a startup packet to the first ReadyForQuery.

PostgreSQL: protocol-flow#PROTOCOL-FLOW-START-UP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgiris import sqlstate
from pgiris.auth.methods import AuthenticationError, Authenticator
from pgiris.auth.rules import Request, Tls
from pgiris.errors import FatalError, PgError, not_supported
from pgiris.observe.log import get_logger
from pgiris.session.peer import Encryption, Origin
from pgiris.session.session import Session
from pgiris.session.settings import Settings
from pgiris.wire import messages
from pgiris.wire.connection import negotiate
from pgiris.wire.messages import StartupMessage

if TYPE_CHECKING:
    from pgiris.server.client import Client
    from pgiris.server.listener import Front

log = get_logger("startup")

_NOT_SETTINGS = frozenset({"user", "database", "options", "replication"})


async def start_session(
    front: Front, client: Client, startup: StartupMessage, request: Request, authenticator: Authenticator
) -> Session:
    """Authenticate, open the database, tell the client all it needs. Raises FatalError."""
    parameters = startup.parameters
    if parameters.get("replication", "off") not in ("off", "false", "no", "0"):
        raise fatal(not_supported("replication connections are not supported"))
    minor, answer = negotiate(startup)
    if answer is not None:
        client.tell(answer)
    if not request.user:
        raise FatalError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, "no PostgreSQL user name specified in startup packet")
    try:
        identity = await authenticator.authenticate(client, request)
    except FatalError as error:
        _log_refusal(error, request)
        front.metrics.authentications[error.method.value if isinstance(error, AuthenticationError) else "none", "failed"] += 1
        raise
    front.metrics.authentications[identity.method.value, "ok"] += 1
    client.wire.authenticated()
    client.tell(messages.AuthenticationOk())
    try:
        worker_user = front.worker_user(identity)
        user = worker_user or request.user
        database = await front.database(request.database, worker_user)
        settings = Settings(
            front.shared.defaults,
            user,
            parameters={name: value for name, value in parameters.items() if name not in _NOT_SETTINGS and name[:5] != "_pq_."},
            options=parameters.get("options", ""),
        )
    except PgError as error:
        raise fatal(error) from None
    session: Session | None = None

    def cancel() -> None:
        if session is not None:
            session.interrupt()

    origin = Origin(request.database, identity.system_user, *client.addresses(), _encryption(request.tls))
    key = front.cancel_keys.issue(cancel, minor)
    session = Session(client, front.shared, database, settings, user, origin, key.pid)
    session.greet()
    client.tell(messages.BackendKeyData(key.pid, key.secret))
    client.wire.append_bytes(messages.ready_for_query(b"I"))
    client.flush()
    return session


def _encryption(tls: Tls | None) -> Encryption | None:
    if tls is None:
        return None
    certificate = tls.certificate
    who = (None, None, None) if certificate is None else (certificate.path, certificate.serial, certificate.issuer_path)
    return Encryption(tls.version, tls.cipher, tls.bits, *who)


def fatal(error: PgError) -> FatalError:
    """Before a session has begun, every error ends the connection."""
    if isinstance(error, FatalError):
        return error
    return FatalError(error.code, error.message, detail=error.detail, hint=error.hint)


def _log_refusal(error: FatalError, request: Request) -> None:
    reason = error.log_detail if isinstance(error, AuthenticationError) else error.message
    log.warning(
        "authentication failed", user=request.user, database=request.database, address=str(request.address), reason=reason
    )
