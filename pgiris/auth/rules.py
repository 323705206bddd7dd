"""Rules: which method proves who a client is, by connection type, database, user and address, first match wins.

In: the rules of the configuration and a Request. Out: the Rule that applies; 28000 when none does or it says reject.
The words are those of pg_hba.conf. What pg_hba.conf has and this has not is refused when the rule is read.
PostgreSQL: auth-pg-hba-conf
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeVar

from pgiris import sqlstate
from pgiris.errors import FatalError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
E = TypeVar("E", bound=Enum)


class Connection(Enum):
    """First word of a line in pg_hba.conf."""

    LOCAL = "local"  # Unix socket
    HOST = "host"  # TCP, with TLS or without
    HOSTSSL = "hostssl"  # TCP with TLS
    HOSTNOSSL = "hostnossl"  # TCP without TLS


class Method(Enum):
    TRUST = "trust"
    REJECT = "reject"
    SCRAM_SHA_256 = "scram-sha-256"
    PASSWORD = "password"  # IRIS checks it, and the client's statements run as that user
    CERT = "cert"


class Where(Enum):
    """Words that stand for addresses."""

    ALL = "all"
    SAMEHOST = "samehost"


class CertificateName(Enum):
    """The name in a client certificate that method cert compares with the user."""

    CN = "cn"  # subject's common name
    SAN = "san"  # any DNS name or e-mail address of the subject alternative names


_LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True)
class Rule:
    """One line. databases, users: None is ``all``, the database ``sameuser`` is the user's name."""

    connection: Connection
    method: Method
    databases: tuple[str, ...] | None = None
    users: tuple[str, ...] | None = None
    addresses: tuple[Network | Where, ...] = (Where.ALL,)
    certificate_name: CertificateName = CertificateName.CN
    # Method cert: name in the certificate -> users it may be. None: it may be the user of the same name.
    certificate_users: Mapping[str, tuple[str, ...]] | None = field(default=None, hash=False)

    def __str__(self) -> str:
        words = [self.connection.value, ",".join(self.databases or ("all",)), ",".join(self.users or ("all",))]
        if self.connection is not Connection.LOCAL:
            words.append(",".join(str(a.value if isinstance(a, Where) else a) for a in self.addresses))
        return " ".join([*words, self.method.value])


@dataclass(frozen=True)
class Certificate:
    """Who a verified client certificate speaks of."""

    common_name: str | None
    alternative_names: tuple[str, ...] = ()  # DNS names and e-mail addresses
    subject: str = ""  # RFC 4514, for logs
    path: str = ""  # the subject as PostgreSQL shows it: /O=Shop/CN=alice
    issuer_path: str = ""
    serial: int = 0


@dataclass(frozen=True)
class Tls:
    """What authentication needs to know about the TLS under a connection.

    end_point: data of channel binding tls-server-end-point (RFC 5929 s. 4); None when the server's certificate has none.
    version, cipher: as OpenSSL names them. bits: of the cipher's key.
    """

    end_point: bytes | None = None
    certificate: Certificate | None = None  # None: the client sent none
    version: str = ""
    cipher: str = ""
    bits: int = 0


@dataclass(frozen=True)
class Request:
    """A start-up packet and where it came from. address is None for Unix sockets."""

    user: str
    database: str
    address: Address | None = None
    server_address: Address | None = None  # the end of the connection that is ours
    tls: Tls | None = None


def plain_address(text: str) -> Address:
    """A socket's address for Request: without scope, and IPv4 where a dual-stack socket shows it as IPv6."""
    address = ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


# ---------------------------------------------------------------------------------------------- choosing


def choose(rules: Iterable[Rule], request: Request) -> Rule:
    """The first rule that applies. Raises 28000 when none does, or when it is a reject."""
    rule = next((rule for rule in rules if _applies(rule, request)), None)
    if rule is None:
        raise FatalError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, f"no pg_hba.conf entry for {_origin(request)}")
    if rule.method is Method.REJECT:
        raise FatalError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, f"pg_hba.conf rejects connection for {_origin(request)}")
    return rule


def _applies(rule: Rule, request: Request) -> bool:
    return (
        _connection_fits(rule, request)
        and (rule.users is None or request.user in rule.users)
        and (
            rule.databases is None
            or request.database in rule.databases
            or ("sameuser" in rule.databases and request.database == request.user)
        )
    )


def _connection_fits(rule: Rule, request: Request) -> bool:
    if request.address is None or rule.connection is Connection.LOCAL:
        return request.address is None and rule.connection is Connection.LOCAL
    if rule.connection is not Connection.HOST and (rule.connection is Connection.HOSTSSL) != (request.tls is not None):
        return False
    return any(_address_fits(place, request.address, request.server_address) for place in rule.addresses)


def _address_fits(place: Network | Where, address: Address, server_address: Address | None) -> bool:
    if place is Where.ALL:
        return True
    if place is Where.SAMEHOST:
        return address.is_loopback or address == server_address
    return address in place


def _origin(request: Request) -> str:
    """PostgreSQL's words for where a client comes from (ClientAuthentication in auth.c)."""
    host = "[local]" if request.address is None else str(request.address)
    encryption = "no encryption" if request.tls is None else "SSL encryption"
    return f'host "{host}", user "{request.user}", database "{request.database}", {encryption}'


# ---------------------------------------------------------------------------------------------- judging

