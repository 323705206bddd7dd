from __future__ import annotations

import hashlib
import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from pgiris.server.tls import Reloading, TlsContext, TlsError, TlsFiles, direct_tls_refusal, end_point, load, peer, tls_of
from tests.support.issue import Made, make

# openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha1 -days 36500 -subj /CN=sha1; cryptography only reads such
SHA1_SIGNED = x509.load_pem_x509_certificate(
    b"""
-----BEGIN CERTIFICATE-----
MIIBczCCARqgAwIBAgIUaZjH01gd3P09qM1DuyvLB5l6DQ0wCQYHKoZIzj0EATAP
MQ0wCwYDVQQDDARzaGExMCAXDTI2MTEyMzIzMDIzMFoYDzIxMjYxMDMwMjMwMjMw
WjAPMQ0wCwYDVQQDDARzaGExMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEunZx
QDgI/lNphpV9wtEpnhbeZxRfit3o+s258vx1kiItHAsKJ3YOzkO4HFUziZ+y6rBm
/Rs8TdOwWopoidfQ6KNTMFEwHQYDVR0OBBYEFGjf0i/Ereq41xHMfOxjdNLRrMG8
MB8GA1UdIwQYMBaAFGjf0i/Ereq41xHMfOxjdNLRrMG8MA8GA1UdEwEB/wQFMAMB
Af8wCQYHKoZIzj0EAQNIADBFAiEA25/DwNZEr8z5YrJMFz6jg4P1faYoliQPJvfP
FITSo+ECIGnsPRdQKkeMT3Exy3Em1wUVNtkz5Nk6uWJ5IgcC3K95
-----END CERTIFICATE-----
"""
)

RSA = rsa.generate_private_key(65537, 2048)


def files(folder: Path, made: Made | None = None, client_ca: Made | None = None, min_version: str = "1.2") -> TlsFiles:
    certificate, key = (made or make("localhost", san=["localhost"])).write(folder, "server")
    authority = client_ca.write(folder, "ca")[0] if client_ca else None
    return TlsFiles(certificate, key, authority, min_version)


