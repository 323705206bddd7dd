"""OIDs of things that IRIS knows by name only: the same in every front and after every restart.

An object's OID is taken from a digest of its kind and name. Two names that meet at one number are told apart in rounds that do
not depend on the order in which they are found: the name that sorts first keeps the number, the others try the digest with
the round's number added, and so on. So the OIDs follow from the set of names alone, and a table's OID can change only
when a table that collides with it comes or goes, which for 10,000 tables happens once in some 20 installations.

Each kind has a range of its own, below 2**31 since some clients keep OIDs in signed integers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pgiris.types.codec import Oid

Name = tuple[str, ...]

RELATION = "relation"  # tables and views
# Kind -> range [first, end). PostgreSQL gives user objects OIDs from 16384 on (src/include/access/transam.h).
RANGES: dict[str, tuple[int, int]] = {
    "schema": (1 << 16, 1 << 20),
    "role": (1 << 20, 1 << 22),
    "database": (1 << 22, 1 << 23),
    RELATION: (1 << 24, 1 << 30),
    "type": (1 << 24, 1 << 30),
    "constraint": (1 << 24, 1 << 30),
    "default": (1 << 24, 1 << 30),
    "rule": (1 << 24, 1 << 30),
    "routine": (1 << 24, 1 << 30),
    "trigger": (1 << 24, 1 << 30),
    "index": (1 << 30, 1 << 31),  # in pg_class too, as sequences are
}


def assign(kind: str, names: Iterable[Name]) -> dict[Name, Oid]:
    """OIDs of all objects of a kind; names are compared without case."""
    taken: dict[int, Name] = {}
    waiting = sorted({tuple(word.lower() for word in name) for name in names})
    found: dict[Name, Oid] = {}
    turn = 0
    while waiting:
        losers = []
        winners: dict[int, Name] = {}
        for name in waiting:
            number = _number(kind, name, turn)
            if number in taken or number in winners:
                losers.append(name)
            else:
                winners[number] = name
        taken |= winners
        found |= {name: Oid(number) for number, name in winners.items()}
        waiting = losers
        turn += 1
    return found


@lru_cache(200_000)
def _number(kind: str, name: Name, turn: int) -> int:
    first, end = RANGES[kind]
    text = "\0".join((kind, *name)) + (f"\0{turn}" if turn else "")
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return first + int.from_bytes(digest, "big") % (end - first)
