"""SCRAM: one exchange of SCRAM-SHA-256 or SCRAM-SHA-256-PLUS, the server's side, and the verifiers it needs. Pure.

In: the client's two SASL messages. Out: the server's two. Errors are PostgreSQL's own, since drivers show them.
RFC 5802 s. 5-7, RFC 7677, RFC 5929 s. 4. PostgreSQL: sasl-authentication

scramp's server cannot be used: it refuses the empty user name that libpq sends in ``n=``, knows users only by that name
(PostgreSQL takes the one of the start-up packet), and ends an exchange for unknown users early. Its saslprep is used.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256

from scramp.utils import ScramException, saslprep  # type: ignore[import-untyped]

from pgiris import sqlstate
from pgiris.errors import FatalError

SCRAM_SHA_256 = "SCRAM-SHA-256"
SCRAM_SHA_256_PLUS = "SCRAM-SHA-256-PLUS"

DEFAULT_ITERATIONS = 4096  # RFC 7677 s. 4: at least; PostgreSQL's scram_iterations
SALT_BYTES = 16  # as PostgreSQL's SCRAM_DEFAULT_SALT_LEN
KEY_BYTES = 32
_NONCE_BYTES = 18  # as PostgreSQL's SCRAM_RAW_NONCE_LEN
_BINDING_TYPE = "tls-server-end-point"
_BYTES = "latin-1"  # messages are read as bytes; this lets str methods do it and loses nothing


@dataclass(frozen=True)
class Verifier:
    """What the server keeps instead of a password. PostgreSQL: catalog-pg-authid, rolpassword."""

    iterations: int
    salt: bytes = field(repr=False)
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)

    def __str__(self) -> str:
        salt, stored, server = (b64encode(part).decode() for part in (self.salt, self.stored_key, self.server_key))
        return f"{SCRAM_SHA_256}${self.iterations}:{salt}${stored}:{server}"


def parse_verifier(text: str) -> Verifier:
    """``SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey``, as in PostgreSQL's pg_authid. Raises ValueError."""
    try:
        mechanism, parameters, keys = text.split("$")
        iterations, salt = parameters.split(":")
        stored, server = keys.split(":")
        parts = [b64decode(part, validate=True) for part in (salt, stored, server)]
        verifier = Verifier(int(iterations), *parts)
    except ValueError:
        raise ValueError("not a SCRAM-SHA-256 verifier") from None
    if mechanism != SCRAM_SHA_256 or verifier.iterations < 1 or not verifier.salt:
        raise ValueError("not a SCRAM-SHA-256 verifier")
    if len(verifier.stored_key) != KEY_BYTES or len(verifier.server_key) != KEY_BYTES:
        raise ValueError("a SCRAM-SHA-256 verifier with keys of a wrong length")
    return verifier


