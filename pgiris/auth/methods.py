"""Methods: trust, SCRAM, client certificate, and a password that IRIS checks; one coroutine each.

In: a Request and an Exchange with the client. Out: an Identity, or a FatalError in PostgreSQL's words. The caller sends
AuthenticationOk and sets the deadline.
PostgreSQL: auth-methods, protocol-flow#PROTOCOL-FLOW-START-UP
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pgiris import sqlstate
from pgiris.auth.rules import Certificate, CertificateName, Method, Request, Rule, choose
from pgiris.auth.scram import ScramServer, mechanisms
from pgiris.auth.verifiers import Verifiers, VerifiersError
from pgiris.errors import FatalError, PgError
from pgiris.wire.messages import (
    AuthenticationCleartextPassword,
    AuthenticationSASL,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    PasswordMessage,
    SASLInitialResponse,
    SASLResponse,
)

_MAX_SASL_BYTES = 1024  # PostgreSQL's PG_MAX_SASL_MESSAGE_LENGTH


class Exchange(Protocol):
    """The connection to the client during authentication."""

    async def ask(self, message: object) -> object:
        """Send an Authentication message and flush; return the frontend message that comes next."""
        ...

    def tell(self, message: object) -> None:
        """Append a message that is not answered."""
        ...


@dataclass(frozen=True)
class Identity:
    """Who the client is. system_user: ``method:name`` as in PostgreSQL's system_user, None for trust."""

    user: str
    method: Method
    system_user: str | None = None

    @property
    def is_delegated(self) -> bool:
        """Whether the client's statements run as this user in IRIS."""
        return self.method is Method.PASSWORD


# Has IRIS check a password: (user, database, password). Raises PgError with IRIS's reason.
LogIn = Callable[[str, str, str], Awaitable[None]]


async def _nobody(user: str, database: str, password: str) -> None:
    raise AssertionError("rules of method password need an IRIS")


class AuthenticationError(FatalError):
    """log_detail: the true reason, for the log alone."""

    def __init__(self, method: Method, code: str, message: str, log_detail: str, **fields: str | int | None) -> None:
        super().__init__(code, message, **fields)
        self.method = method
        self.log_detail = log_detail


