from __future__ import annotations

import asyncio
import ssl
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import psycopg
import pytest
import scramp  # type: ignore[import-untyped]

from pgiris.auth.methods import AuthenticationError, Authenticator, Identity, by_certificate
from pgiris.auth.rules import Certificate, CertificateName, Connection, Method, Request, Rule, Tls, parse_line
from pgiris.auth.scram import make_verifier
from pgiris.auth.verifiers import Verifiers, change
from pgiris.errors import FatalError
from pgiris.server.tls import TlsContext, TlsFiles, load
from pgiris.wire.messages import (
    AuthenticationSASL,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    SASLInitialResponse,
    SASLResponse,
)
from tests.support.issue import Made, make
from tests.support.login import LoginServer

SCRAM = [parse_line("host all all all scram-sha-256")]
PASSWORD = "pe,n=cil \u2168"  # SASLprep makes IX of the last character


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    with change(path) as verifiers:
        verifiers["alice"] = make_verifier(PASSWORD)
        verifiers["bob"] = make_verifier("tab\tis prohibited by SASLprep")
    return path


@pytest.fixture
def authority() -> Made:
    return make("authority", authority=True)


@pytest.fixture
def tls(tmp_path: Path, authority: Made) -> TlsContext:
    certificate, key = make("localhost", san=["localhost"], signed_by=authority).write(tmp_path, "server")
    return load(TlsFiles(certificate, key, authority.write(tmp_path, "ca")[0]))


# ---------------------------------------------------------------------------------------------- without a socket


@dataclass
class Scripted:
    """An exchange that answers what it is told to, a function being given the server's message."""

    answers: list[object]
    sent: list[object] = field(default_factory=list)

    async def ask(self, message: object) -> object:
        self.sent.append(message)
        answer = self.answers.pop(0)
        return answer(message) if callable(answer) and not isinstance(answer, type) else answer

    def tell(self, message: object) -> None:
        self.sent.append(message)


REQUEST = Request("alice", "sales", None, None)


def authenticate(rules: list[Rule], users: Path, exchange: Scripted, request: Request) -> Identity:
    return asyncio.run(Authenticator(rules, Verifiers(users)).authenticate(exchange, request))


def scripted(user: str, password: str, *, empty_start: bool = False) -> Scripted:
    """An exchange with scramp's client."""
    client = scramp.ScramClient(["SCRAM-SHA-256"], user, password)
    first = client.get_client_first().encode()

    def final(message: Any) -> SASLResponse:
        client.set_server_first(message.data.decode())
        return SASLResponse(client.get_client_final().encode())

    if empty_start:
        return Scripted([SASLInitialResponse("SCRAM-SHA-256", None), SASLResponse(first), final])
    return Scripted([SASLInitialResponse("SCRAM-SHA-256", first), final])


LOCAL_SCRAM = [parse_line("local all all scram-sha-256")]


@pytest.mark.parametrize("empty_start", [False, True])
def test_messages_go_back_and_forth_in_order(users: Path, empty_start: bool) -> None:
    exchange = scripted("alice", PASSWORD, empty_start=empty_start)
    identity = authenticate(LOCAL_SCRAM, users, exchange, REQUEST)
    assert identity == Identity("alice", Method.SCRAM_SHA_256, "scram-sha-256:alice")
    continues = [AuthenticationSASLContinue] * (1 + empty_start)
    assert [type(message) for message in exchange.sent] == [AuthenticationSASL, *continues, AuthenticationSASLFinal]
    if empty_start:
        assert exchange.sent[1] == AuthenticationSASLContinue(b"")


