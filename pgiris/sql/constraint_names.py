"""Names that PostgreSQL gives to constraints without one, which IRIS gets as well: messages and catalogs then show them.

PostgreSQL: makeObjectName and ChooseIndexName (src/backend/commands/indexcmds.c)
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_BYTES = 63
PRIMARY_KEY, UNIQUE, FOREIGN_KEY, CHECK = "pkey", "key", "fkey", "check"


class ConstraintNames:
    """The constraints of one table as they are declared, one after the other. schema: IRIS's, where it is known."""

    def __init__(self, table: str) -> None:
        self.table, self.schema = table, ""
        self._taken: set[str] = set()

    def take(self, given: str) -> None:
        """A name that the statement itself gives."""
        self._taken.add(given.lower())

    def choose(self, kind: str, columns: Sequence[str]) -> str:
        """``t_pkey``, ``t_a_b_key``, ``t_a_fkey``, with a number when that is taken: ``t_a_key1``."""
        number = 0
        while True:
            name = made(self.table, "" if kind == PRIMARY_KEY else "_".join(columns), kind + (str(number) if number else ""))
            if name.lower() not in self._taken:
                self._taken.add(name.lower())
                return name
            number += 1


def made(table: str, columns: str, label: str) -> str:
    """The longer of table and columns is cut until all of it fits in a name."""
    first, second = table.encode(), columns.encode()[:MAX_BYTES]
    room = MAX_BYTES - len(label) - 1 - bool(columns)
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    parts = (first.decode(errors="ignore"), second.decode(errors="ignore"), label)
    return "_".join(part for part in parts if part)
