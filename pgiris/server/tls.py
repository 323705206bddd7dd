"""TLS: contexts from certificate files, their reload, and what authentication wants to know of a handshake.

PostgreSQL: ssl-tcp, protocol-flow#PROTOCOL-FLOW-SSL. RFC 5929 s. 4.1, RFC 7301.
"""

from __future__ import annotations

import os
import re
import ssl
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from pgiris.auth.rules import Certificate, Tls
from pgiris.config.options import Config

ALPN = "postgresql"  # PostgreSQL: protocol-flow#PROTOCOL-FLOW-SSL, registered with IANA

MIN_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}

# For TLS 1.2: forward secrecy and AEAD only, what RFC 9325 s. 4.2 recommends. TLS 1.3 has no weak ones.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


class TlsError(Exception):
    """A certificate, key or authority that cannot be used; the text says why and what mends it."""


@dataclass(frozen=True)
class TlsFiles:
    """certificate: PEM, the server's own first, then the chain. client_ca: PEM of the authorities of client certificates."""

    certificate: Path
    key: Path
    client_ca: Path | None = None
    min_version: str = "1.2"  # of MIN_VERSIONS


@dataclass(frozen=True)
class TlsContext:
    """What handshakes need. A connection keeps the one that it was accepted with, since end_point belongs to its certificate."""

    context: ssl.SSLContext
    end_point: bytes | None  # None: the certificate's signature names no hash (Ed25519), so there is nothing to bind to
    not_before: datetime
    not_after: datetime

    def expired(self, now: datetime | None = None) -> bool:
        return not self.not_before <= (now or datetime.now(UTC)) <= self.not_after


def files_of(config: Config) -> TlsFiles | None:
    """None: TLS is off."""
    if config.tls_cert is None or config.tls_key is None:
        return None
    return TlsFiles(config.tls_cert, config.tls_key, config.tls_client_ca, config.tls_min_version)


