"""Networks: functions and operators of inet and cidr, whose natives are the types' texts. PostgreSQL: functions-net, network.c"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_interface
from typing import NamedTuple

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError
from pgiris.types.network import show


class Address(NamedTuple):
    """An address and how many of its bits are the network's."""

    ip: IPv4Address | IPv6Address
    bits: int

    @property
    def size(self) -> int:
        return self.ip.max_prefixlen

    @property
    def mask(self) -> int:
        return ((1 << self.bits) - 1) << (self.size - self.bits)

    def network(self, bits: int) -> str:
        return f"{int(self.ip):0{self.size}b}"[:bits]

    def with_number(self, number: int, bits: int | None = None) -> Address:
        made = IPv4Address(number) if self.size == 32 else IPv6Address(number)
        return Address(made, self.bits if bits is None else bits)


@lru_cache(maxsize=1024)
def address(text: str) -> Address:
    interface = ip_interface(text)
    return Address(interface.ip, interface.network.prefixlen)


def inet_text(value: Address) -> str:
    return show(value.ip.packed, value.bits, False)


def cidr_text(value: Address) -> str:
    return show(value.ip.packed, value.bits, True)


@lru_cache(maxsize=1024)
def sort_key(text: str) -> str:
    """By family, bits of the network, their number, then the whole address. PostgreSQL: network_cmp_internal"""
    value = address(text)
    return f"{value.size:03} {value.network(value.bits)} {value.network(value.size)}"


def order(left: str, right: str) -> int:
    one, other = sort_key(left), sort_key(right)
    return int(one > other) - int(one < other)


def as_cidr(text: str) -> str:
    value = address(text)
    return cidr_text(value.with_number(int(value.ip) & value.mask))


def as_inet(text: str) -> str:
    return inet_text(address(text))


# Parts

function("host(inet) text")(lambda text: show(address(text).ip.packed, address(text).size, False))
function("text(inet) text", "text(cidr) text")(lambda text: cidr_text(address(text)))
function("masklen(inet) int4")(lambda text: address(text).bits)
function("family(inet) int4")(lambda text: 4 if address(text).size == 32 else 6)
function("network(inet) cidr")(as_cidr)
function("abbrev(inet) text")(as_inet)


@function("abbrev(cidr) text")
def _abbreviated(text: str) -> str:
    """Without the zeros behind an IPv4 network."""
    value = address(text)
    if value.size != 32:
        return cidr_text(value)
    parts = str(value.ip).split(".")[: max((value.bits + 7) // 8, 1)]
    return f"{'.'.join(parts)}/{value.bits}"


@function("broadcast(inet) inet")
def _broadcast(text: str) -> str:
    value = address(text)
    return inet_text(value.with_number(int(value.ip) | ~value.mask & ((1 << value.size) - 1)))


@function("netmask(inet) inet")
def _netmask(text: str) -> str:
    value = address(text)
    return inet_text(value.with_number(value.mask, value.size))


@function("hostmask(inet) inet")
def _hostmask(text: str) -> str:
    value = address(text)
    return inet_text(value.with_number(~value.mask & ((1 << value.size) - 1), value.size))


def _with_length(text: str, bits: int) -> Address:
    value = address(text)
    if not -1 <= bits <= value.size:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"invalid mask length: {bits}")
    return Address(value.ip, value.size if bits == -1 else bits)


@function("set_masklen(inet, int4) inet")
def _set_masklen(text: str, bits: int) -> str:
    return inet_text(_with_length(text, bits))


@function("set_masklen(cidr, int4) cidr")
def _set_cidr_masklen(text: str, bits: int) -> str:
    return as_cidr(cidr_text(_with_length(text, bits)))


@function("inet_same_family(inet, inet) bool")
def _same_family(one: str, other: str) -> bool:
    return address(one).size == address(other).size


@function("inet_merge(inet, inet) cidr")
def _merged(one: str, other: str) -> str:
    left, right = address(one), address(other)
    if left.size != right.size:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot merge addresses from different families")
    bits = min(left.bits, right.bits)
    while left.network(bits) != right.network(bits):
        bits -= 1
    return as_cidr(cidr_text(Address(left.ip, bits)))


# Operators


def _within(inner: Address, outer: Address) -> bool:
    """Whether one is a part of the other or the same network."""
    return inner.size == outer.size and inner.bits >= outer.bits and inner.network(outer.bits) == outer.network(outer.bits)


_CONTAINMENTS: dict[str, Callable[[Address, Address], bool]] = {
    "<<": lambda one, other: _within(one, other) and one.bits > other.bits,
    "<<=": _within,
    ">>": lambda one, other: _within(other, one) and other.bits > one.bits,
    ">>=": lambda one, other: _within(other, one),
    "&&": lambda one, other: _within(one, other) or _within(other, one),
}
for _symbol, _test in _CONTAINMENTS.items():
    function(f"{_symbol}(inet, inet) bool")(lambda one, other, test=_test: test(address(one), address(other)))


@function("~(inet) inet")
def _inverted(text: str) -> str:
    value = address(text)
    return inet_text(value.with_number(~int(value.ip) & ((1 << value.size) - 1)))


def _bitwise(word: str, compute: Callable[[int, int], int]) -> Callable[[str, str], str]:
    def run(one: str, other: str) -> str:
        left, right = address(one), address(other)
        if left.size != right.size:
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"cannot {word} inet values of different sizes")
        return inet_text(left.with_number(compute(int(left.ip), int(right.ip)), max(left.bits, right.bits)))

    return run


function("&(inet, inet) inet")(_bitwise("AND", lambda one, other: one & other))
function("|(inet, inet) inet")(_bitwise("OR", lambda one, other: one | other))


@function("+(inet, int8) inet")
def _moved(text: str, by: int) -> str:
    value = address(text)
    number = int(value.ip) + by
    if not 0 <= number < 1 << value.size:
        raise _out_of_range()
    return inet_text(value.with_number(number))


def _out_of_range() -> PgError:
    return PgError(sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range")


function("+(int8, inet) inet")(lambda by, text: _moved(text, by))
function("-(inet, int8) inet")(lambda text, by: _moved(text, -by))


@function("-(inet, inet) int8")
def _distance(one: str, other: str) -> int:
    left, right = address(one), address(other)
    if left.size != right.size:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "cannot subtract inet values of different sizes")
    number = int(left.ip) - int(right.ip)
    if not -(1 << 63) <= number < 1 << 63:
        raise _out_of_range()
    return number