DEFAULT_RULES = (
    Rule(Connection.LOCAL, Method.TRUST),
    Rule(Connection.HOST, Method.TRUST, addresses=_LOOPBACK),
    Rule(Connection.HOST, Method.SCRAM_SHA_256),
)


def validate(rules: Sequence[Rule], *, tls: bool, client_ca: bool, trust_from_anywhere: bool) -> list[str]:
    """What keeps these rules from being safe or from working, each with its mend; empty when nothing does.

    tls, client_ca: whether the server has a certificate, and an authority to check those of clients.
    """
    problems = []
    for number, rule in enumerate(rules, 1):
        name = f"rule {number} ({rule})"
        if rule.method is Method.TRUST and not trust_from_anywhere and _reaches_beyond_loopback(rule):
            problems.append(
                f"{name} lets clients beyond loopback in without a password; "
                "use scram-sha-256 or cert, limit address to 127.0.0.0/8 and ::1/128, or set allow_trust_from_anywhere"
            )
        if rule.connection is Connection.HOSTSSL and not tls:
            problems.append(f"{name} can never apply since TLS is off; set tls_cert and tls_key")
        elif rule.method is Method.CERT and not client_ca:
            problems.append(f"{name} needs an authority to check client certificates with; set tls_client_ca")
    return problems


def _reaches_beyond_loopback(rule: Rule) -> bool:
    return rule.connection is not Connection.LOCAL and not all(_is_this_host(place) for place in rule.addresses)


def _is_this_host(place: Network | Where) -> bool:
    if isinstance(place, Where):
        return place is Where.SAMEHOST
    return any(place.version == net.version and place.subnet_of(net) for net in _LOOPBACK)  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------- reading

_KEYS = ("type", "database", "user", "address", "method", "certificate_name", "map")


def parse_rule(table: Mapping[str, object]) -> Rule:
    """A rule from a ``[[auth]]`` table: type, database, user, address, method, certificate_name, map.

    Raises ValueError that says what is wrong and what would be right.
    """
    for key in table:
        if key not in _KEYS:
            raise ValueError(f'a rule has no key "{key}"; its keys are {", ".join(_KEYS)}')
    connection = _word(Connection, "type", table.get("type", "host"))
    if "method" not in table:
        raise ValueError(f"a rule needs a method: {_choices(Method)}")
    method = _method(table["method"])
    if connection is Connection.LOCAL and "address" in table:
        raise ValueError("a rule of type local has no address; leave it out")
    if method is Method.CERT and connection is not Connection.HOSTSSL:
        raise ValueError("method cert works over TLS only; the rule's type must be hostssl")
    if method is Method.PASSWORD and connection is not Connection.HOSTSSL:
        raise ValueError("method password sends the password as it is; the rule's type must be hostssl")
    if method is not Method.CERT and (extra := {"map", "certificate_name"} & set(table)):
        raise ValueError(f'only method cert knows "{min(extra)}"; leave it out')
    return Rule(
        connection,
        method,
        databases=_names("database", table.get("database", "all")),
        users=_names("user", table.get("user", "all")),
        addresses=tuple(_place(text) for text in _texts("address", table.get("address", "all"))),
        certificate_name=_word(CertificateName, "certificate_name", table.get("certificate_name", "cn")),
        certificate_users=_certificate_users(table.get("map")),
    )


def parse_line(line: str) -> Rule:
    """A rule as a line of pg_hba.conf writes it, without options: ``hostssl all alice,bob 10.0.0.0/8 scram-sha-256``."""
    words = line.split()
    keys = _KEYS[:3] + _KEYS[4:5] if words[:1] == ["local"] else _KEYS[:5]
    if len(words) != len(keys):
        raise ValueError(f'"{line}" is not a rule; it would be "{" ".join(keys)}"')
    return parse_rule(
        {key: word if key in ("type", "method") else word.split(",") for key, word in zip(keys, words, strict=True)}
    )


def _choices(words: type[Enum]) -> str:
    return ", ".join(word.value for word in words)


def _word(words: type[E], key: str, value: object) -> E:
    try:
        return words(value)
    except ValueError:
        raise ValueError(f'"{value}" is no {key} of a rule; it would be one of {_choices(words)}') from None


def _method(value: object) -> Method:
    if value == "md5":
        raise ValueError(f'method "{value}" is not supported; use scram-sha-256')
    return _word(Method, "method", value)


def _texts(key: str, value: object) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise ValueError(f"{key} of a rule must be a string or a list of strings")
    return texts


def _names(key: str, value: object) -> tuple[str, ...] | None:
    names = _texts(key, value)
    for name in names:
        if name in ("samerole", "samegroup", "replication") or name[0] in "+/@":
            raise ValueError(f'{key} "{name}" of a rule is not supported; name every {key}, or "all"')
    return None if "all" in names else names


def _place(text: str) -> Network | Where:
    try:
        return Where(text)
    except ValueError:
        pass
    try:
        return ip_network(text)
    except ValueError as error:
        raise ValueError(f'address "{text}" of a rule: {error}; it would be 10.0.0.0/8, ::1/128, all or samehost') from None


def _certificate_users(value: object) -> Mapping[str, tuple[str, ...]] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value:
        raise ValueError('map of a rule must be a table: { "name in the certificate" = ["user"] }')
    return {name: _texts("map", users) for name, users in value.items()}
