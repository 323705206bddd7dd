"""OIDs of things that IRIS knows by name only: the same in every front and after every restart.

An object's OID is taken from a digest of its kind and name. Two names that meet at one number are told apart in rounds that do
not depend on the order in which they are found: the name that sorts first keeps the number, the others try the digest with
the round's number added, and so on. So the OIDs follow from the set of names alone, and a table's OID can change only
when a table that collides with it comes or goes; of ten installations with 10,000 tables one has such a pair.

All are below 2**31, since some clients keep OIDs in signed integers, and objects of one catalog never meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pgiris.types.codec import Oid

Name = tuple[str, ...]

FIRST_USER_OID = 16384  # PostgreSQL: src/include/access/transam.h, FirstNormalObjectId
# Kind -> range [first, end).
SCHEMA, ROLE, DATABASE, RELATION, PART, CONSTRAINT, DEFAULT, ENUM, TRIGGER, ROUTINE = (
    "schema",
    "role",
    "database",
    "relation",  # tables and views
    "part",  # indexes and sequences: they are in pg_class too
    "constraint",
    "default",
    "enum",  # types and their arrays; no relation is in pg_type, and row types are above
    "trigger",
    "routine",
)
RANGES: dict[str, tuple[int, int]] = {
    SCHEMA: (1 << 16, 1 << 20),
    ROLE: (1 << 20, 1 << 22),
    DATABASE: (1 << 22, 1 << 23),
    RELATION: (1 << 24, 1 << 29),
    PART: ((1 << 30) + (1 << 29), 1 << 31),
    CONSTRAINT: (1 << 24, 1 << 31),
    DEFAULT: (1 << 24, 1 << 31),
    ENUM: (1 << 24, 1 << 29),
    TRIGGER: (1 << 24, 1 << 31),
    ROUTINE: (1 << 24, 1 << 31),
}


def row_type(relation: Oid) -> Oid:
    """The composite type of a table or view."""
    return Oid(relation + (1 << 29))


def array_of_row_type(relation: Oid) -> Oid:
    return Oid(relation + (1 << 30))


def rule(relation: Oid) -> Oid:
    """The rule that makes a view."""
    return Oid(relation + (1 << 29))


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


class Assigned:
    """The OIDs of a set of objects that changes."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._oids: dict[Name, Oid] = {}
        self._taken: set[Oid] = set()
        self._collided = False  # somewhere in the set: then a change may move the others

    def __getitem__(self, name: Name) -> Oid:
        return self._oids[tuple([word.lower() for word in name])]

    def change(self, gone: Iterable[Name], new: Iterable[Name]) -> set[Name]:
        """Take names out and in. Returns the other names whose OID is not what it was, in lower case."""
        before = self._oids
        removed = {tuple(word.lower() for word in name) for name in gone}
        added = {tuple(word.lower() for word in name) for name in new}
        removed -= added
        added -= before.keys()
        wanted = {name: Oid(_number(self._kind, name, 0)) for name in added}
        for name in removed:
            self._taken.discard(before.pop(name))
        numbers = set(wanted.values())
        if self._collided or len(numbers) < len(wanted) or numbers & self._taken:
            return self._assign_all(added)
        before |= wanted
        self._taken |= numbers
        return set()

    def _assign_all(self, added: set[Name]) -> set[Name]:
        before = self._oids
        self._oids = assign(self._kind, [*before, *added])
        self._taken = set(self._oids.values())
        self._collided = any(oid != _number(self._kind, name, 0) for name, oid in self._oids.items())
        return {name for name, oid in before.items() if self._oids[name] != oid}
