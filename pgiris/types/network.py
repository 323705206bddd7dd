"""Codecs of inet, cidr, macaddr and macaddr8. A value is the type's own text.

PostgreSQL: datatype-net-types, src/backend/utils/adt/network.c (network_send)
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_interface, ip_network

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import invalid
from pgiris.types.codec import Codec, Value
from pgiris.types.scalar import always, always_in, as_is, decoded

INET4, INET6 = 2, 3  # PostgreSQL: PGSQL_AF_INET, PGSQL_AF_INET6


def _split(text: str) -> tuple[bytes, int]:
    """Address bytes and number of network bits."""
    interface = ip_interface(text)
    return interface.ip.packed, interface.network.prefixlen


_BEFORE_IPV4 = {b"\0\0": "::", b"\xff\xff": "::ffff:"}  # IPv6 addresses that hold an IPv4 one


def show(packed: bytes, bits: int, with_bits: bool) -> str:
    text = str(ip_address(packed))
    if len(packed) == 16 and packed[:10] == bytes(10) and packed[10:12] in _BEFORE_IPV4 and packed[12:14] != bytes(2):
        text = f"{_BEFORE_IPV4[packed[10:12]]}{ip_address(packed[12:])}"
    return f"{text}/{bits}" if with_bits or bits != len(packed) * 8 else text


def _address(name: str, is_cidr: bool) -> Codec:
    def from_text(raw: bytes) -> str:
        text = decoded(raw)
        try:
            if "%" in text:
                raise ValueError  # zones of interfaces
            packed, bits = _split(_completed(text) if is_cidr else text)
        except ValueError:
            raise invalid.syntax(name, text) from None
        if is_cidr:
            _check_no_host_bits(packed, bits, text)
        return show(packed, bits, is_cidr)

    def binary(value: Value) -> bytes:
        packed, bits = _split(value)
        return bytes((INET4 if len(packed) == 4 else INET6, bits, is_cidr, len(packed))) + packed

    def from_binary(raw: bytes) -> str:
        sizes = {INET4: 4, INET6: 16}
        if raw and raw[0] not in sizes:
            raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, f'invalid address family in external "{name}" value')
        if len(raw) < 4 or len(raw) < 4 + raw[3]:
            raise invalid.wrong_byte_count(b"", 4)
        family, bits, _, length = raw[:4]
        if bits > sizes[family] * 8:
            raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, f'invalid bits in external "{name}" value')
        if length != sizes[family]:
            raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, f'invalid length in external "{name}" value')
        if len(raw) > 4 + length:
            raise invalid.TrailingBytes
        if is_cidr:
            _check_no_host_bits(raw[4:], bits, "", binary=True)
        return show(raw[4:], bits, is_cidr)

    return Codec(always(as_is), always(binary), always_in(from_text), always_in(from_binary))


def _completed(text: str) -> str:
    """cidr lets an IPv4 address end early: ``10.1/16`` is ``10.1.0.0/16``, ``10.1`` the same."""
    address, slash, bits = text.partition("/")
    parts = address.split(".")
    if ":" in address or len(parts) == 4:
        return text
    default = max(len(parts) * 8, _class_bits(int(parts[0]))) if parts[0].isdigit() else 0
    return f"{'.'.join(parts + ['0'] * (4 - len(parts)))}/{bits if slash else default}"


def _class_bits(first: int) -> int:
    """Of the old network classes A, B, C, D."""
    return 8 if first < 128 else 16 if first < 192 else 24 if first < 224 else 32 if first >= 240 else 8


def _check_no_host_bits(packed: bytes, bits: int, text: str, binary: bool = False) -> None:
    try:
        ip_network((packed, bits))
    except ValueError:
        detail = "Value has bits set to right of mask."
        if binary:
            raise PgError(sqlstate.INVALID_BINARY_REPRESENTATION, 'invalid external "cidr" value', detail=detail) from None
        raise PgError(sqlstate.INVALID_TEXT_REPRESENTATION, f'invalid cidr value: "{text}"', detail=detail) from None


INET = _address("inet", False)
CIDR = _address("cidr", True)


def _hardware(name: str, size: int) -> Codec:
    """size: bytes. Any of PostgreSQL's groupings: 08:00:2b:01:02:03, 08-00-..., 08002b:010203, 0800.2b01.0203, 08002b010203."""

    def octets(text: str) -> bytes:
        groups = re.split(r"[:\-.]", text.strip().lower())
        separators = set(re.findall(r"[:\-.]", text))
        whole = "".join(group.zfill(2) if len(groups) == size else group for group in groups)
        if len(separators) > 1 or not re.fullmatch(r"[0-9a-f]+", whole):
            raise invalid.syntax(name, text)
        if size == 8 and len(whole) == 12:
            whole = f"{whole[:6]}fffe{whole[6:]}"
        if len(whole) != size * 2:
            raise invalid.syntax(name, text)
        return bytes.fromhex(whole)

    def show(packed: bytes) -> str:
        return packed.hex(":")

    def from_binary(raw: bytes) -> str:
        if len(raw) != size:
            raise invalid.wrong_byte_count(raw, size)
        return show(raw)

    return Codec(
        always(as_is),
        always(lambda value: octets(value)),
        always_in(lambda raw: show(octets(decoded(raw)))),
        always_in(from_binary),
    )


MACADDR = _hardware("macaddr", 6)
MACADDR8 = _hardware("macaddr8", 8)