def make_verifier(password: str, *, iterations: int = DEFAULT_ITERATIONS, salt: bytes | None = None) -> Verifier:
    """The verifier of a password. Takes milliseconds on purpose. salt: random unless given."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    salted = pbkdf2_hmac("sha256", prepare_password(password), salt, iterations)
    return Verifier(iterations, salt, sha256(_hmac(salted, b"Client Key")).digest(), _hmac(salted, b"Server Key"))


def prepare_password(password: str) -> bytes:
    """SASLprep, and the password as it is where SASLprep prohibits it: what libpq does, so both sides agree."""
    try:
        return (saslprep(password) or password).encode()
    except ScramException:
        return password.encode()


def mock_verifier(user: str, secret: bytes, iterations: int = DEFAULT_ITERATIONS) -> Verifier:
    """A verifier that no password fits, for a user that does not exist.

    Its salt is always the same for a user, since a salt that changes would tell that the user does not exist.
    """
    salt = hmac.digest(secret, user.encode(), "sha256")[:SALT_BYTES]
    return Verifier(iterations, salt, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


def mechanisms(end_point: bytes | None) -> tuple[str, ...]:
    """What to offer, best first. end_point: channel binding data, None where there is none to bind to."""
    return (SCRAM_SHA_256,) if end_point is None else (SCRAM_SHA_256_PLUS, SCRAM_SHA_256)


@dataclass
class ScramServer:
    """One exchange: first(), then final().

    verifier may be a mock, which costs the same and always fails. end_point: as for mechanisms().
    """

    verifier: Verifier = field(repr=False)
    mechanism: str
    end_point: bytes | None = None
    server_nonce: str = field(default_factory=lambda: b64encode(secrets.token_bytes(_NONCE_BYTES)).decode())
    _header: str = field(default="", init=False)
    _client_first_bare: str = field(default="", init=False)
    _server_first: str = field(default="", init=False)
    _nonce: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if self.mechanism not in mechanisms(self.end_point):
            raise FatalError(sqlstate.PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism")

    @property
    def _binds(self) -> bool:
        return self.mechanism == SCRAM_SHA_256_PLUS

    def first(self, message: bytes) -> bytes:
        """client-first-message -> server-first-message. Raises 08P01, 28000 or 0A000."""
        reader = _Reader(message)
        self._read_header(reader)
        self._header = reader.taken
        self._client_first_bare = reader.rest
        if reader.rest.startswith("m"):
            raise FatalError(sqlstate.FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension")
        reader.attribute("n")  # the user of the start-up packet counts; libpq leaves this one empty
        client_nonce = reader.attribute("r")
        if not all("!" <= character <= "~" for character in client_nonce):
            raise FatalError(sqlstate.PROTOCOL_VIOLATION, "non-printable characters in SCRAM nonce")
        while reader.rest:
            reader.any_attribute()
        salt = b64encode(self.verifier.salt).decode()
        self._server_first = f"r={client_nonce}{self.server_nonce},s={salt},i={self.verifier.iterations}"
        self._nonce = client_nonce + self.server_nonce
        return self._server_first.encode(_BYTES)

    def _read_header(self, reader: _Reader) -> None:
        """The GS2 header. RFC 5802 s. 6: what the client says of channel binding must agree with what was offered."""
        flag = reader.rest[:1]
        if flag in ("n", "y"):
            if self._binds:
                raise _malformed(
                    "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data."
                )
            if flag == "y" and self.end_point is not None:
                raise FatalError(
                    sqlstate.INVALID_AUTHORIZATION_SPECIFICATION,
                    "SCRAM channel binding negotiation error",
                    detail="The client supports SCRAM channel binding but thinks the server does not.  "
                    "However, this server does support channel binding.",
                )
            reader.skip(1)
            reader.comma()
        elif flag == "p":
            if not self._binds:
                raise _malformed(
                    "The client selected SCRAM-SHA-256 without channel binding, "
                    "but the SCRAM message includes channel binding data."
                )
            kind = reader.attribute("p")
            if kind != _BINDING_TYPE:
                printable = "".join(c if "!" <= c <= "~" else "?" for c in kind[:30])
                raise FatalError(sqlstate.PROTOCOL_VIOLATION, f'unsupported SCRAM channel-binding type "{printable}"')
        else:
            raise _malformed(f'Unexpected channel-binding flag "{_shown(flag)}".')
        if reader.rest.startswith("a"):
            raise FatalError(sqlstate.FEATURE_NOT_SUPPORTED, "client uses authorization identity, but it is not supported")
        if not reader.rest.startswith(","):
            raise _malformed(f'Unexpected attribute "{_shown(reader.rest)}" in client-first-message.')
        reader.skip(1)

    def final(self, message: bytes) -> bytes | None:
        """client-final-message -> server-final-message, None when the proof is wrong. Raises 08P01 or 28000."""
        reader = _Reader(message)
        self._check_binding(reader.attribute("c"))
        nonce = reader.attribute("r")
        name, value, without_proof = "", "", ""
        while name != "p":
            without_proof = reader.taken.removesuffix(",")
            name, value = reader.any_attribute()
        proof = _decode(value)
        if proof is None or len(proof) != KEY_BYTES:
            raise _malformed("Malformed proof in client-final-message.")
        if reader.rest:
            raise _malformed("Garbage found at the end of client-final-message.")
        if not hmac.compare_digest(nonce.encode(_BYTES), self._nonce.encode(_BYTES)):
            raise FatalError(sqlstate.PROTOCOL_VIOLATION, "invalid SCRAM response", detail="Nonce does not match.")
        signed = f"{self._client_first_bare},{self._server_first},{without_proof}".encode(_BYTES)
        signature = _hmac(self.verifier.stored_key, signed)
        client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
        if not hmac.compare_digest(sha256(client_key).digest(), self.verifier.stored_key):
            return None
        return b"v=" + b64encode(_hmac(self.verifier.server_key, signed))

    def _check_binding(self, given: str) -> None:
        if self._binds:
            assert self.end_point is not None
            if not hmac.compare_digest(_decode(given) or b"", self._header.encode(_BYTES) + self.end_point):
                raise FatalError(sqlstate.INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding check failed")
        elif _decode(given) != self._header.encode(_BYTES):
            raise FatalError(sqlstate.PROTOCOL_VIOLATION, "unexpected SCRAM channel-binding attribute in client-final-message")


class _Reader:
    """Attributes of a message, from left to right."""

    def __init__(self, message: bytes) -> None:
        if not message:
            raise _malformed("The message is empty.")
        if b"\0" in message:
            raise _malformed("Message length does not match input length.")
        self._text = message.decode(_BYTES)
        self._at = 0

    @property
    def rest(self) -> str:
        return self._text[self._at :]

    @property
    def taken(self) -> str:
        return self._text[: self._at]

    def skip(self, count: int) -> None:
        self._at += count

    def comma(self) -> None:
        if not self.rest.startswith(","):
            raise _malformed(f'Comma expected, but found character "{_shown(self.rest)}".')
        self.skip(1)

    def attribute(self, name: str) -> str:
        """The value of the attribute that must come next."""
        found = self.rest[:1]
        if found != name:
            raise _malformed(f'Expected attribute "{name}" but found "{_shown(found)}".')
        return self.any_attribute()[1]

    def any_attribute(self) -> tuple[str, str]:
        """Name and value of the next attribute, whose comma is taken too."""
        rest = self.rest
        if not rest:
            raise _malformed("Attribute expected, but found end of string.")
        if not (rest[0].isascii() and rest[0].isalpha()):
            raise _malformed(f'Attribute expected, but found invalid character "{_shown(rest[0])}".')
        if rest[1:2] != "=":
            raise _malformed(f'Expected character "=" for attribute "{rest[0]}".')
        value, comma, _ = rest[2:].partition(",")
        self.skip(2 + len(value) + len(comma))
        return rest[0], value


def _malformed(detail: str) -> FatalError:
    return FatalError(sqlstate.PROTOCOL_VIOLATION, "malformed SCRAM message", detail=detail)


def _shown(text: str) -> str:
    """Its first character as PostgreSQL shows it; the end of the text counts as a zero byte."""
    character = text[:1] or "\0"
    return f"'{character}'" if "!" <= character <= "~" else f"0x{ord(character):02x}"


def _decode(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