@pytest.mark.parametrize(
    ("user", "password", "log_detail"),
    [
        ("alice", "wrong", "Password does not match."),
        ("nobody", "wrong", "The user does not exist."),
        ("nobody", PASSWORD, "The user does not exist."),
    ],
)
def test_a_client_cannot_tell_a_wrong_password_from_an_unknown_user(
    users: Path, user: str, password: str, log_detail: str
) -> None:
    exchange = scripted(user, password)
    with pytest.raises(AuthenticationError) as caught:
        authenticate(LOCAL_SCRAM, users, exchange, Request(user, "sales"))
    error = caught.value
    assert (error.code, error.severity, error.message) == ("28P01", "FATAL", f'password authentication failed for user "{user}"')
    assert (error.detail, error.hint) == (None, None)
    assert error.log_detail == log_detail
    assert [type(message) for message in exchange.sent] == [AuthenticationSASL, AuthenticationSASLContinue]


def test_unknown_users_take_as_long_as_known_ones(users: Path) -> None:
    """Medians of interleaved runs; generous, since other work shares the machine: an early exit would be many times faster."""
    authenticator = Authenticator(LOCAL_SCRAM, Verifiers(users))
    times: dict[str, list[float]] = {"alice": [], "nobody": []}

    async def fail(user: str) -> float:
        exchange = Scripted([SASLInitialResponse("SCRAM-SHA-256", b"n,,n=,r=x"), finish])
        started = time.perf_counter()
        with pytest.raises(AuthenticationError):
            await authenticator.authenticate(exchange, Request(user, "sales"))
        return time.perf_counter() - started

    def finish(message: Any) -> SASLResponse:
        nonce = message.data.split(b",")[0]
        return SASLResponse(b"c=biws," + nonce + b",p=" + b"A" * 43 + b"=")

    async def run() -> None:
        for _ in range(300):
            for user, taken in times.items():
                taken.append(await fail(user))

    asyncio.run(run())
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < unknown / known < 2


@pytest.mark.parametrize(
    ("answers", "code", "message"),
    [
        ([SASLInitialResponse("SCRAM-SHA-1", b"n,,n=,r=x")], "08P01", "client selected an invalid SASL authentication mechanism"),
        ([SASLInitialResponse("SCRAM-SHA-256-PLUS", b"p=x,,n=,r=x")], "08P01", "client selected an invalid SASL"),
        ([SASLInitialResponse("SCRAM-SHA-256", b"")], "08P01", "malformed SCRAM message"),
        ([SASLInitialResponse("SCRAM-SHA-256", b"n,,n=,r=" + b"x" * 1024)], "28P01", "password authentication failed"),
        (
            [SASLInitialResponse("SCRAM-SHA-256", b"n,,n=,r=x"), SASLResponse(b"c" * 1025)],
            "28P01",
            "password authentication failed",
        ),
        ([SASLResponse(b"")], "08P01", "expected SASL response"),
        ([SASLInitialResponse("SCRAM-SHA-256", b"n,,n=,r=x"), SASLInitialResponse("", b"")], "08P01", "expected SASL response"),
    ],
)
def test_a_client_that_breaks_the_exchange_is_refused(users: Path, answers: list[object], code: str, message: str) -> None:
    with pytest.raises(FatalError) as caught:
        authenticate(LOCAL_SCRAM, users, Scripted(answers), REQUEST)
    assert caught.value.code == code and caught.value.message.startswith(message)


def test_a_file_of_users_that_cannot_be_used_lets_nobody_in_and_tells_the_log_alone(users: Path) -> None:
    users.chmod(0o644)
    with pytest.raises(AuthenticationError) as caught:
        authenticate(LOCAL_SCRAM, users, scripted("alice", PASSWORD), REQUEST)
    assert caught.value.code == "F0000"
    assert str(users) not in f"{caught.value.message}{caught.value.hint}{caught.value.detail}"
    assert "chmod 0600" in caught.value.log_detail


def test_trust_asks_nothing(users: Path) -> None:
    exchange = Scripted([])
    assert authenticate([parse_line("local all all trust")], users, exchange, REQUEST) == Identity("alice", Method.TRUST)
    assert exchange.sent == []


@pytest.mark.parametrize("line", ["local all all reject", "local all bob trust"])
def test_reject_and_no_rule_are_refused_before_anything_is_asked(users: Path, line: str) -> None:
    exchange = Scripted([])
    with pytest.raises(FatalError) as caught:
        authenticate([parse_line(line)], users, exchange, REQUEST)
    assert (caught.value.code, exchange.sent) == ("28000", [])


