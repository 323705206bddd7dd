from __future__ import annotations

import contextlib
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
import scramp  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from pgiris.auth.scram import (
    SCRAM_SHA_256,
    SCRAM_SHA_256_PLUS,
    ScramServer,
    Verifier,
    make_verifier,
    mechanisms,
    mock_verifier,
    parse_verifier,
)
from pgiris.errors import FatalError

END_POINT = sha256(b"certificate").digest()
BINDING = ("tls-server-end-point", END_POINT)


def test_the_example_of_rfc_7677_is_reproduced() -> None:
    verifier = make_verifier("pencil", iterations=4096, salt=b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="))
    server = ScramServer(verifier, SCRAM_SHA_256, server_nonce="%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    first = server.first(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    assert first == b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    final = server.final(
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    assert final == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def test_a_verifier_is_the_one_that_postgresql_makes() -> None:
    # ALTER USER alice PASSWORD 'pencil' on PostgreSQL 15, then pg_authid.rolpassword
    text = (
        "SCRAM-SHA-256$4096:NzcWFf6ugRL4Y3w2XJtsEA==$nMVpye409nq3u1+m60McZ0uKAF514XtxlznhrNdPZSc="
        ":iAMoeLYz3LOI7M89IXTBDV8e2hvMw9TQTR11Ul0W5uo="
    )
    assert str(make_verifier("pencil", salt=b64decode("NzcWFf6ugRL4Y3w2XJtsEA=="))) == text
    assert str(parse_verifier(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "md5a6343a68d964ca596d9752250d54bb8a",
        "SCRAM-SHA-256$4096:NzcWFf6ugRL4Y3w2XJtsEA==$nMVpye409nq3u1+m60McZ0uKAF514XtxlznhrNdPZSc=",
        "SCRAM-SHA-256$4096:????$nMVpye409nq3u1+m60McZ0uKAF514XtxlznhrNdPZSc=:iAMoeLYz3LOI7M89IXTBDV8e2hvMw9TQTR11Ul0W5uo=",
        "SCRAM-SHA-256$0:NzcWFf6ugRL4Y3w2XJtsEA==$nMVpye409nq3u1+m60McZ0uKAF514XtxlznhrNdPZSc=:iAMoeLYz3LOI7M89IXTBDV8e2hvMw9TQTR11Ul0W5uo=",
        "SCRAM-SHA-1$4096:NzcWFf6ugRL4Y3w2XJtsEA==$nMVpye409nq3u1+m60McZ0uKAF514XtxlznhrNdPZSc=:iAMoeLYz3LOI7M89IXTBDV8e2hvMw9TQTR11Ul0W5uo=",
        "SCRAM-SHA-256$4096:NzcWFf6ugRL4Y3w2XJtsEA==$nMVpyQ==:iAMoeLYz3LOI7M89IXTBDV8e2hvMw9TQTR11Ul0W5uo=",
    ],
)
def test_what_is_no_verifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SCRAM-SHA-256"):
        parse_verifier(text)


def test_a_verifier_does_not_show_its_keys_in_logs() -> None:
    verifier = make_verifier("pencil")
    assert repr(verifier) == "Verifier(iterations=4096)"


PASSWORDS = ["pencil", "pe,n=cil", "I\u00adX", "\u2168", "\u00aa", "\U0001f511 Schlüssel", "a\u0007b", "\u0627\u0031", "\u00ad"]


@pytest.mark.parametrize("password", PASSWORDS)
def test_scramp_and_we_prepare_passwords_alike_where_saslprep_allows_them(password: str) -> None:
    salt = b"0123456789abcdef"
    try:
        _, stored, server, _ = scramp.ScramMechanism(SCRAM_SHA_256).make_auth_info(password, salt=salt)
    except scramp.ScramException:  # prohibited: libpq takes the password as it is
        other = make_verifier(password, salt=salt)
        assert other != make_verifier(password + "x", salt=salt)
    else:
        ours = make_verifier(password, salt=salt)
        if password == "\u00ad":  # nothing is left of it, which libpq counts as prohibited
            assert ours.stored_key != stored
        else:
            assert (ours.stored_key, ours.server_key) == (stored, server)


@pytest.mark.parametrize(
    ("mechanism", "end_point"), [(SCRAM_SHA_256, None), (SCRAM_SHA_256, END_POINT), (SCRAM_SHA_256_PLUS, END_POINT)]
)
def test_scramps_client_and_we_convince_each_other(mechanism: str, end_point: bytes | None) -> None:
    client = scramp.ScramClient([mechanism], "alice", "pencil", BINDING if mechanism == SCRAM_SHA_256_PLUS else None)
    server = ScramServer(make_verifier("pencil"), mechanism, end_point)
    client.set_server_first(server.first(client.get_client_first().encode()).decode())
    final = server.final(client.get_client_final().encode())
    assert final is not None
    client.set_server_final(final.decode())  # raises when the server's signature is wrong


@pytest.mark.parametrize("verifier", [make_verifier("another"), mock_verifier("alice", b"secret")])
def test_a_wrong_password_and_an_unknown_user_end_alike(verifier: Verifier) -> None:
    client = scramp.ScramClient([SCRAM_SHA_256], "alice", "pencil")
    server = ScramServer(verifier, SCRAM_SHA_256)
    client.set_server_first(server.first(client.get_client_first().encode()).decode())
    assert server.final(client.get_client_final().encode()) is None


def test_a_mock_verifier_always_shows_a_user_the_same_salt() -> None:
    first, again = mock_verifier("bob", b"secret"), mock_verifier("bob", b"secret")
    assert (first.salt, first.iterations) == (again.salt, again.iterations)
    assert len(first.salt) == len(make_verifier("x").salt)
    assert mock_verifier("eve", b"secret").salt != first.salt
    assert mock_verifier("bob", b"other").salt != first.salt


def test_plus_is_offered_first_and_only_where_there_is_something_to_bind_to() -> None:
    assert mechanisms(END_POINT) == ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
    assert mechanisms(None) == ("SCRAM-SHA-256",)


@pytest.mark.parametrize(
    ("mechanism", "end_point"), [(SCRAM_SHA_256_PLUS, None), ("SCRAM-SHA-1", END_POINT), ("", None), ("scram-sha-256", None)]
)
def test_a_mechanism_that_was_not_offered_is_refused(mechanism: str, end_point: bytes | None) -> None:
    with pytest.raises(FatalError, match="client selected an invalid SASL authentication mechanism") as caught:
        ScramServer(make_verifier("x"), mechanism, end_point)
    assert caught.value.code == "08P01"


MALFORMED = "malformed SCRAM message"

FIRST_ERRORS = [
    # message, mechanism, end point, code, message, start of detail
    (b"", SCRAM_SHA_256, None, "08P01", MALFORMED, "The message is empty."),
    (b"n,,n=,r=a\0b", SCRAM_SHA_256, None, "08P01", MALFORMED, "Message length does not match input length."),
    (b"n,,n=,r=\xff", SCRAM_SHA_256, None, "08P01", "non-printable characters in SCRAM nonce", None),
    (b"x,,n=,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, "Unexpected channel-binding flag \"'x'\"."),
    (b"\x01,,n=,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, 'Unexpected channel-binding flag "0x01".'),
    (b"n", SCRAM_SHA_256, None, "08P01", MALFORMED, "Comma expected, but found character"),
    (b"nn,n=,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, "Comma expected, but found character \"'n'\"."),
    (b"n,x,n=,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, "Unexpected attribute \"'x'\" in client-first-message."),
    (b"n,,", SCRAM_SHA_256, None, "08P01", MALFORMED, 'Expected attribute "n" but found "0x00".'),
    (b"n,,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, 'Expected attribute "n" but found "\'r\'".'),
    (b"n,,n,r=a", SCRAM_SHA_256, None, "08P01", MALFORMED, 'Expected character "=" for attribute "n".'),
    (b"n,,n=", SCRAM_SHA_256, None, "08P01", MALFORMED, 'Expected attribute "r" but found "0x00".'),
    (b"n,,n=,r=a,", SCRAM_SHA_256, None, None, None, None),  # a comma at the end is fine with PostgreSQL, too
    (b"n,,n=,r=a,4=b", SCRAM_SHA_256, None, "08P01", MALFORMED, "Attribute expected, but found invalid character \"'4'\"."),
    (b"n,,n=,r=a b", SCRAM_SHA_256, None, "08P01", "non-printable characters in SCRAM nonce", None),
    (b"n,,m=x,n=,r=a", SCRAM_SHA_256, None, "0A000", "client requires an unsupported SCRAM extension", None),
    (b"n,a=bob,n=,r=a", SCRAM_SHA_256, None, "0A000", "client uses authorization identity, but it is not supported", None),
    (
        b"p=tls-server-end-point,,n=,r=a",
        SCRAM_SHA_256,
        END_POINT,
        "08P01",
        MALFORMED,
        "The client selected SCRAM-SHA-256 wi",
    ),
    (b"n,,n=,r=a", SCRAM_SHA_256_PLUS, END_POINT, "08P01", MALFORMED, "The client selected SCRAM-SHA-256-PLUS, but"),
    (b"y,,n=,r=a", SCRAM_SHA_256_PLUS, END_POINT, "08P01", MALFORMED, "The client selected SCRAM-SHA-256-PLUS, but"),
    (b"y,,n=,r=a", SCRAM_SHA_256, END_POINT, "28000", "SCRAM channel binding negotiation error", "The client supports SCRAM"),
    (b"y,,n=,r=a", SCRAM_SHA_256, None, None, None, None),
    (b"n,,n=,r=a", SCRAM_SHA_256, END_POINT, None, None, None),
    (
        b"p=tls-unique,,n=,r=a",
        SCRAM_SHA_256_PLUS,
        END_POINT,
        "08P01",
        'unsupported SCRAM channel-binding type "tls-unique"',
        None,
    ),
]


@pytest.mark.parametrize(("message", "mechanism", "end_point", "code", "text", "detail"), FIRST_ERRORS)
def test_first_messages_are_judged_as_postgresql_does(
    message: bytes, mechanism: str, end_point: bytes | None, code: str | None, text: str | None, detail: str | None
) -> None:
    server = ScramServer(make_verifier("pencil"), mechanism, end_point)
    if code is None:
        assert server.first(message).startswith(b"r=a")
        return
    with pytest.raises(FatalError) as caught:
        server.first(message)
    assert (caught.value.code, caught.value.message) == (code, text)
    assert (caught.value.detail or "").startswith(detail or "")


def final_message(server: ScramServer, binding: bytes = b"n,,", nonce: str = "aSERVER", proof: bytes = bytes(32)) -> bytes:
    server.first(b"n,,n=,r=a")
    return f"c={b64encode(binding).decode()},r={nonce},p={b64encode(proof).decode()}".encode()


@pytest.mark.parametrize(
    ("change", "code", "text", "detail"),
    [
        ({"binding": b"y,,"}, "08P01", "unexpected SCRAM channel-binding attribute in client-final-message", None),
        ({"nonce": "aOTHER"}, "08P01", "invalid SCRAM response", "Nonce does not match."),
        ({"nonce": "a"}, "08P01", "invalid SCRAM response", "Nonce does not match."),
        ({"proof": bytes(31)}, "08P01", MALFORMED, "Malformed proof in client-final-message."),
        ({"proof": b""}, "08P01", MALFORMED, "Malformed proof in client-final-message."),
    ],
)
def test_final_messages_are_judged_as_postgresql_does(change: dict[str, bytes], code: str, text: str, detail: str | None) -> None:
    server = ScramServer(make_verifier("pencil"), SCRAM_SHA_256, server_nonce="SERVER")
    message = final_message(server, **change)  # type: ignore[arg-type]
    with pytest.raises(FatalError) as caught:
        server.final(message)
    assert (caught.value.code, caught.value.message, caught.value.detail) == (code, text, detail)


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        (b"", "The message is empty."),
        (b"r=aSERVER", 'Expected attribute "c" but found "\'r\'".'),
        (b"c=biws", 'Expected attribute "r" but found "0x00".'),
        (b"c=biws,r=aSERVER", "Attribute expected, but found end of string."),
        (b"c=biws,r=aSERVER,p=****", "Malformed proof in client-final-message."),
        (b"c=biws,r=aSERVER,p=" + b64encode(bytes(32)) + b",x=y", "Garbage found at the end of client-final-message."),
    ],
)
def test_a_final_message_in_pieces_or_with_garbage_is_malformed(message: bytes, detail: str) -> None:
    server = ScramServer(make_verifier("pencil"), SCRAM_SHA_256, server_nonce="SERVER")
    server.first(b"n,,n=,r=a")
    with pytest.raises(FatalError) as caught:
        server.final(message)
    assert (caught.value.message, caught.value.detail) == (MALFORMED, detail)


def test_a_proof_of_zeros_is_wrong() -> None:
    server = ScramServer(make_verifier("pencil"), SCRAM_SHA_256, server_nonce="SERVER")
    assert server.final(final_message(server)) is None


def test_a_binding_to_another_certificate_is_refused() -> None:
    client = scramp.ScramClient(
        [SCRAM_SHA_256_PLUS], "alice", "pencil", ("tls-server-end-point", sha256(b"man in the middle").digest())
    )
    server = ScramServer(make_verifier("pencil"), SCRAM_SHA_256_PLUS, END_POINT)
    client.set_server_first(server.first(client.get_client_first().encode()).decode())
    with pytest.raises(FatalError, match="SCRAM channel binding check failed") as caught:
        server.final(client.get_client_final().encode())
    assert caught.value.code == "28000"


def test_extensions_in_the_final_message_are_part_of_what_is_signed() -> None:
    """RFC 5802 s. 5.1: unknown attributes are ignored, yet the proof covers them."""
    client = scramp.ScramClient([SCRAM_SHA_256], "alice", "pencil")
    server = ScramServer(make_verifier("pencil"), SCRAM_SHA_256)
    client.set_server_first(server.first(client.get_client_first().encode()).decode())
    without, comma, proof = client.get_client_final().partition(",p=")
    assert server.final(f"{without},x=added{comma}{proof}".encode()) is None


WORDS = [*b"n y p=tls-server-end-point , = a= n= r= c= biws x m=".split(), b"\0", b"\xff"]
PIECES = st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=12).map(b"".join)


@given(first=PIECES, final=PIECES, plus=st.booleans())
def test_no_bytes_cause_anything_but_an_error_of_postgresql(first: bytes, final: bytes, plus: bool) -> None:
    mechanism, end_point = (SCRAM_SHA_256_PLUS, END_POINT) if plus else (SCRAM_SHA_256, None)
    server = ScramServer(mock_verifier("x", b"secret"), mechanism, end_point)
    with contextlib.suppress(FatalError):
        server.first(first)
    server = ScramServer(mock_verifier("x", b"secret"), SCRAM_SHA_256, server_nonce="SERVER")
    server.first(b"n,,n=,r=a")
    with contextlib.suppress(FatalError):
        assert server.final(final) is None


def test_a_server_nonce_is_new_each_time() -> None:
    verifier = make_verifier("x")
    assert len({ScramServer(verifier, SCRAM_SHA_256).server_nonce for _ in range(10)}) == 10
    assert replace(verifier) == verifier
