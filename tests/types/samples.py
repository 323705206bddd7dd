"""Random values of each type, as texts that PostgreSQL and pgiris both take."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from datetime import datetime, timedelta

Make = Callable[[random.Random], str]
LETTERS = "abcXYZ 019_-'\"\\{},\n\t\u00e4\u20ac\U0001f600"


def integer(bits: int) -> Make:
    def make(r: random.Random) -> str:
        return str(r.getrandbits(r.randint(1, bits)) - (1 << (bits - 1)) if r.random() < 0.3 else r.getrandbits(bits - 1))

    return make


def natural(bits: int) -> Make:
    return lambda r: str(r.getrandbits(r.randint(1, bits)))


def numeric(r: random.Random) -> str:
    whole = str(r.getrandbits(r.choice((1, 8, 14, 30, 64, 200))))
    fraction = "".join(r.choice("0123456789") for _ in range(r.choice((0, 1, 2, 3, 4, 5, 9, 40))))
    zeros = "0" * r.choice((0, 0, 0, 5))
    sign = r.choice(("", "", "-", "+"))
    exponent = r.choice(("", "", "", f"e{r.randint(-30, 30)}"))
    return f"{sign}{r.choice((whole, '0'))}.{zeros}{fraction}{exponent}" if fraction else f"{sign}{whole}{exponent}"


def float8(r: random.Random) -> str:
    while True:
        number: float = r.choice(
            (
                struct.unpack("!d", r.randbytes(8))[0],
                r.uniform(-1000, 1000),
                round(r.uniform(-1e6, 1e6), r.randint(0, 5)),
                float(r.getrandbits(r.randint(1, 64))),
                2.0 ** r.randint(-1022, 1023),
                10.0 ** r.randint(-20, 20),
            )
        )
        if number - number == 0:
            return repr(number)


def float4(r: random.Random) -> str:
    while True:
        raw = r.choice(
            (r.randbytes(4), struct.pack("!f", r.uniform(-1000, 1000)), struct.pack("!f", 2.0 ** r.randint(-126, 127)))
        )
        number: float = struct.unpack("!f", raw)[0]
        if number - number == 0:
            return repr(number)


def text(r: random.Random) -> str:
    return "".join(r.choice(LETTERS) for _ in range(r.choice((0, 1, 3, 10, 50))))


def word(r: random.Random) -> str:
    return "".join(r.choice("abcxyz") for _ in range(r.randint(1, 9)))


def bytea(r: random.Random) -> str:
    return "\\x" + r.randbytes(r.randint(0, 20)).hex()


def moment(r: random.Random) -> datetime:
    start, seconds = r.choice(((datetime(1, 1, 2), 315_537_724_800), (datetime(1990, 1, 1), 1_500_000_000)))
    us = r.choice((0, 0, r.randrange(1_000_000), 1000 * r.randrange(1000), 100_000 * r.randrange(10)))
    return start + timedelta(seconds=r.randrange(seconds), microseconds=us)


def date(r: random.Random) -> str:
    return moment(r).date().isoformat()


def time(r: random.Random) -> str:
    return moment(r).time().isoformat()


def timetz(r: random.Random) -> str:
    return moment(r).time().isoformat() + zone(r)


def zone(r: random.Random) -> str:
    return r.choice("+-") + r.choice(("00", "05", "14", "05:30", "03:45", "01:02:03"))


def timestamp(r: random.Random) -> str:
    return moment(r).isoformat(r.choice(" T"))


def timestamptz(r: random.Random) -> str:
    return moment(r).replace(year=r.randint(1800, 2100), day=1).isoformat(" ") + r.choice(("", "Z", " UTC", zone(r)))


def interval(r: random.Random) -> str:
    parts = [f"{r.randint(-3000, 3000)} {unit}" for unit in ("years", "mons", "days", "hours", "minutes") if r.random() < 0.5]
    if r.random() < 0.5:
        parts.append(f"{r.randint(-100, 100)}.{r.randrange(1_000_000):06} seconds")
    return " ".join(parts) or "0"


def uuid(r: random.Random) -> str:
    return "-".join(r.randbytes(size).hex() for size in (4, 2, 2, 2, 6))


def json(r: random.Random, depth: int = 3) -> str:
    kind = r.randrange(8 if depth else 6)
    blank = r.choice(("", " ", "\n"))
    if kind == 6:
        return f"[{blank}{f'{blank},'.join(json(r, depth - 1) for _ in range(r.randrange(4)))}]"
    if kind == 7:
        members = (f"{json_string(r)}{blank}:{json(r, depth - 1)}" for _ in range(r.randrange(5)))
        return f"{blank}{{{','.join(members)}{blank}}}"
    return r.choice(("true", "false", "null", json_string(r), json_string(r), json_number(r)))


JSON_PARTS = ("a", "b", "\\n", '\\"', "\\u0041", "\\u001f", "/", "\\/", "\u20ac", "\\ud83d\\ude00")


def json_string(r: random.Random) -> str:
    return f'"{"".join(r.choice(JSON_PARTS) for _ in range(r.randrange(4)))}"'


def json_number(r: random.Random) -> str:
    whole = f"{r.choice(('', '-'))}{r.choice((0, 7, 10, 12345678901234567890))}"
    return whole + r.choice(("", ".0", ".50", ".001")) + r.choice(("", "", "e5", "E-3", "e+2"))


def inet(r: random.Random) -> str:
    if r.random() < 0.5:
        return ".".join(str(r.randrange(256)) for _ in range(4)) + r.choice(("", f"/{r.randint(0, 32)}"))
    groups = [f"{r.choice((0, 0, r.getrandbits(16))):x}" for _ in range(8)]
    return ":".join(groups) + r.choice(("", f"/{r.randint(0, 128)}"))


def cidr(r: random.Random) -> str:
    bits = r.randint(0, 32)
    number = r.getrandbits(32) >> (32 - bits) << (32 - bits) if bits else 0
    return ".".join(str(byte) for byte in number.to_bytes(4, "big")) + f"/{bits}"


def hardware(size: int) -> Make:
    return lambda r: r.randbytes(size).hex(r.choice(":-"))


def array(element: Make) -> Make:
    def make(r: random.Random) -> str:
        items = [_item(element, r) for _ in range(r.choice((0, 1, 2, 4, 6)))]
        if len(items) in (4, 6) and r.random() < 0.5:
            items = [f"{{{','.join(items[i : i + 2])}}}" for i in range(0, len(items), 2)]
        literal = f"{{{r.choice((',', ' , ')).join(items)}}}"
        if items and items[0][:1] != "{" and r.random() < 0.2:
            lower = r.randint(-3, 5)
            return f"[{lower}:{lower + len(items) - 1}]={literal}"
        return literal

    return make


def _item(element: Make, r: random.Random) -> str:
    if r.random() < 0.2:
        return r.choice(("NULL", "null"))
    escaped = element(r).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


SAMPLES: dict[str, Make] = {
    "bool": lambda r: r.choice(("t", "f", "true", "false", "yes", "no", "on", "off", "1", "0", " TRUE ")),
    "int2": integer(16),
    "int4": integer(32),
    "int8": integer(64),
    "oid": natural(32),
    "xid": natural(32),
    "xid8": natural(64),
    "float4": float4,
    "float8": float8,
    "numeric": numeric,
    "text": text,
    "varchar": text,
    "varchar(10)": lambda r: word(r),
    "bpchar": word,
    "char(10)": word,
    "name": word,
    '"char"': lambda r: r.choice("abcXYZ01 "),
    "bytea": bytea,
    "date": date,
    "time": time,
    "timetz": timetz,
    "timestamp": timestamp,
    "timestamptz": timestamptz,
    "interval": interval,
    "uuid": uuid,
    "json": json,
    "jsonb": json,
    "inet": inet,
    "cidr": cidr,
    "macaddr": hardware(6),
    "macaddr8": hardware(8),
    "tid": lambda r: f"({r.getrandbits(32)},{r.getrandbits(16)})",
    "pg_lsn": lambda r: f"{r.getrandbits(32):X}/{r.getrandbits(32):X}",
}
SAMPLES.update({f"{name}[]": array(make) for name, make in list(SAMPLES.items()) if name != "xid8"})