def handshake(server: TlsContext, client: ssl.SSLContext) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    """(server's end, client's end) after a handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.context.wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    for end in (theirs, ours, theirs, ours):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return ours, theirs


def client(*, alpn: tuple[str, ...] = (), certificate: tuple[Path, Path] | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if certificate:
        context.load_cert_chain(*certificate)
    return context


@pytest.mark.parametrize(
    ("made", "algorithm"),
    [
        (make("a", hash_=hashes.SHA256()), "sha256"),
        (make("a", hash_=hashes.SHA384()), "sha384"),
        (make("a", hash_=hashes.SHA512()), "sha512"),
        (Made(SHA1_SIGNED, RSA), "sha256"),  # RFC 5929 s. 4.1: MD5 and SHA-1 are too weak
        (make("a", key=RSA, hash_=hashes.SHA384(), pss=True), "sha384"),
        (make("a", key=ed25519.Ed25519PrivateKey.generate()), None),
    ],
    ids=["sha256", "sha384", "sha512", "sha1", "pss", "ed25519"],
)
def test_the_end_point_is_hashed_as_the_certificates_signature_says(made: Made, algorithm: str | None) -> None:
    assert end_point(made.certificate) == (hashlib.new(algorithm, made.der).digest() if algorithm else None)


@pytest.mark.parametrize("key", [None, RSA, ed25519.Ed25519PrivateKey.generate()], ids=["ec", "rsa", "ed25519"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_clients_of_tls_1_2_and_1_3_get_in_with_forward_secrecy(tmp_path: Path, key: object, version: ssl.TLSVersion) -> None:
    context = client()
    context.maximum_version = version
    ours, _ = handshake(load(files(tmp_path, make("localhost", key=key))), context)  # type: ignore[arg-type]
    assert ours.version() == version.name.replace("_", ".").replace("TLSv1.", "TLSv1.")
    name = ours.cipher()[0]  # type: ignore[index]
    assert version is ssl.TLSVersion.TLSv1_3 or name.startswith("ECDHE-")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_sessions_are_not_resumed(tmp_path: Path, version: ssl.TLSVersion) -> None:
    server, context = load(files(tmp_path)), client()
    context.maximum_version = version
    ours, theirs = handshake(server, context)
    ours.write(b"x")
    assert theirs.read() == b"x"  # tickets of TLS 1.3 would have come before it
    assert theirs.session is None or not theirs.session.has_ticket


def test_what_is_older_than_the_minimum_is_refused(tmp_path: Path) -> None:
    context = client()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        handshake(load(files(tmp_path, min_version="1.3")), context)


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256"])
def test_weak_ciphers_are_refused(tmp_path: Path, ciphers: str) -> None:
    context = client()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    with pytest.raises(ssl.SSLError):
        handshake(load(files(tmp_path)), context)


@pytest.mark.parametrize(("alpn", "fine"), [(("postgresql",), True), (("h2", "postgresql"), True), ((), False), (("h2",), False)])
def test_direct_tls_needs_alpn(tmp_path: Path, alpn: tuple[str, ...], fine: bool) -> None:
    ours, _ = handshake(load(files(tmp_path)), client(alpn=alpn))
    refusal = direct_tls_refusal(ours)
    assert (refusal is None) is fine
    assert fine or "ALPN" in (refusal or "")


def test_a_client_certificate_of_our_authority_is_known_to_authentication(tmp_path: Path) -> None:
    authority = make("authority", authority=True)
    mine = make("alice", san=["host.example", "10.0.0.1"], emails=["alice@example.com"], signed_by=authority)
    server = load(files(tmp_path, client_ca=authority))
    ours, _ = handshake(server, client(certificate=mine.write(tmp_path, "alice")))
    tls = tls_of(ours, server)
    assert tls.end_point == server.end_point is not None
    assert tls.certificate is not None
    assert tls.certificate.common_name == "alice"
    assert tls.certificate.alternative_names == ("host.example", "alice@example.com")
    assert tls.certificate.subject == "CN=alice"


def test_a_client_certificate_of_another_authority_ends_the_handshake(tmp_path: Path) -> None:
    stranger = make("alice", signed_by=make("another", authority=True))
    server = load(files(tmp_path, client_ca=make("authority", authority=True)))
    with pytest.raises(ssl.SSLError):
        handshake(server, client(certificate=stranger.write(tmp_path, "alice")))


def test_an_expired_client_certificate_ends_the_handshake(tmp_path: Path) -> None:
    authority = make("authority", authority=True)
    old = make("alice", signed_by=authority, days=(-10, -1))
    with pytest.raises(ssl.SSLError):
        handshake(load(files(tmp_path, client_ca=authority)), client(certificate=old.write(tmp_path, "alice")))


@pytest.mark.parametrize("asked_for", [False, True])
def test_a_client_without_certificate_is_let_through_to_the_rules(tmp_path: Path, asked_for: bool) -> None:
    server = load(files(tmp_path, client_ca=make("authority", authority=True) if asked_for else None))
    ours, _ = handshake(server, client())
    assert tls_of(ours, server).certificate is None


@pytest.mark.parametrize("names", [("alice", "root"), ("alice\0.evil",), ()])
def test_a_common_name_that_is_ambiguous_or_has_a_zero_byte_is_none(names: tuple[str, ...]) -> None:
    assert peer(make(*names).der).common_name is None


def test_a_certificate_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(TlsError):
        peer(b"\x30\x03abc")


def broken(folder: Path, how: str) -> TlsFiles:
    good = files(folder)
    match how:
        case "no certificate":
            good.certificate.unlink()
        case "no key":
            good.key.unlink()
        case "garbage":
            good.certificate.write_text("garbage")
        case "garbage key":
            good.key.write_text("garbage")
        case "other key":
            make("x").write(folder, "other")[1].replace(good.key)
        case "open key":
            good.key.chmod(0o644)
        case "passphrase":
            make("x").write(folder, "server", passphrase=b"secret")
        case "no authority":
            return TlsFiles(good.certificate, good.key, folder / "none.crt")
        case "empty authority":
            (folder / "ca.crt").touch()
            return TlsFiles(good.certificate, good.key, folder / "ca.crt")
    return good


BROKEN = [
    ("no certificate", "server.crt cannot be read: No such file"),
    ("no key", "server.key cannot be read: No such file"),
    ("garbage", "server.crt is no PEM certificate"),
    ("garbage key", "server.key cannot be loaded"),
    ("other key", "does not belong to certificate"),
    ("open key", "has group or world access; run: chmod 0600"),
    ("passphrase", "has a passphrase; give one without"),
    ("no authority", "none.crt cannot be loaded: No such file"),
    ("empty authority", "ca.crt cannot be loaded"),
]


@pytest.mark.parametrize(("how", "words"), BROKEN)
def test_files_that_cannot_be_used_are_refused_with_their_mend(tmp_path: Path, how: str, words: str) -> None:
    with pytest.raises(TlsError) as caught:
        load(broken(tmp_path, how))
    assert words in str(caught.value)


def test_a_key_of_root_may_be_read_by_a_group_and_nobody_elses(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files to others")
    good = files(tmp_path)
    good.key.chmod(0o640)
    load(good)
    os.chown(good.key, 65534, 0)
    with pytest.raises(TlsError, match="group or world access"):
        load(good)


def test_a_reload_takes_the_new_certificate_for_new_connections_only(tmp_path: Path) -> None:
    used = Reloading(files(tmp_path))
    before = used.current
    files(tmp_path, make("new"))
    assert used.reload() is None
    assert used.current is not before
    assert used.current.end_point != before.end_point
    ours, theirs = handshake(used.current, client())
    assert peer(theirs.getpeercert(binary_form=True) or b"").common_name == "new"
    assert tls_of(ours, used.current).end_point == used.current.end_point


@pytest.mark.parametrize("how", [how for how, _ in BROKEN])
def test_a_broken_new_certificate_leaves_the_old_one_in_use(tmp_path: Path, how: str) -> None:
    used = Reloading(files(tmp_path))
    before = used.current
    error = used.reload(broken(tmp_path, how))
    assert isinstance(error, TlsError)
    assert used.current is before
    handshake(used.current, client())


def test_an_expired_certificate_says_so(tmp_path: Path) -> None:
    context = load(files(tmp_path, make("x", days=(-10, 1))))
    now = datetime.now(UTC)
    assert [context.expired(), context.expired(now + timedelta(days=2)), context.expired(now - timedelta(days=11))] == [
        False,
        True,
        True,
    ]