def cert_rule(name: CertificateName = CertificateName.CN, users: dict[str, tuple[str, ...]] | None = None) -> Rule:
    return Rule(Connection.HOSTSSL, Method.CERT, certificate_name=name, certificate_users=users)


ALICE = Certificate("alice", ("a.example", "alice@example.com"), "CN=alice")


@pytest.mark.parametrize(
    ("rule", "user", "let_in"),
    [
        (cert_rule(), "alice", True),
        (cert_rule(), "Alice", False),
        (cert_rule(), "a.example", False),
        (cert_rule(CertificateName.SAN), "alice", False),
        (cert_rule(CertificateName.SAN), "a.example", True),
        (cert_rule(CertificateName.SAN), "alice@example.com", True),
        (cert_rule(users={"alice": ("sales", "root")}), "root", True),
        (cert_rule(users={"alice": ("sales",)}), "alice", False),
        (cert_rule(users={"bob": ("alice",)}), "alice", False),
        (cert_rule(CertificateName.SAN, {"a.example": ("app",)}), "app", True),
    ],
)
def test_a_certificate_lets_its_own_user_in_and_nobody_else(rule: Rule, user: str, let_in: bool) -> None:
    request = Request(user, "sales", tls=Tls(certificate=ALICE))
    if let_in:
        assert by_certificate(request, rule) == Identity(user, Method.CERT, "cert:CN=alice")
        return
    with pytest.raises(AuthenticationError, match=f'certificate authentication failed for user "{user}"') as caught:
        by_certificate(request, rule)
    assert caught.value.code == "28000"
    assert "CN=alice" in caught.value.log_detail


@pytest.mark.parametrize("tls", [None, Tls(), Tls(certificate=Certificate(None))])
def test_without_a_certificate_or_a_name_in_it_nobody_gets_in(tls: Tls | None) -> None:
    with pytest.raises(FatalError) as caught:
        by_certificate(Request("alice", "sales", tls=tls), cert_rule())
    assert caught.value.code == "28000"


# ---------------------------------------------------------------------------------------------- real drivers


def with_server(server: LoginServer, connect: Callable[[LoginServer], Awaitable[Any]]) -> LoginServer:
    async def run() -> None:
        async with server.running():
            connection = await asyncio.wait_for(connect(server), 20)
            await connection.close()

    asyncio.run(run())
    return server


def by_psycopg(user: str = "alice", password: str = PASSWORD, **options: str) -> Callable[[LoginServer], Awaitable[Any]]:
    given = {"sslmode": "disable", "gssencmode": "disable", **options}

    async def connect(server: LoginServer) -> Any:
        return await psycopg.AsyncConnection.connect(
            host="127.0.0.1", port=server.port, user=user, password=password, dbname="sales", **given
        )

    return connect


def by_asyncpg(user: str = "alice", password: str = PASSWORD, ssl: Any = False) -> Callable[[LoginServer], Awaitable[Any]]:
    async def connect(server: LoginServer) -> Any:
        return await asyncpg.connect(host="127.0.0.1", port=server.port, user=user, password=password, database="sales", ssl=ssl)

    return connect


CLIENTS = [by_psycopg, by_asyncpg]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("user", "password"), [("alice", PASSWORD), ("bob", "tab\tis prohibited by SASLprep")])
def test_drivers_log_in_by_password(users: Path, client: Any, user: str, password: str) -> None:
    server = with_server(LoginServer(SCRAM, users), client(user, password))
    assert server.logins == [Identity(user, Method.SCRAM_SHA_256, f"scram-sha-256:{user}")]


def test_psycopg_takes_an_equivalent_spelling_of_the_password(users: Path) -> None:
    assert with_server(LoginServer(SCRAM, users), by_psycopg(password=PASSWORD.replace("\u2168", "IX"))).logins