def load(files: TlsFiles) -> TlsContext:
    """Read the files. Raises TlsError. Blocks for milliseconds."""
    _check_key_mode(files.key)
    certificate = _read_certificate(files.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = MIN_VERSIONS[files.min_version]
    context.set_ciphers(_CIPHERS)
    context.set_alpn_protocols([ALPN])
    # No resumption, as in PostgreSQL: drivers do not use it, and a client certificate is verified each time.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    _load_chain(context, files)
    if files.client_ca is not None:
        _load_client_ca(context, files.client_ca)
    return TlsContext(context, end_point(certificate), certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def _check_key_mode(path: Path) -> None:
    """PostgreSQL: ssl-tcp#SSL-SETUP, the same rule: 0600, or 0640 where root owns the key."""
    try:
        status = path.stat()
    except OSError as error:
        raise TlsError(f"private key {path} cannot be read: {error.strerror}") from error
    allowed = stat.S_IRWXU | (stat.S_IRGRP if status.st_uid == 0 else 0)
    if stat.S_IMODE(status.st_mode) & ~allowed:
        raise TlsError(f"private key {path} has group or world access; run: chmod 0600 {path}")
    if not os.access(path, os.R_OK):
        raise TlsError(f"private key {path} cannot be read by this process; let its user own the file")


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise TlsError(f"certificate {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise TlsError(f"certificate {path} is no PEM certificate") from error


def _load_chain(context: ssl.SSLContext, files: TlsFiles) -> None:
    encrypted = False

    def passphrase() -> str:  # without it OpenSSL would ask at the terminal
        nonlocal encrypted
        encrypted = True
        return ""

    try:
        context.load_cert_chain(files.certificate, files.key, password=passphrase)
    except (ssl.SSLError, OSError) as error:
        if encrypted:
            raise TlsError(f"private key {files.key} has a passphrase; give one without") from error
        if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
            raise TlsError(f"private key {files.key} does not belong to certificate {files.certificate}") from error
        raise TlsError(f"certificate {files.certificate} with key {files.key} cannot be loaded: {_reason(error)}") from error


def _load_client_ca(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(path)
    except (ssl.SSLError, OSError) as error:
        raise TlsError(f"client authority {path} cannot be loaded: {_reason(error)}") from error
    if not context.get_ca_certs():
        raise TlsError(f"client authority {path} has no certificate of an authority")
    context.verify_mode = ssl.CERT_OPTIONAL  # rules decide who needs one


def _reason(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or str(error)


@dataclass
class Reloading:
    """The TLS context in use. A broken new certificate leaves the old one in place."""

    files: TlsFiles
    current: TlsContext = field(init=False)

    def __post_init__(self) -> None:
        """Raises TlsError."""
        self.current = load(self.files)

    def reload(self, files: TlsFiles | None = None) -> TlsError | None:
        """Read again, from new paths where given. The error, which the caller logs, says why the old context stays."""
        try:
            self.current = load(files or self.files)
        except TlsError as error:
            return error
        self.files = files or self.files
        return None


def end_point(certificate: x509.Certificate) -> bytes | None:
    """Data of channel binding tls-server-end-point: a hash of the certificate. RFC 5929 s. 4.1

    The hash is the one of the certificate's signature, SHA-256 where that is MD5 or SHA-1. None: its signature names none.
    """
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    if algorithm is None:
        return None
    digest = Hash(SHA256() if isinstance(algorithm, MD5 | SHA1) else algorithm)
    digest.update(certificate.public_bytes(Encoding.DER))
    return digest.finalize()


def tls_of(handshaken: ssl.SSLObject, accepted_with: TlsContext) -> Tls:
    """What authentication needs to know, after the handshake."""
    der = handshaken.getpeercert(binary_form=True)
    cipher, _, bits = handshaken.cipher() or ("", "", 0)
    return Tls(accepted_with.end_point, peer(der) if der else None, handshaken.version() or "", cipher, bits)


def peer(der: bytes) -> Certificate:
    """Who a client certificate speaks of. Raises TlsError for one that cryptography cannot read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        names = _alternative_names(certificate)
        common = [str(a.value) for a in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        subject = certificate.subject.rfc4514_string()
        paths = _path(certificate.subject), _path(certificate.issuer)
    except (ValueError, x509.DuplicateExtension) as error:
        raise TlsError(f"client certificate cannot be read: {error}") from error
    # A zero byte in a name is an old trick to be taken for somebody else; several common names are ambiguous.
    common_name = common[0] if len(common) == 1 and "\0" not in common[0] else None
    return Certificate(common_name, tuple(name for name in names if "\0" not in name), subject, *paths, certificate.serial_number)


def _path(name: x509.Name) -> str:
    """As OpenSSL writes it on one line, with what RFC 2253 escapes; PostgreSQL cuts it after 63 bytes."""
    return "".join(f"/{_SHORT.get(part.oid, part.rfc4514_attribute_name)}={_escaped(str(part.value))}" for part in name)


def _escaped(value: str) -> str:
    return re.sub(r'[,+"\\<>;]|^[# ]| $', r"\\\g<0>", value)


_SHORT = {
    NameOID.EMAIL_ADDRESS: "emailAddress",
    NameOID.GIVEN_NAME: "GN",
    NameOID.POSTAL_CODE: "postalCode",
    NameOID.PSEUDONYM: "pseudonym",
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.SURNAME: "SN",
    NameOID.TITLE: "title",
}


def _alternative_names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *names.get_values_for_type(x509.RFC822Name)]


def direct_tls_refusal(handshaken: ssl.SSLObject) -> str | None:
    """Why a connection that began with TLS (no SSLRequest) must be closed, None when it is fine.

    ALPN proves that the client meant PostgreSQL, which guards against attacks across protocols. After SSLRequest it is optional.
    """
    if handshaken.selected_alpn_protocol() == ALPN:
        return None
    return "received direct SSL connection request without ALPN protocol negotiation extension"
