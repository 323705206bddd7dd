"""TableLocks: what LOCK TABLE holds, beyond transactions and between processes. iris-reference 4.23, 7.5

Byte n of a file beside the namespace's is locked for table n. The kernel keeps these locks for a session's open file, so they are
gone with its process, however that ends. Byte 0 holds a mark: as long as it is 0 nobody has locked a table, and changes of
data need not ask the kernel. Locks are taken, asked for and the mark is changed by who has SQLite's write lock.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pgiris.backend.sandbox.dictionary import Dictionary, TableDef
from pgiris.errors import not_supported

SHARE, EXCLUSIVE = "SHARE", "EXCLUSIVE"
_SET = getattr(fcntl, "F_OFD_SETLK", None)  # Linux: of an open file, not of a process


class TableLocked(Exception):
    """Another session has locked a table; the statement is to be undone and tried again."""

    def __init__(self, table: TableDef) -> None:
        super().__init__(table.name)
        self.table = table


class TableLocks:
    def __init__(self, file: Path) -> None:
        self._fd = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        os.ftruncate(self._fd, 1)
        self.mark = mmap.mmap(self._fd, 1)
        self._held: Counter[tuple[int, str]] = Counter()
        self._ending: list[tuple[int, str]] = []

    def lock(self, table: TableDef, mode: str) -> None:
        """Raises TableLocked."""
        if _SET is None:
            raise not_supported("the sandbox locks tables on Linux only")
        self.mark[0] = 1
        if not self._set(table.id, fcntl.F_WRLCK if mode == EXCLUSIVE else self._held_kind(table.id, fcntl.F_RDLCK)):
            raise TableLocked(table)
        self._held[table.id, mode] += 1

    def unlock(self, table: TableDef, mode: str) -> None:
        """One LOCK of many. Without one it does nothing."""
        self._release(table.id, mode)

    def unlock_at_end(self, table: TableDef, mode: str) -> None:
        """The same at the end of the transaction."""
        self._ending.append((table.id, mode))

    def end_transaction(self) -> None:
        ending, self._ending = self._ending, []
        for key in ending:
            self._release(*key)

    def release_all(self) -> None:
        self._ending.clear()
        for number, mode in list(self._held.elements()):
            self._release(number, mode)

    def check(self, tables: Iterable[TableDef]) -> None:
        """Raises TableLocked for a table that others have locked, in whatever mode. To be asked when there is a mark."""
        if not self._held and self._set(1, fcntl.F_WRLCK, 0):  # to the end: nobody has locked anything
            self._set(1, fcntl.F_UNLCK, 0)
            self.mark[0] = 0
            return
        for table in tables:
            if not self._set(table.id, fcntl.F_WRLCK):
                raise TableLocked(table)
            self._set(table.id, self._held_kind(table.id, fcntl.F_UNLCK))

    def close(self) -> None:
        self.mark.close()
        os.close(self._fd)

    def _release(self, number: int, mode: str) -> None:
        if not self._held[number, mode]:
            return
        self._held[number, mode] -= 1
        self._held += Counter()  # drops what is zero
        self._set(number, self._held_kind(number, fcntl.F_UNLCK))

    def _held_kind(self, number: int, least: int) -> int:
        if self._held[number, EXCLUSIVE]:
            return fcntl.F_WRLCK
        return fcntl.F_RDLCK if self._held[number, SHARE] else least

    def _set(self, start: int, kind: int, length: int = 1) -> bool:
        """False when the locks of others stand in the way."""
        assert _SET is not None
        try:
            fcntl.fcntl(self._fd, _SET, struct.pack("hhqqi", kind, os.SEEK_SET, start, length, 0))
        except (BlockingIOError, PermissionError):
            return False
        return True


def changed_tables(dictionary: Dictionary, table: TableDef, inserts: bool) -> list[TableDef]:
    """What a change of a table's rows changes: the table, and those that foreign keys cascade to."""
    found = [table]
    for parent in found if not inserts else ():
        for child, key in dictionary.referencing(parent):
            if (key.on_delete, key.on_update) != ("NO ACTION", "NO ACTION") and child not in found:
                found.append(child)
    return found
