"""Temporary tables and views of a session: where they are, and what becomes of them when transactions end.

In: what plans made. Out: the statements that clear and drop it, which the session runs when a transaction has ended.
PostgreSQL: sql-createtable#SQL-CREATETABLE-ON-COMMIT
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from pgiris.sql.plan import Effect, NoteAction, OnCommit, Plan, Role, Step, Target, Temporary
from pgiris.sql.schemanames import TEMPORARY_PREFIX


class TemporaryObjects:
    """A participant of transactions. schema: empty until the first object needs it."""

    def __init__(self) -> None:
        self.schema = ""
        self.chores: list[Plan] = []
        self._made: tuple[Temporary, ...] = ()
        self._before: tuple[Temporary, ...] = ()  # the present transaction

    def open_schema(self) -> None:
        self.schema = TEMPORARY_PREFIX + secrets.token_hex(8)

    def made(self, temporary: Temporary) -> None:
        self._made = (*(other for other in self._made if other.name != temporary.name), temporary)

    @property
    def pending(self) -> bool:
        return bool(self._made)

    def mark(self) -> tuple[Temporary, ...]:
        return self._made

    def rollback_to(self, mark: tuple[Temporary, ...]) -> None:
        self._drop([one for one in self._made if one not in mark])
        self._made = mark

    def end(self, committed: bool) -> None:
        if not committed:
            self.rollback_to(self._before)
        if committed:
            self.chores += [_plan(f"DELETE FROM {one.name}", Effect.WRITE) for one in self._of(OnCommit.DELETE)]
            self._drop(self._of(OnCommit.DROP))
            self._made = tuple(one for one in self._made if one.on_commit is not OnCommit.DROP)
        self._before = self._made

    def _of(self, what: OnCommit) -> list[Temporary]:
        return [one for one in self._made if one.on_commit is what]

    def _drop(self, some: list[Temporary]) -> None:
        self.chores += [_plan(f"DROP {one.kind} IF EXISTS {one.name}", Effect.DDL) for one in reversed(some)]

    def drop_all(self) -> None:
        """For DISCARD, and the end of the session."""
        if self.schema:
            forget = NoteAction("drop_schema", (self.schema,))
            self.chores = [replace(_plan(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE", Effect.DDL), notes=(forget,))]
        self._made = self._before = ()


def _plan(sql: str, effect: Effect) -> Plan:
    return Plan(Target.BACKEND, sql.split()[0], effect, (Step(sql, (), Role.RUN),))