@pytest.mark.parametrize("user", ["alice", "nobody"])
def test_psycopg_shows_a_wrong_password_as_postgresql_does(users: Path, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=f'FATAL:  password authentication failed for user "{user}"'):
        with_server(LoginServer(SCRAM, users), by_psycopg(user, "wrong"))


@pytest.mark.parametrize("user", ["alice", "nobody"])
def test_asyncpg_knows_a_wrong_password_by_its_sqlstate(users: Path, user: str) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        with_server(LoginServer(SCRAM, users), by_asyncpg(user, "wrong"))


@pytest.mark.parametrize("binding", ["disable", "prefer", "require"])
def test_libpq_binds_to_the_channel_when_it_may(users: Path, tls: TlsContext, binding: str) -> None:
    server = with_server(LoginServer(SCRAM, users, tls), by_psycopg(sslmode="require", channel_binding=binding))
    assert server.logins and not server.errors


def test_asyncpg_logs_in_over_tls(users: Path, tls: TlsContext) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    assert with_server(LoginServer(SCRAM, users, tls), by_asyncpg(ssl=context)).logins


def test_libpq_that_requires_binding_does_not_log_in_without_tls(users: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="channel binding"):
        with_server(LoginServer(SCRAM, users), by_psycopg(channel_binding="require"))


def test_a_man_in_the_middle_with_another_certificate_is_found_out(users: Path, tls: TlsContext) -> None:
    """The client hashes the certificate that it sees, the server its own."""
    server = LoginServer(SCRAM, users, tls, end_point=b"hash of another certificate")
    with pytest.raises(psycopg.OperationalError, match="SCRAM channel binding check failed"):
        with_server(server, by_psycopg(sslmode="require"))
    assert not server.logins


def test_libpq_logs_in_where_the_certificate_has_nothing_to_bind_to(users: Path, tmp_path: Path) -> None:
    """It sends flag y then: it could bind, and the server did not offer to."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    made = make("localhost", key=ed25519.Ed25519PrivateKey.generate())
    server = LoginServer(SCRAM, users, load(TlsFiles(*made.write(tmp_path, "ed"))))
    assert with_server(server, by_psycopg(sslmode="require")).logins


@pytest.mark.parametrize(("name", "let_in"), [("alice", True), ("mallory", False), (None, False)])
def test_libpq_logs_in_by_certificate(
    users: Path, tls: TlsContext, authority: Made, tmp_path: Path, name: str | None, let_in: bool
) -> None:
    server = LoginServer([parse_line("hostssl all all all cert")], users, tls)
    files = {"sslcert": str(tmp_path / "none"), "sslkey": str(tmp_path / "none")}
    if name:
        certificate, key = make(name, signed_by=authority).write(tmp_path, "client")
        files = {"sslcert": str(certificate), "sslkey": str(key)}
    connect = by_psycopg(sslmode="require", password="", **files)
    if let_in:
        assert [identity.user for identity in with_server(server, connect).logins] == ["alice"]
        return
    words = "certificate authentication failed" if name else "connection requires a valid client certificate"
    with pytest.raises(psycopg.OperationalError, match=words):
        with_server(server, connect)


@pytest.mark.parametrize("sslmode", ["disable", "require"])
def test_libpq_shows_that_no_rule_fits(users: Path, tls: TlsContext, sslmode: str) -> None:
    encryption = "no encryption" if sslmode == "disable" else "SSL encryption"
    words = f'no pg_hba.conf entry for host "127.0.0.1", user "alice", database "sales", {encryption}'
    with pytest.raises(psycopg.OperationalError, match=words):
        with_server(LoginServer([parse_line("host all bob all trust")], users, tls), by_psycopg(sslmode=sslmode))


def test_a_rule_may_ask_for_tls(users: Path, tls: TlsContext) -> None:
    rules = [parse_line("hostssl all all all scram-sha-256")]
    assert with_server(LoginServer(rules, users, tls), by_psycopg(sslmode="require")).logins
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        with_server(LoginServer(rules, users, tls), by_psycopg(sslmode="disable"))