class Authenticator:
    """Rules and verifiers at work. Replace it to reload rules; the file of users reloads itself."""

    def __init__(self, rules: Sequence[Rule], verifiers: Verifiers, log_in: LogIn = _nobody) -> None:
        self._rules = tuple(rules)
        self._verifiers = verifiers
        self._log_in = log_in

    async def authenticate(self, exchange: Exchange, request: Request) -> Identity:
        """Raises FatalError: 28000 no rule, rejected or no certificate; 28P01 wrong password; 08P01, 0A000 for a broken exchange.

        An AuthenticationError has a log_detail besides.
        """
        rule = choose(self._rules, request)
        match rule.method:
            case Method.TRUST:
                return Identity(request.user, Method.TRUST)
            case Method.CERT:
                return by_certificate(request, rule)
            case Method.SCRAM_SHA_256:
                return await self._by_scram(exchange, request)
            case Method.PASSWORD:
                return await self._by_password(exchange, request)
        raise AssertionError(f"choose() let {rule.method} through")

    async def _by_password(self, exchange: Exchange, request: Request) -> Identity:
        """The connection is encrypted: rules of this method are hostssl."""
        assert request.tls is not None
        reply = await exchange.ask(AuthenticationCleartextPassword())
        if not isinstance(reply, PasswordMessage):
            raise FatalError(sqlstate.PROTOCOL_VIOLATION, f"expected password response, got message {type(reply).__name__}")
        if not reply.password:
            raise FatalError(sqlstate.INVALID_PASSWORD, "empty password returned by client")
        try:
            await self._log_in(request.user, request.database, reply.password.decode())
        except UnicodeDecodeError:
            raise _refused(request.user, "The password is not valid UTF-8.") from None
        except FatalError:
            raise
        except PgError as error:
            if error.code == sqlstate.INVALID_PASSWORD:
                raise _refused(request.user, error.detail or error.message) from error
            raise FatalError(error.code, error.message, hint=error.hint) from error
        return Identity(request.user, Method.PASSWORD, f"{Method.PASSWORD.value}:{request.user}")

    async def _by_scram(self, exchange: Exchange, request: Request) -> Identity:
        """Unknown users take the same path as known ones, with a verifier that nothing fits."""
        try:
            verifier, known = self._verifiers.find(request.user)
        except VerifiersError as error:
            raise AuthenticationError(
                Method.SCRAM_SHA_256,
                sqlstate.CONFIG_FILE_ERROR,
                "could not load the file of users",
                str(error),
                hint="The server log has the details.",
            ) from error
        end_point = request.tls.end_point if request.tls else None
        initial = await exchange.ask(AuthenticationSASL(mechanisms(end_point)))
        if not isinstance(initial, SASLInitialResponse):
            raise _unexpected(initial)
        server = ScramServer(verifier, initial.mechanism, end_point)
        data = initial.response
        if data is None:  # the client waits for an empty challenge before it begins (RFC 4422 s. 3)
            data = await _continue(exchange, b"")
        if len(data) > _MAX_SASL_BYTES:
            raise _wrong_password(request.user, "invalid message length")
        data = await _continue(exchange, server.first(data))
        if len(data) > _MAX_SASL_BYTES:
            raise _wrong_password(request.user, "invalid message length")
        proof = server.final(data)
        if proof is None or not known:
            raise _wrong_password(request.user, "Password does not match." if known else "The user does not exist.")
        exchange.tell(AuthenticationSASLFinal(proof))
        return Identity(request.user, Method.SCRAM_SHA_256, f"{Method.SCRAM_SHA_256.value}:{request.user}")


async def _continue(exchange: Exchange, data: bytes) -> bytes:
    reply = await exchange.ask(AuthenticationSASLContinue(data))
    if not isinstance(reply, SASLResponse):
        raise _unexpected(reply)
    return reply.data


def _refused(user: str, log_detail: str) -> AuthenticationError:
    """What IRIS says of a password is for the log: it would tell whether the user exists."""
    message = f'password authentication failed for user "{user}"'
    return AuthenticationError(Method.PASSWORD, sqlstate.INVALID_PASSWORD, message, log_detail)


def _wrong_password(user: str, log_detail: str) -> AuthenticationError:
    message = f'password authentication failed for user "{user}"'
    return AuthenticationError(Method.SCRAM_SHA_256, sqlstate.INVALID_PASSWORD, message, log_detail)


def _unexpected(reply: object) -> FatalError:
    return FatalError(sqlstate.PROTOCOL_VIOLATION, f"expected SASL response, got message {type(reply).__name__}")


def by_certificate(request: Request, rule: Rule) -> Identity:
    """The client certificate, which TLS has verified, names the user. Raises 28000."""
    certificate = request.tls.certificate if request.tls else None
    if certificate is None:
        raise FatalError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, "connection requires a valid client certificate")
    names = _names(certificate, rule.certificate_name)
    if not any(_may_be(name, request.user, rule) for name in names):
        raise AuthenticationError(
            Method.CERT,
            sqlstate.INVALID_AUTHORIZATION_SPECIFICATION,
            f'certificate authentication failed for user "{request.user}"',
            f"The certificate's subject is {certificate.subject}, its names are {', '.join(names) or 'none'}.",
        )
    return Identity(request.user, Method.CERT, f"cert:{certificate.subject}")


def _names(certificate: Certificate, which: CertificateName) -> tuple[str, ...]:
    if which is CertificateName.SAN:
        return certificate.alternative_names
    return (certificate.common_name,) if certificate.common_name else ()


def _may_be(name: str, user: str, rule: Rule) -> bool:
    if rule.certificate_users is None:
        return name == user
    return user in rule.certificate_users.get(name, ())
